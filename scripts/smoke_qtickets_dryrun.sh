#!/usr/bin/env bash
# Build the Qtickets image and run it dry on a network of its own, which leads nowhere: the names of
# the live service and of the warehouse lead to a listener that counts. Nothing may be asked, nothing
# written, nothing left behind. Without a Docker engine the same entry point runs here, and the image
# half is named as NOT RUN.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dockerfile=$root/dashboard-mvp/integrations/qtickets_api/Dockerfile
env_file=$root/dashboard-mvp/test_env/.env.template
name=zakaz-smoke-$$
image=zakaz-qtickets:smoke-$$

usage() {
    cat <<'TEXT'
usage: scripts/smoke_qtickets_dryrun.sh [--env-file FILE]

  --env-file FILE  variables of the run, one NAME=value per line; DRY_RUN=true must be among them
                   (default: dashboard-mvp/test_env/.env.template)

BASE_IMAGE=name        build on another base than the Dockerfile's
ZAKAZ_REQUIRE=docker   fail where no Docker engine answers
TEXT
}

while [ $# -gt 0 ]; do
    case $1 in
    --env-file=*) env_file=${1#*=} ;;
    --env-file)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        env_file=$2
        shift
        ;;
    -h | --help) usage; exit 0 ;;
    *)
        echo "smoke: unexpected argument: $1 (an environment file goes behind --env-file)" >&2
        usage >&2
        exit 2
        ;;
    esac
    shift
done
[ -r "$env_file" ] || { echo "smoke: cannot read the environment file $env_file" >&2; exit 2; }
env_file=$(cd "$(dirname "$env_file")" && pwd)/$(basename "$env_file")

# As Docker reads the file: the last one counts.
value() { sed -n "s/^$1=//p" "$env_file" | tail -n 1 | tr -d '\r'; }

case $(value DRY_RUN | tr -d "\"' " | tr '[:upper:]' '[:lower:]') in
1 | true | yes | on) ;;
*)
    echo "smoke: REFUSED: $env_file does not say DRY_RUN=true, but this test must load nothing." >&2
    echo "smoke: Write it there, or give dashboard-mvp/test_env/.env.template." >&2
    exit 78
    ;;
esac

# macOS has no timeout and an old bash, which dislikes empty arrays.
bound=()
if command -v timeout >/dev/null; then bound=(timeout 120); fi
scratch=$(mktemp -d)
uses_docker=
stages() { docker image ls --quiet --filter label=zakaz.stage=build | sort -u; }
tidy_up() {
    if [ -n "$uses_docker" ]; then
        docker rm --force "$name-run" "$name-listener" >/dev/null 2>&1 || true
        docker network rm "$name" >/dev/null 2>&1 || true
        docker image rm --force "$image" >/dev/null 2>&1 || true
        # The classic builder leaves the first stage behind, unless it was there before.
        stages | comm -13 "$scratch/stages" - | xargs docker image rm >/dev/null 2>&1 || true
    fi
    rm -rf "$scratch"
}
trap tidy_up EXIT

failed() {
    echo "smoke: FAILED: $*" >&2
    exit 1
}

# The host of a URL: without scheme, account, port and path.
host() { sed -E 's|^[a-z]+://||; s|[/?#].*$||; s|^.*@||; s|:[0-9]*$||' <<<"$1"; }

# Whom a run with this file could turn to; an address of numbers needs no name here.
hosts() {
    {
        echo qtickets.ru
        echo clickhouse
        host "$(value QTICKETS_BASE_URL)"
        host "$(value ZAKAZ_WAREHOUSE_URL)"
        value CLICKHOUSE_HOST
    } | grep -E '^[A-Za-z][A-Za-z0-9.-]*$' | grep -vx localhost | sort -u
}

listener='
import selectors, socket, sys
ports = selectors.DefaultSelector()
for port in map(int, sys.argv[1:]):
    ports.register(socket.create_server(("", port)), selectors.EVENT_READ, port)
print("listening", flush=True)
while True:
    for key, _ in ports.select():
        key.fileobj.accept()[0].close()
        print("connection to port", key.data, flush=True)
'
caller='
import socket, sys
for place in sys.argv[1:]:
    host, port = place.split(":")
    socket.create_connection((host, int(port)), 30).close()
'

# A call is written down a moment after it was answered. This port is called last of all, so that
# whatever was asked before it is counted.
last_port=7777
said() { docker logs "$name-listener" 2>&1; }
await() {
    for _ in $(seq 600); do
        if [ "$(said | grep -c "^$1")" != 0 ]; then return 0; fi
        sleep 0.1
    done
    failed "the listener did not say: $1"
}
call_last() {
    docker exec "$name-listener" python -c "$caller" "localhost:$last_port"
    await "connection to port $last_port"
}
# How many connections the listener has heard so far, the last one apart.
heard() { said | grep '^connection' | grep -vc " $last_port\$" || true; }

build() {
    stages >"$scratch/stages"
    uses_docker=yes
    docker build --force-rm --build-arg "BASE_IMAGE=$base" --tag "$image" \
        --file "$dockerfile" "$root" >"$scratch/build.log" 2>&1 || {
        tail -n 30 "$scratch/build.log" >&2
        failed "the image does not build"
    }
    echo "smoke: the image is built ($SECONDS s)"
}

listen() {
    local ports="80 443 8123 9000 9440" aliases=() places=() one port
    while IFS= read -r one; do
        aliases+=(--network-alias "$one")
        for port in $ports; do places+=("$one:$port"); done
    done < <(hosts)
    docker network create --internal "$name" >/dev/null
    # shellcheck disable=SC2086 # the ports are words
    docker run --detach --name "$name-listener" --network "$name" "${aliases[@]}" \
        --entrypoint python "$image" -c "$listener" $ports "$last_port" >/dev/null
    await listening
    # A listener that hears nothing would prove nothing: it must hear a call to every address.
    docker run --rm --network "$name" --entrypoint python "$image" -c "$caller" "${places[@]}" ||
        failed "the listener cannot be reached"
    for _ in $(seq 600); do
        calls=$(heard)
        if [ "$calls" = ${#places[@]} ]; then return 0; fi
        sleep 0.1
    done
    failed "the listener heard $calls of ${#places[@]} calls"
}

run_image() {
    local log=$scratch/run.log code=0 asked written
    build
    listen
    ${bound[@]+"${bound[@]}"} docker run --name "$name-run" --network "$name" \
        --env-file "$env_file" "$image" >"$log" 2>&1 </dev/null || code=$?
    call_last
    asked=$(($(heard) - calls))
    written=$(docker diff "$name-run")
    show_unless "$code" "$log" "the dry run in the image ended with exit code $code"
    echo "smoke: connections: $asked (in place of $(hosts | paste -sd ' ' -), where a listener" \
        "heard all $calls trial calls)"
    echo "smoke: files written, journal and tables included: $(grep -c . <<<"$written" || true)"
    [ "$asked" = 0 ] || failed "the dry run turned to somebody"
    [ -z "$written" ] || failed "the dry run wrote: $written"
    echo "smoke: PASSED: the image builds, its dry run ends with exit code 0, asks and writes nothing"
}

run_here() {
    local line variables=() log=$scratch/run.log code=0 written
    # As Docker reads the file: whole lines, nothing else of this shell's environment.
    while IFS= read -r line; do
        variables+=("$line")
    done < <(grep -E '^[A-Za-z_][A-Za-z0-9_]*=' "$env_file")
    mkdir "$scratch/home"
    cd "$scratch/home"
    env -i "PATH=$PATH" "HOME=$scratch/home" "${variables[@]}" ${bound[@]+"${bound[@]}"} \
        python3 "$root/scripts/environment.py" -m qtickets_api >"$log" 2>&1 </dev/null || code=$?
    cd "$root"
    written=$(find "$scratch/home" -type f)
    show_unless "$code" "$log" "the dry run ended with exit code $code"
    [ -z "$written" ] || failed "the dry run wrote: $written"
    echo "smoke: NOT RUN (needs $lacking): the image was neither built nor run"
    echo "smoke: PASSED: the dry run of the same entry point on this machine, which wrote nothing"
}

# What the run said, if it ended as it should not; else its stub line alone.
show_unless() {
    if [ "$1" != 0 ]; then
        cat "$2" >&2
        failed "$3"
    fi
    if ! grep -m 1 -o 'stub mode:.*' "$2" | sed 's/^/smoke: /'; then
        cat "$2" >&2
        failed "the run does not say that it was in stub mode"
    fi
}

base=${BASE_IMAGE:-$(sed -n 's/^ARG BASE_IMAGE=//p' "$dockerfile")}
if ! docker info >/dev/null 2>&1; then
    lacking="a Docker engine: \`docker info\` must answer"
elif ! docker image inspect "$base" >/dev/null 2>&1 && ! docker pull --quiet "$base" >/dev/null 2>&1; then
    lacking="the base image $base: no registry gives it; BASE_IMAGE may name another"
else
    lacking=
fi

if [ -z "$lacking" ]; then
    run_image
elif [[ ,${ZAKAZ_REQUIRE:-}, == *[,\ ]docker[,\ ]* ]]; then
    failed "ZAKAZ_REQUIRE names docker, but this machine lacks $lacking"
else
    run_here
fi
