#!/usr/bin/env bash
# Makes, from Debian's packages and from Go modules, what `pnpm test:compose` runs where no registry of images can be
# reached: a Docker engine, Compose, InfluxDB and what its image holds beside it. Each is made once and kept.
#
#   packages.sh <cache folder> <20.10|28>
#
# Needs root, apt, Go 1.24 or newer, Rust, clang and protoc (for InfluxDB), some 6 GB and half an hour of two cores.
set -euo pipefail

cache=$1 engine=$2
influxdb=2.7.12 influx_cli=2.3.0 dasel=2.8.1 flux_pkg_config=0.2.7
compose=2.40.3 moby=28.5.2

mkdir -p "$cache/bin"
work=$(mktemp -d "${TMPDIR:-/tmp}/azru-packages-XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

say() { echo "$(date -u +%H:%M:%S) $*" >&2; }

# A copy of a module's source that can be written to
module() { # path@version
  local folder
  folder=$(GOFLAGS=-modcacherw go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  cp -r "$folder" "$work/source"
  chmod -R u+w "$work/source"
}

build() { # name in the cache, package, go build's options...
  local name=$1 package=$2
  shift 2
  say "building $name"
  (cd "$work/source" && go build -p 2 -trimpath -o "$cache/$name.new" "$@" "$package")
  mv "$cache/$name.new" "$cache/$name"
  rm -rf "$work/source"
}

# Debian's engine: 20.10 as it comes; to 28 it lends containerd, runc and iptables.
debian_engine() { # folder
  say "unpacking Debian's engine"
  mkdir -p "$work/debs" "$work/root" "$1/bin" "$1/lib"
  (cd "$work/debs" && apt-get download -qq docker.io containerd runc tini iptables libip4tc2 libip6tc2 libxtables12 \
    libnetfilter-conntrack3 libnfnetlink0 libnftnl11 2>/dev/null)
  for deb in "$work"/debs/*.deb; do dpkg --extract "$deb" "$work/root"; done
  find "$work"/root/usr/bin "$work"/root/usr/sbin -type f -exec cp {} "$1/bin/" ';'
  ln -s tini-static "$1/bin/docker-init"
  find "$work/root" -path '*/lib/*-linux-gnu/*.so*' -not -path '*/xtables/*' -exec cp -a {} "$1/lib/" ';'
  cp -r "$work"/root/usr/lib/*-linux-gnu/xtables "$1/lib/"
  for tool in iptables ip6tables; do
    for action in "" -save -restore; do ln -sf xtables-nft-multi "$1/bin/$tool$action"; done
  done
}

[ -x "$cache/bin/docker-compose" ] || {
  module github.com/docker/compose/v2@v$compose
  build bin/docker-compose ./cmd -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=v$compose"
}

folder=$cache/engine-$engine
[ -d "$folder" ] || {
  rm -rf "$folder.new"
  debian_engine "$folder.new"
  if [ "$engine" = 28 ]; then
    module "github.com/docker/docker@v$moby+incompatible"
    # The module is older than modules: it comes without the folder of what it needs, but with the list.
    cp "$work/source/vendor.mod" "$work/source/go.mod" && cp "$work/source/vendor.sum" "$work/source/go.sum"
    cp -r "$work/source" "$work/again"
    CGO_ENABLED=0 build "engine-28.new/bin/dockerd" ./cmd/dockerd -mod=mod \
      -ldflags "-s -w -X github.com/docker/docker/dockerversion.Version=$moby"
    mv "$work/again" "$work/source"
    CGO_ENABLED=0 build "engine-28.new/bin/docker-proxy" ./cmd/docker-proxy -mod=mod -ldflags "-s -w"
  fi
  mkdir -p "$folder.new/config/cli-plugins"
  ln -s "$cache/bin/docker-compose" "$folder.new/config/cli-plugins/docker-compose"
  mv "$folder.new" "$folder"
}

[ -x "$cache/bin/influx" ] || {
  module github.com/influxdata/influx-cli/v2@v$influx_cli
  build bin/influx ./cmd/influx -ldflags "-s -w -X main.version=v$influx_cli"
}
[ -x "$cache/bin/dasel" ] || {
  module github.com/tomwright/dasel/v2@v$dasel
  CGO_ENABLED=0 build bin/dasel ./cmd/dasel -ldflags "-s -w"
}
[ -x "$cache/bin/influxd" ] || {
  # Flux is a Rust library that this pkg-config builds on the way.
  module github.com/influxdata/pkg-config@v$flux_pkg_config
  build bin/pkg-config . -ldflags "-s -w"
  printf '#!/bin/sh\nexec "$@" --cap-lints warn\n' >"$work/rustc-wrapper" # newer compilers refuse what it was written for
  chmod +x "$work/rustc-wrapper"
  module github.com/influxdata/influxdb/v2@v$influxdb
  PKG_CONFIG=$cache/bin/pkg-config RUSTUP_TOOLCHAIN=stable RUSTC_WRAPPER=$work/rustc-wrapper CARGO_PROFILE_RELEASE_LTO=off \
    build bin/influxd ./cmd/influxd -tags sqlite_foreign_keys,sqlite_json,noasm -ldflags "-s -w -X main.version=v$influxdb"
}

[ -f "$cache/debian.tar" ] || {
  say "bootstrapping Debian"
  debootstrap --variant=minbase bookworm "$work/debian" >"$cache/debootstrap.log"
  rm -rf "$work"/debian/var/cache/apt/* "$work"/debian/var/lib/apt/lists/*
  tar -C "$work/debian" -cf "$cache/debian.tar.new" .
  mv "$cache/debian.tar.new" "$cache/debian.tar"
}
say "all is in $cache"
