#!/usr/bin/env bash
# Everything that must hold before a change is accepted, in the order in which it is cheap
# to find out. A failed check does not hide the later ones; each counts like a test.
set -euo pipefail
cd "$(dirname "$0")/.."

export SQLX_OFFLINE=true INSTA_UPDATE=no

# Whatever the tests leave behind goes with this folder. The database's system user must
# reach into it, and the paths of sockets in it must stay short.
scratch=$(mktemp -d /tmp/cadastre.XXXXXX)
chmod 711 "$scratch"
export TEST_DATABASE=$scratch/database TMPDIR=$scratch/t
mkdir -m 1777 "$TMPDIR"
trap 'tests/database.sh stop; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

passed=0
failed=0

check() {
    echo "── $*"
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $*" >&2
    fi
}

# Adds up the numbers before a word such as `passed` in the runner's own totals.
sum() {
    sed -nE '/^( *Summary \[|test result:|  [0-9]+ (passed|failed)\b)/p' "$scratch/output" |
        grep -oE "[0-9]+ $1\b" |
        awk '{ total += $1 } END { print total + 0 }' || true
}

# A runner that fails without a failed test has not compiled, or has crashed.
run_tests() {
    local failures=0
    echo "── $*"
    if ! "$@" 2>&1 | tee "$scratch/output"; then
        failures=$(sum '(failed|exec failed|timed out)')
        [ "$failures" != 0 ] || failures=1
    fi
    passed=$((passed + $(sum passed)))
    failed=$((failed + failures))
}

check tests/tidy.sh
check npm --prefix crates/server/web/map run --silent test
check cargo fmt --all --check
check cargo clippy --workspace --all-targets --locked -- -D warnings
check tests/sqlx-data.sh check

address=$(tests/database.sh start)
eval "$address"
if cargo nextest --version >/dev/null 2>&1; then
    run_tests cargo nextest run --workspace --locked --no-fail-fast
    # The examples in the documentation, which nextest leaves out.
    run_tests cargo test --workspace --locked --doc --no-fail-fast
else
    run_tests cargo test --workspace --locked --no-fail-fast
fi
# The tests above have built the program.
run_tests tests/browser/run.sh "${CARGO_TARGET_DIR:-target}/debug/cadastre"

echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
