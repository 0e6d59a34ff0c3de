#!/usr/bin/python3
"""Opens the project of a service in QGIS, without a window, as a user would, draws it, and imports the
connections that the service offers.

usage: qgis_project.py URL LANGUAGE OUT.png STORED.png

Prints one JSON object: of each layer whether it is valid, its provider, count, the titles of its fields and
the labels for the codes of each; the groups; the reference system; which relations are valid; what the
dialogs imported; and how far the picture is from the stored one (mean difference of a channel, of 255, and
the share of it that is not white).
"""

import json
import os
import sys
from urllib.request import urlopen

from headless import scratch  # before QGIS

from qgis.core import (
    QgsApplication,
    QgsCoordinateTransform,
    QgsMapLayerType,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsSettings,
)
from qgis.gui import QgsManageConnectionsDialog
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtWidgets import QDialogButtonBox, QListWidget

SIZE = QSize(540, 600)
# Edges of symbols differ by the version of the drawing library; blocks of pixels do not.
COMPARED = QSize(54, 60)


def fetch(url, name):
    path = os.path.join(scratch.name, name)
    with urlopen(url) as answer, open(path, "wb") as file:
        file.write(answer.read())
    return path


def value_map(layer, index):
    """Codes by label."""
    setup = layer.editorWidgetSetup(index)
    pairs = setup.config().get("map", []) if setup.type() == "ValueMap" else []
    return {label: code for pair in pairs for label, code in pair.items()}


def describe(layer):
    seen = {
        "name": layer.name(),
        "valid": layer.isValid(),
        "provider": layer.providerType() if layer.type() != QgsMapLayerType.VectorTileLayer else "tiles",
        "crs": layer.crs().authid(),
    }
    if layer.type() == QgsMapLayerType.VectorLayer:
        fields = layer.fields()
        seen["count"] = layer.featureCount()
        seen["titles"] = {field.name(): field.displayName() for field in fields}
        seen["labels"] = {field.name(): value_map(layer, at) for at, field in enumerate(fields)}
        seen["is_labelled"] = layer.labelsEnabled() and layer.labeling() is not None
        seen["actions"] = [action.command() for action in layer.actions().actions()]
    return seen


def draw(project, layers, path):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(SIZE)
    settings.setDestinationCrs(project.crs())
    view = project.viewSettings().defaultViewExtent()
    transform = QgsCoordinateTransform(view.crs(), project.crs(), project)
    settings.setExtent(transform.transformBoundingBox(view))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    if not image.save(path):
        sys.exit(f"{path} was not written")
    return image, [error.message for error in job.errors()]


def channels(image):
    small = image.convertToFormat(QImage.Format_RGB888)
    small = small.scaled(COMPARED, Qt.IgnoreAspectRatio, Qt.SmoothTransformation)
    colours = [small.pixelColor(x, y) for y in range(COMPARED.height()) for x in range(COMPARED.width())]
    return [value for one in colours for value in (one.red(), one.green(), one.blue())]


def compare(image, stored):
    ours, theirs = channels(image), channels(QImage(stored))
    difference = sum(abs(one - other) for one, other in zip(ours, theirs)) / len(ours)
    return {
        "difference": difference,
        "painted": sum(value < 250 for value in ours) / len(ours),
    }


def imported(path, kind, group):
    """What the dialog of QGIS keeps of the connections in a file."""
    dialog = QgsManageConnectionsDialog(None, QgsManageConnectionsDialog.Import, kind, path)
    dialog.findChild(QListWidget).selectAll()
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.Ok).click()
    settings = QgsSettings()
    settings.beginGroup(group)
    return {key: settings.value(key) for key in settings.allKeys()}


def main():
    url, lang, out, stored = sys.argv[1:]
    application = QgsApplication([], True)
    application.initQgis()
    project = QgsProject.instance()
    if not project.read(fetch(f"{url}qgis/cadastre.qgz?lang={lang}", "cadastre.qgz")):
        sys.exit(project.error())
    root = project.layerTreeRoot()
    image, errors = draw(project, root.checkedLayers(), out)
    tiles, tile_errors = draw(project, [project.mapLayer("cadastre_tiles")], out + ".tiles.png")
    dialog = QgsManageConnectionsDialog
    seen = {
        "title": project.title(),
        "crs": project.crs().authid(),
        "ellipsoid": project.ellipsoid(),
        "groups": {one.name(): [node.layerId() for node in one.findLayers()] for one in root.findGroups()},
        "layers": {key: describe(layer) for key, layer in project.mapLayers().items()},
        "relations": {key: one.isValid() for key, one in project.relationManager().relations().items()},
        "errors": errors + tile_errors,
        "picture": compare(image, stored),
        "tiles": compare(tiles, stored),
        "connections": {
            name: imported(fetch(f"{url}qgis/{name}?lang={lang}", name), kind, group)
            for name, kind, group in [
                ("connections.xml", dialog.WFS, "/qgis/connections-wfs"),
                ("vector-tiles.xml", dialog.VectorTile, "/qgis/connections-vector-tile"),
                ("surveys.xml", dialog.XyzTiles, "/qgis/connections-xyz"),
            ]
        },
    }
    print(json.dumps(seen, ensure_ascii=False), flush=True)
    # The widgets must not outlive the application.
    os._exit(0)


if __name__ == "__main__":
    main()
