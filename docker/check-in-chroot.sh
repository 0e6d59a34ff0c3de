#!/usr/bin/env bash
# Performs the steps of docker/Dockerfile in bare Debian systems under a temporary folder,
# for machines without a container engine, and asks the result's health check. As root.
#
#   docker/check-in-chroot.sh           takes the program from target/release
#   docker/check-in-chroot.sh --build   builds it as the Dockerfile does, with the Rust
#                                       toolchain of this machine in place of the image's
#
# CHECK_ROOT names a folder for the bare systems that is kept for the next time.
# Where packages come from, and through what, is this machine's affair.
set -euo pipefail
cd "$(dirname "$0")/.."
project=$PWD

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
    echo "This needs root and debootstrap (apt-get install debootstrap)." >&2
    exit 1
fi

build=${1:-}
base=${CHECK_ROOT:-$(mktemp -d /tmp/cadastre-image.XXXXXX)}
stages=$(mktemp -d /tmp/cadastre-stages.XXXXXX)

clean_up() {
    local mounted pid
    # What still runs inside would keep the mounts busy.
    for pid in $(find /proc -maxdepth 2 -name root -lname "$stages/*" 2>/dev/null | cut -d / -f 3); do
        kill -9 "$pid" 2>/dev/null || true
    done
    while mounted=$(awk -v at="$stages/" 'index($2, at) == 1 { last = $2 } END { print last }' \
        /proc/mounts) && [ -n "$mounted" ]; do
        umount -l "$mounted"
    done
    rm -rf --one-file-system "$stages"
    [ -n "${CHECK_ROOT:-}" ] || rm -rf --one-file-system "$base"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# A bare bookworm, with this machine's package sources and certificates.
bare_system() {
    local mirror system=$base/bookworm
    if [ ! -e "$system/complete" ]; then
        # The first address is enough: the rest comes from all sources.
        mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
            grep -oE 'https?://[^ ]*/debian/?( |$)' | head -n 1)
        rm -rf "$system"
        debootstrap --variant=minbase bookworm "$system" "$mirror" >&2
        touch "$system/complete"
    fi
    echo "$system"
}

new_stage() {
    local system
    system=$(bare_system)
    root=$stages/$1
    cp -a "$system" "$root"
    rm -f "$root/etc/apt/sources.list"
    cp -a /etc/apt/sources.list* /etc/apt/apt.conf.d /etc/apt/auth.conf.d "$root/etc/apt/"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    mkdir -p "$root/etc/ssl/certs" "$root/usr/share/keyrings"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    # No service is started in an image while it is made.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    mount -t proc proc "$root/proc"
    mkdir -p "$root/dev/shm"
    mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/dev/shm"
}

# The image with Rust differs from a bare system by the toolchain and an empty registry.
lend_rust() {
    local registry=${CARGO_HOME:-$HOME/.cargo}/registry
    mkdir -p "$registry" "$root/usr/local/rust" "$root/usr/local/cargo/registry"
    mount --bind -o ro "$(rustc --print sysroot)" "$root/usr/local/rust"
    mount --bind "$registry" "$root/usr/local/cargo/registry"
    environment+=(CARGO_HOME=/usr/local/cargo
        PATH=/usr/local/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
}

# Variables by which this machine reaches the network, never written to any file.
network_environment() {
    env | grep -iE '^(https?_proxy|no_proxy|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|NPM_CONFIG_[A-Z_]*|CARGO_(HTTP|REGISTRIES|SOURCE)_[A-Z_]*)=' || true
}

# Sets `within`: the words that run a shell command as the image's user, folder and variables.
enter() {
    within=(chroot)
    [ -z "$user" ] || within+=(--userspec="$user:$user")
    within+=("$root" /usr/bin/env -i "${environment[@]}" HOME="$workdir" sh -c "cd '$workdir' && $1")
}

inside() {
    local -a within
    enter "$1"
    "${within[@]}"
}

# Brings the folders of a RUN's --mount options; sets `command` to what is left.
bring_mounts() {
    local option target
    command=$1
    while [[ $command =~ ^--mount=([^ ]+)[[:space:]]+(.*) ]]; do
        option=${BASH_REMATCH[1]}
        command=${BASH_REMATCH[2]}
        target=$root$(grep -oP 'target=\K[^,]+' <<<"$option")
        mkdir -p "$target"
        if [[ $option == type=bind,* ]]; then
            mount --bind "$project/$(grep -oP 'source=\K[^,]+' <<<"$option")" "$target"
        fi
    done
}

copy() {
    local from=$project source target
    if [[ $1 =~ ^--from=([^ ]+)\ (.*) ]]; then
        from=$stages/${BASH_REMATCH[1]}
        set -- "${BASH_REMATCH[2]}"
    fi
    read -r source target <<<"$1"
    [[ $target == /* ]] || target=$workdir/$target
    if [ "$from/$source" = "$project/." ]; then
        mkdir -p "$root$target"
        tar -C "$project" --exclude-from=<(sed 's|^|./|; s|^./\*\*/||' .dockerignore) -c . |
            tar -C "$root$target" -x
    elif [ -d "$from/$source" ]; then
        mkdir -p "$root$target"
        cp -a "$from/$source/." "$root$target/"
    else
        install -D "$from/$source" "$root$target"
    fi
}

# Without --build the first stage is nothing but the program that there is already.
take_program() {
    install -D "${CARGO_TARGET_DIR:-target}/release/cadastre" "$stages/build/out/cadastre"
}

step() {
    local instruction=$1 rest=$2
    echo "▸ $instruction $rest" >&2
    case $instruction in
    FROM)
        skip=
        user=
        workdir=/
        mapfile -t environment < <(network_environment)
        environment+=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
        if [[ $rest == rust:* ]] && [ "$build" != --build ]; then
            take_program
            skip=yes
        elif [[ $rest == rust:* ]]; then
            new_stage "${rest##* AS }"
            lend_rust
        else
            new_stage last
        fi
        ;;
    ENV)
        local -a pairs
        read -ra pairs <<<"$rest"
        environment+=("${pairs[@]}")
        ;;
    WORKDIR)
        workdir=$rest
        mkdir -p "$root$rest"
        ;;
    USER) user=$rest ;;
    COPY) copy "$rest" ;;
    RUN)
        bring_mounts "$rest"
        inside "$command"
        ;;
    HEALTHCHECK) health=${rest##*CMD } ;;
    ENTRYPOINT) entrypoint=$(words "$rest") ;;
    CMD) arguments=$(words "$rest") ;;
    VOLUME | EXPOSE) ;;
    *)
        echo "This check does not know the instruction $instruction." >&2
        exit 1
        ;;
    esac
}

# ["a", "b"] as the shell's words.
words() {
    tr -d '[],' <<<"$1"
}

perform() {
    local line instruction rest
    while read -r line; do
        read -r instruction rest <<<"$line"
        if [ -z "${skip:-}" ] || [ "$instruction" = FROM ]; then
            step "$instruction" "$rest" </dev/null
        fi
    done < <(sed '/^ *#/d; /^ *$/d' docker/Dockerfile | sed -e ':more' -e '/\\$/{N;s/ *\\\n */ /;b more' -e '}')
}

# The network is this machine's, where the port of the image may be taken; and tini is not
# process 1 here.
serve_and_ask() {
    local server tries=180
    local -a within
    environment+=(CADASTRE_LISTEN=127.0.0.1:"${CHECK_PORT:-18080}" TINI_SUBREAPER=1)
    enter "exec $entrypoint $arguments"
    "${within[@]}" &
    server=$!
    until inside "$health" 2>/dev/null; do
        tries=$((tries - 1))
        if [ "$tries" = 0 ] || ! kill -0 "$server" 2>/dev/null; then
            echo "The service in the image does not become healthy." >&2
            return 1
        fi
        sleep 1
    done
    echo "Healthy. Stopping it as an engine does."
    kill -TERM "$server"
    wait "$server" || {
        echo "The service ended with status $? after SIGTERM." >&2
        return 1
    }
}

perform
serve_and_ask
echo "The image's steps work: $(du -sh --one-file-system "$root" | cut -f 1) unpacked."
