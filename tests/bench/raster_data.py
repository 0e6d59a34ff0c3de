"""Writes the surveys that are measured: `raster_data.py FOLDER SIDE` makes terrain.tif and photo.tif, SIDE
cells of a metre on a side, in mining country near Bor, the same ones at every run. Wants numpy and rasterio."""

import sys
from pathlib import Path

import numpy
import rasterio
from rasterio.transform import from_origin

FOLDER, SIDE = Path(sys.argv[1]), int(sys.argv[2])
STRIP = 500
PLACE = from_origin(583_000, 4_886_000, 1, 1)


def strips(random):
    """Rows, a relief of many sizes and noise of a few centimetres, strip by strip."""
    x = numpy.arange(SIDE, dtype="float32")
    waves = [(2000 / 3**at, *random.uniform(0, 6.28, 3)) for at in range(6)]
    for first in range(0, SIDE, STRIP):
        y = numpy.arange(first, min(first + STRIP, SIDE), dtype="float32")[:, None]
        relief = numpy.zeros((len(y), SIDE), "float32")
        for length, east, north, turn in waves:
            along = (x * numpy.cos(turn) + y * numpy.sin(turn)) / length
            across = (y * numpy.cos(turn) - x * numpy.sin(turn)) / length
            relief += length / 20 * numpy.sin(along + east) * numpy.cos(across + north)
        yield first, relief + random.normal(0, 0.03, relief.shape).astype("float32")


def write(name, bands, kind, cells, **more):
    profile = {
        "driver": "GTiff", "width": SIDE, "height": SIDE, "count": bands, "dtype": kind,
        "crs": "EPSG:32634", "transform": PLACE, "tiled": True, "bigtiff": "if_safer",
    }
    with rasterio.open(FOLDER / name, "w", **profile, **more) as file:
        for first, relief in strips(numpy.random.default_rng(1)):
            file.write(cells(relief), window=((first, first + len(relief)), (0, SIDE)))


def heights(relief):
    return (relief + 500)[None]


def colours(relief):
    """Grey-brown ground with the fine structure that photographs have."""
    fine = numpy.random.default_rng(2).integers(-12, 12, relief.shape)
    grey = 128 + relief / 2 + fine
    return numpy.stack([grey + 15, grey, grey - 20]).clip(1, 254).astype("uint8")


write("terrain.tif", 1, "float32", heights, nodata=-9999)
write("photo.tif", 3, "uint8", colours, interleave="pixel", photometric="rgb")
