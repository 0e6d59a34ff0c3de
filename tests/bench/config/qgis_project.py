"""Writes the QGIS project that QGIS Server publishes: qgis_project.py socket project.qgs."""

import sys

from qgis.core import QgsApplication, QgsDataSourceUri, QgsProject, QgsVectorLayer

socket, file = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
uri = QgsDataSourceUri()
uri.setConnection(socket, "5432", "cadastre", "postgres", "")
uri.setDataSource("peers", "facilities", "location", "", "id")
layer = QgsVectorLayer(uri.uri(False), "facilities", "postgres")
if not layer.isValid():
    sys.exit(f"QGIS cannot read the table: {layer.error().summary()}")
project = QgsProject.instance()
project.addMapLayer(layer)
project.writeEntry("WFSLayers", "/", [layer.id()])
project.write(file)
