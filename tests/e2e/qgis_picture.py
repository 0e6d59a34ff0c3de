#!/usr/bin/python3
"""Draws districts and facilities of a running service, as QGIS shows them, to a PNG.

usage: qgis_picture.py URL OUT.png
"""

import sys

import headless  # noqa: F401  before QGIS

from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFillSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsProject,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QPainter

SIZE = QSize(1200, 900)
# UTM zone 34N: Serbia as it looks, north up.
MAP_CRS = "EPSG:32634"
FACILITY_TYPES = [
    ("tailings_pond", "tailings pond", "#c0392b"),
    ("waste_rock_dump", "waste rock dump", "#8e6b3d"),
    ("overburden_dump", "overburden dump", "#d4ac0d"),
    ("coal_waste_dump", "coal waste dump", "#3d3d3d"),
    ("ash_pond", "ash pond", "#2e86ab"),
    ("", "other", "#7d8fa1"),
]


def open_layer(url, name):
    layer = QgsVectorLayer(f"url='{url}' typename='{name}'", name, "OAPIF")
    if not layer.isValid():
        sys.exit(f"{name}: {layer.error().message()}")
    QgsProject.instance().addMapLayer(layer)
    return layer


def marker(color):
    properties = {"name": "circle", "color": color, "outline_color": "#ffffff", "size": "3.0"}
    return QgsMarkerSymbol.createSimple(properties)


def style(districts, facilities):
    fill = {"color": "#f4f1ea", "outline_color": "#a9a294", "outline_width": "0.3"}
    districts.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(fill)))
    categories = [
        QgsRendererCategory(code or None, marker(color), title)
        for code, title, color in FACILITY_TYPES
    ]
    facilities.setRenderer(QgsCategorizedSymbolRenderer("facility_type", categories))


def settings(districts, facilities):
    made = QgsMapSettings()
    made.setLayers([facilities, districts])
    made.setOutputSize(SIZE)
    made.setOutputDpi(110)
    made.setBackgroundColor(QColor("#e3ebf0"))
    crs = QgsCoordinateReferenceSystem(MAP_CRS)
    made.setDestinationCrs(crs)
    transform = QgsCoordinateTransform(districts.crs(), crs, QgsProject.instance())
    extent = transform.transformBoundingBox(districts.extent())
    extent.scale(1.04)
    made.setExtent(extent)
    return made


def draw_legend(image):
    painter = QPainter(image)
    painter.setRenderHint(QPainter.Antialiasing)
    painter.setPen(QColor("#1c2530"))
    painter.setFont(QFont("sans-serif", 15, QFont.Bold))
    painter.drawText(QPointF(32, 52), "Mining Waste Cadastre")
    painter.setFont(QFont("sans-serif", 11))
    painter.drawText(QPointF(32, 78), "demonstration data, unofficial")
    for line, (_, title, color) in enumerate(FACILITY_TYPES):
        top = 106 + 28 * line
        painter.setBrush(QColor(color))
        painter.setPen(Qt.white)
        painter.drawEllipse(QRectF(34, top, 14, 14))
        painter.setPen(QColor("#1c2530"))
        painter.drawText(QPointF(58, top + 13), title)
    painter.end()


def main():
    url, out = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    districts, facilities = open_layer(url, "districts"), open_layer(url, "facilities")
    style(districts, facilities)
    job = QgsMapRendererParallelJob(settings(districts, facilities))
    job.start()
    job.waitForFinished()
    errors = [error.message for error in job.errors()]
    image = job.renderedImage()
    draw_legend(image)
    if errors or not image.save(out):
        sys.exit(f"{out} was not drawn: {errors}")
    QgsProject.instance().clear()
    application.exitQgis()


if __name__ == "__main__":
    main()
