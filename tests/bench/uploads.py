"""Measures what sending a file costs beside the command line, what readers notice of an import, and what
they notice of hostile files.

Started by run.sh with a scratch folder, on a seeded register (PGHOST, PGUSER, PGDATABASE).
"""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from statistics import mean, median

from bench import (
    ATTRIBUTES,
    BOXES,
    CADASTRE,
    HERE,
    ROUNDS,
    SCRATCH,
    SURVEY,
    database_url,
    edges,
    imported,
    output,
    row,
    section,
    service,
    side_for,
    sql,
    survey_file,
    token,
    wrk,
)

HOSTILE = [
    "zip-bomb.zip",
    "zip-slip.zip",
    "zip-with-link.zip",
    "zip-in-a-zip.zip",
    "entity.kml",
    "linked-table.zip",
    "virtual-table.gpkg",
    "random-bytes.gpkg",
    "truncated.zip",
]
COUNT = "select count(*) from facility"


class Sender:
    """Somebody who sends files to a service and decides about them."""

    def __init__(self, running, token):
        self.base, self.token = running.base, token

    def ask(self, path, *arguments):
        header = f"Authorization: Bearer {self.token}"
        command = ["curl", "--silent", "--show-error", "--fail", "-H", header, *arguments]
        return json.loads(output(*command, f"{self.base}{path}"))

    def send(self, file, layer):
        sent = self.ask(f"/uploads?file={Path(file).name}{layer}", "-T", file, "-X", "POST")
        return sent["id"]

    def settled(self, upload):
        while True:
            seen = self.ask(f"/uploads/{upload}")
            if seen["state"] not in ("received", "inspecting", "publishing"):
                return seen
            time.sleep(0.02)


def fresh():
    sql("drop database if exists trial with (force)")
    sql("create database trial template areas_only")


def by_upload(file, layer):
    """Seconds until it is inspected, and from the decision until it is published."""
    fresh()
    bearer = token("trial", "reviewer")
    sql("checkpoint")
    with service("trial") as running:
        sender = Sender(running, bearer)
        start = time.monotonic()
        upload = sender.send(file, f"&layer={layer}")
        seen = sender.settled(upload)
        inspected = time.monotonic() - start
        if seen["state"] != "ready":
            sys.exit(f"the upload was not inspected: {seen}")
        start = time.monotonic()
        sender.ask(f"/uploads/{upload}/publish", "-X", "POST")
        seen = sender.settled(upload)
        published = time.monotonic() - start
    if seen["state"] != "published" or int(sql(COUNT, "trial")) != SURVEY:
        sys.exit(f"the upload was not published: {seen}")
    return inspected, published


def uploads():
    file = survey_file("outlines.gpkg", "outline", "MULTIPOLYGON")
    size_mb = file.stat().st_size / 1e6
    layer = "facility_outlines"
    command = [CADASTRE, "import", file, "--layer", layer]
    address = {"DATABASE_URL": database_url("trial")}
    turns = [
        (imported(COUNT, SURVEY, command, **address)[0], *by_upload(file, layer)) for _ in range(ROUNDS)
    ]
    imports, inspected, published = (median(turn[at] for turn in turns) for at in range(3))
    section("Upload of a GeoPackage", "command line", "sent, inspected", "published", "line/published")
    row(
        f"{SURVEY} outlines, {size_mb:.0f} MB",
        f"{SURVEY / imports:.0f}/s",
        f"{SURVEY / inspected:.0f}/s",
        f"{SURVEY / published:.0f}/s",
        f"{imports / published:.2f}",
    )


def new_survey(turn):
    """A file of facilities that the register does not have yet."""
    file = SCRATCH / f"new-{turn}.gpkg"
    chosen = f"select {ATTRIBUTES}, location from facility where id <= {SURVEY}"
    chosen = chosen.replace("code", f"regexp_replace(code, '-0', '-{turn}') as code", 1)
    output("ogr2ogr", file, "PG:dbname=cadastre", "-sql", chosen, "-nln", "survey", "-nlt", "POINT")
    return file


def beside_an_import(running, paths, file):
    """The rate of requests while a file is imported, from its beginning to its end."""
    settings = os.environ | {"DATABASE_URL": database_url("cadastre")}
    command = [CADASTRE, "import", str(file), "--layer", "facilities"]
    rates = []
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL) as importing:
        while importing.poll() is None:
            rates.append(wrk(running.base, paths))
    if importing.returncode:
        sys.exit(f"{file} was not imported")
    if len(rates) < 2:
        sys.exit(f"{file} was imported within one round: measure with more records")
    # The import ended during the last round.
    return mean(rates[:-1])


def turns_of_reading(running, paths, files):
    """The rate of requests alone and while a file is imported; both with the same register, which grows."""
    for file in files:
        sql("vacuum analyze facility, facility_history")
        yield wrk(running.base, paths), beside_an_import(running, paths, file)


def readers():
    """Requests a second for boxes of a hundred, alone and while files are imported."""
    side, _ = side_for("facilities", 100)
    boxes = [",".join(map(str, edges(i, side))) for i in range(BOXES)]
    paths = [f"/collections/facilities/items?limit=100&bbox={box}" for box in boxes]
    files = [new_survey(turn) for turn in range(1, ROUNDS + 1)]
    with service() as running:
        turns = list(turns_of_reading(running, paths, files))
    section("Reading while files are imported", "alone", "beside an import", "beside/alone")
    for turn, (alone, beside) in enumerate(turns, start=1):
        row(f"boxes, import {turn}", f"{alone:.0f}/s", f"{beside:.0f}/s", f"{beside / alone:.2f}")


def probe(base, stop, waits):
    """Asks every 50 ms for a feature."""
    while not stop.wait(0.05):
        start = time.monotonic()
        with urllib.request.urlopen(f"{base}/collections/facilities/items/1") as answer:
            answer.read()
        waits.append(time.monotonic() - start)


def hostile():
    fixtures = HERE.parent / "fixtures"
    bearer = token("cadastre", "reviewer")
    waits = []
    with service() as running:
        stop = threading.Event()
        probing = threading.Thread(target=probe, args=(running.base, stop, waits))
        probing.start()
        sender = Sender(running, bearer)
        for name in HOSTILE:
            sender.settled(sender.send(fixtures / name, ""))
        stop.set()
        probing.join()
    section("Answers while hostile files are read", "answers", "median", "longest")
    row(
        f"{len(HOSTILE)} files",
        len(waits),
        f"{median(waits) * 1000:.1f} ms",
        f"{max(waits) * 1000:.0f} ms",
    )


if __name__ == "__main__":
    uploads()
    readers()
    hostile()
