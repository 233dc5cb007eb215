"""Starts and stops the service, its peers, and the two that show the least that an answer or a look-up can cost."""

import dataclasses
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.parse

BENCH = pathlib.Path(__file__).resolve().parent.parent
PROJECT = BENCH.parent.parent
APP = PROJECT / "target/quarkus-app"
LIBRARIES = f"{APP}/lib/main/*"
NODE = BENCH / "peers/node"
SPRING = BENCH / "peers/spring/target/peer-spring.jar"
PEERS = ["express", "fastify", "spring"]
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 90


@dataclasses.dataclass
class Contender:
    name: str
    process: subprocess.Popen
    base: str
    management: str = ""

    @property
    def pids(self):
        """The process and everything beneath it."""
        found, new = [], [self.process.pid]
        while new:
            pid = new.pop()
            found.append(pid)
            for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                new += [int(child) for child in children.read_text().split()]
        return found

    def cpu_seconds(self):
        return sum(cpu_seconds(pid) for pid in self.pids)

    def memory_mb(self):
        """The proportional share of the memory, so that what processes share counts once."""
        return sum(pss_kb(pid) for pid in self.pids) / 1024

    def answer(self, request, request_id="benchmark"):
        address = urllib.parse.urlsplit(self.base)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        headers = {**request.headers, "X-Request-Id": request_id}
        if request.body:
            headers["Content-Type"] = "application/json"
        connection.request(request.method, request.path, request.body or None, headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()

    def is_ready(self, request, status=200):
        try:
            return self.answer(request)[0] == status
        except OSError:
            return False

    def await_ready(self, request, status=200):
        end = time.monotonic() + START_SECONDS
        while not self.is_ready(request, status):
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit(f"{self.name} does not start; see its log")
            time.sleep(0.01)
        return self

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def cpu_seconds(pid):
    """User and system time of a process with its ended children; none once it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def pss_kb(pid):
    return int(re.search(r"^Pss: +(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def launch(name, command, logs, port, cwd=PROJECT, **more):
    environment = {**os.environ, **more.pop("environment", {})}
    with open(logs / f"{name}.log", "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=cwd)
    return Contender(name, process, f"http://127.0.0.1:{port}", **more)


def service(tree, java, logs, options=()):
    port, management = free_port(), free_port()
    command = [java, *options, "-Dquarkus.http.host=127.0.0.1", f"-Dquarkus.http.port={port}"]
    command += ["-Dquarkus.management.host=127.0.0.1", f"-Dquarkus.management.port={management}"]
    command += [f"-Dsmallrye.config.locations={tree.settings}", "-jar", str(APP / "quarkus-run.jar")]
    return launch("service", command, logs, port, management=f"http://127.0.0.1:{management}")


def peer(name, tree, java, logs):
    port = free_port()
    environment = {
        "NODE_ENV": "production",
        "PORT": str(port),
        "MONGODB_URI": tree.uri,
        "MONGODB_DATABASE": tree.database,
        "KEY_ENCRYPTION": tree.encryption_key,
    }
    command = [java, "-jar", str(SPRING)] if name == "spring" else ["node", f"{name}.js"]
    return launch(name, command, logs, port, cwd=NODE, environment=environment)


def bare(answers, java, logs):
    """Answers each request's target with the bytes that the service answered; answers are (request, file)."""
    arguments = [f"{request.path}={file}" for request, file in answers]
    command = [java, "-cp", LIBRARIES, str(BENCH / "BareEndpoint.java"), *arguments]
    return listening(launch("bare", command, logs, 0), logs)


def driver(tree, java, logs):
    command = [java, "-cp", LIBRARIES, str(BENCH / "DriverLookUp.java"), tree.uri, tree.database, tree.partner]
    return listening(launch("driver", [*command, str(tree.folder / "keys.txt")], logs, 0), logs)


def listening(contender, logs):
    """Waits until it has logged where it listens."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and contender.process.poll() is None:
        found = re.search(r"Listening on: (http://\S+)", (logs / f"{contender.name}.log").read_text())
        if found:
            contender.base = found[1]
            return contender
        time.sleep(0.1)
    raise SystemExit(f"{contender.name} does not start; see its log")


def record(service, request, file):
    """Records the service's answer to a request, without the headers of the connection."""
    status, headers, body = service.answer(request)
    kept = [f"{name}: {value}" for name, value in headers.items() if name.lower() != "content-length"]
    file.write_bytes("\r\n".join([f"HTTP/1.1 {status} Recorded", *kept, "", ""]).encode() + body)


def clean(tree):
    """Removes what was created, so that the tree stays as it is."""
    subprocess.run(["node", "clean.js", tree.uri, tree.database], cwd=NODE, check=True)
