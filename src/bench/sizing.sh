#!/usr/bin/env bash
# Measures trees of several sizes: what each call costs the service (CPU time per request) and how long it takes, what the
# trees take on disk, and at the largest how long changed days, the closing of a month and a deletion take in the background,
# and what others see meanwhile. It makes the trees with tree.sh, unless FOLDER has them from a run before; the deletion spoils
# the largest. Build the service first (./mvnw package).
#
# Usage: BENCH_MONGODB_URI=… src/bench/sizing.sh FOLDER
# SIZES="10 1000 10000 100000" SECONDS_EACH=10 CALLS_A_SECOND=200 WARM_UP=4 CONNECTIONS=4
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
: "${BENCH_MONGODB_URI:?names the database}" "${1:?names the folder for the trees}"
read -ra sizes <<<"${SIZES:-10 1000 10000 100000}"
seconds=${SECONDS_EACH:-10} rate=${CALLS_A_SECOND:-200} warm_up=${WARM_UP:-4} connections=${CONNECTIONS:-4}
command -v wrk >/dev/null || { echo "wrk is not installed; Debian has a package of that name." >&2; exit 1; }
mkdir -p "$1"
top=$(cd "$1" && pwd)
. src/bench/service.sh
trap 'kill "${service_pid:-}" 2>/dev/null || true' EXIT
# The first compiler alone is done after some thousand calls. With the second, compiling takes more than so few calls.
export SERVICE_JAVA_OPTIONS=${SERVICE_JAVA_OPTIONS:--XX:TieredStopAtLevel=1}
last=$(date -u -d "$(date -u +%Y-%m-01) -1 day" +%Y-%m) this=$(date -u +%Y-%m)

make_tree() { # size
  [ -f "$top/$1/settings.properties" ] ||
    BENCH_DATABASE=offshoot_size_$1 ORGANISATIONS=$1 src/bench/tree.sh "$top/$1" >&2
}

state() {
  java -cp 'target/quarkus-app/lib/main/*' src/bench/TreeState.java "$BENCH_MONGODB_URI" "$(sed -n "s/^quarkus.mongodb.database=//p" "$top/$size/settings.properties")" "$@" 2>"$top/state.log"
}

start_on_tree() {
  folder=$top/$size
  SETTINGS=$folder/settings.properties start_service
  key=$(sed -n 's/^# key=//p' "$folder/settings.properties")
  partner=$(sed -n 's/^# organisation=//p' "$folder/settings.properties")
  read -r customer customer_key <<<"$(tail -n 1 "$folder/keys.txt")"
  parent=$(head -n 1 "$folder/keys.txt" | cut -d' ' -f1)
}

stop_service() {
  kill "$service_pid"
  wait "$service_pid" || true
}

load() { # seconds, method, path, body
  wrk -t1 -c"$connections" -d"${1}s" --timeout 10s -s src/bench/call.lua "$service" -- "$2" "$3" "$key" "${4:-}" |
    grep '^figures '
}

# The same number of calls a second whatever the size, without what the process does without any call. Each call is made some
# thousand times before.
measure() { # name, method, path, body
  local good refused other p50 p99 bytes
  [ "$warm_up" = 0 ] || load "$warm_up" "${@:2}" >/dev/null
  bytes=$(allocated)
  count_up
  read -r _ good refused other p50 p99 <<<"$(java -cp 'target/quarkus-app/lib/main/*' src/bench/OpenLoop.java "$rate" "$seconds" "$2" "$service$3" "$key" "${4:-}" 2>"$top/loop.log")"
  count_down
  bytes=$(($(allocated) - bytes))
  awk -v size="$size" -v name="$1" -v ticks="$ticks" -v idle="$idle" -v took="$took" -v hertz="$(getconf CLK_TCK)" \
    -v requests="$requests" -v commands="$commands" -v bytes="$bytes" -v p50="$p50" -v p99="$p99" -v bad=$((refused + other)) 'BEGIN {
    printf "| %s | %d | %.0f | %.1f | %.1f | %s | %s | %d |\n", name, size, (ticks - idle * took) / hertz * 1e6 / requests,
      bytes / requests / 1024, commands / requests, p50, p99, bad
  }'
}

allocated() {
  echo | java src/bench/Allocated.java "$service_pid" 2>"$top/allocated.log"
}

# How many ticks of CPU time the process takes in a second without calls.
measure_idle() {
  count_up
  sleep 15
  count_down
  idle=$(awk -v ticks="$ticks" -v took="$took" 'BEGIN { print ticks / took }')
  echo "| (no calls) | $size | $(awk -v idle="$idle" -v hertz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f ms a second", idle / hertz * 1000 }') | | | | | |"
}

count_up() {
  began_nanos=$(date +%s%N)
  requests=$(metric offshoot_http_requests_seconds_count) commands=$(metric offshoot_database_commands_seconds_count)
  ticks=$(cpu_ticks "$service_pid")
}

count_down() {
  took=$(awk -v nanos=$(($(date +%s%N) - began_nanos)) 'BEGIN { print nanos / 1e9 }')
  ticks=$(($(cpu_ticks "$service_pid") - ticks))
  requests=$(($(metric offshoot_http_requests_seconds_count) - requests))
  commands=$(($(metric offshoot_database_commands_seconds_count) - commands))
}

time_once() { # name, path
  local all
  all=$(for _ in 1 2 3; do
    curl -s -o "$top/answer.json" -w '%{http_code} %{time_total}\n' -H "x-api-key: $key" "$service$2"
  done | sort -k2 | sed -n 2p)
  echo "| $1 | $size | $all |"
}

# Pages have one row, because the trees differ in how many they have.
calls() {
  measure "one organisation" GET "/organisations/$customer"
  measure "a page of children" GET "/organisations?limit=1"
  # Some databases sort the whole scope for each, so that a few a second are many. One that finds nothing warms it up.
  load "$warm_up" GET "/organisations?scope=subtree&limit=1&partner_external_id=nobody" >/dev/null
  warm_up=0 rate=5 measure "a page of the subtree" GET "/organisations?scope=subtree&limit=1"
  measure "its keys" GET "/organisations/$customer/api-keys"
  measure "verify" POST /api-keys/verify "{\"api_key\":\"$customer_key\"}"
  measure "usage of one, open month" GET "/organisations/$customer/usage?usage_month=$this"
}

roll_ups() {
  local query
  time_once "a page of the subtree, one row" "/organisations?scope=subtree&limit=1"
  for query in "" "&breakdown=daily" "&breakdown=children"; do
    time_once "closed month$query" "/usage?scope=subtree&usage_month=$last$query"
    time_once "open month$query" "/usage?scope=subtree&usage_month=$this$query"
  done
}

# Waits until nothing is left of what that field of the state counts, and says how long it took. Others call meanwhile.
await_none() { # name, field
  local began calls=$top/calls.log
  began=$(date +%s%N)
  count_up
  (while :; do
    curl -s -o "$top/answer.json" -w '%{http_code} %{time_total}\n' -H "x-api-key: $root_key" "$service/organisations?limit=1"
    sleep 0.1
  done >"$calls") &
  local others=$!
  until [ "$(state pending "$partner" | cut -d' ' -f"$2")" = 0 ]; do sleep 1; done
  kill "$others"
  count_down
  echo "| $1 | $size | $((($(date +%s%N) - began) / 1000000000)) s | $((ticks / $(getconf CLK_TCK))) s | $((commands - 2 * $(wc -l <"$calls"))) | $(grep -c '^200' "$calls") of $(wc -l <"$calls") | $(sort -k2 "$calls" | awk '{ print $2; }' | tail -n 1) s |"
}

background() {
  state change >/dev/null
  await_none "include a changed day of every organisation" 1
  state reopen >/dev/null
  await_none "close a month of every organisation" 2
  curl -s -o "$top/answer.json" -w 'The deletion is answered %{http_code} after %{time_total} s.\n' -X DELETE \
    -H "x-api-key: $root_key" "$service/organisations/$partner"
  await_none "delete all of them" 3
}

for size in "${sizes[@]}"; do
  make_tree "$size"
done
echo "| call | organisations | CPU µs per request | KB allocated | commands | p50 ms | p99 ms | not 200 |"
echo "|---|---|---|---|---|---|---|---|"
for size in "${sizes[@]}"; do
  start_on_tree
  load "$warm_up" GET "/organisations/$customer" >/dev/null
  measure_idle
  calls
  stop_service
done
echo
echo "| roll-up | organisations | status and seconds (median of three) |"
echo "|---|---|---|"
for size in "${sizes[@]}"; do
  start_on_tree
  roll_ups
  stop_service
done
echo
echo "| collection | documents | bytes of one | bytes on disk | bytes of indexes | (tree of $size) |"
state sizes
echo
start_on_tree
echo "| in the background | organisations | time | CPU | commands, without the others' | others' calls that were 200 | the slowest of them |"
echo "|---|---|---|---|---|---|---|"
background
