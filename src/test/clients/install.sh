#!/usr/bin/env bash
# Installs the clients that CloudManagerClientsIT drives, each in a folder of its own under target/clients, at the
# versions fixed beside this file. What is there already stays; a client that can't be installed is named and left out.
set -Eeuo pipefail
cd "$(dirname "$0")/../../.."
sources=$PWD/src/test/clients
target=$PWD/target/clients
mkdir -p "$target"

# Runs the step unless the files it is made from are those of its last success.
install() {
  local name=$1 step=$2
  shift 2
  local made_from
  made_from=$(cat "$@" | cksum)
  if [ "$(cat "$target/$name.installed" 2>/dev/null)" = "$made_from" ]; then
    return
  fi
  rm -f "$target/$name.installed"
  if "$step" >"$target/$name.log" 2>&1; then
    echo "$made_from" >"$target/$name.installed"
    echo "Installed the client: $name."
  else
    echo "The client could not be installed and will not be tried: $name. Its log is target/clients/$name.log."
  fi
}

python() {
  python3 -m venv "$target/python" &&
    "$target/python/bin/pip" install --quiet --disable-pip-version-check -r "$sources/requirements.txt"
}

node() {
  mkdir -p "$target/node" &&
    cp "$sources/package.json" "$target/node" &&
    (cd "$target/node" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts)
}

go_client() {
  mkdir -p "$target/go" &&
    (cd "$sources" && go build -o "$target/go/client" client.go)
}

install python python "$sources/requirements.txt"
install node node "$sources/package.json"
install go go_client "$sources/client.go" "$sources/go.mod" "$sources/go.sum"
