#!/usr/bin/env bash
# Give a bare Debian-like machine what the checks need beyond Python: a browser, systemd's analyser,
# a clock that can be moved, and a Docker engine with a base image. What is there already is left
# alone. Settings for the checks are appended as KEY=value lines to the file named by the first
# argument.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

settings=${1:?usage: .ci/provision.sh FILE}
dockerfile=dashboard-mvp/integrations/qtickets_api/Dockerfile
offline_base=zakaz-base:bookworm

has() { command -v "$1" >/dev/null; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
say() { echo "provision: $*"; }
set_for_checks() {
    say "$1"
    echo "$1" >>"$settings"
}

install_packages() {
    local missing=()
    has chromium || has chromium-browser || has google-chrome || missing+=(chromium)
    # A docker command alone may be a client without an engine behind it.
    has dockerd || docker info >/dev/null 2>&1 || missing+=(docker.io iptables)
    has docker-compose || docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
    has systemd-analyze || missing+=(systemd)
    has faketime || missing+=(faketime)
    python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
    [ ${#missing[@]} -gt 0 ] || return 0
    has apt-get || {
        say "cannot install ${missing[*]}: no apt-get here; the checks will name what they miss"
        return 0
    }
    say "installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

start_engine() {
    docker info >/dev/null 2>&1 && return 0
    if [ -d /run/systemd/system ]; then
        as_root systemctl start docker || true
    else
        # An engine that was killed leaves its pid file, and the next one would not start.
        if ! pgrep --runstates DRS -x dockerd >/dev/null; then
            as_root rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid
        fi
        # Its own session: the engine outlives this script and the terminal it ran in.
        local log
        log=$(mktemp -t dockerd.XXXXXX)
        say "starting dockerd, log in $log"
        as_root setsid --fork dockerd --group "$(id -gn)" >"$log" 2>&1 </dev/null
    fi
    for _ in $(seq 60); do
        docker info >/dev/null 2>&1 && return 0
        sleep 0.5
    done
    say "no Docker engine answered within 30 s${log:+; the end of its log:}"
    if [ -n "${log:-}" ]; then tail -n 5 "$log"; fi
    return 1
}

# Without a registry in reach the base is put together from Debian's own packages.
make_base() {
    has debootstrap || {
        as_root apt-get update -qq
        as_root apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
    }
    local folder
    folder=$(mktemp -d -t zakaz-base.XXXXXX)
    say "making $offline_base with debootstrap"
    as_root debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
        bookworm "$folder" >"$folder.log" 2>&1 || {
        tail -n 5 "$folder.log"
        return 1
    }
    as_root rm -rf "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/* \
        "$folder"/usr/share/{doc,man,locale}/*
    as_root ln -s /usr/bin/python3 "$folder/usr/local/bin/python"
    # pip inside must trust whom this machine trusts.
    as_root cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/ca-certificates.crt"
    as_root tar -C "$folder" -c . | docker import - "$offline_base" >/dev/null
    as_root rm -rf --one-file-system "$folder" "$folder.log"
}

present() { docker image inspect "$1" >/dev/null 2>&1; }

choose_base() {
    local default
    default=$(sed -n 's/^ARG BASE_IMAGE=//p' "$dockerfile")
    if [ -n "${BASE_IMAGE:-}" ]; then
        set_for_checks "BASE_IMAGE=$BASE_IMAGE"
        return
    fi
    if present "$default"; then return; fi
    if ! present "$offline_base"; then
        if timeout 20 docker pull -q "$default" >/dev/null 2>&1; then return; fi
        make_base
    fi
    set_for_checks "BASE_IMAGE=$offline_base"
}

install_packages
if ! has chromium && ! has chromium-browser && has google-chrome; then
    set_for_checks "ZAKAZ_CHROMIUM=$(command -v google-chrome)"
fi
if has docker && start_engine; then choose_base; fi
