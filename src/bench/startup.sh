#!/usr/bin/env bash
# Measures how long the packaged service takes to start, and how much memory it holds after its first request. It runs the
# service in every way that this machine can: with each Java as it is, with a class-data archive that this script makes,
# and with the ahead-of-time cache of the build (app.aot, ./mvnw package -Paot); and as a native image (./mvnw package
# -Dnative). It names the ways that it can't run. The first start of each way does not count. Build the service first
# (./mvnw package).
#
# BENCH_MONGODB_URI=…  the database. Without it: the demo store in memory, which works in the service's process. A native
#                      image has no demo store, so none is measured then.
# RUNS=7 JAVAS="/usr/lib/jvm/…17… /usr/lib/jvm/…25…" (default: the java on the PATH, and JAVA25_HOME) SERVICE_PORT=20480
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
runs=${RUNS:-7} port=${SERVICE_PORT:-20480}
app=$PWD/target/quarkus-app jar=$PWD/target/quarkus-app/quarkus-run.jar
read -r -a javas <<<"${JAVAS:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")") ${JAVA25_HOME:-}}"
native=$(compgen -G 'target/*-runner' | head -n 1 || true)

[ -f "$jar" ] || { echo "The service is not built: ./mvnw package -DskipTests" >&2; exit 1; }
folder=$(mktemp -d)
pid=
trap 'if [ -n "$pid" ]; then kill -9 "$pid" 2>/dev/null; fi; rm -rf "$folder"' EXIT

root_key=$("${javas[0]}/bin/java" -jar "$jar" mint-key | tail -n 1)
settings=("-Dquarkus.http.host=127.0.0.1" "-Dquarkus.http.port=$port" "-Dquarkus.management.host=127.0.0.1"
  "-Dquarkus.management.port=$((port + 1))" "-Doffshoot.root.key=$root_key"
  "-Doffshoot.key-encryption.current=$("${javas[0]}/bin/java" -jar "$jar" mint-encryption-key | tail -n 1)")
if [ -n "${BENCH_MONGODB_URI:-}" ]; then
  settings+=("-Dquarkus.mongodb.connection-string=$BENCH_MONGODB_URI" "-Dquarkus.mongodb.database=offshoot_bench_$$")
else
  settings+=(-Doffshoot.demo=true -Doffshoot.demo-store=memory)
fi

await_200() { # URL; then what curl is to send
  for _ in $(seq 3000); do
    [ "$(curl -s -o /dev/null -w '%{http_code}' "${@:2}" "$1")" != 200 ] || return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.02
  done
  echo "The service does not start:" >&2
  cat "$folder/service.log" >&2
  exit 1
}

milliseconds() {
  echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# Resident and proportional set size, in megabytes.
memory() {
  awk '/^Rss:/ { rss = $2 } /^Pss:/ { pss = $2 } END { printf "%.0f %.0f\n", rss / 1024, pss / 1024 }' "/proc/$pid/smaps_rollup"
}

# Starts the service with the command, calls it once and stops it. Prints the milliseconds to its readiness and to its
# first answer, and its memory.
start_once() {
  local began ready
  began=$(milliseconds)
  "$@" >"$folder/service.log" 2>&1 &
  pid=$!
  await_200 "http://127.0.0.1:$((port + 1))/q/health/ready"
  ready=$(milliseconds)
  await_200 "http://127.0.0.1:$port/organisations" -H "x-api-key: $root_key"
  echo "$((ready - began)) $(($(milliseconds) - began)) $(memory)"
  kill "$pid"
  wait "$pid" || true
  pid=
}

# The median of a column of the figures, and its minimum and maximum.
spread() {
  cut -d ' ' -f "$2" "$1" | sort -n | awk '{ all[NR] = $1 } END {
    middle = NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2
    printf "%.0f (%.0f–%.0f)", middle, all[1], all[NR] }'
}

measure() { # NAME COMMAND…
  start_once "${@:2}" >/dev/null
  for _ in $(seq "$runs"); do
    start_once "${@:2}"
  done >"$folder/figures"
  printf '| %s | %s | %s | %s | %s |\n' "$1" "$(spread "$folder/figures" 1)" "$(spread "$folder/figures" 2)" \
    "$(spread "$folder/figures" 3)" "$(spread "$folder/figures" 4)"
}

echo "$runs starts each, load $(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) cores"
echo
echo "| run by | ms to readiness | ms to the first answer | RSS, MB | PSS, MB |"
echo "|---|---|---|---|---|"
for home in "${javas[@]}"; do
  java=$home/bin/java
  version=$("$java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')
  measure "Java $version" "$java" "${settings[@]}" -jar "$jar"
  start_once "$java" "-XX:ArchiveClassesAtExit=$folder/$version.jsa" "${settings[@]}" -jar "$jar" >/dev/null
  measure "Java $version, class-data archive" "$java" "-XX:SharedArchiveFile=$folder/$version.jsa" "${settings[@]}" -jar "$jar"
  if [ "${version%%.*}" -ge 25 ] && [ -f "$app/app.aot" ]; then
    # The cache is valid only for the class path that it was made with.
    cd "$app"
    measure "Java $version, ahead-of-time cache" "$java" -XX:AOTMode=on -XX:AOTCache=app.aot "${settings[@]}" -jar quarkus-run.jar
    cd - >/dev/null
  fi
done
if [ -n "$native" ] && [ -n "${BENCH_MONGODB_URI:-}" ]; then
  measure "native image" "$PWD/$native" "${settings[@]}"
fi
echo
[ -f "$app/app.aot" ] || echo "There is no ahead-of-time cache: ./mvnw package -Paot, with a Java 25."
[ -n "$native" ] || echo "There is no native image: ./mvnw package -Dnative, with GraalVM."
[ -n "${BENCH_MONGODB_URI:-}" ] || echo "The demo store was measured along; a native image has none."
