#!/usr/bin/env bash
# Loads the packaged service with three calls: POST /api-keys/verify of one key, GET of one organisation, and POST of new
# ones. First in a closed loop, with few and with many connections, each of which sends its next request once the last one
# is answered (wrk). Then in an open loop: twice as many calls a second as were answered well at best, sent whether or not
# those before were answered (OpenLoop.java). It prints good answers and refusals (503) per second, the median and the 99th
# percentile, and the memory of the process. It asserts nothing. Build the service first (./mvnw package).
#
# BENCH_MONGODB_URI=…  the database. Without it: the demo store in memory, which works in the service's process.
# CALLS="verify get create" CONNECTIONS="32 1000" SECONDS_EACH=10 WARM_UP=10
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
seconds=${SECONDS_EACH:-10} warm_up=${WARM_UP:-10}
read -r -a calls <<<"${CALLS:-verify get create}"
read -r -a connections <<<"${CONNECTIONS:-32 1000}"
command -v wrk >/dev/null || { echo "wrk is not installed; Debian has a package of that name." >&2; exit 1; }
. src/bench/service.sh
folder=$(mktemp -d)
trap 'kill "${service_pid:-}" 2>/dev/null; rm -rf "$folder"' EXIT

# Sets method, path and body of a call.
choose() {
  method=POST path=/organisations body='{"organisation_name":"Created","country":"GB","division_timezone":"Etc/UTC"}'
  case $1 in
    verify) path=/api-keys/verify body="{\"api_key\":\"$customer_key\"}" ;;
    get) method=GET path=/organisations/$customer body= ;;
  esac
}

closed_loop() { # call, connections, seconds
  choose "$1"
  wrk -t1 -c"$2" -d"${3}s" --timeout 10s -s src/bench/call.lua "$service" -- "$method" "$path" "$root_key" "$body" |
    grep '^figures '
}

open_loop() { # call, calls a second, seconds
  choose "$1"
  java -cp 'target/quarkus-app/lib/main/*' src/bench/OpenLoop.java "$2" "$3" "$method" "$service$path" "$root_key" "$body" \
    2>"$folder/open-loop.log" | grep '^figures ' || { cat "$folder/open-loop.log" >&2; exit 1; }
}

report() { # call, load, good, refused, other, p50, p99
  printf '%-8s %20s %12s %12s %10s %10s %10s %8s\n' "$1" "$2" $(($3 / seconds)) $(($4 / seconds)) "$5" "$6" "$7" \
    "$(awk '/^VmRSS:/ { printf "%.0f", $2 / 1024 }' "/proc/$service_pid/status")"
}

start_service
customer_key=$(create_customer Customer)
customer=$(curl -sf -H "x-api-key: $root_key" "$service/organisations?limit=1" |
  sed -E 's/.*"organisation_id":"([0-9a-f]+)".*/\1/')
for call in "${calls[@]}"; do
  closed_loop "$call" "${connections[0]}" "$warm_up" >/dev/null
done
printf '%-8s %20s %12s %12s %10s %10s %10s %8s\n' call load good/s refused/s other "p50 ms" "p99 ms" "RSS MB"
for call in "${calls[@]}"; do
  best=0
  for count in "${connections[@]}"; do
    read -r _ good refused other p50 p99 <<<"$(closed_loop "$call" "$count" "$seconds")"
    report "$call" "$count connections" "$good" "$refused" "$other" "$p50" "$p99"
    best=$((good / seconds > best ? good / seconds : best))
  done
  read -r _ good refused other p50 p99 <<<"$(open_loop "$call" $((2 * best)) "$seconds")"
  report "$call" "$((2 * best)) calls/s" "$good" "$refused" "$other" "$p50" "$p99"
done
