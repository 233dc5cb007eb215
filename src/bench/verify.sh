#!/usr/bin/env bash
# Measures the cost of verifying a key with POST /api-keys/verify and with /authorize, next to a bare endpoint that sends
# the same bytes. It prints requests per second, and the CPU time of the serving process per request. One load generator
# (wrk) loads both in turn, in several rounds of one run. Build the service first (./mvnw package).
#
# BENCH_MONGODB_URI=…  the database. Without it: the demo store in memory, which works in the service's process.
# KEYS=100 ROUNDS=5 SECONDS_EACH=10 WARM_UP=20 CONNECTIONS=32
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
keys=${KEYS:-100} rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-10} warm_up=${WARM_UP:-20} connections=${CONNECTIONS:-32}
command -v wrk >/dev/null || { echo "wrk is not installed; Debian has a package of that name." >&2; exit 1; }
. src/bench/service.sh
folder=$(mktemp -d)
trap 'kill "${service_pid:-}" "${bare_pid:-}" 2>/dev/null; rm -rf "$folder"' EXIT

make_keys() {
  gateway_key=$(call /api-keys '{"name":"Bench","roles":["gateway"]}' | sed -E 's/.*"api_key":"(osk_[^"]+)".*/\1/')
  for number in $(seq "$keys"); do
    create_customer "Customer $number"
  done >"$folder/keys"
}

# Records the service's answers, for the bare endpoint to send.
record_answers() {
  local key
  key=$(head -n 1 "$folder/keys")
  curl -sf -i -H "x-api-key: $gateway_key" -H "Content-Type: application/json" -d "{\"api_key\":\"$key\"}" \
    "$service/api-keys/verify" >"$folder/verify"
  curl -sf -i -H "x-gateway-key: $gateway_key" -H "x-api-key: $key" "$service/authorize" >"$folder/authorize"
}

start_bare() {
  java -cp 'target/quarkus-app/lib/main/*' src/bench/BareEndpoint.java \
    "/api-keys/verify=$folder/verify" "/authorize=$folder/authorize" >"$folder/bare.log" 2>&1 &
  bare_pid=$!
  await "bare endpoint" "$folder/bare.log"
  bare=http://127.0.0.1:$listening
}

# Loads one endpoint, and prints requests per second, CPU microseconds per request, and the 99th percentile in milliseconds.
load() {
  local base=$1 pid=$2 path=$3 duration=$4 before after figures
  before=$(cpu_ticks "$pid")
  figures=$(wrk -t1 -c"$connections" -d"${duration}s" -s src/bench/verify.lua "$base" -- "$path" "$folder/keys" "$gateway_key" |
    grep '^figures ')
  after=$(cpu_ticks "$pid")
  awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" -v "figures=$figures" 'BEGIN {
    split(figures, f, " ")
    if (f[4] > 0) { print f[4] " requests failed" > "/dev/stderr"; exit 1 }
    printf "%.0f %.1f %.1f\n", f[2] / f[3] * 1e6, ticks / hertz * 1e6 / f[2], f[5] / 1000
  }'
}

start_service
make_keys
record_answers
grep -q '"valid":true' "$folder/verify"
start_bare
for path in /api-keys/verify /authorize; do
  load "$bare" "$bare_pid" "$path" "$warm_up" >/dev/null
  load "$service" "$service_pid" "$path" "$warm_up" >/dev/null
done
printf '%-28s %12s %14s %10s\n' "($keys keys, $connections connections)" requests/s "CPU µs/request" "p99 ms"
for round in $(seq "$rounds"); do
  for path in /api-keys/verify /authorize; do
    printf '%-28s %12s %14s %10s\n' "$round bare $path" $(load "$bare" "$bare_pid" "$path" "$seconds")
    printf '%-28s %12s %14s %10s\n' "$round $path" $(load "$service" "$service_pid" "$path" "$seconds")
  done
done
