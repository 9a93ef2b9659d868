#!/usr/bin/env bash
# A cluster on this machine's loopback, for trying and testing; start.sh --cluster NxM runs it. Everything is in one folder: PostgreSQL, certificates, a folder for each silo, logs, and in
# processes/ the process ids. Ctrl-C ends all of it; the next start goes on with what is there.
#   cluster.sh NxM [--port N] [--data DIR]
set -euo pipefail
here=$(cd "$(dirname "$0")/../../.." && pwd)
silo_program="$here/src/Silo/bin/Release/net10.0/Orleans.Kms.Silo.dll"
gateway_program="$here/src/Silo/bin/Release/net10.0/Orleans.Kms.Gateway.dll"

fail() { echo "Orleans.Kms cannot start: $1" >&2; exit 1; }

[[ "$1" =~ ^([1-9])x([1-9])$ ]] || fail "--cluster $1 is not understood; 3x2 is three silos and two gateways, and 9 is the most of each."
silos=${BASH_REMATCH[1]}
gateways=${BASH_REMATCH[2]}
shift
data=.kms-cluster
port=8080
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1 lacks a value."
  case "$1" in
    --data) data=$2 ;;
    --port) port=$2 ;;
    *) fail "$1 is unknown with --cluster." ;;
  esac
  shift 2
done
[[ "$port" =~ ^[0-9]+$ ]] && [ "$port" -gt 1024 ] && [ "$port" -lt 65000 ] || fail "--port $port is no port; give a number from 1025 to 64999."
for program in "$silo_program" "$gateway_program"; do [ -f "$program" ] || fail "it has not been built; run it once without --no-build."; done
command -v openssl >/dev/null || fail "openssl is missing: it makes the certificates."

umask 077
mkdir -p "$data/log" "$data/processes" "$data/tls"
data=$(cd "$data" && pwd)
exec 9>"$data/.lock"
flock -n 9 || fail "$data is in use by another cluster; stop that one first, or give another folder with --data."

# PostgreSQL refuses to run as root; its package has made a user.
as_owner() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups "$@"; else "$@"; fi; }
tools() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
if [ -z "$(tools)" ]; then
  command -v apt-get >/dev/null || fail "PostgreSQL is missing; install it with this system's package manager."
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  echo "Installing postgresql" >&2
  $sudo apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq postgresql >&2 || fail "postgresql could not be installed, see above."
fi
bin=$(tools)
database="$data/postgres"
# Ports from the first gateway's on: gateways, then PostgreSQL, silos, their gateway ports, monitoring.
database_port=$((port + 100))
free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for used in "$database_port" $(for ((i = 0; i < gateways; i++)); do echo $((port + i)) $((port + 150 + i)); done) $(for ((i = 1; i <= silos; i++)); do echo $((port + 110 + i)) $((port + 120 + i)) $((port + 130 + i)); done); do
  free "$used" || fail "port $used is taken; give another --port: the gateways' and those up to 160 above it are needed."
done

rm -f "$data"/processes/*
signal() { for file in "$data/processes/$2"-*; do [ ! -f "$file" ] || kill -"$1" "$(cat "$file")" 2>/dev/null || true; done; }
ended=
stop() {
  # Once: a second Ctrl-C should not leave half of it behind.
  trap '' INT TERM
  [ -z "$ended" ] || return 0
  ended=yes
  # Gateways first, then silos: each ends when its calls in flight have.
  for kind in gateway silo; do
    # Those that somebody has stopped have to go on first; what has not ended long after the time that it has for its calls does not end by itself.
    for signal in TERM CONT; do signal "$signal" "$kind"; done
    (read -rt 40 <> <(:) || signal KILL "$kind") &
    local last=$!
    disown "$last"
    for file in "$data/processes/$kind"-*; do [ ! -f "$file" ] || wait "$(cat "$file")" 2>/dev/null || true; done
    kill -KILL "$last" 2>/dev/null || true
  done
  rm -f "$data"/processes/*
  as_owner "$bin/pg_ctl" -D "$database" -m fast -s stop || true
}
trap stop EXIT
trap 'exit 0' INT TERM

secret() { head -c 24 /dev/urandom | base64 | tr -d '+/='; }
if [ ! -f "$database/PG_VERSION" ]; then
  rm -rf "$database"
  mkdir -p "$database" "$data/secrets"
  for role in kms kms_gateway; do secret > "$data/secrets/$role"; done
  # The folder itself is ours: the server's owner needs the way to its own.
  chmod 711 "$data"
  (cd / && as_owner test -x "$data") || fail "PostgreSQL's user, postgres, has no way to $data; give a folder that everybody may pass to with --data, for example /var/tmp/kms-cluster."
  [ "$(id -u)" != 0 ] || { chown postgres "$database"; cp "$data/secrets/kms" "$database.pw"; chown postgres "$database.pw"; }
  [ "$(id -u)" = 0 ] || cp "$data/secrets/kms" "$database.pw"
  (cd / && as_owner "$bin/initdb" -D "$database" -U kms --pwfile "$database.pw" -A scram-sha-256 -E UTF8 --locale C >"$data/log/initdb.log" 2>&1) || { cat "$data/log/initdb.log" >&2; fail "initdb failed, see above."; }
  rm -f "$database.pw"
fi
touch "$data/log/postgres.log"
[ "$(id -u)" != 0 ] || chown postgres "$data/log/postgres.log"
chmod 711 "$data/log"
(cd / && as_owner "$bin/pg_ctl" -D "$database" -w -s -l "$data/log/postgres.log" -o "-p $database_port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300" start 9>&-) || fail "PostgreSQL did not start; see $data/log/postgres.log."
of_role() { echo "Host=127.0.0.1;Port=$database_port;Database=kms;Username=$1;Password=$(cat "$data/secrets/$1")"; }
sql() { PGPASSWORD=$(cat "$data/secrets/kms") "$bin/psql" -h 127.0.0.1 -p "$database_port" -U kms -d "$1" -qtAX -v ON_ERROR_STOP=1; }
[ "$(echo "SELECT 1 FROM pg_database WHERE datname = 'kms'" | sql postgres)" = 1 ] || echo 'CREATE DATABASE kms' | sql postgres
[ "$(echo "SELECT 1 FROM pg_roles WHERE rolname = 'kms_gateway'" | sql postgres)" = 1 ] || echo "CREATE ROLE kms_gateway LOGIN PASSWORD '$(cat "$data/secrets/kms_gateway")'" | sql postgres
Kms__Database=$(of_role kms) dotnet "$silo_program" admin database migrate --gateway-role kms_gateway >"$data/log/migrate.log" 2>&1 || { cat "$data/log/migrate.log" >&2; fail "the database could not be migrated, see above."; }

tls="$data/tls"
certificate() {
  # One that has a month left is good; the next start makes a new one.
  [ -f "$tls/$1.pem" ] && openssl x509 -checkend 2592000 -noout -in "$tls/$1.pem" >/dev/null && return
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" -keyout "$tls/$1.key.new" -out "$tls/$1.csr" 2>/dev/null
  openssl x509 -req -in "$tls/$1.csr" -CA "$tls/authority.pem" -CAkey "$tls/authority.key" -CAcreateserial -days 365 -out "$tls/$1.pem.new" \
    -extfile <(printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$2") 2>/dev/null
  mv "$tls/$1.key.new" "$tls/$1.key" && mv "$tls/$1.pem.new" "$tls/$1.pem"
  rm -f "$tls/$1.csr"
}
[ -f "$tls/authority.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=Orleans.Kms cluster' -addext basicConstraints=critical,CA:TRUE \
  -keyout "$tls/authority.key" -out "$tls/authority.pem" 2>/dev/null
for ((i = 1; i <= silos; i++)); do certificate "silo-$i" orleans-kms; done
certificate gateway orleans-kms-gateway
# For an application that calls the grains directly.
certificate client orleans-kms-client

# Starts a program in the background, with settings as NAME=VALUE before it, and waits for the line that says that it is ready. Settings are no arguments of any process: they hold passwords.
launch() {
  local name=$1 pid; shift
  ( while [[ "$1" == Kms__*=* ]]; do export "$1"; shift; done; exec "$@" ) >"$data/log/$name.out" 2>>"$data/log/$name.log" 9>&- &
  pid=$!
  echo "$pid" >"$data/processes/$name"
  until grep -q 'is ready' "$data/log/$name.out" 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null || { tail -n 5 "$data/log/$name.log" >&2; fail "$name ended, see above and $data/log/$name.log."; }
    read -rt 0.1 <> <(:) || true
  done
}

silo() {
  local i=$1
  launch "silo-$i" Kms__Database="$(of_role kms)" Kms__Cluster__SiloName="silo-$i" Kms__Orleans__SiloPort=$((port + 110 + i)) Kms__Orleans__GatewayPort=$((port + 120 + i)) \
    Kms__Monitoring__Port=$((port + 130 + i)) Kms__Cluster__Tls__CertificateFile="$tls/silo-$i.pem" Kms__Cluster__Tls__KeyFile="$tls/silo-$i.key" Kms__Cluster__Tls__AuthorityFile="$tls/authority.pem" \
    dotnet "$silo_program" --data "$data/silo-$i"
}

# The first silo makes the root key; the others get copies of its token, as a ceremony would bring the root key into real ones.
silo 1
for ((i = 2; i <= silos; i++)); do
  if [ -d "$data/silo-1/hsm" ] && [ ! -d "$data/silo-$i/hsm" ]; then
    mkdir -p "$data/silo-$i"
    cp -r "$data/silo-1/hsm" "$data/silo-$i/hsm"
  fi
  silo "$i"
done
for ((i = 0; i < gateways; i++)); do
  launch "gateway-$((i + 1))" Kms__Database="$(of_role kms_gateway)" Kms__Gateway__Port=$((port + i)) Kms__Monitoring__Port=$((port + 150 + i)) \
    Kms__Cluster__Tls__CertificateFile="$tls/gateway.pem" Kms__Cluster__Tls__KeyFile="$tls/gateway.key" Kms__Cluster__Tls__AuthorityFile="$tls/authority.pem" dotnet "$gateway_program"
done
if [ ! -f "$data/credentials.json" ]; then
  Kms__Database=$(of_role kms) Kms__Cluster__SiloName=silo-1 dotnet "$silo_program" admin add-account --endpoint "http://127.0.0.1:$port" --data "$data/silo-1" >"$data/credentials.new" 2>"$data/log/add-account.log" \
    || { cat "$data/log/add-account.log" >&2; fail "no account could be made, see above."; }
  mv "$data/credentials.new" "$data/credentials.json"
fi
echo "Orleans.Kms is ready: $silos silos, $gateways gateways from http://127.0.0.1:$port on, credentials in $(realpath --relative-to=. "$data/credentials.json"), logs in $(realpath --relative-to=. "$data/log")"
# Until Ctrl-C; what dies is not started again here.
wait || true
