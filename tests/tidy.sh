#!/usr/bin/env bash
# Rules of the source tree that no compiler checks. Each broken one is named with its place.
set -euo pipefail
cd "$(dirname "$0")/.."

broken=0

complain() {
    echo "tidy: $1" >&2
    broken=1
}

# Committed files and those about to be; the option is for a checkout owned by somebody else.
files() {
    git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" | sort -u |
        while IFS= read -r file; do
            [ ! -f "$file" ] || printf '%s\n' "$file"
        done
}

# Complains with $1 about every line of the files $3… that matches the expression $2.
forbid() {
    local what=$1 expression=$2 found
    shift 2
    found=$(files "$@" | xargs -d '\n' -r grep -InE "$expression" || true)
    if [ -n "$found" ]; then
        complain "$what"$'\n'"$(cut -c 1-160 <<<"$found")"
    fi
}

top_level() {
    local allowed='Cargo.toml Cargo.lock crates data migrations tests docker README.md
        ARCHITECTURE.md CHANGELOG.md Makefile LICENSE .ci .sqlx .gitignore .dockerignore
        rust-toolchain.toml clippy.toml deny.toml'
    local entry
    for entry in $(files . | cut -d / -f 1 | sort -u); do
        grep -qwF -- "$entry" <<<"${allowed//[[:space:]]/$'\n'}" ||
            complain "$entry does not belong on the top level"
    done
}

# Sources only: snapshots, data and libraries of others are as long as they are.
lengths() {
    local file lines
    while IFS= read -r file; do
        lines=$(wc -l <"$file")
        [ "$lines" -le 500 ] || complain "$file has $lines lines, more than 500: split it"
    done < <(files 'crates/*.rs' 'crates/*.html' 'crates/*.js' 'crates/*.ts' 'crates/*.css' 'crates/*.toml' \
        ':!*/vendor/*')
    lines=$(wc -l <README.md)
    [ "$lines" -le 120 ] || complain "README.md has $lines lines, more than 120"
}

# Tests bring their databases with sqlx. The private cluster of the command line is set up
# with psql, before there is a register; a GeoPackage is a database of its own.
sql() {
    local outside=('crates/*' ':!crates/store/*' ':!crates/cli/src/cluster/*' ':!crates/*/tests/*'
        ':!crates/importer/src/worker/virtual_tables.rs'
        ':!crates/importer/src/worker/stored_types.rs')
    local manifest
    forbid 'sqlx is used outside crates/store' '^[^/]*\bsqlx::' "${outside[@]}"
    forbid 'SQL stands outside crates/store' \
        '"\s*(([sS]elect|SELECT) .*\b(from|FROM)|([iI]nsert|INSERT) (into|INTO)|([dD]elete|DELETE) (from|FROM)|([uU]pdate|UPDATE) \w+ (set|SET)) ' \
        "${outside[@]}"
    for manifest in $(files 'crates/*/Cargo.toml' ':!crates/store/*'); do
        if sed -n '/^\[dependencies\]/,/^\[/p' "$manifest" | grep -q '^sqlx\b'; then
            complain "$manifest depends on sqlx, which is for crates/store and for tests"
        fi
    done
}

top_level
lengths
sql
forbid 'a package registry is named; the machine decides where packages come from' \
    '(index|static)\.crates\.io|deb\.debian\.org|security\.debian\.org|pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|pkg\.dev\b|artifactory' \
    . ':!tests/tidy.sh'
forbid 'a path of one machine is named' '(^|[^[:alnum:]_.])/(work|root|home/[a-z]+|Users)/' \
    . ':!tests/tidy.sh'
exit "$broken"
