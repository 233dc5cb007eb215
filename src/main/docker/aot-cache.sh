#!/usr/bin/env bash
# Makes app.aot, the ahead-of-time cache of Java 25, in the folder of a service that was built with the profile aot. It
# runs the service once on a demo store in memory, calls it and stops it. The cache then has the classes that a start and
# the first requests load and link. The script fails unless the same java loads the cache that it made.
set -Eeuo pipefail
cd "${1:?usage: aot-cache.sh FOLDER}"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
log=$(mktemp)
service=
trap 'if [ -n "$service" ]; then kill -9 "$service" 2>/dev/null; fi; rm -f "$log" app.aot.config' EXIT

fail() {
  cat "$log" >&2
  echo "aot-cache.sh: $1" >&2
  exit 1
}

# Waits until the log shows the pattern, and prints the first match.
await() {
  for _ in $(seq 600); do
    if grep -oE -m 1 "$1" "$log"; then return; fi
    kill -0 "$service" 2>/dev/null || break
    sleep 0.1
  done
  fail "the service did not start"
}

# Sends one request with the root partner's key. It uses bash only: the runtime image may have no HTTP client.
call() { # PORT METHOD PATH [BODY]
  local body=${4:-} status
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf '%s %s HTTP/1.1\r\nHost: localhost\r\nx-api-key: %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
    "$2" "$3" "$key" "${#body}" "$body" >&3
  read -r status <&3
  cat <&3 >/dev/null
  exec 3>&-
  [[ $status == HTTP/1.1\ 20* ]] || fail "$2 $3 was answered: $status"
}

# With cached adapters, every later start would warn about some that it can't link.
"$java" -XX:AOTCacheOutput=app.aot -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching \
  -Doffshoot.demo=true -Doffshoot.demo-store=memory -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port=0 \
  -Dquarkus.management.host=127.0.0.1 -Dquarkus.management.port=0 -jar quarkus-run.jar >"$log" 2>&1 &
service=$!
port=$(await 'Listening on: http://[^:]+:[0-9]+')
port=${port##*:}
management=$(await 'Management interface listening on http://[^:]+:[0-9]+')
management=${management##*:}
key=$(await 'osk_[A-Za-z0-9_]+')
for n in 1 2 3; do
  call "$port" POST /organisations "{\"organisation_name\":\"Example $n\",\"country\":\"GB\",\"division_timezone\":\"Europe/London\"}"
  call "$port" GET /organisations
  call "$port" POST /api-keys/verify "{\"api_key\":\"$key\"}"
  call "$management" GET /q/health/ready
  call "$management" GET /q/metrics
done
kill -TERM "$service"
wait "$service" || [ $? = 143 ] || fail "the service did not end well"
service=

"$java" -XX:AOTMode=on -XX:AOTCache=app.aot -jar quarkus-run.jar mint-key >"$log" 2>&1 ||
  fail "java does not load the cache that it made"
echo "Made the ahead-of-time cache $PWD/app.aot."
