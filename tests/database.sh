#!/usr/bin/env bash
# A throw-away PostgreSQL with PostGIS in template1, so that every test gets a database
# of its own in milliseconds. Nothing in it survives a crash: speed is all it is for.
#
#   eval "$(tests/database.sh start)"   starts it, unless it runs, and sets DATABASE_URL
#   tests/database.sh url               prints the address of the running one
#   tests/database.sh stop              stops it and removes every trace
#
# TEST_DATABASE names the note that says where it lives (default: target/test-database);
# with another note a second one can run beside it.
set -euo pipefail

note=${TEST_DATABASE:-$(dirname "$0")/../target/test-database}
[ -n "${note%%/*}" ] && note=$PWD/$note
# The folder of this script or the caller's may be closed to the system user.
cd /

as_server() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

programs() {
    local newest
    newest=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$newest" ]; then
        echo "There is no PostgreSQL server here: run docker/install-packages.sh run" >&2
        return 1
    fi
    dirname "$newest"
}

folder() {
    local noted
    noted=$(cat "$note" 2>/dev/null) && [ -d "$noted" ] && echo "$noted"
}

url() {
    echo "postgres://postgres@localhost:5432/postgres?host=${1//\//%2F}&sslmode=disable"
}

settings() {
    cat <<EOF
listen_addresses = ''
unix_socket_directories = '$1'
max_connections = 100
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
jit = off
timezone = 'UTC'
EOF
}

start() {
    local at bin
    if at=$(folder); then
        return
    fi
    bin=$(programs)
    at=$(as_server mktemp -d /tmp/cadastre-db.XXXXXX)
    mkdir -p "$(dirname "$note")"
    echo "$at" >"$note"
    trap stop ERR
    as_server "$bin/initdb" --pgdata "$at/data" --username postgres --auth trust \
        --encoding UTF8 --locale C.UTF-8 --no-sync --no-instructions >/dev/null
    settings "$at" | as_server tee -a "$at/data/postgresql.conf" >/dev/null
    as_server "$bin/pg_ctl" start --pgdata "$at/data" --log "$at/log" --silent --wait
    "$bin/psql" -X -q -v ON_ERROR_STOP=1 -d "$(url "$at")" \
        -c '\connect template1' -c 'create extension postgis'
}

stop() {
    local at
    if at=$(folder); then
        as_server "$(programs)/pg_ctl" stop --pgdata "$at/data" --mode immediate --silent || true
        rm -rf "$at"
    fi
    rm -f "$note"
}

running_url() {
    local at
    if ! at=$(folder); then
        echo "No test database runs: tests/database.sh start" >&2
        return 1
    fi
    url "$at"
}

case ${1:-} in
start)
    start >&2
    address=$(running_url)
    echo "export DATABASE_URL='$address'"
    ;;
url) running_url ;;
stop) stop ;;
*)
    echo "Usage: $0 start|url|stop" >&2
    exit 2
    ;;
esac
