#!/usr/bin/env bash
# Measures the service against its peers, and writes a report with tables and plots to FOLDER/report.md. Everything takes
# about an hour; --short takes less than ten minutes once its tree is there. Build the service first (./mvnw package, with
# -Paot for the start from an ahead-of-time cache). README.md beside this script says what is measured and how.
#
# Usage: BENCH_MONGODB_URI=… src/bench/run.sh [--short] FOLDER
# The long run: SIZES="10 10000 100000". Others: TREES=FOLDER/trees JAVA=… JAVAS="…" SERVICE_JAVA_OPTIONS=… MOST_OTHER=0.10
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
short=()
if [ "${1:-}" = --short ]; then
  short=(--short)
  shift
fi
: "${BENCH_MONGODB_URI:?names the database}" "${1:?names the folder of the report}"
command -v wrk >/dev/null || { echo "wrk is not installed; Debian has a package of that name." >&2; exit 1; }
# shellcheck source=src/bench/peers.sh
. src/bench/peers.sh
mkdir -p "$1"
folder=$(cd "$1" && pwd)
trees=${TREES:-$folder/trees}
read -ra sizes <<<"${SIZES:-$([ ${#short[@]} = 0 ] && echo "10 10000" || echo 1000)}"
harness=src/bench/harness/main.py
if [ ${#short[@]} != 0 ]; then
  # Bytes with the one Java.
  export JAVAS=${JAVAS:-$(dirname "$(dirname "$(readlink -f "$(command -v "$JAVA")")")")}
fi

rm -f "$folder/raw.jsonl" "$folder/startup.md"
# Bytes and starts are measured on this tree: a large one makes pages slow, and allocates no more.
few=1000
for size in "${sizes[@]}" $few; do
  [ -f "$trees/$size/settings.properties" ] ||
    SHAPE=wide ORGANISATIONS=$size BENCH_DATABASE=offshoot_run_$size src/bench/tree.sh "$trees/$size" >&2
done
for size in "${sizes[@]}"; do
  python3 $harness measure "$trees/$size" "$folder" "${short[@]}"
done
python3 $harness jdks "$trees/$few" "$folder" "${short[@]}"
python3 $harness starts "$trees/$few" "$folder" "${short[@]}"
if [ ${#short[@]} = 0 ]; then
  src/bench/startup.sh >"$folder/startup.md"
fi
python3 $harness report "$folder"
echo "$folder/report.md"
