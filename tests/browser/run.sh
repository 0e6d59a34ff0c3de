#!/usr/bin/env bash
# The pages as people use them, in a headless Chromium: serves the demonstration data on a private
# database and a free port, and runs every *.spec.ts beside it.
#
#   tests/browser/run.sh PROGRAM [playwright options]    such as: target/debug/cadastre account
#
# What a page looked like when a test failed, and the pictures that tests take, are kept in
# target/browser. Tests get the address of the service in CADASTRE_URL, the program in
# CADASTRE_PROGRAM and its home in CADASTRE_HOME; each role has an account of its name (see
# service.ts).
set -euo pipefail
cd "$(dirname "$0")"

: "${1:?Name the program, such as target/debug/cadastre}"
program=$(cd "$OLDPWD" && realpath "$1")
shift
for command in node npm chromium; do
    command -v "$command" >/dev/null || {
        echo "$command is missing; docker/packages/browser.txt and web.txt name what brings it" >&2
        exit 1
    }
done
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
    touch node_modules/.package-lock.json
fi

# The database's system user must reach into it, and the paths of sockets in it must stay short.
scratch=$(mktemp -d /tmp/browser.XXXXXX)
chmod 711 "$scratch"
service=
clean_up() {
    if [ -n "$service" ]; then kill -INT "$service" 2>/dev/null && wait "$service" || true; fi
    rm -rf "$scratch"
}
trap clean_up EXIT
unset DATABASE_URL
export CADASTRE_HOME=$scratch/home CADASTRE_PROGRAM=$program no_proxy=127.0.0.1 NO_PROXY=127.0.0.1

port=${PORT:-$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => {
    console.log(s.address().port); s.close(); })')}
export CADASTRE_URL=http://127.0.0.1:$port
CADASTRE_LOG=warn "$program" serve --load ../../data --listen "127.0.0.1:$port" \
    >"$scratch/serve.log" 2>&1 &
service=$!
for _ in $(seq 600); do
    if curl --silent --fail "$CADASTRE_URL/health/ready" >/dev/null; then break; fi
    kill -0 "$service" 2>/dev/null || { cat "$scratch/serve.log" >&2; exit 1; }
    sleep 0.3
done
for role in analyst surveyor editor reviewer admin; do
    echo "a password of the tests" |
        "$program" user add "$role" --role "$role" --password-stdin >/dev/null
done

npx --no-install playwright test "$@"
