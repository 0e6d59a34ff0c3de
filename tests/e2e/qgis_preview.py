#!/usr/bin/python3
"""Opens the preview of an upload in QGIS, without a window, with the credentials in its address.

usage: qgis_preview.py URL

Prints one JSON object: whether QGIS takes it for a layer, and the verdict and code of each record.
"""

import json
import sys

import headless  # noqa: F401  before QGIS

from qgis.core import QgsApplication, QgsVectorLayer

application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(sys.argv[1], "preview", "ogr")
records = [[one["verdict"], one["code"], one.geometry().isNull()] for one in layer.getFeatures()]
print(json.dumps({"valid": layer.isValid(), "crs": layer.crs().authid(), "records": records}))
