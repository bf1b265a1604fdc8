#!/usr/bin/env bash
# Build the Qtickets image and run it dry: nothing is written, nothing is sent to the live service.
# Without a Docker engine the same entry point runs here, and the image half is named as NOT RUN.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dockerfile=$root/dashboard-mvp/integrations/qtickets_api/Dockerfile
env_file=$root/dashboard-mvp/test_env/.env.template
image=zakaz-qtickets:smoke-$$

usage() {
    cat <<'TEXT'
usage: scripts/smoke_qtickets_dryrun.sh [--env-file FILE]

  --env-file FILE  variables of the run, one NAME=value per line
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

# macOS has no timeout and an old bash, which dislikes empty arrays.
bound=()
if command -v timeout >/dev/null; then bound=(timeout 120); fi
scratch=$(mktemp -d)
built=
tidy_up() {
    if [ -n "$built" ]; then docker image rm --force "$image" >/dev/null 2>&1 || true; fi
    rm -rf "$scratch"
}
trap tidy_up EXIT

failed() {
    echo "smoke: FAILED: $*" >&2
    exit 1
}

# A live service must stay out of reach; an emulator on this machine must be reachable.
base_url=$(sed -n 's/^QTICKETS_BASE_URL=//p' "$env_file" | tail -n 1)
case $base_url in
http://127.* | http://localhost* | http://\[::1\]*) network=host ;;
*) network=none ;;
esac

run_image() {
    local started=$SECONDS
    echo "smoke: building the image"
    docker build --force-rm --build-arg "BASE_IMAGE=$base" --tag "$image" \
        --file "$dockerfile" "$root" \
        >"$scratch/build.log" 2>&1 || {
        tail -n 30 "$scratch/build.log" >&2
        failed "the image does not build"
    }
    built=yes
    echo "smoke: built in $((SECONDS - started)) s; dry run with network=$network"
    ${bound[@]+"${bound[@]}"} docker run --rm --network "$network" --env-file "$env_file" --env DRY_RUN=true \
        "$image" </dev/null || failed "the dry run in the image ended with exit code $?"
    echo "smoke: PASSED: the image builds and its dry run ends with exit code 0"
}

run_here() {
    local line variables=()
    # As Docker reads the file: whole lines, nothing else of this shell's environment.
    while IFS= read -r line; do
        variables+=("$line")
    done < <(grep -E '^[A-Za-z_][A-Za-z0-9_]*=' "$env_file")
    cd "$scratch"
    env -i "PATH=$PATH" "HOME=$scratch" "${variables[@]-DRY_RUN=true}" DRY_RUN=true \
        ${bound[@]+"${bound[@]}"} python3 "$root/scripts/environment.py" -m qtickets_api </dev/null ||
        failed "the dry run ended with exit code $?"
    echo "smoke: NOT RUN (needs $lacking): the image half"
    echo "smoke: PASSED: the dry run on this machine's Python ends with exit code 0"
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
