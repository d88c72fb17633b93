#!/bin/sh
# Runs to its end before anything else starts: generates the secrets that do not exist yet, each into the volume
# of the service that needs it, and lays out the broker's accounts and rules. A secret that exists stays.
#
# AZRU_SECRETS  where the services' volumes are mounted, one folder each
# AZRU_BROKER   the repository's mosquitto folder
# AZRU_SITE     root of the topics
set -eu
umask 077

secrets=${AZRU_SECRETS:-/secrets}
broker=${AZRU_BROKER:-/mosquitto/config}
site=${AZRU_SITE:-home}
here=$(dirname "$0")

# Users of the images
root=0
node=1000
influxdb=1000
grafana=472
mosquitto=1883

case $site in
  "" | *[/+#\|\&\\]*)
    echo "init: AZRU_SITE must be one level of a topic, got \"$site\"" >&2
    exit 2
    ;;
esac

# Renames into place, so that a power cut leaves all of a file or nothing.
publish() { # new file, file, owner
  chmod 400 "$1"
  own "$3" "$1"
  mv -f "$1" "$2"
}

own() { # owner, path
  [ "$(id -u)" -ne 0 ] || chown "$1:$1" "$2"
}

folder() { # path, owner
  mkdir -p "$1"
  chmod 700 "$1"
  own "$2" "$1"
}

secret() { # file, owner
  [ -s "$1" ] || {
    od -A n -t x1 -N 32 /dev/urandom | tr -d ' \n' >"$1.new"
    publish "$1.new" "$1" "$2"
    echo "init: generated $1"
  }
}

for service in core mpc sensor-simulator valves home-assistant; do
  folder "$secrets/$service" $node
  secret "$secrets/$service/mqtt_password" $node
done
secret "$secrets/core/api_token" $node

folder "$secrets/influxdb" $influxdb
secret "$secrets/influxdb/admin_password" $influxdb
secret "$secrets/influxdb/admin_token" $influxdb

# Grafana takes it at its first start alone; it is printed here once, and can be changed there.
folder "$secrets/grafana" $grafana
[ -s "$secrets/grafana/admin_password" ] || {
  secret "$secrets/grafana/admin_password" $grafana
  echo "init: a new Grafana lets in admin with the password $(cat "$secrets/grafana/admin_password")"
}

folder "$secrets/accounts" $root
for account in devices homeassistant zigbee2mqtt; do
  secret "$secrets/accounts/$account" $root
done

folder "$secrets/mosquitto" $mosquitto

# The accounts of the services follow their secrets; those that the owner added with mosquitto_passwd stay.
passwords=$secrets/mosquitto/passwords
: >"$passwords.new"
account() { # name, file of its password
  printf '%s:%s\n' "$1" "$(cat "$2")" >>"$passwords.new"
  ours="${ours:-} -e ^$1:"
}
for service in core mpc sensor-simulator valves home-assistant; do account $service "$secrets/$service/mqtt_password"; done
for name in devices homeassistant zigbee2mqtt; do account $name "$secrets/accounts/$name"; done
ours="$ours -e ^health:" # an account of earlier versions
mosquitto_passwd -U "$passwords.new"
if [ -s "$passwords" ]; then
  # shellcheck disable=SC2086 # a list of options
  grep -v $ours "$passwords" >>"$passwords.new" || true # none left is no failure
fi
publish "$passwords.new" "$passwords" $mosquitto

acl=$secrets/mosquitto/acl
sed "s|^\(topic [a-z]* \)home/|\1$site/|" "$broker/acl" >"$acl.new"
[ ! -f "$broker/acl.local" ] || cat "$broker/acl.local" >>"$acl.new"
publish "$acl.new" "$acl" $mosquitto

# Certificates, where make-certificates.sh has made them, open the TLS listener.
folder "$secrets/mosquitto/listeners" $mosquitto
folder "$secrets/mosquitto/certificates" $mosquitto
listener=$secrets/mosquitto/listeners/tls.conf
if [ -s "$broker/certificates/server.key" ]; then
  for file in ca.crt server.crt server.key; do
    cp "$broker/certificates/$file" "$secrets/mosquitto/certificates/$file.new"
    publish "$secrets/mosquitto/certificates/$file.new" "$secrets/mosquitto/certificates/$file" $mosquitto
  done
  cp "$broker/listener-tls.conf" "$listener.new"
  publish "$listener.new" "$listener" $mosquitto
else
  rm -f "$listener"
fi

# zigbee2mqtt looks for its password beside its configuration, which is its own from the first start on.
folder "$secrets/zigbee2mqtt" $root
printf 'password: %s\n' "$(cat "$secrets/accounts/zigbee2mqtt")" >"$secrets/zigbee2mqtt/secret.yaml.new"
publish "$secrets/zigbee2mqtt/secret.yaml.new" "$secrets/zigbee2mqtt/secret.yaml" $root
if [ ! -s "$secrets/zigbee2mqtt/configuration.yaml" ]; then
  sed "s|base_topic: home/|base_topic: $site/|" "$here/zigbee2mqtt.yaml" >"$secrets/zigbee2mqtt/configuration.yaml.new"
  mv "$secrets/zigbee2mqtt/configuration.yaml.new" "$secrets/zigbee2mqtt/configuration.yaml"
fi
