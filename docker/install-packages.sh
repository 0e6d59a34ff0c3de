#!/usr/bin/env bash
# Installs the Debian packages of the named lists in docker/packages, such as
# `docker/install-packages.sh run build`. What is installed already costs nothing:
# no network, no password.
set -euo pipefail

: "${1:?Name the lists, such as: run build test}"
cd "$(dirname "$0")/packages"

wanted() {
    sed 's/#.*//' "${@/%/.txt}" | xargs -n1
}

missing() {
    local installed
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    printf '%s\n' "$@" | grep -vxF -f <(sed -n 's/^installed //p' <<<"$installed") || true
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -y -q \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# Debian's server package would otherwise create and start a cluster of its own.
no_main_cluster=/etc/postgresql-common/createcluster.d/cadastre-install.conf

forbid_main_cluster() {
    as_root mkdir -p "${no_main_cluster%/*}"
    as_root tee "$no_main_cluster" >/dev/null <<<'create_main_cluster = false'
    trap 'as_root rm -f "$no_main_cluster"' EXIT
}

names=$(wanted "$@")
mapfile -t names <<<"$names"
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not a Debian system: make sure yourself of what these Debian 12" \
        "packages bring: ${names[*]}" >&2
    exit 0
fi
mapfile -t names < <(missing "${names[@]}")
if [ -z "${names[*]}" ]; then
    exit 0
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "Packages are missing and there is no sudo. Run this as root, then start again:" >&2
    echo "  apt-get install --no-install-recommends ${names[*]}" >&2
    exit 1
fi

echo "Installing the missing system packages: ${names[*]}" >&2
apt update || echo "The package lists could not all be refreshed; going on with what there is." >&2
case " ${names[*]} " in
*" postgresql-15 "*) forbid_main_cluster ;;
esac
if ! apt install --no-install-recommends "${names[@]}"; then
    echo "Some packages could not be installed: the names in docker/packages are those of" \
        "Debian 12 (bookworm); on another release install their counterparts." >&2
    exit 1
fi
