"""Measures the service beside what PostgreSQL and ogr2ogr do with the same data, and prints the table.

Started by run.sh with a scratch folder, on a seeded register (PGHOST, PGUSER, PGDATABASE). Competitors
take turns, so that a busy machine is busy for all of them; a rate is the median of the turns.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from statements import BOX_SCRIPT, BOXES, GEOMETRY, MOST, corner, geojson, in_box, plain

ROWS = int(os.environ.get("BENCH_ROWS", 1_000_000))
SURVEY = min(ROWS, int(os.environ.get("BENCH_SURVEY", 200_000)))
SECONDS = os.environ.get("BENCH_SECONDS", "5")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
CLIENTS = "8"
CADASTRE = os.environ["CADASTRE"]
HERE = Path(__file__).parent
SCRATCH = Path(sys.argv[1])


def output(*command, **settings):
    """Runs a command to its end; gives what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | settings)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def sql(statement, database="cadastre"):
    return output("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement, database).strip()


def database_url(database):
    return f"postgres://postgres@localhost/{database}?host={os.environ['PGHOST'].replace('/', '%2F')}"


def token(database, role):
    """The token of a new account of this role, which has the role's name."""
    settings = {"DATABASE_URL": database_url(database)}
    subprocess.run(
        [CADASTRE, "user", "add", role, "--role", role, "--password-stdin"],
        input="the password of a benchmark\n",
        text=True,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return re.search(r"cadastre_\S+", output(CADASTRE, "token", "create", role, **settings))[0]


# The service ---------------------------------------------------------------------------------


class Service:
    """A running `cadastre serve`."""

    def __init__(self, process, base):
        self.process, self.base = process, base

    def get(self, path):
        with urllib.request.urlopen(path if "://" in path else self.base + path) as answer:
            return answer.read()

    def fields(self, layer):
        schema = json.loads(self.get(f"/collections/{layer}/schema"))
        return [name for name in schema["properties"] if name not in ("id", "geometry")]

    def peak_mib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def wait(self):
        for _ in range(100):
            try:
                return self.get("/health/ready")
            except OSError:
                time.sleep(0.1)
        sys.exit(f"the service does not start: see {SCRATCH}/service.log")


@contextmanager
def service(database="cadastre"):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    settings = os.environ | {"DATABASE_URL": database_url(database), "CADASTRE_LOG": "info"}
    with (SCRATCH / "service.log").open("a") as log:
        command = [CADASTRE, "serve", "--listen", address]
        process = subprocess.Popen(command, env=settings, stdout=log, stderr=log)
    try:
        running = Service(process, f"http://{address}")
        running.wait()
        yield running
    finally:
        process.terminate()
        process.wait()


# Requests ------------------------------------------------------------------------------------


def wrk(base, paths):
    """Answers a second over HTTP, paths taken at random."""
    file = SCRATCH / "paths.txt"
    file.write_text("\n".join(paths) + "\n")
    load = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "--timeout", "60s"]
    printed = output(*load, "-s", HERE / "paths.lua", base, "--", file)
    if "Non-2xx" in printed or "Socket errors" in printed:
        sys.exit(f"the service failed under load:\n{printed}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", printed)[1])


def pgbench(script, **variables):
    """Answers a second from PostgreSQL, by prepared statements over its socket."""
    file = SCRATCH / "statement.sql"
    file.write_text(script)
    defined = [f"-D{name}={value}" for name, value in variables.items()]
    load = ["pgbench", "-n", "-Mprepared", f"-c{CLIENTS}", "-j1", f"-T{SECONDS}"]
    printed = output(*load, *defined, "-f", file)
    answered = re.search(r"tps = ([\d.]+)", printed)
    # A statement that takes longer than a round is not answered in one.
    return float(answered[1]) if answered else 0.0


def take_turns(**competitors):
    """The median rate of each."""
    turns = [{name: run() for name, run in competitors.items()} for _ in range(ROUNDS)]
    return {name: median(turn[name] for turn in turns) for name in competitors}


def against_sql(title, layer, running, paths, script, condition, **variables):
    fields = running.fields(layer)
    rates = take_turns(
        ours=lambda: wrk(running.base, paths),
        made=lambda: pgbench(script + geojson(layer, fields, condition), **variables),
        plain=lambda: pgbench(script + plain(layer, fields, condition), **variables),
    )
    ours, made, floor = rates.values()
    row(title, f"{ours:.0f}/s", f"{made:.0f}/s", f"{floor:.0f}/s", f"{ours / made:.2f}", f"{ours / floor:.2f}")


def edges(i, side):
    west, south = corner(i)
    return west, south, west + side, south + side


def side_for(layer, features):
    """The side, in degrees, of boxes that hold so many features on average; and that average."""
    side = 0.01
    for _ in range(8):
        conditions = (in_box(layer, *edges(i, side)) for i in range(0, BOXES, 10))
        counts = (f"(select count(*) from facility where {condition})" for condition in conditions)
        average = float(sql(f"select avg(n) from unnest(array[{', '.join(counts)}]) n"))
        if abs(average / features - 1) < 0.01:
            break
        side *= (features / max(average, 1)) ** 0.5
    return side, average


def same_rows(running, layer, side, paths):
    """Both sides of a comparison must give the same features."""
    for i in range(0, BOXES, 50):
        answer = json.loads(running.get(paths[i]))
        ours = ",".join(str(feature["id"]) for feature in answer["features"])
        condition = in_box(layer, *edges(i, side))
        theirs = sql(f"select string_agg(id::text, ',' order by id) from facility where {condition}")
        if ours != theirs:
            sys.exit(f"{paths[i]} gives the features {ours or 'none'}, PostgreSQL {theirs or 'none'}")


def boxes(running, layer, features):
    side, average = side_for(layer, features)
    paths = [
        f"/collections/{layer}/items?limit={MOST}&bbox=" + ",".join(f"{edge:.10f}" for edge in edges(i, side))
        for i in range(BOXES)
    ]
    same_rows(running, layer, side, paths)
    condition = in_box(layer) + f" order by id limit {MOST}"
    against_sql(f"{layer}, boxes of {average:.0f}", layer, running, paths, BOX_SCRIPT, condition, side=side)


def one_by_id(running, layer):
    paths = [f"/collections/{layer}/items/{1 + i * 7919 % ROWS}" for i in range(5000)]
    script = f"\\set i 1 + random(0, 4999) * 7919 % {ROWS}\n"
    against_sql(f"{layer}, one by id", layer, running, paths, script, "id = :i")


def deep_page(running, layer):
    first = f"/collections/{layer}/items?limit=100"
    deep = ROWS * 9 // 10
    rates = take_turns(
        first=lambda: wrk(running.base, [first]),
        cursor=lambda: wrk(running.base, [f"{first}&cursor={deep}"]),
        offset=lambda: wrk(running.base, [f"{first}&offset={deep}"]),
    )
    for name in ("cursor", "offset"):
        ratio = rates[name] / rates["first"]
        row(f"{layer}, {name}={deep}", f"{rates['first']:.0f}/s", f"{rates[name]:.1f}/s", f"{ratio:.2f}")


# The whole layer -----------------------------------------------------------------------------


def export(running, layer):
    """Follows `next` to the end; gives the number of features and of bytes."""
    features = size = 0
    path = f"/collections/{layer}/items?limit={MOST}"
    while path:
        page = running.get(path)
        end = json.loads(b"{" + page[page.rindex(b'"numberReturned":') :])
        features, size = features + end["numberReturned"], size + len(page)
        path = next((link["href"] for link in end["links"] if link["rel"] == "next"), None)
    return features, size


def timed(run):
    start = time.monotonic()
    return run(), time.monotonic() - start


def whole_layer(layer):
    with service() as running:
        (features, size), ours_s = timed(lambda: export(running, layer))
        fields, peak = running.fields(layer), running.peak_mib()
    if features != ROWS:
        sys.exit(f"the export of {layer} has {features} features instead of {ROWS}")
    statement = geojson(layer, fields, "true order by id").rstrip(";\n")
    command = ["psql", "-Xqc", f"copy ({statement}) to stdout"]
    _, made_s = timed(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))
    row(
        f"{layer}, {size / 1e6:.0f} MB",
        f"{features / ours_s:.0f}/s",
        f"{features / made_s:.0f}/s",
        f"{made_s / ours_s:.2f}",
        f"{peak:.0f} MiB",
    )


# Import --------------------------------------------------------------------------------------


ATTRIBUTES = (
    "code, name, facility_type, status, mine, operator, municipality, height_m, area_m2, volume_m3, "
    "start_year, surveyed_on"
)
# Name, column of the geometry, its type, layer: as the file declares them.
SURVEYS = [
    ("points.gpkg", "location", "POINT", "facilities"),
    ("outlines.gpkg", "outline", "MULTIPOLYGON", "facility_outlines"),
    ("outlines.shp", "outline", "POLYGON", "facility_outlines"),
]


def survey_file(name, column, kind):
    file = SCRATCH / name
    # The seed's areas are those of circles; a survey measures its outlines.
    attributes = ATTRIBUTES.replace("area_m2", "round(st_area(outline::geography)::numeric, 1) as area_m2")
    chosen = f"select {attributes}, {column} from facility where id <= {SURVEY}"
    options = ["-lco", "ENCODING=UTF-8"] if file.suffix == ".shp" else []
    output("ogr2ogr", file, "PG:dbname=cadastre", "-sql", chosen, "-nln", "survey", "-nlt", kind, *options)
    return file


def run_measured(command, settings):
    """Seconds, and the most memory that any of its processes had, MiB."""
    start = time.monotonic()
    with subprocess.Popen(
        [str(word) for word in command], env=os.environ | settings, stdout=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with status {process.returncode}")
    return time.monotonic() - start, used.ru_maxrss / 1024


def imported(count, expected, command, **settings):
    """Seconds that a command takes to bring a survey into a fresh database, and its memory."""
    sql("drop database if exists trial")
    sql("create database trial template areas_only")
    sql("checkpoint")
    measured = run_measured(command, settings)
    found = int(sql(count, "trial"))
    if found != expected:
        sys.exit(f"{command[0]} brought in {found} records instead of {expected}")
    return measured


REGISTER_ALONE = """\\set ON_ERROR_STOP on
begin;
insert into revision (made_at, author, means, layer) values (now(), 'bench', 'command', '{layer}');
select take_off_indexes('facility');
\\copy facility from '{rows}' (format binary)
select put_back_indexes('facility');
set local parallel_tuple_cost = 0;
set local parallel_setup_cost = 50;
set local min_parallel_table_scan_size = 0;
commit;
"""


def register_alone(layer):
    """The register's own part of the last import: its rows, read, checked and made already, copied into the
    table by SQL, with its indexes, its reference and the seal of the revision."""
    rows, script = SCRATCH / "rows.bin", SCRATCH / "register_alone.sql"
    output("psql", "-Xq", "-c", f"\\copy facility to '{rows}' (format binary)", "trial")
    script.write_text(REGISTER_ALONE.format(layer=layer, rows=rows))
    return ["psql", "-Xq", "-f", script, "trial"]


def imports(name, column, kind, layer):
    file = survey_file(name, column, kind)
    ours = [CADASTRE, "import", file, "--layer", layer]
    address = {"DATABASE_URL": database_url("trial")}
    count = "select count(*) from facility"
    peaks = []

    def remembered(measured):
        peaks.append(measured[1])
        return measured[0]

    imported(count, SURVEY, ours, **address)
    alone = register_alone(layer)
    seconds = take_turns(
        ours=lambda: remembered(imported(count, SURVEY, ours, **address)),
        dry=lambda: imported(count, 0, [*ours, "--dry-run"], **address)[0],
        ogr=lambda: imported(
            "select count(*) from loaded",
            SURVEY,
            ["ogr2ogr", "-f", "PostgreSQL", "PG:dbname=trial", file, "-nln", "loaded", "-nlt", kind],
            PG_USE_COPY="YES",
        )[0],
        alone=lambda: imported(count, SURVEY, alone)[0],
    )
    ours, dry, ogr, alone = (SURVEY / seconds[name] for name in ("ours", "dry", "ogr", "alone"))
    row(
        f"{SURVEY}, {name}",
        f"{ours:.0f}/s",
        f"{dry:.0f}/s",
        f"{ogr:.0f}/s",
        f"{alone:.0f}/s",
        f"{ours / ogr:.2f}",
        f"{ours / alone:.2f}",
        f"{max(peaks):.0f} MiB",
    )


# The table -----------------------------------------------------------------------------------


def row(title, *cells):
    print(f"{title:<36}" + "".join(f"{cell:>17}" for cell in cells), flush=True)


def section(title, *heads):
    print()
    row(title, *heads)


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20
    name = model[1] if model else os.uname().machine
    postgresql, postgis = sql("show server_version"), sql("select postgis_lib_version()")
    print(f"{os.cpu_count()} cores, {name}, {memory:.0f} GiB; PostgreSQL {postgresql}, PostGIS {postgis}")
    print(f"{ROWS} facilities, {CLIENTS} connections, median of {ROUNDS} rounds of {SECONDS} s")


def requests():
    with service() as running:
        section("Requests", "cadastre", "GeoJSON in SQL", "plain rows", "ours/GeoJSON", "ours/plain")
        for layer in GEOMETRY:
            for features in (10, 100, 1000):
                boxes(running, layer, features)
            one_by_id(running, layer)
        section("A page deep inside", "first page", "deep page", "deep/first")
        deep_page(running, "facilities")
        print(f"\nServer memory after all this: {running.peak_mib():.0f} MiB at its peak")


def exports():
    section("Full export", "cadastre", "GeoJSON in SQL", "ours/GeoJSON", "server's peak")
    for layer in GEOMETRY:
        whole_layer(layer)


def all_imports():
    section("Import", "cadastre", "dry run", "ogr2ogr", "register alone", "ours/ogr2ogr", "ours/register", "peak")
    for survey in SURVEYS:
        imports(*survey)


def main():
    parts = {"requests": requests, "exports": exports, "imports": all_imports}
    machine()
    for part in os.environ.get("BENCH_PARTS", " ".join(parts)).split():
        parts[part]()


if __name__ == "__main__":
    main()
