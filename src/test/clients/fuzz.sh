#!/usr/bin/env bash
# Tries one API with requests that are generated from its OpenAPI document, and with such as the document forbids: nothing is
# a 5xx, no status is undeclared, no answer is off its schema. Creates and deletes beneath the organisation of the key.
#   src/test/clients/fuzz.sh <URL of the service> <key of a partner> <path of the document> <seconds>
# src/test/clients/install.sh installs what it needs.
set -Eeuo pipefail
export OFFSHOOT_URL=$1 OFFSHOOT_KEY=$2
document=$3 seconds=$4
root=$(cd "$(dirname "$0")/../../.." && pwd)
export SCHEMATHESIS_HOOKS=fuzz.hooks PYTHONPATH=$root/src/test/clients PYTHONDONTWRITEBYTECODE=1

# It leaves a folder behind where it runs.
cd "$root/target/clients/fuzz"
exec bin/schemathesis run "$OFFSHOOT_URL$document" \
  --max-time "$seconds" --continue-on-failure --no-color --generation-database none --warnings off --suppress-health-check all \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
