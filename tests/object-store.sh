#!/usr/bin/env bash
# Keeps rasters in an object store, and reads them back: a survey goes into a bucket of moto, an
# S3-compatible server from PyPI, and its image, a part of it, a tile and a height come out again.
# Not part of `make test`, which installs nothing from PyPI.
#
#   tests/object-store.sh [PROGRAM]     the program, else target/release/cadastre
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${1:-target/release/cadastre}")
scratch=$(mktemp -d)
chmod 755 "$scratch"
children=()
clean_up() {
    for child in "${children[@]}"; do kill -INT "$child" 2>/dev/null && wait "$child" || true; done
    rm -rf "$scratch"
}
trap clean_up EXIT

fail() {
    echo "object-store: $1" >&2
    exit 1
}

# Tries a command for half a minute.
until_it_works() {
    for _ in $(seq 300); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    fail "this never worked: $*"
}

store=http://127.0.0.1:5557
service=http://127.0.0.1:5558
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet 'moto[s3,server]>=5,<6'
"$scratch/venv/bin/moto_server" -H 127.0.0.1 -p 5557 >"$scratch/store.log" 2>&1 &
children+=($!)
until_it_works curl --silent --fail "$store/moto-api/"

# What GDAL and the program's own client are told of the store.
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_ENDPOINT_URL=$store AWS_ENDPOINT=$store AWS_S3_ENDPOINT=127.0.0.1:5557 AWS_HTTPS=NO
export AWS_VIRTUAL_HOSTING=FALSE AWS_ALLOW_HTTP=true
curl --silent --fail -X PUT "$store/rasters-of-the-test" >/dev/null

unset DATABASE_URL
export CADASTRE_HOME=$scratch/home CADASTRE_LOG=warn CADASTRE_RASTERS=s3://rasters-of-the-test/deep/inside
printf 'code,name,lon,lat\nRS-70327-001,Bor,22.0959,44.0749\n' >"$scratch/facilities.csv"
"$program" import "$scratch/facilities.csv" >"$scratch/import.log"
"$program" import tests/fixtures/raster-terrain.tif --facility RS-70327-001 --kind dtm \
    --surveyed 2024-05-01 --vertical-datum srb_vrs12 >>"$scratch/import.log"
[ ! -d "$CADASTRE_HOME/rasters/images" ] || fail 'the image lies on this machine'

"$program" serve --listen 127.0.0.1:5558 >"$scratch/serve.log" 2>&1 &
children+=($!)
until_it_works curl --silent --fail "$service/health/ready"
survey=$service/collections/surveys/items/1

curl --silent --fail "$survey/original.tif" --output "$scratch/original.tif"
cmp "$scratch/original.tif" tests/fixtures/raster-terrain.tif || fail 'the original came back otherwise'
curl --silent --fail "$survey/image.tif" --output "$scratch/image.tif"
curl --silent --fail --range 100-299 "$survey/image.tif" --output "$scratch/part"
cmp "$scratch/part" <(tail -c +101 "$scratch/image.tif" | head -c 200) || fail 'a part came back otherwise'
# The plane of tests/fixtures/raster_fixtures.py in the middle of its cells.
height=$(curl --silent --fail "$survey/height?point=7588214,4881736&crs=EPSG:6316" |
    sed -nE 's/.*"height_m":([0-9.]+).*/\1/p')
[ "$height" = 312.0 ] || [ "$height" = 312 ] || fail "the height is $height, not 312"
curl --silent --fail "$survey/map?width=64&style=hillshade" --output "$scratch/map.png"
head -c 4 "$scratch/map.png" | grep -q PNG || fail 'the picture is none'
echo 'Rasters in an object store: original, image, part, height and picture came back.'
