"""Measures requests beside other services that publish the same table, and exports in every format.

Started by run.sh with a scratch folder, on a seeded register. Competitors take turns; beside the rate of
each stands what it costs: requests a second of processor time, its own and the database's.
"""

import http.client
import json
import time
import urllib.request
from pathlib import Path
from statistics import median

import bench
from bench import BOX_SCRIPT, BOXES, HERE, MOST, ROUNDS, ROWS, SCRATCH, corner, edges, geojson, in_box, output, plain
from competitors import FOLDER, all_of_them
from rasters import cpu_seconds, family, postmaster

CONNECTIONS = 16
WIDTH = 13
FIRST_BYTES = 15
FORMATS = ["json", "geojsonseq", "jsonfg", "csv", "fgb", "kml", "gpkg", "xlsx", "shp"]
PACKAGES = FORMATS[-3:]
DISTRICTS = [f"RS-{number:02}" for number in range(1, 25)]
# Thresholds of a filter, so that no two requests are alike.
HEIGHTS = [80 + step / 10 for step in range(100)]


class Case:
    """What is asked of everybody: paths for a competitor, statements for PostgreSQL."""

    def __init__(self, title, paths, condition, script="", statement=None, **variables):
        self.title, self.paths, self.script, self.variables = title, paths, script, variables
        fields = bench.FIELDS
        self.made = statement or geojson("facilities", fields, condition)
        self.plain = None if statement else plain("facilities", fields, condition)


def of_boxes(features):
    side, average = bench.side_for("facilities", features)
    ask = lambda one, i: one.asked(limit=MOST, bbox=",".join(f"{edge:.10f}" for edge in edges(i, side)))
    paths = lambda one: [ask(one, i) for i in range(BOXES)]
    condition = in_box("facilities") + f" order by id limit {MOST}"
    return Case(f"box of {average:.0f}", paths, condition, BOX_SCRIPT, side=side)


def counted_box():
    side, average = bench.side_for("facilities", 1000)
    ask = lambda one, i: one.asked(limit=1, bbox=",".join(f"{edge:.10f}" for edge in edges(i, side)))
    paths = lambda one: [ask(one, i) for i in range(BOXES)]
    statement = f"select count(*) from facility where {in_box('facilities')};\n"
    return Case(f"one and numberMatched {average:.0f}", paths, "", BOX_SCRIPT, statement, side=side)


def near(i):
    west, south = corner(i)
    return west, south, west + 0.2, south + 0.2


def cases():
    closed = "status = 'closed' AND height_m > {}"
    high = "\\set h 80 + random(0, 99) / 10.0\n"
    ordered = " order by id limit 100"
    here = "location && ST_MakeEnvelope(:w, :s, :e, :n, 4326)"
    page = ROWS // 100
    by_offset = f"true order by id limit 100 offset {(page - 1) * 100}"
    district = "\\set d random(1, 24)\n"
    return [
        *map(of_boxes, (10, 100, 1000)),
        Case(
            "one by id",
            lambda one: [one.feature(1 + i * 7919 % ROWS) for i in range(5000)],
            "id = :i",
            f"\\set i 1 + random(0, 4999) * 7919 % {ROWS}\n",
        ),
        Case(
            "filter, attributes",
            lambda one: [one.filtered(closed.format(height)) for height in HEIGHTS],
            "status = 'closed' and height_m > :h" + ordered,
            high,
        ),
        Case(
            "filter, attributes and place",
            lambda one: [one.filtered(closed.format(height), near(i)) for i, height in enumerate(HEIGHTS)],
            f"status = 'closed' and height_m > :h and {here}" + ordered,
            BOX_SCRIPT + high,
            side=0.2,
        ),
        Case(
            "one district",
            lambda one: [one.in_district(code) for code in DISTRICTS],
            "district = 'RS-' || lpad((:d)::text, 2, '0')" + ordered,
            district,
        ),
        Case("page 1", lambda one: [one.page(1, 100)], "true" + ordered),
        Case(f"page {page}", lambda one: [one.page(page, 100)], by_offset),
        Case(
            "one and numberMatched, all",
            lambda one: [one.asked(limit=1)],
            "",
            statement="select count(*) from facility;\n",
        ),
        counted_box(),
    ]


# Measuring -----------------------------------------------------------------------------------


def load(server, paths, *headers):
    """Requests a second, and a second of processor time; nothing of a server that cannot do it."""
    if None in paths:
        return None
    file = SCRATCH / "paths.txt"
    file.write_text("\n".join(paths) + "\n")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{bench.SECONDS}s", "--timeout", "60s", *headers]
    before = cpu(server)
    printed = output(*command, "-s", HERE / "paths.lua", server.base, "--", file)
    used = cpu(server) - before
    count, seconds = bench.re.search(r"(\d+) requests in ([\d.]+)s", printed).groups()
    if "Non-2xx" in printed and not headers:
        raise SystemExit(f"{server.base}{paths[0]} fails under load:\n{printed}")
    return int(count) / float(seconds), int(count) / max(used, 0.01)


def cpu(server):
    return sum(map(cpu_seconds, family([*server.pids, postmaster()])))


def count(server, path):
    """How many features an answer has."""
    with urllib.request.urlopen(server.base + path) as answer:
        return len(json.load(answer).get("features", [None]))


def same_answers(case, everybody):
    """All give the same number of features. Boxes of single precision may differ at an edge."""
    for at in (0, -1):
        asked = [(one, case.paths(one)[at]) for one in everybody]
        counts = {one.name: count(one, path) for one, path in asked if path}
        if max(counts.values()) - min(counts.values()) > max(1, 0.02 * counts["cadastre"]):
            raise SystemExit(f"{case.title}: not the same features: {counts}")


def sql_rate(script, statement, variables):
    bench.CLIENTS = str(CONNECTIONS)
    return statement and bench.pgbench(script + statement, **variables)


def measure(case, ours, peers):
    same_answers(case, [ours, *peers])
    turns = []
    for _ in range(ROUNDS):
        rates = [load(one, case.paths(one)) for one in (ours, *peers)]
        rates += [sql_rate(case.script, text, case.variables) for text in (case.made, case.plain)]
        turns.append(rates)
    *services, made, floor = [middle(turn) for turn in zip(*turns)]
    mine, rest = services[0], [one for one in services[1:] if one]
    ratios = [mine[0] / limit if limit else None for limit in (made, floor)]
    ratios += [mine[at] / max(one[at] for one in rest) for at in (0, 1)]
    rates = [one and one[0] for one in services]
    line(case.title, *map(rate, (*rates, made, floor)), *map(ratio, ratios))


def middle(values):
    return None if None in values else sorted(values)[len(values) // 2]


# Answers without content ---------------------------------------------------------------------


def not_modified(ours, static):
    path = ours.asked(limit=100)
    with urllib.request.urlopen(ours.base + path) as answer:
        tag = answer.headers["ETag"]
        (FOLDER / "static/page.json").write_bytes(answer.read())
    with urllib.request.urlopen(f"{static.base}/page.json") as answer:
        their_tag = answer.headers["ETag"]
    turns = []
    for _ in range(ROUNDS):
        mine = load(ours, [path], "-H", f"If-None-Match: {tag}")
        theirs = load(static, ["/page.json"], "-H", f"If-None-Match: {their_tag}")
        turns.append((mine, theirs))
    mine, theirs = (middle(turn) for turn in zip(*turns))
    cells = [rate(mine[0]), rate(theirs[0]), *(ratio(mine[at] / theirs[at]) for at in (0, 1))]
    line("304, a page of 100", *cells)


# Whole layers --------------------------------------------------------------------------------


def ask(running, path):
    """A request on a connection of its own; gives the answer and when it was asked."""
    connection = http.client.HTTPConnection(running.base.removeprefix("http://"))
    connection.connect()
    began = time.monotonic()
    connection.request("GET", path)
    return connection.getresponse(), began


def first_byte(running, path):
    """Milliseconds to the first byte of an answer's content."""
    answer, began = ask(running, path)
    answer.read(1)
    took = 1000 * (time.monotonic() - began)
    answer.close()
    return took


def export(name):
    path, one = f"/collections/facilities/download/{name}", "/collections/facilities/items/1"
    with bench.service() as running:
        tries = 1 if name in PACKAGES else FIRST_BYTES
        firsts = [(first_byte(running, path), first_byte(running, one)) for _ in range(tries)]
    first, single = (median(turn) for turn in zip(*firsts))
    with bench.service() as running:
        answer, began = ask(running, path)
        size = 0
        while part := answer.read(1 << 20):
            size += len(part)
        seconds, peak = time.monotonic() - began, running.peak_mib()
    if answer.status != 200:
        return line(name, f"status {answer.status}")
    cells = [f"{size / 1e6:.0f} MB", rate(ROWS / seconds), f"{first:.1f} ms", f"{single:.1f} ms"]
    line(name, *cells, ratio(first / single), f"{peak:.0f} MiB")


# The table -----------------------------------------------------------------------------------


def rate(value):
    if value is None:
        return "–"
    return f"{value:.0f}/s" if value >= 10 else f"{value:.1f}/s"


def ratio(value):
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def line(title, *cells):
    print(f"{title:<29}" + "".join(f"{cell:>{WIDTH}}" for cell in cells), flush=True)


def versions(peers):
    servers = output("dpkg-query", "-W", "-f", "${Package} ${Version}; ", "cgi-mapserver", "qgis-server", "nginx")
    print(f"{servers}{CONNECTIONS} connections")


def main():
    bench.machine()
    with all_of_them() as (ours, peers, static):
        bench.FIELDS = [name for name in bench.json.loads(
            urllib.request.urlopen(f"{ours.base}/collections/facilities/schema").read()
        )["properties"] if name not in ("id", "geometry")]
        versions(peers)
        print()
        names = [one.name for one in (ours, *peers)]
        line("Peers", *names, "GeoJSON, SQL", "plain rows", "/GeoJSON", "/plain", "/best peer", "per core")
        for case in cases():
            measure(case, ours, peers)
        print()
        line("Nothing changed", "cadastre", "nginx, file", "ratio", "per core")
        not_modified(ours, static)
    print()
    line("Downloads", "size", "features", "first byte", "one feature", "ratio", "peak")
    for name in FORMATS:
        export(name)


if __name__ == "__main__":
    main()
