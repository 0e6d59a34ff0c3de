#!/usr/bin/python3
"""Opens the preview of an upload in QGIS, without a window, with the credentials in its address.

usage: qgis_preview.py URL

Prints one JSON object: whether QGIS takes it for a layer, and the verdict and code of each record.
"""

import json
import os
import sys
import tempfile

scratch = tempfile.TemporaryDirectory(prefix="cadastre-qgis-")
os.environ.update(
    HOME=scratch.name,
    XDG_RUNTIME_DIR=scratch.name,
    QGIS_CUSTOM_CONFIG_PATH=scratch.name,
    QT_QPA_PLATFORM="offscreen",
)

from qgis.core import QgsApplication, QgsVectorLayer  # noqa: E402

application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(sys.argv[1], "preview", "ogr")
records = [[one["verdict"], one["code"], one.geometry().isNull()] for one in layer.getFeatures()]
print(json.dumps({"valid": layer.isValid(), "crs": layer.crs().authid(), "records": records}))
