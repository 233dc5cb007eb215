#!/usr/bin/env bash
# Installs what the tests drive the service with or read its files with, each in a folder of its own under target/clients:
# the clients of CloudManagerClientsIT, at the versions fixed beside this file, the nginx of NginxIT and the promtool of
# AlertRulesTest, as Debian has them, the linter and the generator of DocumentsIT, the fuzzer of FuzzedDocumentsIT, the
# generators of GeneratedClientsIT, the runner of CollectionIT, and what checks the files to deploy with. What is there
# already stays; what can't be installed is named and left out.
set -Eeuo pipefail
cd "$(dirname "$0")/../../.."
sources=$PWD/src/test/clients
target=$PWD/target/clients
mkdir -p "$target"

# Runs the step, a second time if it fails, unless the files it is made from are those of its last success.
install() {
  local name=$1 step=$2
  shift 2
  local made_from
  made_from=$(cat "$@" | cksum)
  if [ "$(cat "$target/$name.installed" 2>/dev/null)" = "$made_from" ]; then
    return
  fi
  rm -f "$target/$name.installed"
  if "$step" >"$target/$name.log" 2>&1 || "$step" >>"$target/$name.log" 2>&1; then
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

# By its lock, which holds no addresses.
locked() {
  local folder=$1
  mkdir -p "$target/$folder" &&
    cp "$sources/$folder/package.json" "$sources/$folder/package-lock.json" "$target/$folder" &&
    (cd "$target/$folder" && npm ci --no-audit --no-fund --ignore-scripts)
}

documents() {
  locked documents
}

collection() {
  locked collection
}

# Two generators of clients, and what their Python clients need: one as an artifact through Maven, one from Python's index.
generators() {
  local jar=openapi-generator-cli-7.25.0.jar
  mkdir -p "$target/generators" &&
    ./mvnw -q -B -N org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -DoutputDirectory="$target/generators" \
      -Dartifact=org.openapitools:openapi-generator-cli:7.25.0 &&
    echo "41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae  $target/generators/$jar" | sha256sum --check --quiet &&
    ln -sf "$jar" "$target/generators/openapi-generator-cli.jar" &&
    python3 -m venv "$target/generators/python" &&
    "$target/generators/python/bin/pip" install --quiet --disable-pip-version-check -r "$sources/generators/requirements.txt"
}

# Makes requests of the documents.
fuzz() {
  python3 -m venv "$target/fuzz" &&
    "$target/fuzz/bin/pip" install --quiet --disable-pip-version-check -r "$sources/fuzz/requirements.txt"
}

go_client() {
  mkdir -p "$target/go" &&
    (cd "$sources" && go build -o "$target/go/client" client.go && go build -o "$target/go/sdk" sdk.go)
}

# The program of this machine, else that of Debian's package of the name, unpacked: nothing is installed on the machine, and
# no server started. It is linked as $target/<package>/<program>.
debian_program() {
  local package=$1 program=$2
  local folder=$target/$package found
  rm -rf "$folder" && mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  found=$(PATH=$PATH:/usr/sbin type -P "$program") || {
    local apt=(-o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=)
    apt-get "${apt[@]}" update &&
      (cd "$folder" && apt-get "${apt[@]}" download "$package" && dpkg-deb --extract "${package}"_*.deb unpacked) || return
    found=$(find "$folder/unpacked/usr" -type f -name "$program" -perm -u+x | head -n 1)
    rm -rf "$folder/lists" "$folder/cache" "$folder"/*.deb
  }
  ln -s "$found" "$folder/$program"
}

nginx_package() {
  debian_program nginx nginx && "$target/nginx/nginx" -V 2>&1 | grep http_auth_request_module
}

# Of Prometheus only the tool that checks and tries rules.
promtool_package() {
  debian_program prometheus promtool && "$target/prometheus/promtool" --version
}

# What reads the files to deploy with: linters and schemas for containers, Compose and Kubernetes.
deployment_checkers() {
  python3 -m venv "$target/deployment" &&
    "$target/deployment/bin/pip" install --quiet --disable-pip-version-check -r "$sources/deployment.txt"
}

kustomize() {
  mkdir -p "$target/kustomize" &&
    GOBIN=$target/kustomize go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
}

install python python "$sources/requirements.txt"
install node node "$sources/package.json"
install go go_client "$sources/client.go" "$sources/sdk.go" "$sources/go.mod" "$sources/go.sum"
install nginx nginx_package "$sources/install.sh"
install deployment deployment_checkers "$sources/deployment.txt"
install kustomize kustomize "$sources/install.sh"
install documents documents "$sources/documents/package.json" "$sources/documents/package-lock.json"
install generators generators "$sources/install.sh" "$sources/generators/requirements.txt"
install collection collection "$sources/collection/package.json" "$sources/collection/package-lock.json"
install fuzz fuzz "$sources/fuzz/requirements.txt"
install promtool promtool_package "$sources/install.sh"
