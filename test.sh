#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test, and ends with the line "N passed, N failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

fail() { echo "$1" >&2; echo "0 passed, 1 failed"; exit 1; }

command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing."
command -v npm >/dev/null || fail "Node.js with npm is missing."
missing=()
ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so >/dev/null 2>&1 || missing+=(softhsm2)
command -v pkcs11-tool >/dev/null || missing+=(opensc)
command -v openssl >/dev/null || missing+=(openssl)
command -v gcore >/dev/null || missing+=(gdb)
command -v certutil >/dev/null || missing+=(libnss3-tools)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || missing+=(libfaketime)
command -v ip >/dev/null || missing+=(iproute2)
command -v gcc >/dev/null && echo '#include <pthread.h>' | gcc -E - >/dev/null 2>&1 || missing+=(gcc libc6-dev)
if [ ${#missing[@]} -gt 0 ]; then
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "${missing[@]}" >"$logs/apt" 2>&1 \
    || { cat "$logs/apt" >&2; fail "These packages could not be installed: ${missing[*]}"; }
fi

dotnet build Orleans.Kms.sln --configuration Release --nologo --verbosity quiet || fail "The build failed."
(cd tests/clients && npm ci --no-audit --no-fund --silent) || fail "The client packages could not be installed."
(cd tests/Manifests.Tests/kubectl && npm ci --no-audit --no-fund --silent) || fail "kubectl could not be installed."

passed=0
failed=0

unit() { dotnet test "tests/$1" --configuration Release --no-build --nologo --blame-hang-timeout "${2:-5m}" ${3:+--filter "$3"}; }
clients() { (cd tests/clients && node --test --test-concurrency=2 --test-timeout=600000 --test-reporter=tap); }

# The runner's closing line: "Passed!  - Failed: 0, Passed: 4, Skipped: 0, ..."
count_unit() {
  local closing
  closing=$(grep -E '^(Passed|Failed)! ' "$1" | tail -n 1)
  [ -n "$closing" ] || { failed=$((failed + 1)); return; }
  # It closes with what had passed by then.
  if grep -qE '^(The active test run was aborted|Test Run Aborted)' "$1"; then failed=$((failed + 1)); fi
  failed=$((failed + $(sed -E 's/.*Failed: +([0-9]+).*/\1/' <<<"$closing")))
  passed=$((passed + $(sed -E 's/.*Passed: +([0-9]+).*/\1/' <<<"$closing")))
}

count_clients() {
  grep -q '^# pass ' "$1" || { failed=$((failed + 1)); return; }
  passed=$((passed + $(sed -nE 's/^# pass ([0-9]+)$/\1/p' "$1" | tail -n 1)))
  failed=$((failed + $(sed -nE 's/^# fail ([0-9]+)$/\1/p' "$1" | tail -n 1)))
  failed=$((failed + $(sed -nE 's/^# cancelled ([0-9]+)$/\1/p' "$1" | tail -n 1)))
}

for project in Contracts.Tests Gateway.Tests; do
  unit "$project" 2>&1 | tee "$logs/$project"
  count_unit "$logs/$project"
done

# Side by side, as each waits more than it works; the longest in two parts. Manifests.Tests builds the programs as the Dockerfiles do before it runs them.
unit Grains.Tests 10m "FullyQualifiedName~.Trail." >"$logs/Grains.Tests.Trail" 2>&1 &
unit Grains.Tests 10m "FullyQualifiedName!~.Trail." >"$logs/Grains.Tests" 2>&1 &
{ unit Client.Tests 10m >"$logs/Client.Tests" 2>&1; unit Manifests.Tests 10m >"$logs/Manifests.Tests" 2>&1; } &
clients 2>&1 | tee "$logs/clients"
wait
for project in Grains.Tests Grains.Tests.Trail Client.Tests Manifests.Tests; do
  cat "$logs/$project"
  count_unit "$logs/$project"
done
count_clients "$logs/clients"

# Whole clusters, and how soon they serve again: nothing else should run beside them.
KMS_FAILURE_REPORT="$logs/failures" unit Cluster.Tests 15m 2>&1 | tee "$logs/Cluster.Tests"
cat "$logs/failures"
count_unit "$logs/Cluster.Tests"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
