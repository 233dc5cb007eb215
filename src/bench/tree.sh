#!/usr/bin/env bash
# Makes a big tree in a database, to try things on. The packaged service writes one partner with one customer, its key, a
# member and its usage, and closes a month; BigTree.java then copies these documents as often as it is asked to, straight
# into the database. It leaves the settings to start the service on that tree in FOLDER/settings.properties, and the ids and
# keys of all organisations in FOLDER/keys.txt. Build the service first (./mvnw package).
#
# Usage: BENCH_MONGODB_URI=… src/bench/tree.sh FOLDER
# BENCH_DATABASE=offshoot_tree SHAPE=realistic|wide|deep ORGANISATIONS=10000 KEYS=1 MEMBERS=2 MONTHS=2
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
: "${BENCH_MONGODB_URI:?names the database}" "${1:?names the folder for settings and keys}"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
export BENCH_DATABASE=${BENCH_DATABASE:-offshoot_tree}
. src/bench/service.sh
trap 'kill "${service_pid:-}" 2>/dev/null || true' EXIT

id() { sed -E "s/.*\"$1\":\"([^\"]+)\".*/\1/"; }

report() { # month, day
  call /usage-records "{\"records\":[{\"id\":\"$1-$2\",\"organisation_id\":\"$customer\",\"day\":\"$1-$2\",\"api_requests\":1000,\"storage_bytes\":5000000}]}" >/dev/null
}

usage() {
  curl -sf -H "x-api-key: $root_key" "$service/organisations/$customer/usage?usage_month=$1"
}

start_service
partner_answer=$(call /organisations '{"organisation_name":"Partner","country":"GB","division_timezone":"Etc/UTC","is_partner":true}')
partner=$(id organisation_id <<<"$partner_answer")
partner_key=$(id partner_api_key <<<"$partner_answer")
operator_key=$root_key root_key=$partner_key
customer=$(call /organisations '{"organisation_name":"Customer","country":"GB","division_timezone":"Etc/UTC"}' | id organisation_id)
curl -sf -o /dev/null -H "Authorization: Bearer $partner_key" -H "Content-Type: application/json" \
  -d '{"userId":"user","role":"member","email":"user@example.org","name":"A User"}' \
  "$service/api/v1/organisations/$customer/members"
last=$(date -u -d "$(date -u +%Y-%m-01) -1 day" +%Y-%m) this=$(date -u +%Y-%m)
report "$last" 01
report "$this" 01
for _ in $(seq 120); do
  usage "$last" | grep -q '"source":"monthly".*"complete":true' && break
  sleep 1
done
echo "Waiting for the queue to include today's usage in its month, within two minutes" >&2
sleep 100
kill "$service_pid"
wait "$service_pid" || true
java -cp 'target/quarkus-app/lib/main/*:target/quarkus-app/lib/boot/*:target/quarkus-app/app/*' src/bench/BigTree.java \
  "$BENCH_MONGODB_URI" "$BENCH_DATABASE" "$partner" "$customer" "${SHAPE:-realistic}" "${ORGANISATIONS:-10000}" \
  "${KEYS:-1}" "${MEMBERS:-2}" "${MONTHS:-2}" "$folder/keys.txt"
cat >"$folder/settings.properties" <<SETTINGS
quarkus.mongodb.connection-string=$BENCH_MONGODB_URI
quarkus.mongodb.database=$BENCH_DATABASE
offshoot.root.key=$operator_key
offshoot.key-encryption.current=$encryption_key
# the partner above all of the tree
# key=$partner_key
# organisation=$partner
SETTINGS
echo "Start the service with SMALLRYE_CONFIG_LOCATIONS=$folder/settings.properties"
