#!/usr/bin/env bash
# Makes the images that docker-compose.yml and services/Dockerfile name, out of packages, in the engine of DOCKER_HOST.
# What they are made of is in each one's Dockerfile. An image is kept until its folder here changes.
#
#   make.sh <cache folder of packages.sh>
set -euo pipefail
cd "$(dirname "$0")"
export DOCKER_BUILDKIT=0 # its successor takes no image from this engine alone
cache=$1
repository=../../..
context=$(mktemp -d "${TMPDIR:-/tmp}/azru-stand-in-XXXXXX")
trap 'rm -rf "$context"' EXIT

image() { # what docker-compose.yml calls it
  sed -n "s|^ *image: \($1:.*\)|\1|p" $repository/docker-compose.yml | head -n 1
}

source_of() { find "$1" -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c 1-16; } # folder

made() { # folder, image
  [ "$(docker image inspect --format '{{ index .Config.Labels "azru-test.source" }}' "$2" 2>/dev/null)" = "$(source_of "$1")" ]
}

build() { # folder, image, docker build's options...
  local folder=$1 image=$2
  shift 2
  cp -r "$folder"/. "$context/"
  echo "$(date -u +%H:%M:%S) making $image" >&2
  docker build --quiet --label "azru-test.source=$(source_of "$folder")" "$@" --tag "$image" "$context" >/dev/null
  rm -rf "${context:?}"/*
}

docker image inspect azru-test/debian >/dev/null 2>&1 \
  || docker import --change 'CMD ["bash"]' "$cache/debian.tar" azru-test/debian >/dev/null

node=$(sed -n 's/^ARG NODE_IMAGE=//p' $repository/services/Dockerfile)
made node "$node" || {
  version=${node#node:} version=${version%%-*}
  architecture=$(dpkg --print-architecture | sed 's/amd64/x64/')
  npm install --silent --no-save --prefix "$context/packages" "node-linux-$architecture@$version" npm@11
  cp "$context/packages/node_modules/node-linux-$architecture/bin/node" "$context/node"
  cp -rL "$context/packages/node_modules/npm" "$context/npm"
  rm -rf "$context/packages"
  cp /etc/ssl/certs/ca-certificates.crt "$context/" # this machine's, so that npm trusts what this machine trusts
  build node "$node"
}
mosquitto=$(image eclipse-mosquitto)
made mosquitto "$mosquitto" || build mosquitto "$mosquitto"
influxdb=$(image influxdb)
made influxdb "$influxdb" || {
  cp "$cache"/bin/{influxd,influx,dasel} "$context/"
  build influxdb "$influxdb"
}
grafana=$(image grafana/grafana)
made grafana "$grafana" || {
  npm install --silent --no-save --prefix "$context" yaml@2
  (cd "$context" && apt-get download -qq busybox-static && dpkg --extract busybox-static_*.deb extracted && cp extracted/bin/busybox .)
  build grafana "$grafana" --build-arg "NODE=$node"
}
