"""Check the demonstration data of the folder above; prints what is wrong.

    /usr/bin/python3 check_data.py

Needs Debian's python3-gdal (for geometry). Exit code 1 when anything is wrong.
"""

import csv
import json
import math
import re
import sys
from pathlib import Path

from osgeo import gdal, ogr

from serbian_text import has_valid_control_digit, to_latin

gdal.UseExceptions()
ogr.UseExceptions()

DATA = Path(__file__).resolve().parent.parent

# Town centres, longitude, latitude, to about one kilometre.
SEATS = {
    "Београд": (20.457, 44.817), "Суботица": (19.667, 46.100),
    "Зрењанин": (20.390, 45.381), "Кикинда": (20.465, 45.829),
    "Панчево": (20.640, 44.871), "Сомбор": (19.112, 45.774),
    "Нови Сад": (19.844, 45.255), "Сремска Митровица": (19.610, 44.977),
    "Шабац": (19.690, 44.747), "Ваљево": (19.890, 44.272),
    "Смедерево": (20.930, 44.664), "Пожаревац": (21.187, 44.621),
    "Крагујевац": (20.917, 44.014), "Јагодина": (21.261, 43.977),
    "Бор": (22.096, 44.075), "Зајечар": (22.284, 43.904),
    "Ужице": (19.849, 43.856), "Чачак": (20.350, 43.891),
    "Краљево": (20.687, 43.726), "Крушевац": (21.334, 43.580),
    "Ниш": (21.896, 43.321), "Прокупље": (21.588, 43.234),
    "Пирот": (22.588, 43.156), "Лесковац": (21.946, 42.998),
    "Врање": (21.900, 42.551), "Приштина": (21.165, 42.663),
    "Пећ": (20.289, 42.659), "Призрен": (20.740, 42.214),
    "Косовска Митровица": (20.867, 42.891), "Гњилане": (21.469, 42.463),
}

# Pairs that share a border, over all parts of the country.
NEIGHBOURS = [
    ("RS-00", "RS-10"), ("RS-13", "RS-19"), ("RS-14", "RS-15"), ("RS-18", "RS-19"),
    ("RS-08", "RS-09"), ("RS-20", "RS-22"), ("RS-23", "RS-24"), ("RS-19", "RS-21"),
    ("RS-18", "RS-28"), ("RS-21", "RS-25"), ("RS-24", "RS-29"), ("RS-25", "RS-27"),
    ("RS-01", "RS-03"), ("RS-06", "RS-07"), ("RS-11", "RS-14"), ("RS-19", "RS-28"),
]

DISTRICT_CODES = {f"RS-{n:02}" for n in range(30)}
FACILITY_CODE = re.compile(r"^RS-(\d{5}|KM)-\d{3}$")
COMMODITY = re.compile(r"^[a-z]+(_[a-z]+)*$")
METRES_PER_DEGREE = 111_195.0

STATUSES = {"operating", "care_and_maintenance", "closing", "closed", "abandoned", "unknown"}
METHODS = {"gazetteer", "document", "estimated"}
KINDS = {"municipality", "city_municipality", "city", ""}


def read_csv(name: str) -> list:
    """Rows of a file as dictionaries."""
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_features(name: str) -> dict:
    """Properties and geometry by code."""
    features = json.loads((DATA / name).read_text("utf-8"))["features"]
    return {
        f["properties"]["code"]: (
            f["properties"],
            ogr.CreateGeometryFromJson(json.dumps(f["geometry"])),
            f["geometry"]["coordinates"][0],
        )
        for f in features
    }


def point(lon: float, lat: float) -> ogr.Geometry:
    """Point in longitude, latitude."""
    shape = ogr.Geometry(ogr.wkbPoint)
    shape.AddPoint_2D(lon, lat)
    return shape


def distance_m(shape: ogr.Geometry, lon: float, lat: float) -> float:
    """Metres from a point to an area, 0 inside; a local plane, good to one percent."""
    local = shape.Clone()
    ring = local.GetGeometryRef(0)
    factor = math.cos(math.radians(lat))
    for i in range(ring.GetPointCount()):
        x, y = ring.GetPoint_2D(i)
        ring.SetPoint_2D(i, x * factor * METRES_PER_DEGREE, y * METRES_PER_DEGREE)
    return local.Distance(point(lon * factor * METRES_PER_DEGREE, lat * METRES_PER_DEGREE))


def check_polygons(features: dict) -> list:
    """Validity, winding, decimals, Latin names."""
    wrong = []
    for code, (properties, shape, ring) in features.items():
        pairs = list(zip(ring, ring[1:]))
        if not shape.IsValid():
            wrong.append(f"{code}: invalid polygon")
        if ring[0] != ring[-1] or sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) <= 0:
            wrong.append(f"{code}: ring not closed or not counter-clockwise")
        if any(round(v, 5) != v for position in ring for v in position):
            wrong.append(f"{code}: more than five decimals")
        if to_latin(properties["name"]) != properties["name_latin"]:
            wrong.append(f"{code}: Latin name {properties['name_latin']}")
    return wrong


def check_districts(districts: dict) -> list:
    """Codes, seats inside their own district only, no overlaps or gaps, shared borders."""
    wrong = [] if districts.keys() == DISTRICT_CODES else ["districts: codes not complete"]
    for code, (properties, _, _) in districts.items():
        seat = point(*SEATS[properties["seat"]])
        inside = [c for c, (_, shape, _) in districts.items() if shape.Contains(seat)]
        if inside != [code]:
            wrong.append(f"{code}: seat {properties['seat']} lies in {inside}")
    shapes = [(code, shape) for code, (_, shape, _) in districts.items()]
    for i, (one, a) in enumerate(shapes):
        for other, b in shapes[i + 1 :]:
            if a.Intersects(b) and not a.Touches(b):
                wrong.append(f"{one} and {other} overlap")
    union = shapes[0][1]
    for _, shape in shapes[1:]:
        union = union.Union(shape)
    if union.GetGeometryName() != "POLYGON" or union.GetGeometryCount() != 1:
        wrong.append("districts: gaps between them")
    return wrong + check_neighbours(districts)


def check_neighbours(districts: dict) -> list:
    """Neighbours share a line, not only a point."""
    wrong = []
    for one, other in NEIGHBOURS:
        common = districts[one][1].Intersection(districts[other][1])
        if common.Length() <= 0:
            wrong.append(f"{one} and {other} share no border")
    return wrong


def check_regions(regions: dict, districts: dict) -> list:
    """Each region is as large as its districts together."""
    wrong = []
    for code, (_, shape, _) in regions.items():
        parts = [s.GetArea() for p, s, _ in districts.values() if p["statistical_region"] == code]
        if abs(sum(parts) - shape.GetArea()) > 1e-9:
            wrong.append(f"{code}: area differs from its districts")
    return wrong


def check_municipalities(rows: list) -> list:
    """168 units with valid control digits, names and districts."""
    wrong = [] if len({r["code"] for r in rows}) == len(rows) == 168 else ["not 168 municipalities"]
    for row in rows:
        code = row["code"]
        if not has_valid_control_digit(code):
            wrong.append(f"municipality {code}: control digit")
        if to_latin(row["name"]) != row["name_latin"]:
            wrong.append(f"municipality {code}: Latin name {row['name_latin']}")
        if row["district"] not in DISTRICT_CODES or row["kind"] not in KINDS:
            wrong.append(f"municipality {code}: district or kind")
    return wrong


def check_facility(row: dict, municipalities: dict, districts: dict) -> list:
    """What is wrong with one facility."""
    unit = municipalities.get(row["municipality"])
    lon, lat = float(row["longitude"]), float(row["latitude"])
    away_m = distance_m(districts[row["district"]][1], lon, lat)
    expected_middle = row["municipality"] or "KM"
    rules = {
        "code": FACILITY_CODE.match(row["code"]) and row["code"][3:-4] == expected_middle,
        "Latin name": to_latin(row["name"]) == row["name_latin"],
        "Cyrillic name": not re.search("[A-Za-zŠĐČĆŽšđčćž]", row["name"]),
        "status": row["status"] in STATUSES,
        "observation method": row["observation_method"] in METHODS,
        "in_scope": row["in_scope"] in {"true", "false"},
        "unofficial": row["unofficial"] == "true",
        "municipality": unit is None and not row["municipality"] or bool(unit),
        "district": unit is None or unit["district"] == row["district"],
        "commodities": all(COMMODITY.match(c) for c in row["commodities"].split(";") if c),
        "zero for unknown": not any(row[c] in {"0", "0.0"} for c in row),
        f"{away_m:.0f} m outside {row['district']}": away_m <= float(row["location_accuracy_m"]),
    }
    return [f"{row['code']}: {rule}" for rule, holds in rules.items() if not holds]


def check_facilities(rows: list, municipalities: dict, districts: dict) -> list:
    """Unique codes and every facility."""
    wrong = [] if len({r["code"] for r in rows}) == len(rows) else ["facility codes not unique"]
    for row in rows:
        wrong += check_facility(row, municipalities, districts)
    return wrong


def check_incident(row: dict, facilities: dict) -> list:
    """What is wrong with one incident."""
    facility = facilities[row["facility"]]
    same = ("municipality", "district", "location_accuracy_m", "longitude", "latitude")
    rules = {
        "code": re.fullmatch(re.escape(row["facility"]) + r"-I\d", row["code"]),
        "Cyrillic name": not re.search("[A-Za-zŠĐČĆŽšđčćž]", row["name"]),
        "year of the day": not row["occurred_on"] or row["occurred_on"][:4] == row["occurred_year"],
        "unofficial": row["unofficial"] == "true" and bool(row["source"]),
        "place of the facility": all(row[column] == facility[column] for column in same),
    }
    return [f"{row['code']}: {rule}" for rule, holds in rules.items() if not holds]


def check_incidents(rows: list, facilities: dict) -> list:
    """Unique codes and every incident."""
    wrong = [] if len({r["code"] for r in rows}) == len(rows) else ["incident codes not unique"]
    for row in rows:
        wrong += check_incident(row, facilities)
    return wrong


def main() -> int:
    """Run every check."""
    districts = read_features("districts.geojson")
    regions = read_features("statistical_regions.geojson")
    municipalities = read_csv("municipalities.csv")
    facilities = read_csv("facilities.csv")
    by_code = {m["code"]: m for m in municipalities}
    wrong = (
        check_polygons(districts | regions)
        + check_districts(districts)
        + check_regions(regions, districts)
        + check_municipalities(municipalities)
        + check_facilities(facilities, by_code, districts)
        + check_incidents(read_csv("incidents.csv"), {f["code"]: f for f in facilities})
    )
    print("\n".join(wrong) or "all checks passed")
    used = sorted({c for r in facilities for c in r["commodities"].split(";") if c})
    print("commodities:", " ".join(used))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
