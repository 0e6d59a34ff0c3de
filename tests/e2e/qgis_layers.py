#!/usr/bin/python3
"""Loads every layer of a service in QGIS, without a window, and tells what QGIS made of it.

usage: qgis_layers.py URL WEST SOUTH EAST NORTH LAYER...

Prints one JSON object: for each layer its validity, count, geometry type, fields, reference system,
extent, every feature (code, and the position of a point), and the codes that QGIS finds in the box.
"""

import json
import sys

import headless  # noqa: F401  before QGIS

from qgis.core import (
    QgsApplication,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)


def open_layer(url, name, only_in_view=False):
    """`only_in_view` makes QGIS send the rectangle of a request as `bbox`."""
    uri = f"url='{url}' typename='{name}'"
    if only_in_view:
        uri += " restrictToRequestBBOX='1'"
    return QgsVectorLayer(uri, name, "OAPIF")


def position(feature):
    """Longitude and latitude of a point."""
    geometry = feature.geometry()
    if geometry.isNull() or QgsWkbTypes.flatType(geometry.wkbType()) != QgsWkbTypes.Point:
        return None
    return [geometry.asPoint().x(), geometry.asPoint().y()]


def codes(layer, request):
    return [feature["code"] for feature in layer.getFeatures(request)]


def describe(url, name, box):
    layer = open_layer(url, name)
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    features = list(layer.getFeatures())
    extent = layer.extent()
    in_view = open_layer(url, name, only_in_view=True)
    return {
        "valid": True,
        "count": layer.featureCount(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "crs": layer.crs().authid(),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "features": [[feature["code"], position(feature)] for feature in features],
        "in_box": codes(in_view, QgsFeatureRequest().setFilterRect(box)),
    }


def main():
    url, west, south, east, north, *names = sys.argv[1:]
    box = QgsRectangle(float(west), float(south), float(east), float(north))
    application = QgsApplication([], False)
    application.initQgis()
    described = {name: describe(url, name, box) for name in names}
    application.exitQgis()
    print(json.dumps(described, ensure_ascii=False))


if __name__ == "__main__":
    main()
