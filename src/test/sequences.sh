#!/usr/bin/env bash
# Compares the service with the model of its contract in many generated sequences of calls: 10,000 from a random number, in
# parts, each in a service of its own.
#   src/test/sequences.sh [how many] [number of the first]
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
all=${1:-10000}
first=${2:-$(((RANDOM << 15) + RANDOM))}
part=2500

./mvnw -B -ntp -q test-compile
for ((done = 0; done < all; done += part)); do
  TEST_SEQUENCES=$((all - done < part ? all - done : part)) TEST_SEQUENCES_FROM=$((first + done)) \
    ./mvnw -B -ntp -q surefire:test -Dtest=SequencesTest
done
