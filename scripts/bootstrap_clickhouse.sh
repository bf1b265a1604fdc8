#!/usr/bin/env bash
# Create or update the ClickHouse schema; safe to repeat, never drops a table.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server=$here/../infra/clickhouse

usage() {
    cat <<'TEXT'
usage: scripts/bootstrap_clickhouse.sh [--url URL | --up]

  --url URL  the store: chdb:///absolute/folder or clickhouse[s]://user:password@host:port/zakaz
             (default: ZAKAZ_WAREHOUSE_URL, else the embedded store of this user)
  --up       start the server of infra/clickhouse/docker-compose.yml and bootstrap that one;
             passwords are made once, into infra/clickhouse/.env
TEXT
}

arguments=()
up=
while [ $# -gt 0 ]; do
    case $1 in
    --url=*) arguments+=(--url "${1#*=}") ;;
    --url)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        arguments+=(--url "$2")
        shift
        ;;
    --up) up=yes ;;
    -h | --help) usage; exit 0 ;;
    *)
        echo "bootstrap: unexpected argument: $1" >&2
        usage >&2
        exit 2
        ;;
    esac
    shift
done
if [ -n "$up" ] && [ ${#arguments[@]} -gt 0 ]; then
    echo "bootstrap: --up and --url exclude each other" >&2
    exit 2
fi

zakaz() { python3 "$here/environment.py" "$@"; }

compose() {
    if docker compose version >/dev/null 2>&1; then
        docker compose "$@"
    elif command -v docker-compose >/dev/null; then
        docker-compose "$@"
    else
        echo "bootstrap: --up needs docker compose (or docker-compose)" >&2
        exit 78
    fi
}

wait_for_server() {
    local left=60 container
    container=$(compose ps --quiet clickhouse)
    until [ "$(docker inspect --format '{{.State.Health.Status}}' "$container")" = healthy ]; do
        left=$((left - 1))
        if [ "$left" -le 0 ]; then
            echo "bootstrap: the server is not healthy after 60 s; the end of its log:" >&2
            compose logs --tail 30 clickhouse >&2
            exit 75
        fi
        sleep 1
    done
}

if [ -n "$up" ]; then
    env_file=$(zakaz -m zakaz.cli.server_env "$server")
    cd "$server"
    # Only this file says which server is meant: another one may be set in the environment.
    unset ZAKAZ_WAREHOUSE_URL CLICKHOUSE_HOST CLICKHOUSE_PORT CLICKHOUSE_USER \
        CLICKHOUSE_PASSWORD CLICKHOUSE_DB ZAKAZ_WRITER_PASSWORD ZAKAZ_READER_PASSWORD
    compose up --detach
    wait_for_server
    zakaz -m zakaz --env-file "$env_file" bootstrap
else
    zakaz -m zakaz bootstrap ${arguments[@]+"${arguments[@]}"}
fi
