"""Measures requests beside other services that publish the same table, and exports in every format.

Started by run.sh with a scratch folder, on a seeded register. Competitors take turns; beside the rate of
each stands what it costs: requests a second of processor time, its own and the database's.
"""

import http.client
import json
import re
import time
import urllib.request
from statistics import median

import bench
from bench import BOX_SCRIPT, BOXES, HERE, MOST, ROUNDS, ROWS, SCRATCH, edges, geojson, in_box, output, plain
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
HIGH = "\\set h 80 + random(0, 99) / 10.0\n"
CLOSED = "status = 'closed' AND height_m > {}"
HUNDRED = " order by id limit 100"


class Case:
    """What is asked of everybody: paths for a competitor, statements for PostgreSQL."""

    def __init__(self, title, paths, made, floor=None, script="", **variables):
        self.title, self.paths, self.script, self.variables = title, paths, script, variables
        self.made, self.floor = made, floor


class Cases:
    """The cases, of features with these fields."""

    def __init__(self, fields):
        self.fields = fields

    def rows(self, condition):
        return [make("facilities", self.fields, condition) for make in (geojson, plain)]

    def box(self, features):
        side, average = bench.side_for("facilities", features)
        statements = self.rows(in_box("facilities") + f" order by id limit {MOST}")
        return Case(f"box of {average:.0f}", boxes(side, MOST), *statements, BOX_SCRIPT, side=side)

    def counted_box(self):
        side, average = bench.side_for("facilities", 1000)
        statement = f"select count(*) from facility where {in_box('facilities')};\n"
        title = f"one and numberMatched {average:.0f}"
        return Case(title, boxes(side, 1), statement, None, BOX_SCRIPT, side=side)

    def one(self):
        paths = lambda one: [one.feature(1 + i * 7919 % ROWS) for i in range(5000)]
        script = f"\\set i 1 + random(0, 4999) * 7919 % {ROWS}\n"
        return Case("one by id", paths, *self.rows("id = :i"), script)

    def attributes(self):
        paths = lambda one: [one.filtered(CLOSED.format(height)) for height in HEIGHTS]
        statements = self.rows("status = 'closed' and height_m > :h" + HUNDRED)
        return Case("filter, attributes", paths, *statements, HIGH)

    def attributes_and_place(self):
        asked = enumerate(HEIGHTS)
        asked = [(CLOSED.format(height), edges(i, 0.2)) for i, height in asked]
        paths = lambda one: [one.filtered(*pair) for pair in asked]
        condition = "status = 'closed' and height_m > :h and " + in_box("facilities")
        statements = self.rows(condition + HUNDRED)
        return Case("filter, attributes and place", paths, *statements, BOX_SCRIPT + HIGH, side=0.2)

    def district(self):
        paths = lambda one: [one.in_district(code) for code in DISTRICTS]
        statements = self.rows("district = 'RS-' || lpad((:d)::text, 2, '0')" + HUNDRED)
        return Case("one district", paths, *statements, "\\set d random(1, 24)\n")

    def page(self, number):
        statements = self.rows(f"true{HUNDRED} offset {(number - 1) * 100}")
        return Case(f"page {number}", lambda one: [one.page(number, 100)], *statements)

    def counted_all(self):
        statement = "select count(*) from facility;\n"
        return Case("one and numberMatched, all", lambda one: [one.asked(limit=1)], statement)

    def all(self):
        yield from map(self.box, (10, 100, 1000))
        yield from (self.one(), self.attributes(), self.attributes_and_place(), self.district())
        yield from map(self.page, (1, ROWS // 100))
        yield from (self.counted_all(), self.counted_box())


def boxes(side, limit):
    bounds = [",".join(f"{edge:.10f}" for edge in edges(i, side)) for i in range(BOXES)]
    return lambda one: [one.asked(limit=limit, bbox=box) for box in bounds]


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
    count, seconds = re.search(r"(\d+) requests in ([\d.]+)s", printed).groups()
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
    return bench.pgbench(script + statement, **variables) if statement else None


def measure(case, ours, peers):
    same_answers(case, [ours, *peers])
    turns = []
    for _ in range(ROUNDS):
        rates = [load(one, case.paths(one)) for one in (ours, *peers)]
        rates += [sql_rate(case.script, text, case.variables) for text in (case.made, case.floor)]
        turns.append(rates)
    *services, made, floor = [middle(turn) for turn in zip(*turns)]
    mine, rest = services[0], [one for one in services[1:] if one and one[0]]
    ratios = [mine[0] / limit if limit else None for limit in (made, floor)]
    ratios += [mine[at] / max(one[at] for one in rest) for at in (0, 1)] if rest else []
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


def versions():
    servers = output("dpkg-query", "-W", "-f", "${Package} ${Version}; ", "cgi-mapserver", "qgis-server", "nginx")
    print(servers)


def main():
    bench.CLIENTS = str(CONNECTIONS)
    bench.machine()
    with all_of_them() as (fields, ours, peers, static):
        versions()
        print()
        names = [one.name for one in (ours, *peers)]
        line("Peers", *names, "GeoJSON, SQL", "plain rows", "/GeoJSON", "/plain", "/best peer", "per core")
        for case in Cases(fields).all():
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
