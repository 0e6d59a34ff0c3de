#!/usr/bin/python3
"""Loads the image of a survey by its address and its tiles in QGIS, without a window.

usage: qgis_rasters.py IMAGE_URL TILES_URL ZOOM SIDE MERCATOR_X MERCATOR_Y EASTING NORTHING...

Prints one JSON object: of the image its validity, reference system, size, and the value at each
place; of the tiles their validity and the red, green, blue of SIDE x SIDE pixels of the zoom whose
north-western corner is the place in Web Mercator.
"""

import json
import math
import sys
from urllib.parse import quote

import headless  # noqa: F401  before QGIS

from qgis.core import QgsApplication, QgsPointXY, QgsRasterLayer, QgsRectangle


def image(url, places):
    layer = QgsRasterLayer("/vsicurl/" + url, "image", "gdal")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    samples = [layer.dataProvider().sample(QgsPointXY(*place), 1) for place in places]
    return {
        "valid": True,
        "crs": layer.crs().authid(),
        "size": [layer.width(), layer.height()],
        "values": [value if found else None for value, found in samples],
    }


def tiles(url, zoom, side, west, north):
    uri = f"type=xyz&url={quote(url, safe='')}&zmin=0&zmax={zoom}"
    layer = QgsRasterLayer(uri, "tiles", "wms")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    pixel = 2 * math.pi * 6378137 / 256 / 2**zoom
    extent = QgsRectangle(west, north - side * pixel, west + side * pixel, north)
    block = layer.dataProvider().block(1, extent, side, side)
    colours = [block.color(row, column) for row in range(side) for column in range(side)]
    return {
        "valid": True,
        # A colour is one number: opacity, red, green, blue.
        "pixels": [[one >> shift & 255 for shift in (16, 8, 0)] for one in colours],
    }


def main():
    image_url, tiles_url, zoom, side, west, north, *numbers = sys.argv[1:]
    numbers = [float(number) for number in numbers]
    places = list(zip(numbers[::2], numbers[1::2]))
    application = QgsApplication([], False)
    application.initQgis()
    seen = {
        "image": image(image_url, places),
        "tiles": tiles(tiles_url, int(zoom), int(side), float(west), float(north)),
    }
    application.exitQgis()
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
