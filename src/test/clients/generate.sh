#!/usr/bin/env bash
# Generates clients from the OpenAPI documents that a running service serves, and compiles or imports each of them, with the
# generators that install.sh installs:
#
#   src/test/clients/generate.sh http://localhost:8080 target/generated [LANGUAGE…]
#
# The languages are python, go, java, typescript (openapi-generator) and python-client (openapi-python-client); all of them,
# if none is named. The clients are FOLDER/LANGUAGE/DOCUMENT. It ends with 1 if one of them does not compile.
set -Eeuo pipefail
service=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
shift 2
[ $# -gt 0 ] || set -- python go java typescript python-client

project=$(cd "$(dirname "$0")/../../.." && pwd)
installed=$project/target/clients
jar=$installed/generators/openapi-generator-cli.jar
python=$installed/generators/python/bin
declare -A paths=([partner]=/q/openapi [cloud_manager]=/q/openapi/cloud-manager [monoid]=/q/openapi/monoid [edge]=/q/openapi/edge)

# Monoid's `_id` and `id` are one name in most languages. Go's names begin with a capital where they are public.
mappings() {
  local document=$1 language=$2
  if [ "$document" = monoid ]; then
    if [ "$language" = go ]; then echo "--name-mappings _id=DatabaseId"; else echo "--name-mappings _id=databaseId"; fi
  fi
}

generate() {
  local document=$1 language=$2 output=$3 options
  case $language in
    python) options="-g python --additional-properties packageName=offshoot_$document" ;;
    go) options="-g go --additional-properties packageName=$document,withGoMod=false" ;;
    java) options="-g java --library native --additional-properties invokerPackage=$document,apiPackage=$document.api,modelPackage=$document.model" ;;
    typescript) options="-g typescript-fetch" ;;
    python-client)
      (cd "$output" && PATH=$python:$PATH openapi-python-client generate --url "$service${paths[$document]}" --meta none \
        --output-path "offshoot_$document" --fail-on-warning)
      return
      ;;
    *)
      echo "Unknown language: $language"
      return 2
      ;;
  esac
  # shellcheck disable=SC2046,SC2086 # several words each
  java -jar "$jar" generate -i "$service${paths[$document]}" -o "$output" $options $(mappings "$document" "$language")
}

compile() {
  local document=$1 language=$2 output=$3
  case $language in
    python | python-client)
      (cd "$output" && "$python/python" -c "
import importlib, pkgutil
package = importlib.import_module('offshoot_$document')
for module in pkgutil.walk_packages(package.__path__, 'offshoot_$document.'):
    importlib.import_module(module.name)")
      ;;
    go) (cd "$output" && rm -rf test && go mod init "example.com/$document" && go vet ./...) ;;
    java) "$project/mvnw" -q -B -f "$output/pom.xml" compile ;;
    typescript)
      "$installed/documents/node_modules/.bin/tsc" --noEmit --strict --target es2020 --module es2020 \
        --moduleResolution node "$output/index.ts"
      ;;
  esac
}

failed=0
for language in "$@"; do
  for document in partner cloud_manager monoid edge; do
    output=$folder/$language/$document
    rm -rf "$output"
    mkdir -p "$output"
    log=$output.log
    if generate "$document" "$language" "$output" >"$log" 2>&1 && compile "$document" "$language" "$output" >>"$log" 2>&1; then
      echo "A client in $language compiles: $document."
    else
      failed=1
      echo "A client in $language does not compile: $document. The log is $log:"
      tail -n 20 "$log"
    fi
  done
done
exit $failed
