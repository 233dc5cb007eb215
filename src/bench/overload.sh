#!/usr/bin/env bash
# Loads the packaged service with few and with many connections, each of which sends its next request once the last one is
# answered, and reports what it does of three calls: POST /api-keys/verify of one key, GET of one organisation, and POST
# of new ones. It prints good answers and refusals (503) per second, the median and the 99th percentile, and the memory of
# the process. It asserts nothing. Build the service first (./mvnw package).
#
# BENCH_MONGODB_URI=…  the database. Without it: the demo store in memory, which works in the service's process.
# CONNECTIONS="32 1000" SECONDS_EACH=10 WARM_UP=10
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
seconds=${SECONDS_EACH:-10} warm_up=${WARM_UP:-10}
read -r -a connections <<<"${CONNECTIONS:-32 1000}"
. src/bench/service.sh
folder=$(mktemp -d)
trap 'kill "${service_pid:-}" 2>/dev/null; rm -rf "$folder"' EXIT

load() { # call, connections, seconds
  wrk -t1 -c"$2" -d"${3}s" --timeout 10s -s src/bench/overload.lua "$service" -- "$1" "$root_key" "$customer" "$customer_key" |
    grep '^figures '
}

start_service
customer_key=$(create_customer Customer)
customer=$(curl -sf -H "x-api-key: $root_key" "$service/organisations?limit=1" |
  sed -E 's/.*"organisation_id":"([0-9a-f]+)".*/\1/')
for call in verify get create; do
  load "$call" "${connections[0]}" "$warm_up" >/dev/null
done
printf '%-8s %12s %12s %12s %10s %10s %10s %8s\n' call connections good/s refused/s other "p50 ms" "p99 ms" "RSS MB"
for call in verify get create; do
  for count in "${connections[@]}"; do
    read -r _ good refused other p50 p99 <<<"$(load "$call" "$count" "$seconds")"
    printf '%-8s %12s %12s %12s %10s %10s %10s %8s\n' "$call" "$count" $((good / seconds)) $((refused / seconds)) "$other" \
      "$p50" "$p99" "$(awk '/^VmRSS:/ { printf "%.0f", $2 / 1024 }' "/proc/$service_pid/status")"
  done
done
