#!/usr/bin/env bash
# Holds the service against checkers that others wrote: the abstract tests of OGC API Features (ogctests,
# core and filtering), the schema of OpenAPI, requests made of our own OpenAPI document (schemathesis),
# and OWSLib and GDAL as clients. Not part of `make test`, which installs nothing from PyPI.
#
#   tests/conformance/run.sh [PROGRAM]     the program, else target/release/cadastre
#
# EXAMPLES says how many requests schemathesis makes up for each operation (default 20).
set -euo pipefail
cd "$(dirname "$0")/../.."

program=$(realpath "${1:-target/release/cadastre}")
cd tests/conformance
port=${PORT:-5593}
url=http://127.0.0.1:$port
scratch=$(mktemp -d /tmp/conformance.XXXXXX)
chmod 755 "$scratch"
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1 PIP_DISABLE_PIP_VERSION_CHECK=1
service=
clean_up() {
    if [ -n "$service" ]; then kill -INT "$service" 2>/dev/null && wait "$service" || true; fi
    rm -rf "$scratch"
}
trap clean_up EXIT

python3 -m venv "$scratch/venv"
in_venv() { "$scratch/venv/bin/$1" "${@:2}"; }
in_venv pip install --quiet --requirement requirements.txt
ogctests=$(in_venv python -c 'import importlib.util; print(importlib.util.find_spec("ogctests").submodule_search_locations[0])')
# What it asks beyond the standard, or left unfinished; each change says why.
patch --quiet --directory "$ogctests" --strip 1 <ogctests.patch

mkdir "$scratch/home"
chmod 777 "$scratch/home"
./serve.sh "$program" "$scratch/home" "$port" >"$scratch/serve.log" 2>&1 &
service=$!
for _ in $(seq 600); do
    if curl --silent --fail "$url/health/ready" >/dev/null; then break; fi
    kill -0 "$service" 2>/dev/null || { cat "$scratch/serve.log" >&2; exit 1; }
    sleep 0.3
done

failed=0
check() {
    echo "── $1"
    "${@:2}" || { failed=1; echo "FAILED: $1" >&2; }
}
suite() {
    INSTANCE_URL=$url in_venv python -m pytest "$ogctests/features/$1" --quiet --no-header \
        --rootdir "$ogctests" --tb short -p no:cacheprovider -p no:warnings
}
# What it keeps for its next run goes with the folder.
examples() (
    export PYTHONPATH=$PWD PYTHONDONTWRITEBYTECODE=1 SCHEMATHESIS_HOOKS=hooks
    settings=$PWD/schemathesis.toml
    cd "$scratch"
    in_venv schemathesis --config-file "$settings" --no-color run "$url/api" \
        --phases coverage,fuzzing --max-examples "${EXAMPLES:-20}" --seed 1 --continue-on-failure \
        --exclude-checks positive_data_acceptance --warnings off
)
definition() {
    curl --silent "$url/api" >"$scratch/api.json"
    in_venv openapi-spec-validator "$scratch/api.json"
}
check 'OGC API Features, core' suite core
check 'OGC API Features, filtering' suite filtering
check 'OpenAPI' definition
check 'clients' in_venv python clients.py "$url" "$(cat "$scratch/home/token")"
check 'requests made of the OpenAPI document' examples
exit "$failed"
