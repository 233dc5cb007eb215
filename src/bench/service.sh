# For the scripts beside it: starts the packaged service on BENCH_MONGODB_URI (and BENCH_DATABASE) or on the demo store in
# memory, and calls it. It sets service, management, service_pid and root_key. The caller sets folder, for logs, and kills service_pid at its end.
jar=target/quarkus-app/quarkus-run.jar

[ -f "$jar" ] || { echo "The service is not built: ./mvnw package -DskipTests" >&2; exit 1; }

await() {
  for _ in $(seq 120); do
    listening=$(grep -m 1 -o 'Listening on: http://[^ ]*:[0-9]*' "$2" | grep -o '[0-9]*$') && return
    sleep 0.5
  done
  echo "The $1 does not start:" >&2
  cat "$2" >&2
  exit 1
}

# Starts the service. With SETTINGS, a file that tree.sh made, it starts on that tree.
start_service() {
  local settings=(-Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port=0 -Dquarkus.management.port=0)
  if [ -n "${SETTINGS:-}" ]; then
    root_key=$(sed -n 's/^offshoot.root.key=//p' "$SETTINGS")
    settings+=("-Dsmallrye.config.locations=$SETTINGS")
  elif [ -n "${BENCH_MONGODB_URI:-}" ]; then
    root_key=$(java -jar "$jar" mint-key | grep -o 'osk_[0-9A-Za-z_]*')
    encryption_key=$(java -jar "$jar" mint-encryption-key | tail -n 1)
    settings+=("-Dquarkus.mongodb.connection-string=$BENCH_MONGODB_URI"
      "-Dquarkus.mongodb.database=${BENCH_DATABASE:-offshoot_bench_$$}" "-Doffshoot.root.key=$root_key"
      "-Doffshoot.key-encryption.current=$encryption_key")
  else
    settings+=(-Doffshoot.demo=true -Doffshoot.demo-store=memory)
  fi
  # shellcheck disable=SC2086 # options are words
  java ${SERVICE_JAVA_OPTIONS:-} "${settings[@]}" -jar "$jar" >"$folder/service.log" 2>&1 &
  service_pid=$!
  await service "$folder/service.log"
  service=http://127.0.0.1:$listening
  management=http://127.0.0.1:$(grep -m 1 -o 'Management interface listening on http://[0-9.]*:[0-9]*' "$folder/service.log" | grep -o '[0-9]*$')
  await_ready
}

# The port is open before the service is ready. A demonstration prints its key then.
await_ready() {
  for _ in $(seq 120); do
    root_key=${root_key:-$(grep -m 1 -o 'osk_[0-9A-Za-z_]*' "$folder/service.log" || true)}
    [ -n "$root_key" ] && curl -sf -o /dev/null -H "x-api-key: $root_key" "$service/organisations" && return
    sleep 0.5
  done
  echo "The service is not ready:" >&2
  cat "$folder/service.log" >&2
  exit 1
}

call() {
  curl -sf -w '\n' -H "x-api-key: $root_key" -H "Content-Type: application/json" -d "$2" "$service$1"
}

# Prints a customer's key.
create_customer() {
  call /organisations "{\"organisation_name\":\"$1\",\"country\":\"GB\",\"division_timezone\":\"Etc/UTC\"}" |
    sed -E 's/.*"organisation_api_key":"([^"]+)".*/\1/'
}

cpu_ticks() {
  awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# The sum of all series of a metric.
metric() {
  curl -sf "$management/q/metrics" | awk -v name="$1{" 'index($1, name) == 1 { sum += $2 } END { printf "%d", sum }'
}
