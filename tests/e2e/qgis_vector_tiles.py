#!/usr/bin/python3
"""Opens the vector tiles of a service and its styles in QGIS, without a window.

usage: qgis_vector_tiles.py URL ZOOM LONGITUDE LATITUDE

Prints one JSON object: whether the tiles are a valid layer, and of a picture around the place how many
pixels are painted in its middle and in its corners; for each style of the service, whether QGIS takes its
QML and SLD for the facilities, and how many facilities fall into each of its classes.
"""

import json
import os
import sys
from urllib.parse import quote
from urllib.request import urlopen

from headless import scratch  # before QGIS

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
    QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle,
    QgsVectorTileLayer,
    QgsWkbTypes,
    QgsMarkerSymbol,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

SIDE = 256


def red_points():
    style = QgsVectorTileBasicRendererStyle("points", "facilities", QgsWkbTypes.PointGeometry)
    style.setSymbol(QgsMarkerSymbol.createSimple({"color": "255,0,0", "outline_style": "no"}))
    style.setEnabled(True)
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles([style])
    return renderer


def picture(url, zoom, longitude, latitude):
    """How many red pixels there are around the middle, and elsewhere."""
    layer = QgsVectorTileLayer(f"type=xyz&url={quote(url, safe='')}&zmin=0&zmax=16", "tiles")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    layer.setRenderer(red_points())
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    to_mercator = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4326"), mercator, QgsProject.instance()
    )
    place = to_mercator.transform(QgsPointXY(longitude, latitude))
    half = 20037508.342789244 / 2**zoom
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(mercator)
    settings.setOutputSize(QSize(SIDE, SIDE))
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(
        QgsRectangle(place.x() - half, place.y() - half, place.x() + half, place.y() + half)
    )
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    counts = {"middle": 0, "elsewhere": 0}
    for x in range(SIDE):
        for y in range(SIDE):
            colour = image.pixelColor(x, y)
            if colour.red() > 200 and colour.green() < 100:
                near = abs(x - SIDE / 2) < 8 and abs(y - SIDE / 2) < 8
                counts["middle" if near else "elsewhere"] += 1
    return {"valid": True, **counts}


def classes(layer):
    """How many features have a symbol with each label."""
    renderer = layer.renderer().clone()
    context = QgsRenderContext()
    context.expressionContext().setFields(layer.fields())
    renderer.startRender(context, layer.fields())
    items = renderer.legendSymbolItems()
    labels = {item.ruleKey(): item.label() for item in items}
    # What no category holds is drawn as the last one, that of the empty value; QGIS names no key then.
    rest = items[-1].ruleKey()
    counts = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        # The group that holds all rules has a key, but no label.
        keys = [key for key in renderer.legendKeysForFeature(feature, context) if key in labels]
        for key in keys or [rest]:
            counts[labels[key]] = counts.get(labels[key], 0) + 1
    renderer.stopRender(context)
    return counts


def style(layer, url, extension):
    path = os.path.join(scratch.name, "style." + extension)
    with urlopen(url) as answer, open(path, "wb") as file:
        file.write(answer.read())
    load = layer.loadNamedStyle if extension == "qml" else layer.loadSldStyle
    message, taken = load(path)
    return {"taken": taken, "message": message, "classes": classes(layer)}


def main():
    url, zoom, longitude, latitude = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    tiles = url + "collections/facilities/tiles/xyz/{z}/{x}/{y}"
    found = {"tiles": picture(tiles, int(zoom), float(longitude), float(latitude)), "styles": {}}
    layer = QgsVectorLayer(f"url='{url}' typename='facilities'", "facilities", "OAPIF")
    with urlopen(url + "styles?f=json") as answer:
        themes = [one["id"] for one in json.load(answer)["styles"]]
    for theme in themes:
        formats = ["qml", "sld"] if theme != "completeness" else ["qml"]
        found["styles"][theme] = {
            name: style(layer, f"{url}styles/{theme}?f={name}&lang=en", name) for name in formats
        }
    del layer
    application.exitQgis()
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
