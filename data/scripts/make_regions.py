"""Make districts.geojson and statistical_regions.geojson.

Input: the files admin1-SRB.json and admin1-KOS.json of the Python package
Orange3-Geo, which are Natural Earth 1:10m admin-1 polygons (public domain),
generalised by that package.

    python3 make_regions.py admin1-SRB.json admin1-KOS.json OUTPUT_FOLDER

Coordinates: longitude, latitude, WGS 84, five decimals (about one metre).
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from serbian_text import to_latin

SOURCE = "Natural Earth 1:10m admin-1, public domain, generalised"

# HASC code of the source polygon -> code, name, seat, statistical region,
# NUTS 3 code. The source names both RS.PM and RS.RN "Pomoravski"; RS.RN is
# the Rasinski district (seat Kruševac), hence the key by code.
DISTRICTS = {
    "RS.BG": ("RS-00", "Београд", "Београд", "RS11", "RS110"),
    "RS.SC": ("RS-01", "Севернобачки", "Суботица", "RS12", "RS125"),
    "RS.SD": ("RS-02", "Средњобанатски", "Зрењанин", "RS12", "RS126"),
    "RS.SN": ("RS-03", "Севернобанатски", "Кикинда", "RS12", "RS124"),
    "RS.JN": ("RS-04", "Јужнобанатски", "Панчево", "RS12", "RS122"),
    "RS.ZC": ("RS-05", "Западнобачки", "Сомбор", "RS12", "RS121"),
    "RS.JC": ("RS-06", "Јужнобачки", "Нови Сад", "RS12", "RS123"),
    "RS.SM": ("RS-07", "Сремски", "Сремска Митровица", "RS12", "RS127"),
    "RS.MA": ("RS-08", "Мачвански", "Шабац", "RS21", "RS213"),
    "RS.KB": ("RS-09", "Колубарски", "Ваљево", "RS21", "RS212"),
    "RS.PD": ("RS-10", "Подунавски", "Смедерево", "RS22", "RS227"),
    "RS.BR": ("RS-11", "Браничевски", "Пожаревац", "RS22", "RS222"),
    "RS.SU": ("RS-12", "Шумадијски", "Крагујевац", "RS21", "RS218"),
    "RS.PM": ("RS-13", "Поморавски", "Јагодина", "RS21", "RS215"),
    "RS.BO": ("RS-14", "Борски", "Бор", "RS22", "RS221"),
    "RS.ZJ": ("RS-15", "Зајечарски", "Зајечар", "RS22", "RS223"),
    "RS.ZL": ("RS-16", "Златиборски", "Ужице", "RS21", "RS211"),
    "RS.MR": ("RS-17", "Моравички", "Чачак", "RS21", "RS214"),
    "RS.RS": ("RS-18", "Рашки", "Краљево", "RS21", "RS217"),
    "RS.RN": ("RS-19", "Расински", "Крушевац", "RS21", "RS216"),
    "RS.NS": ("RS-20", "Нишавски", "Ниш", "RS22", "RS225"),
    "RS.TO": ("RS-21", "Топлички", "Прокупље", "RS22", "RS229"),
    "RS.PI": ("RS-22", "Пиротски", "Пирот", "RS22", "RS226"),
    "RS.JA": ("RS-23", "Јабланички", "Лесковац", "RS22", "RS224"),
    "RS.PC": ("RS-24", "Пчињски", "Врање", "RS22", "RS228"),
}

# Kosovo and Metohija: the source has 30 smaller units, dissolved here.
DISTRICTS_RS23 = {
    ("RS-25", "Косовски", "Приштина"): [
        "Glogovac", "Kačanik", "Kosovo Polje", "Lipljan", "Obilić",
        "Podujevo", "Priština", "Uroševac", "Štimlje", "Štrpce",
    ],
    ("RS-26", "Пећки", "Пећ"): ["Dečani", "Đakovica", "Istok", "Klina", "Peć"],
    ("RS-27", "Призренски", "Призрен"): [
        "Dragaš", "Mališevo", "Orahovac", "Prizren", "Suva Reka",
    ],
    ("RS-28", "Косовско-Митровачки", "Косовска Митровица"): [
        "Kosovska Mitrovica", "Leposavić", "Srbica", "Vučitrn",
        "Zubin Potok", "Zvečan",
    ],
    ("RS-29", "Косовско-Поморавски", "Гњилане"): [
        "Gnjilane", "Kosovska Kamenica", "Novo Brdo", "Vitina",
    ],
}

REGIONS = {
    "RS11": "Београдски регион",
    "RS12": "Регион Војводине",
    "RS21": "Регион Шумадије и Западне Србије",
    "RS22": "Регион Јужне и Источне Србије",
    "RS23": "Регион Косово и Метохија",
}

# The generalisation left only small gaps; a longer pair of chains is the
# outer border itself.
LONGEST_GAP_VERTICES = 20

# Where the borders of RS-18, RS-26 and Montenegro meet, the generalisation
# dropped the meeting point from one of the two files.
MEETING_POINT_LINE = [(20.31917, 42.82414), (20.34535, 42.82744), (20.42803, 42.84064)]


def read_rings(path: str, key: str) -> dict[str, list]:
    """Outer rings (open lists of rounded positions) by a property's value."""
    rings = {}
    for feature in json.loads(Path(path).read_text("utf-8"))["features"]:
        geometry = feature["geometry"]
        name = feature["properties"][key]
        if geometry["type"] != "Polygon" or len(geometry["coordinates"]) != 1:
            raise SystemExit(f"{name}: expected one polygon without holes")
        ring = [(round(x, 5), round(y, 5)) for x, y in geometry["coordinates"][0]]
        rings[name] = ring[:-1]
    return rings


def edges(ring: list) -> list:
    """Directed edges of an open ring."""
    return list(zip(ring, ring[1:] + ring[:1]))


def unshared_edges(rings: dict, other: dict) -> list:
    """Edges of `rings` that no second ring of either file has."""
    uses = Counter(
        frozenset(edge) for r in [*rings.values(), *other.values()] for edge in edges(r)
    )
    return [e for r in rings.values() for e in edges(r) if uses[frozenset(e)] == 1]


def chains(unshared: list, junctions: set) -> dict:
    """Vertex chains between junctions, by their two end points."""
    neighbours = defaultdict(set)
    for a, b in unshared:
        neighbours[a].add(b)
        neighbours[b].add(a)
    found = {}
    for start in junctions:
        for step in neighbours[start]:
            chain = [start, step]
            while chain[-1] not in junctions:
                ahead = neighbours[chain[-1]] - {chain[-2]}
                chain.append(ahead.pop())
            found[frozenset((start, chain[-1]))] = chain
    return found


def common_lines(first: dict, second: dict) -> list:
    """Lines that close the gaps between two separately generalised files.

    Each file kept other vertices of the same line, so the line through the
    vertices of both is the better one.
    """
    sides = [unshared_edges(first, second), unshared_edges(second, first)]
    touched = [{p for e in side for p in e} for side in sides]
    junctions = touched[0] & touched[1]
    by_ends = [chains(side, junctions) for side in sides]
    lines = []
    for ends in by_ends[0].keys() & by_ends[1].keys():
        one, two = by_ends[0][ends], by_ends[1][ends]
        if len(one) + len(two) <= LONGEST_GAP_VERTICES:
            lines.append(along_chord(one[0], one[-1], {*one, *two}))
    return lines


def along_chord(start: tuple, end: tuple, points: set) -> list:
    """Points in the order of their projection on the line start–end."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return sorted(points, key=lambda p: (p[0] - start[0]) * dx + (p[1] - start[1]) * dy)


def with_common_lines(ring: list, lines: list) -> list:
    """The ring with the vertices of the common lines put between its own."""
    out = []
    for a, b in edges(ring):
        out.append(a)
        for line in lines:
            if a in line and b in line:
                i, j = line.index(a), line.index(b)
                out += line[i + 1 : j] if i < j else line[j + 1 : i][::-1]
    return out


def dissolve(rings: list) -> list:
    """Outer boundary of neighbouring rings as one open ring, counter-clockwise."""
    directed = {e for ring in rings for e in edges(counter_clockwise(ring))}
    following = {a: b for a, b in directed if (b, a) not in directed}
    start = min(following)
    ring = [start]
    while (step := following.pop(ring[-1])) != start:
        ring.append(step)
    if following:
        raise SystemExit(f"dissolving left {len(following)} edges over")
    return ring


def counter_clockwise(ring: list) -> list:
    """RFC 7946, 3.1.6: exterior rings run counter-clockwise."""
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in edges(ring))
    return ring if twice_area > 0 else ring[::-1]


def feature(ring: list, properties: dict) -> dict:
    """GeoJSON feature with one polygon."""
    closed = [list(p) for p in ring + ring[:1]]
    geometry = {"type": "Polygon", "coordinates": [closed]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def district(ring: list, code: str, name: str, seat: str, region: str,
             nuts3: str | None, source: str) -> dict:
    """Feature of a district."""
    return feature(counter_clockwise(ring), {
        "code": code,
        "name": name,
        "name_latin": to_latin(name),
        "seat": seat,
        "statistical_region": region,
        "nuts3": nuts3,
        "source": source,
    })


def make_districts(main: dict, south: dict) -> list:
    """The 30 districts in the order of their codes."""
    lines = [*common_lines(main, south), MEETING_POINT_LINE]
    main = {k: with_common_lines(r, lines) for k, r in main.items()}
    south = {k: with_common_lines(r, lines) for k, r in south.items()}
    made = [district(main[hasc], *row, SOURCE) for hasc, row in DISTRICTS.items()]
    for (code, name, seat), parts in DISTRICTS_RS23.items():
        ring = dissolve([south[part] for part in parts])
        source = f"{SOURCE}; dissolved from {len(parts)} smaller units"
        made.append(district(ring, code, name, seat, "RS23", None, source))
    return made


def make_regions(districts: list) -> list:
    """The statistical regions dissolved from the districts."""
    rings = defaultdict(list)
    for d in districts:
        ring = [tuple(p) for p in d["geometry"]["coordinates"][0][:-1]]
        rings[d["properties"]["statistical_region"]].append(ring)
    return [
        feature(dissolve(rings[code]), {
            "code": code,
            "name": name,
            "name_latin": to_latin(name),
            "source": f"{SOURCE}; dissolved from districts",
        })
        for code, name in REGIONS.items()
    ]


def write(path: Path, features: list) -> None:
    """Write a feature collection, one feature per line."""
    lines = ",\n".join(
        json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features
    )
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    path.write_text(text, "utf-8")


def main(arguments: list) -> None:
    """Run with the two source files and the output folder."""
    if len(arguments) != 3:
        raise SystemExit(__doc__)
    main_path, south_path, folder = arguments
    districts = make_districts(read_rings(main_path, "hasc"), read_rings(south_path, "name"))
    write(Path(folder) / "districts.geojson", districts)
    write(Path(folder) / "statistical_regions.geojson", make_regions(districts))


if __name__ == "__main__":
    main(sys.argv[1:])
