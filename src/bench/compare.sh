#!/usr/bin/env bash
# Compares what the peers answer with what the service answers, for every workload: status, headers and body, byte for byte.
# Ids, keys and times of what is created may differ, where they have the right form. It fails on any other difference. Build
# the service first (./mvnw package); this script installs and builds the peers where they are not.
#
# Usage: BENCH_MONGODB_URI=… src/bench/compare.sh FOLDER
# FOLDER has a tree that tree.sh made; without one, a tree of SIZE=200 organisations is made there.
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
: "${1:?names the folder of the tree}"
# shellcheck source=src/bench/peers.sh
. src/bench/peers.sh
size=${SIZE:-200}
[ -f "$1/settings.properties" ] ||
  SHAPE=wide ORGANISATIONS=$size BENCH_DATABASE=offshoot_compare_$size src/bench/tree.sh "$1" >&2
exec python3 src/bench/harness/main.py compare "$1"
