#!/usr/bin/python3
"""Makes the pictures of the page /qgis with QGIS itself, without a screen: the project of a running
service, the form of a facility, the import of connections, and the dialog that adds layers.

usage: qgis_guide.py URL FOLDER
"""

import os
import sys
from pathlib import Path
from urllib.request import urlopen

from headless import scratch  # before QGIS

from qgis.core import (
    QgsApplication,
    QgsCoordinateTransform,
    QgsLayerTreeModel,
    QgsProject,
    QgsSettings,
)
from qgis.gui import (
    QgsAttributeForm,
    QgsGui,
    QgsLayerTreeView,
    QgsManageConnectionsDialog,
    QgsMapCanvas,
)
from qgis.PyQt.QtCore import QEventLoop, QSize, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QDialogButtonBox,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeView,
)


def fetch(url, name):
    path = os.path.join(scratch.name, name)
    with urlopen(url) as answer, open(path, "wb") as file:
        file.write(answer.read())
    return path


def wait(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec_()


def keep(widget, size, path):
    widget.resize(size)
    widget.show()
    wait(300)
    picture = widget.grab().toImage()
    # Few colours, so that the page is light.
    picture = picture.convertToFormat(picture.Format_Indexed8, Qt.ThresholdDither)
    if not picture.save(str(path), "PNG", 0):
        sys.exit(f"{path} was not written")


def draw_project(project, path):
    """The panel of layers beside the map, as the window of QGIS has them."""
    window = QSplitter()
    tree = QgsLayerTreeView()
    model = QgsLayerTreeModel(project.layerTreeRoot())
    tree.setModel(model)
    canvas = QgsMapCanvas()
    canvas.setDestinationCrs(project.crs())
    canvas.setLayers(project.layerTreeRoot().checkedLayers())
    window.addWidget(tree)
    window.addWidget(canvas)
    window.resize(960, 600)
    window.setSizes([340, 620])
    window.show()
    view = project.viewSettings().defaultViewExtent()
    transform = QgsCoordinateTransform(view.crs(), project.crs(), project)
    canvas.setExtent(transform.transformBoundingBox(view))
    canvas.refresh()
    canvas.waitWhileRendering()
    keep(window, QSize(960, 600), path)


def draw_form(project, path):
    layer = project.mapLayer("cadastre_facilities")
    feature = next(layer.getFeatures())
    view = QScrollArea()
    view.setWidget(QgsAttributeForm(layer, feature))
    view.setWidgetResizable(True)
    keep(view, QSize(640, 600), path)


def draw_import(connections, path):
    """The dialog with the connections, all chosen; they are imported too."""
    dialog = QgsManageConnectionsDialog(
        None,
        QgsManageConnectionsDialog.Import,
        QgsManageConnectionsDialog.WFS,
        connections,
    )
    dialog.findChild(QListWidget).selectAll()
    keep(dialog, QSize(480, 360), path)
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.Ok).click()


def draw_layers(path):
    settings = QgsSettings()
    settings.beginGroup("/qgis/connections-wfs")
    names = settings.childGroups()
    settings.endGroup()
    if len(names) != 1:
        sys.exit(f"imported are {names}")
    provider = QgsGui.sourceSelectProviderRegistry().providerByName("WFS")
    dialog = provider.createDataSourceWidget()
    dialog.show()
    button = next(one for one in dialog.findChildren(QPushButton) if one.objectName() == "btnConnect")
    button.click()
    wait(3000)
    tree = dialog.findChild(QTreeView)
    tree.selectAll()
    keep(dialog, QSize(800, 500), path)


def main():
    url, folder = sys.argv[1], Path(sys.argv[2])
    application = QgsApplication([], True)
    application.initQgis()
    QgsGui.editorWidgetRegistry().initEditors()
    project = QgsProject.instance()
    if not project.read(fetch(f"{url}qgis/cadastre.qgz?lang=sr-Latn", "cadastre.qgz")):
        sys.exit(project.error())
    draw_project(project, folder / "project.png")
    draw_form(project, folder / "form.png")
    draw_import(fetch(f"{url}qgis/connections.xml?lang=sr-Latn", "connections.xml"), folder / "import.png")
    draw_layers(folder / "layers.png")
    # The widgets must not outlive the application.
    os._exit(0)


if __name__ == "__main__":
    main()
