"""Measures vector tiles of the facilities beside those of martin and tipg, from the same database in the same run.

Started by run.sh with a scratch folder, on a seeded register. Each competitor starts anew for a round and is asked
for every tile once (cold), then for the same ones at random (warm), both as browsers do: packed.
"""

import gzip
import http.client
import json
import os
import random
import struct
import sys
from contextlib import ExitStack, contextmanager

import bench
from bench import HERE, output, row, section, sql
from competitors import FOLDER, free_port, interpreter, started, wait
from rasters import Server, again, cpu_seconds, family, once, postmaster

MARTIN = "1.14.0"
PACKED = {"Accept-Encoding": "gzip"}
# A tile without a site has no content.
FINE = (200, 204)
# Below the first, sites are counted in cells; from it on, tiles hold every site with all attributes.
EACH_SITE_FROM = 12
GROUPS = {"4 to 11": range(4, EACH_SITE_FROM), "12 to 14": range(EACH_SITE_FROM, 15)}
MOST_OF_A_ZOOM = {"4 to 11": 20, "12 to 14": 300}
COUNTED = ("count", "sum_area_m2", "sum_volume_m3", "sum_mass_t", "west", "south", "east", "north")


# Competitors ---------------------------------------------------------------------------------


def make_views():
    """The attributes of our tiles, as tiles can hold them, for all competitors."""
    with bench.service() as running:
        described = json.loads(running.get("/collections/facilities/tiles/tilejson.json"))
    names = [name for name in described["vector_layers"][0]["fields"] if name in types()]
    columns = ", ".join(as_tiles_hold(name) for name in names)
    output("psql", "-Xq", "-v", f"columns={columns}", "-f", HERE / "tiles.sql")


def types():
    known = "select column_name, data_type from information_schema.columns where table_name = 'facility'"
    return dict(line.split("|") for line in sql(known).splitlines())


def as_tiles_hold(name):
    kind = types()[name]
    texts = {"text": f"left({name}, 200)", "ARRAY": f"array_to_string({name}, ',')", "date": f"{name}::text"}
    return f"{texts.get(kind, name)} as {name}"


class Tiles(Server):
    def __init__(self, base, pid, path, counted=None):
        super().__init__(base, None, [pid, postmaster()])
        self.path_of = {"4 to 11": counted, "12 to 14": path}

    def paths(self, group, tiles):
        return [self.path_of[group].format(z=z, x=x, y=y) for z, x, y in tiles]

    def cpu_seconds(self):
        return sum(map(cpu_seconds, family(self.helpers)))


@contextmanager
def cadastre():
    with bench.service() as running:
        path = "/collections/facilities/tiles/xyz/{z}/{x}/{y}"
        yield Tiles(running.base, running.process.pid, path, path)


@contextmanager
def martin():
    port, types_of = free_port(), {name: "text" for name in view_columns()}
    table = {"schema": "tiles", "table": "sites", "srid": 4326, "geometry_column": "location", "buffer": 0}
    table |= {"layer_id": "facilities", "id_column": "id", "geometry_type": "POINT", "properties": types_of}
    tables = {"sites": table}
    functions = {"site_tiles": {"schema": "tiles", "function": "site_tiles"}}
    address = f"host={os.environ['PGHOST']} user=postgres dbname=cadastre"
    # YAML reads JSON.
    settings = {"connection_string": address, "tables": tables, "functions": functions, "auto_publish": False}
    config = FOLDER / "martin.yaml"
    config.write_text(json.dumps({"listen_addresses": f"127.0.0.1:{port}", "postgres": settings}))
    with started([program(), "--config", config], "martin") as (pid, log):
        base = f"http://127.0.0.1:{port}"
        wait(base + "/health", log)
        yield Tiles(base, pid, "/sites/{z}/{x}/{y}", "/site_tiles/{z}/{x}/{y}")


def program():
    """BENCH_MARTIN, or martin made for this run."""
    if "BENCH_MARTIN" not in os.environ:
        made = ["--version", MARTIN, "--locked", "--no-default-features", "--features", "postgres"]
        output("cargo", "install", "martin", *made, "--root", FOLDER / "martin")
        os.environ["BENCH_MARTIN"] = str(FOLDER / "martin/bin/martin")
    return os.environ["BENCH_MARTIN"]


def view_columns():
    found = "select column_name from information_schema.columns where table_schema = 'tiles' and table_name = 'sites'"
    return [name for name in sql(found).splitlines() if name not in ("id", "location")]


@contextmanager
def tipg():
    port, socket = free_port(), os.environ["PGHOST"].replace("/", "%2F")
    settings = {"DATABASE_URL": f"postgresql://postgres@{socket}/cadastre", "TIPG_DB_SCHEMAS": '["tiles"]'}
    settings |= {"TIPG_TILE_BUFFER": "0", "TIPG_DB_MAX_CONN_SIZE": "4"}
    command = [interpreter(), "-m", "uvicorn", "tipg.main:app", "--port", port, "--workers", os.cpu_count()]
    with started([*command, "--log-level", "warning"], "tipg", **settings) as (pid, log):
        base = f"http://127.0.0.1:{port}"
        wait(f"{base}/collections/tiles.sites", log)
        # It has no source that knows which tile is asked for, so it cannot count.
        yield Tiles(base, pid, "/collections/tiles.sites/tiles/WebMercatorQuad/{z}/{x}/{y}")


# What a tile holds ---------------------------------------------------------------------------


def varint(data, at):
    number = shift = 0
    while True:
        number |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return number, at


def message(data):
    """The fields of a message of Protocol Buffers: number and value."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = {1: (8, at), 5: (4, at)}.get(key & 7) or varint(data, at)
            value, at = data[at : at + size], at + size
        yield key >> 3, value


def numbers(data):
    at, found = 0, []
    while at < len(data):
        number, at = varint(data, at)
        found.append(number)
    return found


def signed(number):
    return number >> 1 ^ -(number & 1)


def value_of(data):
    ((kind, value),) = message(data)
    if kind == 1:
        return value.decode()
    if kind in (2, 3):
        return struct.unpack("<f" if kind == 2 else "<d", value)[0]
    return signed(value) if kind == 6 else value


def features(tile):
    """Position and attributes of the features of a tile of points, by id; without one, by position."""
    found = {}
    for number, layer in message(tile):
        parts = list(message(layer)) if number == 3 else []
        keys = [part.decode() for kind, part in parts if kind == 3]
        values = [value_of(part) for kind, part in parts if kind == 4]
        for kind, part in parts:
            if kind == 2:
                one = dict(message(part))
                tags = numbers(one.get(2, b""))
                place = tuple(map(signed, numbers(one[4])[1:]))
                known = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2])}
                found[one.get(1) or known.pop("id", place)] = (place, known)
    return found


def fetched(server, path):
    connection = http.client.HTTPConnection(server.base.removeprefix("http://"))
    connection.request("GET", path, headers=PACKED)
    answer = connection.getresponse()
    data = answer.read()
    if answer.status not in FINE:
        sys.exit(f"{server.base}{path}: status {answer.status}: {data[:300]}")
    return gzip.decompress(data) if answer.getheader("Content-Encoding") == "gzip" else data


def same(ours, theirs, group):
    """Whether two tiles hold the same. A site on the very edge may lie in either tile."""
    if group == "4 to 11" and any("count" in known for _, known in ours.values()):
        total = lambda tile, name: sum(known.get(name, 0) for _, known in tile.values())
        close = lambda one, other: abs(one - other) <= 1e-9 * abs(one)
        return len(ours) == len(theirs) and all(close(total(ours, name), total(theirs, name)) for name in COUNTED)
    both = ours.keys() & theirs.keys()
    near = lambda one, other: all(abs(a - b) <= 1 for a, b in zip(one, other))
    alike = all(near(ours[id][0], theirs[id][0]) and ours[id][1] == theirs[id][1] for id in both)
    return alike and len(ours.keys() ^ theirs.keys()) <= 2


def same_tiles(group, everybody, tiles):
    for tile in tiles:
        (name, mine), *others = [
            (one, features(fetched(server, server.paths(group, [tile])[0]))) for one, server in everybody.items()
        ]
        for other, theirs in others:
            if not same(mine, theirs, group):
                sys.exit(f"tile {tile}: {len(mine)} features of {name} and {len(theirs)} of {other} are not the same")


# Measuring -----------------------------------------------------------------------------------


def chosen(group):
    """Tiles (zoom, column, row) that have sites, at most so many of a zoom."""
    drawn, tiles = random.Random(1), []
    for zoom in GROUPS[group]:
        place = f"floor(tiles.across(location) * 2 ^ {zoom}), floor(tiles.down(location) * 2 ^ {zoom})"
        found = sql(f"select distinct {place} from (select location from facility order by id limit 100000) few")
        every = sorted((zoom, *map(int, line.split("|"))) for line in found.splitlines())
        tiles += drawn.sample(every, min(MOST_OF_A_ZOOM[group], len(every)))
    drawn.shuffle(tiles)
    return tiles


def measured(start, group, tiles):
    with start() as server:
        if not server.path_of[group]:
            return None
        paths = server.paths(group, tiles)
        return once(server, paths, PACKED, FINE), again(server, paths, PACKED)


def line(title, ours, theirs, third):
    cells = [f"{one.rate:.0f}/s" if one else "–" for one in (ours, theirs, third)]
    ratios = [(ours.rate / one.rate, ours.per_core / one.per_core) if one else None for one in (theirs, third)]
    row(title, *cells, *(f"{pair[0]:.2f}, {pair[1]:.2f}" if pair else "–" for pair in ratios))


def middle(turns):
    return None if None in turns else sorted(turns, key=lambda turn: turn.per_core)[len(turns) // 2]


def main():
    FOLDER.mkdir(exist_ok=True)
    FOLDER.chmod(0o755)
    program()
    os.environ.setdefault("BENCH_PEERS", str(interpreter()))
    make_views()
    heads = ["cadastre", "martin", "tipg", "of martin, core", "of tipg, core"]
    section("Vector tiles, packed", *heads)
    for group in GROUPS:
        tiles = chosen(group)
        with ExitStack() as stack:
            everybody = {start.__name__: stack.enter_context(start()) for start in (cadastre, martin, tipg)}
            able = {name: server for name, server in everybody.items() if server.path_of[group]}
            same_tiles(group, able, tiles[::10])
        turns = [[measured(start, group, tiles) for start in (cadastre, martin, tipg)] for _ in range(bench.ROUNDS)]
        for at, state in enumerate(("cold", "warm")):
            results = [middle([turn[who] and turn[who][at] for turn in turns]) for who in range(3)]
            line(f"zooms {group}, {state}", *results)


if __name__ == "__main__":
    main()
