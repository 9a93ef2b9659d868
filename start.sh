#!/usr/bin/env bash
# Starts the whole service in one process: silo and gateway, SQLite and SoftHSM2 in one data folder; without SoftHSM2 if Kms__RootKeyFile names a root key file.
#   ./start.sh [--port N] [--data DIR] [--account ID]... [--no-build]
# Or, for trying and testing, a whole cluster on this machine: PostgreSQL, N silos with a SoftHSM2 token each, M gateways; see cluster.sh.
#   ./start.sh --cluster NxM [--port N] [--data DIR] [--no-build]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

build=yes
arguments=()
cluster=
while [ $# -gt 0 ]; do
  case "$1" in
    --no-build) build=no ;;
    --cluster) cluster=${2:-?}; shift ;;
    *) arguments+=("$1") ;;
  esac
  [ $# -eq 0 ] || shift
done

fail() { echo "Orleans.Kms cannot start: $1" >&2; exit 1; }

command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing; install it, then run this again."

softhsm() { ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so 2>/dev/null | head -n 1; }
if [ -z "${Kms__Hsm__ModulePath:-}" ] && [ -z "${Kms__RootKeyFile:-}" ] && [ -z "$(softhsm)" ]; then
  install='apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq softhsm2'
  without="or set Kms__RootKeyFile=FILE to do without it, and without protection level HSM"
  refused="softhsm2 could not be installed, see above; install it, then run this again, $without."
  if ! command -v apt-get >/dev/null; then fail "SoftHSM2 is missing; install it with this system's package manager, $without."
  elif [ "$(id -u)" = 0 ]; then echo "Installing softhsm2" >&2; sh -c "$install" >&2 || fail "$refused"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then echo "Installing softhsm2" >&2; sudo sh -c "$install" >&2 || fail "$refused"
  else fail "SoftHSM2 is missing; run: sudo apt-get install softhsm2, $without."
  fi
fi

if [ "$build" = yes ]; then
  log=$(mktemp)
  dotnet build "$here/src/Silo/Silo.csproj" --configuration Release --verbosity quiet --nologo >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; fail "the build failed, see above."; }
  rm -f "$log"
fi
[ -z "$cluster" ] || exec bash "$here/src/Silo/Cluster/cluster.sh" "$cluster" ${arguments[@]+"${arguments[@]}"}
program="$here/src/Silo/bin/Release/net10.0/Orleans.Kms.Silo.dll"
[ -f "$program" ] || fail "it has not been built; run it once without --no-build."
exec dotnet "$program" ${arguments[@]+"${arguments[@]}"}
