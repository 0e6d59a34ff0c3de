"""The services that are measured beside ours: how each is started on the same table, and asked."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import bench
from bench import HERE, SCRATCH, output, sql

PACKAGES = ["tipg==1.6.1", "uvicorn==0.54.0", "pygeoapi==0.21.0", "gunicorn==27.0.1", "geoalchemy2==0.20.0"]
PACKAGES += ["psycopg2-binary==2.9.13"]
WORKERS = 2 * os.cpu_count()
FOLDER = SCRATCH / "peers"
PLACE = "POLYGON(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))"


class Competitor:
    """A service: its address, its processes, and how it is asked for the same things."""

    name, items, one, always = "", "", "", {}
    # How it writes `filter`, and what it calls the geometry; without it, it cannot filter.
    intersects, language = None, {}
    has_equality = True

    def __init__(self, base, pids):
        self.base, self.pids = base, pids

    def asked(self, **parameters):
        return f"{self.items}?{urlencode(self.always | parameters)}"

    def feature(self, i):
        return self.one.format(i)

    def page(self, number, size):
        return self.asked(limit=size, offset=(number - 1) * size)

    def in_district(self, code):
        return self.asked(limit=100, district=code) if self.has_equality else None

    def filtered(self, condition, box=None):
        if self.intersects is None:
            return None
        if box:
            west, south, east, north = box
            shape = PLACE.format(w=west, s=south, e=east, n=north)
            condition += f" AND {self.intersects}, {shape})"
        return self.asked(limit=100, filter=condition, **self.language)


class Cadastre(Competitor):
    name, items, one = "cadastre", "/collections/facilities/items", "/collections/facilities/items/{}"
    intersects = "S_INTERSECTS(geometry"

    def page(self, number, size):
        """By `next`: the seed's ids have no gaps."""
        return self.asked(limit=size, cursor=(number - 1) * size)

    def in_district(self, code):
        return self.asked(limit=100, region=code)


class Tipg(Competitor):
    name, items = "tipg", "/collections/peers.facilities/items"
    one, always = items + "/{}?f=geojson", {"f": "geojson"}
    intersects, language = "S_INTERSECTS(location", {"filter-lang": "cql2-text"}


class Pygeoapi(Competitor):
    name, items = "pygeoapi", "/collections/facilities/items"
    one, always = items + "/{}?f=json", {"f": "json"}
    intersects = "INTERSECTS(location"


class MapServer(Competitor):
    name, items = "MapServer", "/peers/ogcapi/collections/facilities/items"
    one, always = items + "/{}?f=json", {"f": "json"}
    has_equality = False


class QgisServer(Competitor):
    name, items = "QGIS Server", "/wfs3/collections/facilities/items.json"
    one = "/wfs3/collections/facilities/items/{}.json"


# Starting ------------------------------------------------------------------------------------


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(url, log):
    for _ in range(600):
        try:
            return urllib.request.urlopen(url).read()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} does not answer: see {log}")


def place(name, **values):
    """Fills in a file of the folder `config`."""
    made = FOLDER / name
    made.write_text((HERE / "config" / name).read_text().format(folder=FOLDER, **values))
    return made


@contextmanager
def started(command, name, **settings):
    log = FOLDER / f"{name}.log"
    with log.open("a") as out:
        process = subprocess.Popen(list(map(str, command)), env=os.environ | settings, stdout=out, stderr=out)
    try:
        yield process.pid, log
    finally:
        process.terminate()
        process.wait()


@contextmanager
def fast_cgi(program, name, **settings):
    """So many processes of a program behind one socket, as a web server wants them."""
    command = ["spawn-fcgi", "-s", FOLDER / f"{name}.sock", "-M", "0666", "-F", str(WORKERS), "--", program]
    log = (FOLDER / f"{name}.log").open("a")
    said = subprocess.run(command, env=os.environ | settings, stdout=subprocess.PIPE, stderr=log, text=True)
    pids = [int(pid) for pid in re.findall(r"PID: (\d+)", said.stdout)]
    if not pids:
        sys.exit(f"{program} does not start: see {log.name}")
    try:
        yield pids
    finally:
        for pid in pids:
            # They would heed a softer signal only after their next request.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def make_view(fields):
    """The service's own attributes under the name of the layer, for all competitors."""
    sql("drop schema if exists peers cascade; create schema peers")
    columns = ", ".join(["id", *fields, "location"])
    sql(f"create view peers.facilities as select {columns} from facility where location is not null")


def interpreter():
    """A Python that has tipg and pygeoapi: BENCH_PEERS, or one made for this run."""
    if "BENCH_PEERS" in os.environ:
        return Path(os.environ["BENCH_PEERS"])
    output("python3", "-m", "venv", FOLDER / "python")
    output(FOLDER / "python/bin/pip", "install", "--quiet", *PACKAGES)
    return FOLDER / "python/bin/python"


def tipg(stack, python):
    port, database = free_port(), os.environ["PGHOST"].replace("/", "%2F")
    settings = {"DATABASE_URL": f"postgresql://postgres@{database}/cadastre", "TIPG_DB_SCHEMAS": '["peers"]'}
    command = [python, "-m", "uvicorn", "tipg.main:app", "--port", port, "--workers", WORKERS]
    pid, log = stack.enter_context(started([*command, "--log-level", "warning"], "tipg", **settings))
    running = Tipg(f"http://127.0.0.1:{port}", [pid])
    wait(running.base + running.asked(limit=1), log)
    return running


def pygeoapi(stack, python):
    port = free_port()
    settings = {
        "PYGEOAPI_CONFIG": str(place("pygeoapi.yml", port=port, socket=os.environ["PGHOST"])),
        "PYGEOAPI_OPENAPI": str(FOLDER / "openapi.yml"),
    }
    generate = ["openapi", "generate", settings["PYGEOAPI_CONFIG"], "--output-file", settings["PYGEOAPI_OPENAPI"]]
    output(python.parent / "pygeoapi", *generate, **settings)
    command = [python, "-m", "gunicorn", "-w", WORKERS, "-b", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"]
    pid, log = stack.enter_context(started(command, "pygeoapi", **settings))
    running = Pygeoapi(f"http://127.0.0.1:{port}", [pid])
    wait(running.base + running.asked(limit=1), log)
    return running


def behind_nginx(stack):
    """MapServer and QGIS Server, and the static file; gives also the process of nginx."""
    port, host = free_port(), os.environ["PGHOST"]
    place("mapserver.map", port=port, socket=host)
    configured = place("mapserver.conf")
    project = FOLDER / "project.qgs"
    headless = {"QT_QPA_PLATFORM": "offscreen"}
    # Debian's own Python has PyQGIS.
    output("/usr/bin/python3", HERE / "config/qgis_project.py", host, project, **headless)
    programs = Path("/usr/lib/cgi-bin")
    map_server = fast_cgi(programs / "mapserv", "mapserver", MAPSERVER_CONFIG_FILE=str(configured))
    qgis = fast_cgi(programs / "qgis_mapserv.fcgi", "qgis", QGIS_PROJECT_FILE=str(project), **headless)
    map_server, qgis = stack.enter_context(map_server), stack.enter_context(qgis)
    nginx = ["nginx", "-c", place("nginx.conf", port=port), "-e", FOLDER / "nginx.log"]
    pid, log = stack.enter_context(started(nginx, "nginx"))
    base = f"http://127.0.0.1:{port}"
    running = [MapServer(base, [pid, *map_server]), QgisServer(base, [pid, *qgis])]
    for one in running:
        wait(one.base + one.asked(limit=1), log)
    return running, Competitor(base, [pid])


@contextmanager
def all_of_them():
    """The fields of the table, ours, the others, and the web server with a static file."""
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    (FOLDER / "static").mkdir(parents=True)
    FOLDER.chmod(0o755)
    with ExitStack() as stack:
        service = stack.enter_context(bench.service())
        ours = Cadastre(service.base, [service.process.pid])
        fields = service.fields("facilities")
        make_view(fields)
        behind, static = behind_nginx(stack)
        python = interpreter()
        yield fields, ours, [tipg(stack, python), pygeoapi(stack, python), *behind], static
