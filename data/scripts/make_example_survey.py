"""Make the synthetic example survey in ../example-survey.

    /usr/bin/python3 make_example_survey.py

Needs Debian's python3-gdal. Same input, same bytes: the random numbers have a
fixed seed and every date is written down here. Nothing in it was measured.

Coordinates of the shapefiles: EPSG:6316 (MGI 1901 / Balkans zone 7), x = east,
y = north, metres. Coordinates of the table: the same projection in the old
Serbian notation, Y = easting, X = northing.
"""

import csv
import io
import math
import random
import tempfile
import zipfile
from pathlib import Path

from osgeo import ogr, osr

ogr.UseExceptions()
osr.UseExceptions()

FOLDER = Path(__file__).resolve().parent.parent / "example-survey"
SEED = 70327
SURVEY_DATE = "2025-06-12"
ZIP_TIME = (2025, 6, 12, 0, 0, 0)
NOTE = "sintetički primer"
SOURCE = "Sintetički podaci, nisu mereni"

# EPSG operation 9486 (MGI 1901 to WGS 84). It is a coordinate-frame rotation;
# towgs84 is read as position vector, so the rotations change sign.
ZONE_7 = (
    "+proj=tmerc +lat_0=0 +lon_0=21 +k=0.9999 +x_0=7500000 +y_0=0 +ellps=bessel "
    "+towgs84=577.84843,165.45019,390.43652,4.93131,-0.96052,-13.05072,7.86546 "
    "+units=m +no_defs"
)

POND_CODE = "RS-70327-901"
POND_CENTRE = (22.06, 44.04)  # longitude, latitude
POND_AREA_M2 = 300_000.0
POND_VERTICES = 52

# Dam code suffix, name, first and last vertex of the outline, raising method,
# height (m), crest level (m).
DAMS = [
    ("B1", "Glavna (čelna) brana", 2, 10, "upstream", 42.5, 388.4),
    ("B2", "Bočni nasip kod Đurđeve česme", 16, 21, "centreline", 18.0, 388.1),
    ("B3", "Uzvodna brana – Žuti potok", 30, 34, "single_raise", 11.5, 387.9),
]

# code, name, type, status, municipality, district, longitude, latitude
OLD_FACILITIES = [
    ("RS-70327-911", "Odlagalište Žuti breg", "waste_rock_dump", "abandoned",
     "Bor", "Borski", 22.09591, 44.07488),
    ("RS-70327-912", "Flotacijsko jalovište Đurđeva česma", "tailings_pond", "closed",
     "Bor", "Borski", 22.1402, 44.0307),
    ("RS-70785-911", "Odlagalište Čestobrodica", "waste_rock_dump", "abandoned",
     "Majdanpek", "Borski", 21.94596, 44.42771),
    ("RS-70785-912", "Jalovište Šuplji kamen", "tailings_pond", "unknown",
     "Majdanpek", "Borski", 21.9875, 44.3868),
    ("RS-70661-911", "Jalovište Ćosića potok", "tailings_pond", "abandoned",
     "Krupanj", "Mačvanski", 19.362, 44.366),
    ("RS-70661-912", "Odlagalište Šljivovačka kosa", "waste_rock_dump", "closed",
     "Krupanj", "Mačvanski", 19.3341, 44.3925),
]


def projector():
    """Function from longitude, latitude (WGS 84) to east, north (zone 7, m)."""
    wgs84, zone_7 = osr.SpatialReference(), osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    wgs84.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    zone_7.ImportFromProj4(ZONE_7)
    transformation = osr.CoordinateTransformation(wgs84, zone_7)
    return lambda lon, lat: transformation.TransformPoint(lon, lat)[:2]


def pond_outline(centre: tuple) -> list:
    """Irregular closed outline around a centre, counter-clockwise, to the centimetre.

    The radius is a sum of a few waves with small noise, as a valley pond with
    side gullies looks like; then the shape is scaled to the wanted area.
    """
    rng = random.Random(SEED)
    waves = [(n, 0.28 / n, rng.uniform(0, 2 * math.pi)) for n in (2, 3, 5, 7)]
    shape = []
    for i in range(POND_VERTICES):
        angle = 2 * math.pi * (i + rng.uniform(-0.3, 0.3)) / POND_VERTICES
        radius = 1 + sum(a * math.sin(n * angle + phase) for n, a, phase in waves)
        radius += rng.uniform(-0.03, 0.03)
        shape.append((1.35 * radius * math.cos(angle), 0.8 * radius * math.sin(angle)))
    scale = math.sqrt(POND_AREA_M2 / area(shape))
    ring = [(round(centre[0] + scale * x, 2), round(centre[1] + scale * y, 2)) for x, y in shape]
    return ring + ring[:1]


def area(ring: list) -> float:
    """Plane area of a ring, positive when counter-clockwise."""
    pairs = zip(ring, ring[1:] + ring[:1])
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def pond_record(outline: list) -> dict:
    """Attributes of the pond."""
    return {
        "SIFRA": POND_CODE,
        "NAZIV": "Flotacijsko jalovište Žuti potok",
        "TIP": "tailings_pond",
        "STATUS": "operating",
        "OPSTINA": "Bor",
        "OKRUG": "Borski",
        "POVRSINA": round(area(outline[:-1])),
        "VISINA_M": 42.5,
        "ZAPREMINA": 5_850_000,
        "DAT_SNIM": SURVEY_DATE,
        "METODA": "uav_photogrammetry",
        "IZVOR": SOURCE,
        "NAPOMENA": NOTE,
    }


def dam_records(outline: list) -> list:
    """Attributes and crest line of each dam; the crests run along the outline."""
    return [
        ({
            "SIFRA": f"{POND_CODE}-{suffix}",
            "OBJEKAT": POND_CODE,
            "NAZIV": name,
            "NACIN_NADV": method,
            "VISINA_M": height_m,
            "KOTA_KRUNE": crest_m,
            "DAT_SNIM": SURVEY_DATE,
            "IZVOR": SOURCE,
            "NAPOMENA": NOTE,
        }, outline[first : last + 1])
        for suffix, name, first, last, method, height_m, crest_m in DAMS
    ]


def field_definition(name: str, value) -> ogr.FieldDefn:
    """Shapefile field that suits a value."""
    if name == "DAT_SNIM":
        return ogr.FieldDefn(name, ogr.OFTDate)
    if isinstance(value, str):
        field = ogr.FieldDefn(name, ogr.OFTString)
        field.SetWidth(80)
        return field
    field = ogr.FieldDefn(name, ogr.OFTReal)
    field.SetWidth(14)
    field.SetPrecision(1 if isinstance(value, float) else 0)
    return field


def write_shapefile(folder: Path, name: str, kind: int, records: list) -> None:
    """Write records (attributes, geometry) as a CP1250 shapefile in EPSG:6316."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(6316)
    driver = ogr.GetDriverByName("ESRI Shapefile")
    source = driver.CreateDataSource(str(folder))
    options = ["ENCODING=CP1250", f"DBF_DATE_LAST_UPDATE={SURVEY_DATE}"]
    layer = source.CreateLayer(name, crs, kind, options)
    for key, value in records[0][0].items():
        layer.CreateField(field_definition(key, value))
    for attributes, geometry in records:
        feature = ogr.Feature(layer.GetLayerDefn())
        for key, value in attributes.items():
            feature.SetField(key, value)
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)


def polygon(ring: list) -> ogr.Geometry:
    """Polygon of a closed ring."""
    shape = ogr.Geometry(ogr.wkbPolygon)
    shape.AddGeometry(line(ring, ogr.wkbLinearRing))
    return shape


def line(points: list, kind: int = ogr.wkbLineString) -> ogr.Geometry:
    """Line through points."""
    shape = ogr.Geometry(kind)
    for x, y in points:
        shape.AddPoint_2D(x, y)
    return shape


def zip_folder(folder: Path, target: Path) -> None:
    """Zip the files of a folder with a fixed time, in the order of their names."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(path.name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def decimal_comma(metres: float) -> str:
    """Metres with two decimals and a decimal comma."""
    return f"{metres:.2f}".replace(".", ",")


def write_old_coordinates(target: Path, project) -> None:
    """Table in the old notation: semicolons, decimal comma, Y east, X north."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow("sifra naziv tip status opstina okrug Y X napomena".split())
    for *attributes, lon, lat in OLD_FACILITIES:
        east, north = project(lon, lat)
        writer.writerow([*attributes, decimal_comma(east), decimal_comma(north), NOTE])
    target.write_bytes(text.getvalue().encode("utf-8"))


def main() -> None:
    """Write both files of the example."""
    project = projector()
    outline = pond_outline(project(*POND_CENTRE))
    dams = [(attributes, line(points)) for attributes, points in dam_records(outline)]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pond = [(pond_record(outline), polygon(outline))]
        write_shapefile(folder, "jaloviste", ogr.wkbPolygon, pond)
        write_shapefile(folder, "brane", ogr.wkbLineString, dams)
        zip_folder(folder, FOLDER / "example-survey.zip")
    write_old_coordinates(FOLDER / "example-old-coordinates.csv", project)


if __name__ == "__main__":
    main()
