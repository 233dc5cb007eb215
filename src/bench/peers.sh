# shellcheck shell=bash
# For the scripts beside it: installs and builds the peers where they are not, and chooses the Java.
for tool in node npm python3; do
  command -v $tool >/dev/null || { echo "$tool is not installed: the peers need Node 20, the scripts Python 3" >&2; exit 1; }
done
[ -f target/quarkus-app/quarkus-run.jar ] || { echo "The service is not built: ./mvnw package -DskipTests" >&2; exit 1; }
export JAVA=${JAVA:-${JAVA25_HOME:+$JAVA25_HOME/bin/java}}
export JAVA=${JAVA:-java}
[ -d src/bench/peers/node/node_modules ] || (cd src/bench/peers/node && npm ci --silent >&2)
[ -f src/bench/peers/spring/target/peer-spring.jar ] || ./mvnw -q -B -ntp -f src/bench/peers/spring/pom.xml package >&2
