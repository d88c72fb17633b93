#!/usr/bin/env bash
# A Docker engine that touches nobody: in a network, process and mount namespace of its own, with its own socket and
# data. Runs a command beside it, whose DOCKER_HOST is that engine, and ends both; published ports are open to that
# command alone. The way out to package registries is slirp4netns, which needs no rule on this machine.
# At SIGTERM or SIGINT the command gets SIGTERM and has its time to end; at a second one all ends at once.
#
#   engine.sh <engine's folder> <data folder> <command> [argument...]
#
# The engine's folder is one that packages.sh made. Needs root.
set -euo pipefail

signals=0
# Waits for a process to its end, whatever comes in between; its exit code is in $code.
await() { # process
  local seen
  while :; do
    seen=$signals code=0
    wait "$1" || code=$?
    [ $signals -ne $seen ] || break
  done
}

if [ "${AZRU_ENGINE_INSIDE:-}" != yes ]; then
  engine=$(realpath "$1") data=$(realpath -m "$2")
  shift 2
  work=$(mktemp -d "${TMPDIR:-/tmp}/azru-engine-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkfifo "$work/network"
  export AZRU_ENGINE_INSIDE=yes
  unshare --net --pid --mount --fork --mount-proc --kill-child \
    bash "$0" "$engine" "$data" "$work" "$@" &
  outer=$!
  inner=
  # The first process of a namespace gets what it traps, and SIGKILL, with which all others in there end.
  # shellcheck disable=SC2317 # called by the trap
  passOn() {
    signals=$((signals + 1))
    if [ "$signals" -gt 1 ]; then kill -KILL "$outer"; elif [ -n "$inner" ]; then kill -TERM "$inner"; fi 2>/dev/null || true
  }
  trap passOn INT TERM
  until inner=$(pgrep --parent "$outer"); do kill -0 "$outer"; done
  [ $signals -eq 0 ] || kill -KILL "$outer"
  slirp4netns --configure --mtu=65520 --disable-host-loopback --ready-fd=3 "$inner" tap0 \
    3>"$work/network" >"$work/slirp4netns.log" 2>&1 &
  network=$!
  await "$outer"
  kill $network 2>/dev/null || true
  wait $network 2>/dev/null || true
  exit "$code"
fi

command=
# shellcheck disable=SC2317 # called by the trap
passOn() {
  signals=$((signals + 1))
  if [ -n "$command" ]; then kill -TERM "$command" 2>/dev/null || true; fi
}
trap passOn INT TERM

engine=$1 data=$2 work=$3
shift 3
read -r -n 1 <"$work/network" # slirp4netns says when the way out is open
ip link set lo up
export PATH=$engine/bin:$PATH LD_LIBRARY_PATH=$engine/lib XTABLES_LIBDIR=$engine/lib/xtables
export DOCKER_HOST=unix://$work/docker.sock DOCKER_CONFIG=$engine/config
mkdir -p "$data"
dockerd --data-root "$data" --exec-root "$work/exec" --pidfile "$work/dockerd.pid" --host "$DOCKER_HOST" \
  --dns 10.0.2.3 --userland-proxy-path "$engine/bin/docker-proxy" >"$data/dockerd.log" 2>&1 &
dockerd=$!
until docker version >/dev/null 2>&1; do
  [ $signals -eq 0 ] || exit 143
  kill -0 $dockerd 2>/dev/null || {
    echo "the engine did not start; the end of $data/dockerd.log:" >&2
    tail -n 20 "$data/dockerd.log" >&2
    exit 1
  }
done
unset AZRU_ENGINE_INSIDE
"$@" &
command=$!
[ $signals -eq 0 ] || kill -TERM $command 2>/dev/null || true
await $command
result=$code command=
kill $dockerd 2>/dev/null || true
await $dockerd
exit "$result"
