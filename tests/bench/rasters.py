"""Measures tiles of raster surveys beside those of titiler, from the same files in the same run.

Started by run.sh with a scratch folder. Competitors take turns on a busy machine; what each costs in time of
processors (its own and, for us, the database's) is the figure that depends least on what else runs.
"""

import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from statistics import median, quantiles
from threading import Thread

import bench
from bench import HERE, SCRATCH, output, row, section, sql

SIDE = int(os.environ.get("BENCH_RASTER_SIDE", 10_000))
ZOOMS = range(10, 17)
MOST_OF_A_ZOOM = 40
CONNECTIONS = 2 * os.cpu_count()
TITILER = ["titiler.application==2.4.0", "uvicorn==0.54.0"]
# What titiler's manual advises for speed.
GDAL_SETTINGS = {
    "GDAL_CACHEMAX": "256",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_HTTP_MULTIPLEX": "YES",
    "VSI_CACHE": "TRUE",
}
# Survey, kind.
SURVEYS = [("terrain", "dtm"), ("photo", "orthophoto")]
# Survey, style, and what titiler is asked for.
STYLES = [
    ("terrain", "hillshade", "algorithm=hillshade&buffer=1"),
    ("terrain", "ramp", "rescale={lowest},{highest}&colormap_name=viridis"),
    ("terrain", "terrain-rgb", "algorithm=terrainrgb"),
    ("photo", "colour", ""),
]


# The surveys ---------------------------------------------------------------------------------


def python():
    """A Python that has titiler: BENCH_TITILER, or one made for this run."""
    if "BENCH_TITILER" in os.environ:
        return os.environ["BENCH_TITILER"]
    output("python3", "-m", "venv", SCRATCH / "titiler")
    output(SCRATCH / "titiler/bin/pip", "install", "--quiet", *TITILER)
    return str(SCRATCH / "titiler/bin/python")


def converted(name):
    """The seconds that GDAL takes to make a cloud-optimised GeoTIFF of a survey, left to its defaults."""
    made = SCRATCH / f"{name}-cog.tif"
    began = time.monotonic()
    output("gdal_translate", "-q", "-of", "COG", SCRATCH / f"{name}.tif", made)
    seconds = time.monotonic() - began
    made.unlink()
    return seconds


def place_facility():
    """The facility of the surveys, in their middle."""
    file = SCRATCH / "facilities.csv"
    file.write_text("code,name,lon,lat\nRS-70327-001,Bench,22.099,44.077\n")
    output(bench.CADASTRE, "import", file)


def imported(name, kind):
    """The feature id and the image of a survey, and the seconds of its import from nothing."""
    folder = Path(os.environ["CADASTRE_HOME"]) / "rasters"
    # Without the trigger that keeps history: this survey was never there.
    sql(f"set session_replication_role = replica; delete from survey where kind = '{kind}'")
    command = [bench.CADASTRE, "import", SCRATCH / f"{name}.tif", "--facility", "RS-70327-001"]
    command += ["--kind", kind, "--surveyed", "2026-01-01", "--vertical-datum", "srb_vrs12"]
    for part in ("images", "originals"):
        shutil.rmtree(folder / part, ignore_errors=True)
    began = time.monotonic()
    output(*command)
    seconds = time.monotonic() - began
    survey, digest = sql(f"select id, image_sha256 from survey where kind = '{kind}'").split("|")
    return survey, folder / "images" / f"{digest}.tif", seconds


def brought_in(name, kind):
    """Imports a survey in turns with GDAL; gives the feature id and the image."""
    ours, theirs = [], []
    for _ in range(bench.ROUNDS):
        survey, image, seconds = imported(name, kind)
        ours.append(seconds)
        theirs.append(converted(name))
    mega = (SCRATCH / f"{name}.tif").stat().st_size / 1e6
    ours, theirs = mega / median(ours), mega / median(theirs)
    row(f"{name}, {mega:.0f} MB", f"{ours:.0f} MB/s", f"{theirs:.0f} MB/s", f"{ours / theirs:.2f}")
    kept = SCRATCH / image.name
    shutil.copy(image, kept)
    return survey, kept


def put_back(images):
    """Puts the images back that the import of others removed."""
    folder = Path(os.environ["CADASTRE_HOME"]) / "rasters"
    for image in images:
        shutil.copy(image, folder / "images" / image.name)
    folder.chmod(0o755)


# Competitors ---------------------------------------------------------------------------------


class Server:
    """A competitor: its address, its process, and which other processes work for it."""

    def __init__(self, base, process, helpers=()):
        self.base, self.process, self.helpers = base, process, helpers

    def cpu_seconds(self):
        return sum(map(cpu_seconds, family([self.process.pid, *self.helpers])))


def family(pids):
    """These processes and all that they started."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    known = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in known} - known:
        known |= more
    return known


def cpu_seconds(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    # With those of its ended children.
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def postmaster():
    return int(Path(sql("show data_directory"), "postmaster.pid").read_text().split()[0])


@contextmanager
def cadastre():
    with bench.service() as running:
        yield Server(running.base, running.process, [postmaster()])


@contextmanager
def titiler(interpreter):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [interpreter, "-m", "uvicorn", "titiler.application.main:app", "--port", str(port)]
    command += ["--workers", str(os.cpu_count()), "--log-level", "warning"]
    with (SCRATCH / "titiler.log").open("a") as log:
        settings = os.environ | GDAL_SETTINGS
        process = subprocess.Popen(command, env=settings, stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        wait(f"{base}/healthz")
        yield Server(base, process)
    finally:
        process.terminate()
        process.wait()


def wait(url):
    for _ in range(300):
        try:
            return urllib.request.urlopen(url).read()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"titiler does not start: see {SCRATCH}/titiler.log")


# Tiles ---------------------------------------------------------------------------------------


def tiles(survey):
    """Tiles (zoom, column, row) inside a survey, at most 40 of a zoom."""
    with cadastre() as running:
        path = f"/collections/surveys/items/{survey}/tiles"
        tilesets = json.load(urllib.request.urlopen(running.base + path))["tilesets"]
        described = json.load(urllib.request.urlopen(tilesets[0]["links"][0]["href"]))
    limits = {int(limits["tileMatrix"]): limits for limits in described["tileMatrixSetLimits"]}
    # Without the outermost, which titiler may not have, and what they are part of.
    finest = limits[ZOOMS[-1]]
    columns = range(finest["minTileCol"] + 1, finest["maxTileCol"])
    rows = range(finest["minTileRow"] + 1, finest["maxTileRow"])
    chosen, drawn = [], random.Random(1)
    for zoom in ZOOMS:
        up = ZOOMS[-1] - zoom
        every = sorted({(zoom, column >> up, row >> up) for column in columns for row in rows})
        chosen += drawn.sample(every, min(MOST_OF_A_ZOOM, len(every)))
    drawn.shuffle(chosen)
    return chosen


def addresses(survey, style, tiles):
    path = f"/collections/surveys/items/{survey}/tiles/{style}/xyz"
    return [f"{path}/{zoom}/{column}/{row}.png" for zoom, column, row in tiles]


def their_addresses(image, query, tiles):
    query = query.format(lowest=300, highest=700)
    path = "/cog/tiles/WebMercatorQuad"
    return [f"{path}/{zoom}/{column}/{row}.png?url={image}&{query}" for zoom, column, row in tiles]


class Measured:
    """Tiles a second, tiles a second of processor time, and milliseconds: median and 99th percentile."""

    def __init__(self, count, seconds, cpu, waits_ms):
        self.rate, self.per_core = count / seconds, count / max(cpu, 0.01)
        self.median_ms, self.late_ms = waits_ms


def once(server, paths, headers={}, fine=(200,)):
    """Asks for each path once; answers of other statuses than the fine ones are failures."""
    waiting, waits = SimpleQueue(), []
    for path in paths:
        waiting.put(path)
    cpu, began = server.cpu_seconds(), time.monotonic()
    threads = [Thread(target=ask, args=(server, waiting, waits, headers, fine)) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu = time.monotonic() - began, server.cpu_seconds() - cpu
    if len(waits) != len(paths):
        sys.exit(f"{server.base} failed at a tile")
    return Measured(len(paths), seconds, cpu, (median(waits), quantiles(waits, n=100)[98]))


def ask(server, waiting, waits, headers, fine):
    connection = http.client.HTTPConnection(server.base.removeprefix("http://"))
    while not waiting.empty():
        began = time.monotonic()
        connection.request("GET", waiting.get(), headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in fine:
            print(f"{answer.status} for a tile", file=sys.stderr)
            return
        waits.append(1000 * (time.monotonic() - began))


def again(server, paths, headers={}):
    """Asks for paths at random, with a load maker that takes little of the machine."""
    file = SCRATCH / "paths.txt"
    file.write_text("\n".join(paths) + "\n")
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{bench.SECONDS}s", "--timeout", "60s", "--latency"]
    load += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    cpu = server.cpu_seconds()
    printed = output(*load, "-s", HERE / "paths.lua", server.base, "--", file)
    cpu = server.cpu_seconds() - cpu
    if "Non-2xx" in printed or "Socket errors" in printed:
        sys.exit(f"{server.base} failed under load:\n{printed}")
    count, seconds = re.search(r"(\d+) requests in ([\d.]+)s", printed).groups()
    waits = [milliseconds(printed, share) for share in ("50%", "99%")]
    return Measured(int(count), float(seconds), cpu, waits)


def milliseconds(printed, share):
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s)\b", printed).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


# The table -----------------------------------------------------------------------------------


def line(title, ours, theirs):
    row(
        title,
        f"{ours.rate:.0f}/s",
        f"{theirs.rate:.0f}/s",
        f"{ours.per_core:.0f}/s",
        f"{theirs.per_core:.0f}/s",
        f"{ours.per_core / theirs.per_core:.1f}",
        f"{ours.median_ms:.1f}, {ours.late_ms:.1f} ms",
        f"{theirs.median_ms:.0f}, {theirs.late_ms:.0f} ms",
    )


def middle(turns):
    return sorted(turns, key=lambda turn: turn.per_core)[len(turns) // 2]


def measured(competitor, paths):
    """Cold, in a fresh process, and warm."""
    with competitor() as server:
        return once(server, paths), again(server, paths)


def main():
    interpreter = python()
    output(interpreter, HERE / "raster_data.py", SCRATCH, str(SIDE))
    place_facility()
    section("Import of a survey", "cadastre", "gdal_translate", "ours/GDAL")
    surveys = {name: brought_in(name, kind) for name, kind in SURVEYS}
    put_back(image for _, image in surveys.values())
    heads = ["cadastre", "titiler", "ours per core", "theirs per core", "ratio", "ours, median/99%", "theirs"]
    section(f"Tiles of {SIDE} × {SIDE} cells", *heads)
    for name, style, query in STYLES:
        survey, image = surveys[name]
        chosen = tiles(survey)
        paths, their_paths = addresses(survey, style, chosen), their_addresses(image, query, chosen)
        turns = [
            (measured(cadastre, paths), measured(lambda: titiler(interpreter), their_paths))
            for _ in range(bench.ROUNDS)
        ]
        for at, state in enumerate(("cold", "warm")):
            ours, theirs = (middle([turn[who][at] for turn in turns]) for who in (0, 1))
            line(f"{name}, {style}, {state}", ours, theirs)


if __name__ == "__main__":
    main()
