#!/bin/sh
# Makes a certificate authority and the broker's certificate, so that devices can reach it over TLS.
#
#   mosquitto/make-certificates.sh azru.local 192.168.1.20
#
# Names and addresses are those by which devices reach this machine; its own name and localhost come in by
# themselves. Devices need certificates/ca.crt. The authority is kept, so that running this again (a new name, an
# expired certificate) leaves devices untouched. Then `docker compose up -d` opens port 8883; AZRU_MQTTS_BIND
# says on which address.
set -eu
umask 077

folder=${AZRU_CERTIFICATES:-$(dirname "$0")/certificates}
days_authority=3650
days_server=825

command -v openssl >/dev/null || {
  echo "make-certificates: openssl is not installed" >&2
  exit 1
}
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$1"
}

names=DNS:localhost,IP:127.0.0.1,DNS:mosquitto,DNS:$(hostname)
for name in "$@"; do
  case $name in
    *[!A-Za-z0-9.:-]* | "" | -*)
      echo "make-certificates: a name or an IP address is expected, got \"$name\"" >&2
      exit 2
      ;;
    *:* | *[0-9].[0-9]*.[0-9]*.[0-9]*) names=$names,IP:$name ;;
    *) names=$names,DNS:$name ;;
  esac
done

if [ ! -s "$folder/ca.key" ]; then
  key "$work/ca.key"
  openssl req -x509 -new -sha256 -key "$work/ca.key" -days "$days_authority" -subj "/CN=Azru home authority" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -out "$work/ca.crt"
  mv "$work/ca.crt" "$folder/ca.crt"
  mv "$work/ca.key" "$folder/ca.key"
  chmod 644 "$folder/ca.crt"
fi

key "$work/server.key"
openssl req -new -key "$work/server.key" -subj "/CN=Azru broker" -out "$work/server.csr"
printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n' \
  "$names" >"$work/server.ext"
openssl x509 -req -sha256 -in "$work/server.csr" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" \
  -set_serial "0x$(openssl rand -hex 16)" -days "$days_server" -extfile "$work/server.ext" -out "$work/server.crt"
mv "$work/server.key" "$folder/server.key"
mv "$work/server.crt" "$folder/server.crt"

echo "made $folder/server.crt for $names"
