#!/usr/bin/env bash
# Holds the map styles of a running service against the style specification of MapLibre.
#
#   tests/styles/run.sh URL    such as: tests/styles/run.sh http://127.0.0.1:8080/
set -euo pipefail
: "${1:?Name the address of a service, with a slash at its end}"
cd "$(dirname "$0")"
command -v npm >/dev/null || {
    echo "npm is missing: install the packages nodejs and npm" >&2
    exit 1
}
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --no-audit --no-fund --loglevel=error >&2
    touch node_modules/.package-lock.json
fi
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
node validate.mjs "$1"
