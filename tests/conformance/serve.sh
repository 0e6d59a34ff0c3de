#!/usr/bin/env bash
# Serves a register that has something in every layer, on a private database, until it is ended:
# the demonstration data, the example survey, two models of a facility's terrain and the change of
# volume between them, and a river, a settlement and a protected area of the tests. HOME/token is that of
# an editor.
#
#   tests/conformance/serve.sh PROGRAM HOME PORT     HOME is a folder that it may fill
set -euo pipefail
cd "$(dirname "$0")/../.."

program=$(realpath "$1")
home=$(realpath "$2")
port=$3
facility=RS-70327-902
unset DATABASE_URL
export CADASTRE_HOME=$home/cadastre CADASTRE_LOG=${CADASTRE_LOG:-warn}

import() {
    "$program" import "$@" >>"$home/import.log" || {
        tail -n 20 "$home/import.log"
        exit 1
    }
}

"$program" load data >"$home/import.log"
import data/example-survey/example-survey.zip --layer facilities
import data/example-survey/example-survey.zip --layer dams
import tests/fixtures/river-of-two-lines.geojson --layer watercourses
import tests/fixtures/naselje-as-points.csv --layer settlements
import tests/fixtures/protected-area-cut-names.zip --layer protected_areas
cat >"$home/outline.csv" <<CSV
code,name,facility_type,wkt
$facility,Пробно јаловиште,tailings_pond,"POLYGON((7588192 4881714,7588236 4881714,7588236 4881758,7588192 4881758,7588192 4881714))"
CSV
import "$home/outline.csv" --layer facility_outlines --crs EPSG:6316
# A metre higher everywhere.
gdal_translate -q -scale 300 325 301 326 tests/fixtures/raster-terrain.tif "$home/later.tif"
for survey in "2023-05-01 tests/fixtures/raster-terrain.tif" "2024-05-01 $home/later.tif"; do
    import "${survey#* }" --facility "$facility" --kind dtm \
        --surveyed "${survey%% *}" --vertical-datum srb_vrs12
done
"$program" volume --from "$facility-dtm-20230501" --to "$facility-dtm-20240501" \
    --facility "$facility" >>"$home/import.log"
echo 'the password of an editor' |
    "$program" user add editor --role editor --password-stdin >>"$home/import.log"
"$program" token create editor | grep -o 'cadastre_[^ ]*' >"$home/token"
exec "$program" serve --listen "127.0.0.1:$port"
