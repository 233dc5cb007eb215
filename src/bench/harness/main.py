"""The commands of compare.sh and run.sh."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import time

import compare
import contenders
import measure
import report
import workloads
from tree import Tree

JAVA = os.environ.get("JAVA", "java")
# OpenLoop.java repeats one request, which is no update after the first time.
OPEN_LOOP = ["get", "list", "verify", "create"]
MAIN = ["get", "list", "verify", "update", "create"]
# A smaller tree only shows what grows, so the main calls are enough there.
LEAST_SIZE_FOR_ALL = 200
SHORT = {
    "rounds": 3,
    "seconds": 1,
    "slow_seconds": 2,
    "first_seconds": 15,
    "warm_up_seconds": 1,
    "least_warm_ups": 2,
    "most_warm_ups": 6,
    "connections": 32,
    "workloads": MAIN,
    "bytes": MAIN,
    "open_loop": [],
    "open_loop_seconds": 0,
    "warm_up_requests": 4_000,
    "counted_requests": 1_000,
    "counted_commands": 200,
    "starts": 1,
}
FULL = {
    "rounds": 5,
    "seconds": 2,
    "slow_seconds": 6,
    "first_seconds": 45,
    "warm_up_seconds": 2,
    "least_warm_ups": 3,
    "most_warm_ups": 8,
    "connections": 32,
    "workloads": None,
    "bytes": [*MAIN, "authorize"],
    "open_loop": OPEN_LOOP,
    "open_loop_seconds": 6,
    "warm_up_requests": 10_000,
    "counted_requests": 2_000,
    "counted_commands": 500,
    "starts": 5,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["compare", "measure", "jdks", "starts", "report"])
    parser.add_argument("tree", help="the folder of a tree, or of the run for a report")
    parser.add_argument("folder", nargs="?", help="the folder of the run")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", help="the calls to measure, with commas between them, to complete a run")
    arguments = parser.parse_args()
    if arguments.command == "report":
        report.write(pathlib.Path(arguments.tree))
        return
    tree = Tree.read(arguments.tree)
    folder = pathlib.Path(arguments.folder or arguments.tree).resolve()
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    plan = SHORT if arguments.short else FULL
    if arguments.only:
        plan = {**plan, "workloads": arguments.only.split(",")}
    elif tree.size < LEAST_SIZE_FOR_ALL:
        plan = {**plan, "workloads": MAIN}
    run = Run(tree, folder, plan)
    getattr(run, arguments.command)()


class Run:
    def __init__(self, tree, folder, plan):
        self.tree, self.folder, self.plan = tree, folder, plan
        self.logs = folder / "logs"
        self.results = measure.Results(folder)
        chosen = plan["workloads"]
        self.workloads = [each for each in workloads.all_of(tree) if chosen is None or each.name in chosen]
        self.ready = workloads.all_of(tree)[0].requests[0]
        self.started = []

    def compare(self):
        with self:
            self.check_answers(self.service(), [self.peer(name) for name in contenders.PEERS])

    def check_answers(self, service, peers):
        found = compare.differences(service, peers, self.tree)
        if found:
            sys.exit("\n".join(found))
        say(f"{', '.join(peer.name for peer in peers)} answer and store what the service does.")

    def measure(self):
        self.results.add("environment", **environment(self.tree, self.plan))
        with self:
            service = self.service()
            peers = [self.peer(name) for name in contenders.PEERS if any(each.peers for each in self.workloads)]
            if peers:
                self.check_answers(service, peers)
            bare = self.bare(service, JAVA)
            driver = self.keep(contenders.driver(self.tree, JAVA, self.logs))
            rounds = measure.Rounds(self.tree, self.folder, self.results, self.plan)
            rounds.start_warm([service, *peers, driver], workloads.all_of(self.tree)[0])
            for workload in self.workloads:
                say(f"{workload.name}, {self.tree.size} organisations")
                fields = [service, *(peers if workload.peers else [])]
                rounds.measure(fields + [bare] * workload.bare + [driver] * bool(workload.driver), workload)
                self.count_commands(service, workload)
                if workload.name in self.plan["open_loop"]:
                    self.open_loops([service, *peers], workload)

    def open_loops(self, fields, workload):
        """At half of what the slowest does in a closed loop, the same for all."""
        names = [each.name for each in fields]
        rate = max(1, round(min(report.per_second(self.folder, self.tree.size, workload.name, names)) / 2))
        for contender in fields:
            fact = measure.open_loop(contender, workload, rate, self.plan["open_loop_seconds"], JAVA)
            self.note("open-loop", contender, workload, **fact)
        if workload.name == "create":
            contenders.clean(self.tree)

    def count_commands(self, service, workload):
        count = self.plan["counted_commands"]
        self.note("commands", service, workload, each=measure.commands_per_request(service, workload, count))
        if workload.name == "create":
            contenders.clean(self.tree)

    def jdks(self):
        """Bytes per request with each JDK."""
        for home in javas():
            java = f"{home}/bin/java"
            with self:
                service = self.service(java)
                fields = [service, self.bare(service, java), self.peer("spring", java)]
                fields.append(self.keep(contenders.driver(self.tree, java, self.logs)))
                for workload in self.workloads:
                    for contender in fields if workload.name in self.plan["bytes"] else []:
                        if self.takes_part(contender, workload):
                            self.allocated(contender, workload, java)

    def allocated(self, contender, workload, java):
        warm_up, count = self.plan["warm_up_requests"], self.plan["counted_requests"]
        each = measure.allocated(contender, workload, warm_up, count, java)
        self.note("bytes", contender, workload, java=version(java), each=each)
        if workload.name == "create":
            contenders.clean(self.tree)

    @staticmethod
    def takes_part(contender, workload):
        return {"bare": workload.bare, "driver": bool(workload.driver), "spring": workload.peers}.get(contender.name, True)

    def starts(self):
        """How long the service as a plain JVM and the peers take to their first answer. startup.sh does other packagings."""
        for name in ["service", *contenders.PEERS]:
            for number in range(1 + self.plan["starts"]):
                began = time.monotonic()
                with self:
                    contender = self.service() if name == "service" else self.peer(name)
                    took = round((time.monotonic() - began) * 1000)
                    if number > 0:
                        self.results.add("start", contender=name, ms=took, memory_mb=round(contender.memory_mb(), 1))

    def note(self, kind, contender, workload, **fact):
        self.results.add(kind, size=self.tree.size, contender=contender.name, workload=workload.name, **fact)

    def service(self, java=JAVA):
        options = os.environ.get("SERVICE_JAVA_OPTIONS", "").split()
        return self.keep(contenders.service(self.tree, java, self.logs, options)).await_ready(self.ready)

    def peer(self, name, java=JAVA):
        return self.keep(contenders.peer(name, self.tree, java, self.logs)).await_ready(self.ready)

    def bare(self, service, java):
        answers = []
        for workload in self.workloads:
            if workload.bare:
                file = self.logs / f"answer-{workload.name}"
                contenders.record(service, workload.requests[0], file)
                answers.append((workload.requests[0], file))
        return self.keep(contenders.bare(answers, java, self.logs))

    def keep(self, contender):
        self.started.append(contender)
        return contender

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for contender in self.started:
            contender.stop()
        self.started = []


def javas():
    """The JDKs to allocate with: JAVAS, or the one on the PATH and JAVA25_HOME."""
    default = pathlib.Path(shutil.which("java")).resolve().parent.parent
    return os.environ.get("JAVAS", f"{default} {os.environ.get('JAVA25_HOME', '')}").split()


def version(java):
    return re.search('"(.*?)"', subprocess.run([java, "-version"], capture_output=True, text=True).stderr)[1]


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=contenders.PROJECT).stdout.strip()


def environment(tree, plan):
    modules = json.loads((contenders.NODE / "package.json").read_text())["dependencies"]
    spring = re.search("<version>(.*?)</version>", (contenders.SPRING.parent.parent / "pom.xml").read_text())[1]
    cpu = re.search("model name.*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal: +(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return {
        "time": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
        "commit": output("git", "rev-parse", "--short", "HEAD"),
        "changed_files": len(output("git", "status", "--porcelain").splitlines()),
        "size": tree.size,
        "cores": os.cpu_count(),
        "cpu": cpu[1] if cpu else platform.processor(),
        "memory_gb": round(int(memory[1]) / 1024 / 1024),
        "kernel": platform.release(),
        "java": version(JAVA),
        "javas": [version(f"{home}/bin/java") for home in javas()],
        "service_java_options": os.environ.get("SERVICE_JAVA_OPTIONS", ""),
        "node": output("node", "--version"),
        "modules": modules,
        "spring_boot": spring,
        "wrk": (output("wrk", "-v").splitlines() or [""])[0],
        "most_other": measure.MOST_OTHER,
        "agreement": measure.AGREEMENT,
        "plan": plan,
    }


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
