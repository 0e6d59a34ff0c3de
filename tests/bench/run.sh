#!/usr/bin/env bash
# Measures the service beside PostgreSQL and ogr2ogr, in a database of its own that is thrown away
# (about 4 GB in $TMPDIR for a million facilities). README.md says what is measured.
#
# BENCH_ROWS=1000000  facilities          BENCH_SECONDS=5  length of one round of requests
# BENCH_SURVEY=200000 records imported    BENCH_ROUNDS=3   rounds, of which medians are taken
# BENCH_PARTS="requests exports imports uploads edits rasters peers tiles"
# BENCH_RASTER_SIDE=10000  cells on a side of a raster survey
# BENCH_TITILER=…          a Python that has titiler; else one is made with pip
# BENCH_PEERS=…            a Python that has tipg and pygeoapi; likewise
# BENCH_MARTIN=…           the program martin; else one is made with cargo
set -euo pipefail

cd "$(dirname "$0")/../.."
docker/install-packages.sh run bench
export CADASTRE=${CADASTRE:-$PWD/target/release/cadastre}
if [ ! -x "$CADASTRE" ]; then
    echo "There is no $CADASTRE. Build it: cargo build --release -p cli" >&2
    exit 1
fi

scratch=$(mktemp -d)
chmod 755 "$scratch" # the database server may run as another user
export CADASTRE_HOME=$scratch/home CADASTRE_LOG=warn
unset DATABASE_URL
clean_up() {
    "$CADASTRE" db stop --force >/dev/null || true
    rm -rf "$scratch"
}
trap clean_up EXIT

# The private cluster, so that all competitors have the settings that the program gives it.
"$CADASTRE" db start >"$scratch/start.log"
mkdir "$scratch/areas"
cp data/districts.geojson data/municipalities.csv "$scratch/areas"
"$CADASTRE" load "$scratch/areas" >"$scratch/load.log"
PGHOST=$("$CADASTRE" db status | sed -n 's/^socket: //p')
export PGHOST PGUSER=postgres PGDATABASE=cadastre

parts=" ${BENCH_PARTS:-requests exports imports uploads edits rasters peers tiles} "
wants() {
    [[ $parts == *" $1 "* ]]
}
if wants peers || wants tiles; then
    docker/install-packages.sh peers
    # All competitors hold their connections at the same time.
    psql --quiet --no-psqlrc --command "alter system set max_connections = 200"
    "$CADASTRE" db stop --force >>"$scratch/start.log"
    "$CADASTRE" db start >>"$scratch/start.log"
fi
BENCH_PARTS=${parts/ rasters / }
BENCH_PARTS=${BENCH_PARTS/ uploads / }
BENCH_PARTS=${BENCH_PARTS/ edits / }
BENCH_PARTS=${BENCH_PARTS/ tiles / }
export BENCH_PARTS=${BENCH_PARTS/ peers / }
if wants peers || wants tiles || wants uploads || wants edits || [ -n "${BENCH_PARTS// /}" ]; then
    createdb --template cadastre areas_only
    echo "Seeding ${BENCH_ROWS:-1000000} facilities …" >&2
    psql --quiet --no-psqlrc --set rows="${BENCH_ROWS:-1000000}" --file tests/bench/seed.sql >"$scratch/seed.log"
fi
if [ -n "${BENCH_PARTS// /}" ]; then
    python3 tests/bench/bench.py "$scratch"
fi
if wants uploads; then
    python3 tests/bench/uploads.py "$scratch"
fi
if wants edits; then
    python3 tests/bench/edits.py "$scratch"
fi
if wants peers; then
    python3 tests/bench/peers.py "$scratch"
fi
if wants tiles; then
    python3 tests/bench/tiles.py "$scratch"
fi
if wants rasters; then
    python3 tests/bench/rasters.py "$scratch"
fi
