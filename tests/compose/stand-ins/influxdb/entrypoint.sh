#!/bin/bash
# What the published image does at its start, step by step, less its upgrade from 1.x and its users' own scripts:
# folders and their modes, secrets from files, one setup through the command line on a port of its own, the
# command line's configuration rewritten to the final port, then InfluxDB.
set -eo pipefail

log() { echo "$(date --utc +%FT%T.%NZ) $1 $2" >&2; }

export INFLUXD_CONFIG_PATH=${INFLUXD_CONFIG_PATH:-/etc/defaults/influxdb2/config.yml}
setting() { # name, environment variable
  if [[ ${!2+x} ]]; then echo "${!2}"; else dasel -f "$INFLUXD_CONFIG_PATH" -s "$1" -w -; fi
}

case "${1:-influxd}" in
  influxd) ;;
  *) exec "$@" ;;
esac

bolt=$(setting bolt-path INFLUXD_BOLT_PATH)
engine=$(setting engine-path INFLUXD_ENGINE_PATH)
mkdir -p "$(dirname "$bolt")" "$engine"
chmod 700 "$(dirname "$bolt")" "$engine" || :
mkdir -p /etc/influxdb2 || :
chmod 775 /etc/influxdb2 || :

for name in PASSWORD USERNAME ADMIN_TOKEN; do
  file=DOCKER_INFLUXDB_INIT_${name}_FILE
  if [ -n "${!file}" ]; then
    if [ -e "${!file}" ]; then declare "DOCKER_INFLUXDB_INIT_$name=$(cat "${!file}")"
    else echo "$file defined, but file not existing, skipping."; fi
  fi
done

if [ ! -f "$bolt" ] && [ "$DOCKER_INFLUXDB_INIT_MODE" = setup ]; then
  for name in USERNAME PASSWORD ORG BUCKET; do
    variable=DOCKER_INFLUXDB_INIT_$name
    [ -n "${!variable}" ] || { log error "missing parameter, cannot init InfluxDB: $variable"; exit 1; }
  done
  trap 'log warn "cleaning bolt and engine files to prevent conflicts on retry"; rm -rf "$bolt" "$engine/"*' EXIT
  dasel -r yaml -w json <"$INFLUXD_CONFIG_PATH" \
    | dasel -r json put http-bind-address -v ":$INFLUXD_INIT_PORT" >/tmp/config.json
  INFLUXD_CONFIG_PATH=/tmp/config.json INFLUXD_HTTP_BIND_ADDRESS=":$INFLUXD_INIT_PORT" influxd &
  booting=$!
  export INFLUX_HOST=http://localhost:$INFLUXD_INIT_PORT
  attempt=0
  until influx ping &>/dev/null; do
    kill -0 $booting || { log error "influxd crashed during startup"; exit 1; }
    [ $((attempt += 1)) -lt "$INFLUXD_INIT_PING_ATTEMPTS" ] || { log error "influxd took too long to start up"; exit 1; }
    sleep 1
  done
  token=()
  [ -z "$DOCKER_INFLUXDB_INIT_ADMIN_TOKEN" ] || token=(--token "$DOCKER_INFLUXDB_INIT_ADMIN_TOKEN")
  influx setup --force --username "$DOCKER_INFLUXDB_INIT_USERNAME" --password "$DOCKER_INFLUXDB_INIT_PASSWORD" \
    --org "$DOCKER_INFLUXDB_INIT_ORG" --bucket "$DOCKER_INFLUXDB_INIT_BUCKET" \
    --name "$DOCKER_INFLUXDB_INIT_CLI_CONFIG_NAME" "${token[@]}"
  influx org list -n "$DOCKER_INFLUXDB_INIT_ORG" --hide-headers >/dev/null
  influx bucket list -n "$DOCKER_INFLUXDB_INIT_BUCKET" --hide-headers >/dev/null
  kill -TERM $booting
  wait $booting || true
  trap - EXIT
  sed -i "s#http://localhost:$INFLUXD_INIT_PORT#http://localhost:8086#g" "$INFLUX_CONFIGS_PATH"
fi
exec influxd
