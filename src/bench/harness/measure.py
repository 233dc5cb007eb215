"""Measures contenders in interleaved rounds, and throws out a round that other processes disturbed."""

import json
import math
import os
import pathlib
import random
import subprocess
import threading
import time
import urllib.request

import contenders
import digest
import wire
import workloads

# The rule by which a round is thrown out: processes that do not belong to the measurement, other contenders among them,
# took more than this share of all cores' time.
MOST_OTHER = float(os.environ.get("MOST_OTHER", "0.10"))
# A warm-up ends when two rounds differ by at most this share in CPU time per request.
AGREEMENT = 0.05
# Rounds are longer where a contender would serve fewer requests in one: the system counts CPU time in hundredths of a second.
LEAST_REQUESTS = 500
DATABASE_PROCESSES = os.environ.get("BENCH_DATABASE_PROCESSES", "ferretdb postgres mongod").split()
MOST_REPEATS = 3
SENDERS = 8
MOST_DIGESTS_PER_SECOND = 4000


class Results:
    """Lines of JSON, each a fact that was measured."""

    def __init__(self, folder):
        self.file = folder / "raw.jsonl"

    def add(self, kind, **fact):
        with open(self.file, "a") as file:
            file.write(json.dumps({"kind": kind, "at": round(time.time(), 1), **fact}) + "\n")


class Machine:
    """What the cores did between two looks, and for whom."""

    def __init__(self, contender):
        self.contender = contender
        self.busy, self.total = machine_seconds()
        self.own = contender.cpu_seconds()
        self.known = self.own + self.others_of_ours()

    def others_of_ours(self):
        times = os.times()
        mine = times.user + times.system + times.children_user + times.children_system
        return mine + sum(contenders.cpu_seconds(pid) for pid in database_pids())

    def since(self):
        """The CPU seconds of the contender, and the share of all cores that went to what does not belong here."""
        now = Machine(self.contender)
        other = (now.busy - self.busy) - (now.known - self.known)
        return now.own - self.own, max(0.0, other / (now.total - self.total))


def machine_seconds():
    fields = [int(ticks) for ticks in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / contenders.TICKS, sum(fields) / contenders.TICKS


def database_pids():
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/comm"):
        try:
            if stat.read_text().strip() in DATABASE_PROCESSES:
                found.append(int(stat.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def closed_loop(contender, workload, file, seconds, connections):
    """Good answers, others, seconds, median and 99th percentile in milliseconds."""
    if contender.name == "driver":
        with urllib.request.urlopen(f"{contender.base}/{workload.driver}?seconds={math.ceil(seconds)}") as answer:
            done, nanos, failed = (int(figure) for figure in answer.read().split())
        return done, failed, nanos / 1e9, None, None
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", "requests.lua", contender.base]
    command += ["--", str(file), str(workload.status)]
    output = subprocess.run(command, cwd=contenders.BENCH, check=True, capture_output=True, text=True).stdout
    figures = next(line for line in output.splitlines() if line.startswith("figures ")).split()[1:]
    return int(figures[0]), int(figures[1]), int(figures[2]) / 1e6, float(figures[3]), float(figures[4])


def one_round(contender, workload, file, seconds, connections):
    load = os.getloadavg()[0]
    before = Machine(contender)
    good, other, took, p50, p99 = closed_loop(contender, workload, file, seconds, connections)
    if workload.name == "create":
        # What the service confirms in the background within a second belongs to its creations.
        time.sleep(1.5)
    cpu, share = before.since()
    if other or not good:
        raise SystemExit(f"{contender.name} answered {other} of {good + other} requests of {workload.name} otherwise")
    return {
        "contender": contender.name,
        "workload": workload.name,
        "requests": good,
        "seconds": round(took, 3),
        "cpu_us": round(cpu / good * 1e6, 2),
        "per_second": round(good / took, 1),
        "p50_ms": p50,
        "p99_ms": p99,
        "memory_mb": round(contender.memory_mb(), 1),
        "load_before": round(load, 2),
        "other_share": round(share, 3),
        "disturbed": share > MOST_OTHER,
    }


class Rounds:
    def __init__(self, tree, folder, results, plan):
        self.tree, self.results, self.plan = tree, results, plan
        self.files = folder / "requests"
        self.files.mkdir(exist_ok=True)

    def measure(self, fields, workload):
        """Warms each contender up, then measures all of them in turn, in an order that changes with the round."""
        slowest = min(self.warm_up(contender, workload) for contender in fields)
        enough = slowest * self.plan["seconds"] >= LEAST_REQUESTS
        seconds = self.plan["seconds"] if enough else self.plan["slow_seconds"]
        for number in range(self.plan["rounds"]):
            for contender in random.sample(fields, len(fields)):
                self.undisturbed(contender, workload, number, seconds)

    def start_warm(self, fields, workload):
        """A process that has just started gets faster so slowly that two rounds agree long before it is warm."""
        for contender in fields:
            self.results.add("warm-up", size=self.tree.size, **self.run(contender, workload, self.plan["first_seconds"]))

    def warm_up(self, contender, workload):
        """Requests a second in the end."""
        last = None
        for number in range(1, 1 + self.plan["most_warm_ups"]):
            fact = self.run(contender, workload, self.plan["warm_up_seconds"])
            self.results.add("warm-up", size=self.tree.size, **fact)
            agrees = last is not None and abs(fact["cpu_us"] - last) <= AGREEMENT * last
            if agrees and number >= self.plan["least_warm_ups"]:
                break
            last = fact["cpu_us"]
        return fact["per_second"]

    def undisturbed(self, contender, workload, number, seconds):
        for _ in range(1 + MOST_REPEATS):
            fact = self.run(contender, workload, seconds)
            self.results.add("round", size=self.tree.size, number=number, **fact)
            if not fact["disturbed"]:
                return

    def run(self, contender, workload, seconds):
        file = self.files / f"{workload.name}-{contender.name}.tsv"
        workloads.write(requests_for(contender, workload, seconds * MOST_DIGESTS_PER_SECOND), file)
        fact = one_round(contender, workload, file, seconds, workload.connections or self.plan["connections"])
        if workload.name == "create":
            contenders.clean(self.tree)
        return fact


def requests_for(contender, workload, most_digests):
    """What is sent in turn. Those with HTTP Digest can be sent only once."""
    if workload.digest:
        return list(digest.requests(contender.base, workload.requests[0], workload.digest, most_digests))
    return workload.sent_to(contender.name)


def open_loop(contender, workload, rate, seconds, java):
    """Sends the workload's first request at a steady rate. OpenLoop.java says how long the answers took."""
    request = workload.requests[0]
    command = [java, "-cp", contenders.LIBRARIES, str(contenders.BENCH / "OpenLoop.java"), str(rate), str(seconds)]
    command += [request.method, contender.base + request.path, request.headers["x-api-key"], request.body]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = next(line for line in output.splitlines() if line.startswith("figures ")).split()[1:]
    good, refused, other, p50, p99 = (float(figure) for figure in figures)
    return {"rate": rate, "good": good, "refused": refused, "other": other, "p50_ms": p50, "p99_ms": p99}


def send(contender, workload, count):
    """Sends exactly so many requests, a few at once, and reads their answers."""
    if contender.name == "driver":
        urllib.request.urlopen(f"{contender.base}/{workload.driver}?count={count}").read()
        return
    raw = [wire.raw(request) for request in requests_for(contender, workload, count)]
    shares = [range(sender, count, SENDERS) for sender in range(SENDERS)]
    failures = []

    def run(share):
        try:
            with wire.Connection(contender.base) as connection:
                for number in share:
                    connection.call(raw[number % len(raw)], workload.status)
        except (OSError, ValueError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{contender.name}, {workload.name}: {failures[0]}")


class Allocations:
    """What another Java process has allocated, as Allocated.java sees it."""

    def __init__(self, contender, java):
        command = [java, str(contenders.BENCH / "Allocated.java"), str(contender.process.pid)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def bytes(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def allocated(contender, workload, warm_up, count, java):
    """Bytes per request, after a fixed number of requests."""
    send(contender, workload, warm_up)
    allocations = Allocations(contender, java)
    allocations.bytes()
    before = allocations.bytes()
    send(contender, workload, count)
    after = allocations.bytes()
    allocations.close()
    return round((after - before) / count)


def commands(service):
    """How many commands the service has sent to the database, by collection and command."""
    found = {}
    with urllib.request.urlopen(f"{service.management}/q/metrics") as metrics:
        for line in metrics.read().decode().splitlines():
            if line.startswith("offshoot_database_commands_seconds_count{"):
                labels = dict(part.split("=", 1) for part in line[line.index("{") + 1 : line.index("}")].split(","))
                name = f"{labels['collection']} {labels['command']}".replace('"', "")
                found[name] = found.get(name, 0) + float(line.rsplit(" ", 1)[1])
    return found


def commands_per_request(service, workload, count):
    """Those of the background, a few each second, are among them."""
    send(service, workload, SENDERS)
    before = commands(service)
    send(service, workload, count)
    after = commands(service)
    each = {name: round((after[name] - before.get(name, 0)) / count, 3) for name in after}
    return {name: number for name, number in each.items() if number >= 0.005}

