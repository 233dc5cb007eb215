#!/usr/bin/env bash
# Looks for inputs that the fuzz tests of the parsers do not hold for, five minutes for each test. One that it finds lies with
# the test's other inputs in src/test/resources, and fails every build from then on.
#   src/test/fuzz-parsers.sh [a test as Maven names it, such as 'QueryFuzzTest#queryWrittenAgainIsTheSame' ...]
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
tests=("$@")
if [ "${#tests[@]}" -eq 0 ]; then
  mapfile -t tests < <(cd src/test/java && grep -rA1 --include='*FuzzTest.java' '@FuzzTest' . |
    sed -nE 's|.*/(\w+)\.java-\s+void (\w+)\(.*|\1#\2|p')
fi

./mvnw -B -ntp -q test-compile
# A process fuzzes one test and passes the others by.
for test in "${tests[@]}"; do
  echo "$test"
  JAZZER_FUZZ=1 ./mvnw -B -ntp -q surefire:test -Dtest="$test" -Djazzer.hooks=true
done
