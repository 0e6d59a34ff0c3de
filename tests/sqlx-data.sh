#!/usr/bin/env bash
# The queries of crates/store are checked against the schema while compiling; `.sqlx`
# keeps the database's answers, so that a build needs no database.
#
#   tests/sqlx-data.sh check   fails when `.sqlx` is not what the database answers now
#   tests/sqlx-data.sh write   brings `.sqlx` up to date
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
export TEST_DATABASE=$scratch/database
trap 'tests/database.sh stop; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# The macros write only while they are expanded: an argument never used before makes
# cargo compile this one crate anew and leaves what it depends on alone.
compile_store() {
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$scratch/answers cargo rustc --locked \
        --package store --lib --profile check -- --cfg "sqlx_data_$(date +%s%N)"
}

answers() {
    local address migration
    address=$(tests/database.sh start)
    eval "$address"
    for migration in migrations/*.sql; do
        psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f "$migration"
    done
    mkdir "$scratch/answers"
    compile_store
}

case ${1:-} in
check)
    answers
    if ! diff -rq .sqlx "$scratch/answers"; then
        echo "The folder .sqlx is out of date: run make sqlx-data and commit it." >&2
        exit 1
    fi
    ;;
write)
    answers
    mkdir -p .sqlx
    rm -f .sqlx/query-*.json
    cp "$scratch"/answers/query-*.json .sqlx/
    ;;
*)
    echo "Usage: $0 check|write" >&2
    exit 2
    ;;
esac
