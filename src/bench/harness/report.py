"""Writes report.md and its plots from the facts in raw.jsonl. Figures are medians of rounds that nothing disturbed."""

import html
import json
import math
import statistics

import measure

ORDER = ["service", "express", "fastify", "spring", "bare", "driver"]
NAMES = {
    "service": "Offshoot",
    "express": "Express",
    "fastify": "Fastify",
    "spring": "Spring WebFlux",
    "bare": "bare endpoint",
    "driver": "driver's look-up",
}
COLOURS = {
    "service": "#1b6ca8",
    "express": "#9a9a9a",
    "fastify": "#5d5d5d",
    "spring": "#6aa84f",
    "bare": "#c9daf8",
    "driver": "#e0c9a6",
}


def facts(folder, kind):
    lines = (folder / "raw.jsonl").read_text().splitlines()
    return [fact for fact in map(json.loads, lines) if fact["kind"] == kind]


def per_second(folder, size, workload, contenders):
    """The median requests a second of each, also of disturbed rounds: a rate to go by."""
    found = [fact for fact in facts(folder, "round") if (fact["size"], fact["workload"]) == (size, workload)]
    return [
        statistics.median(fact["per_second"] for fact in found if fact["contender"] == each) for each in contenders
    ]


def write(folder):
    report = Report(folder)
    parts = [report.head(), *(report.of_size(size) for size in report.sizes), report.growth(), report.targets()]
    parts += [report.bytes(), report.starts(), report.method()]
    (folder / "report.md").write_text("\n\n".join(part for part in parts if part) + "\n")


def table(head, rows):
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def spread(values, digits=0):
    if not values:
        return "–"
    low, middle, high = min(values), statistics.median(values), max(values)
    if len(values) == 1:
        return f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def in_order(found, order):
    return sorted(found, key=lambda name: order.index(name) if name in order else len(order))


class Report:
    def __init__(self, folder):
        self.folder = folder
        self.environments = facts(folder, "environment")
        self.all = facts(folder, "round")
        self.good = {}
        for fact in self.all:
            if not fact["disturbed"]:
                self.good.setdefault((fact["size"], fact["workload"], fact["contender"]), []).append(fact)
        self.sizes = sorted({fact["size"] for fact in self.all})
        self.workloads = list(dict.fromkeys(fact["workload"] for fact in self.all))
        self.contenders = in_order({fact["contender"] for fact in self.all}, ORDER)

    def values(self, size, workload, contender, field):
        return [fact[field] for fact in self.good.get((size, workload, contender), []) if fact[field] is not None]

    def cpu(self, size, workload, contender):
        values = self.values(size, workload, contender, "cpu_us")
        return statistics.median(values) if values else None

    def head(self):
        lines = ["# A run of the benchmark", ""]
        for found in self.environments[:1]:
            modules = ", ".join(f"{name} {version}" for name, version in found["modules"].items())
            changed = f", {found['changed_files']} files changed" if found["changed_files"] else ""
            lines.append(
                f"{found['time']}, commit {found['commit']}{changed}. {found['cores']} cores ({found['cpu']}),"
                f" {found['memory_gb']} GB, Linux {found['kernel']}. Java {found['java']}"
                f" {found['service_java_options']}, Node {found['node']}, {modules}, Spring Boot {found['spring_boot']},"
                f" {found['wrk']}."
            )
        for found in self.environments if len(self.environments) > 1 else []:
            plan = found["plan"]
            lines += ["", f"Part of it: {found['size']:,} organisations, {found['time']}, commit {found['commit']},"]
            lines[-1] += f" {plan['rounds']} rounds of {plan['seconds']} s, calls: {', '.join(plan['workloads'] or ['all'])},"
            lines[-1] += f" as far as the tree has them."
        thrown = sum(fact["disturbed"] for fact in self.all)
        lines += ["", f"{len(self.all)} rounds, {thrown} of them disturbed and thrown out. {self.load()}"]
        return "\n".join(lines)

    def load(self):
        loads = [fact["load_before"] for fact in self.all]
        shares = [fact["other_share"] for fact in self.all if not fact["disturbed"]]
        return (
            f"The machine's load before a round: {spread(loads, 1)}. Others' share of all cores in the rounds that count:"
            f" {spread([100 * share for share in shares], 1)} %."
            if loads and shares
            else ""
        )

    def of_size(self, size):
        parts = [f"## {size:,} organisations"]
        for title, field, digits in [
            ("CPU time of the serving processes per request, µs", "cpu_us", 1),
            ("Requests a second, in a closed loop", "per_second", 0),
            ("99th percentile in the closed loop, ms", "p99_ms", 1),
        ]:
            rows = [
                [workload, *(spread(self.values(size, workload, each, field), digits) for each in self.contenders)]
                for workload in self.workloads
                if any(self.values(size, workload, each, field) for each in self.contenders)
            ]
            if not rows:
                continue
            parts += [f"### {title}", table(["call", *(NAMES[each] for each in self.contenders)], rows)]
            if field == "cpu_us":
                parts.append(self.plot(size))
        parts += [self.open_loop(size), self.commands(size)]
        return "\n\n".join(part for part in parts if part)

    def plot(self, size):
        groups = {
            workload: {
                each: self.values(size, workload, each, "cpu_us")
                for each in self.contenders
                if self.values(size, workload, each, "cpu_us")
            }
            for workload in self.workloads
        }
        file = f"cpu-{size}.svg"
        (self.folder / file).write_text(bars(f"CPU µs per request, {size:,} organisations", groups))
        return f"![CPU per request]({file})"

    def open_loop(self, size):
        found = [fact for fact in facts(self.folder, "open-loop") if fact["size"] == size]
        rows = [
            [fact["workload"], NAMES[fact["contender"]], fact["rate"], fact["p50_ms"], fact["p99_ms"],
             int(fact["refused"] + fact["other"])]
            for fact in found
        ]  # fmt: skip
        head = ["call", "by", "calls a second", "p50 ms", "p99 ms", "not 200"]
        if not rows:
            return ""
        groups = {}
        for fact in found:
            values = [fact["p50_ms"], fact["p99_ms"]]
            groups.setdefault(fact["workload"], {})[fact["contender"]] = [*values, statistics.mean(values)]
        file = f"latency-{size}.svg"
        (self.folder / file).write_text(bars("From p50 to p99 in the open loop, ms", groups))
        text = "### Times in an open loop, at half of what the slowest answers in a closed one"
        return f"{text}\n\n{table(head, rows)}\n\n![Times in the open loop]({file})"

    def commands(self, size):
        found = [fact for fact in facts(self.folder, "commands") if fact["size"] == size]
        rows = [
            [
                fact["workload"],
                round(sum(fact["each"].values()), 2),
                ", ".join(f"{name}: {number}" for name, number in fact["each"].items()),
            ]
            for fact in found
        ]
        title = "### Database commands of the service per request, those of its background work among them"
        return f"{title}\n\n{table(['call', 'all', 'of them'], rows)}" if rows else ""

    def growth(self):
        if len(self.sizes) < 2:
            return ""
        rows = [
            [workload, *(spread(self.values(size, workload, "service", "cpu_us")) for size in self.sizes)]
            for workload in self.workloads
        ]
        head = ["call", *(f"{size:,}" for size in self.sizes)]
        return "## How the service's CPU time per request grows with the tree, µs\n\n" + table(head, rows)

    def targets(self):
        rows = [row for size in self.sizes for row in self.targets_of(size)]
        head = ["organisations", "call", "against", "ratio of CPU per request", "to be"]
        return "## Where it has to get\n\n" + table(head, rows) if rows else ""

    def targets_of(self, size):
        def ratio(workload, contender):
            ours, theirs = self.cpu(size, workload, "service"), self.cpu(size, workload, contender)
            return theirs / ours if ours and theirs else None

        wanted = [
            ("get", {"express": 3, "fastify": 2, "spring": 1.7}),
            ("list", {"express": 4, "fastify": 3, "spring": 2.2}),
            ("verify", {"fastify": 1.6, "spring": 1.6}),
            ("create", {"express": 1, "fastify": 1, "spring": 1}),
            ("update", {"express": 1, "fastify": 1, "spring": 1}),
        ]
        for workload, peers in wanted:
            for peer, least in peers.items():
                if (found := ratio(workload, peer)) is not None:
                    yield [f"{size:,}", workload, NAMES[peer], f"{found:.2f} ×", f"≥ {least} ×"]
        ours = self.cpu(size, "get", "service")
        least = [self.cpu(size, "get", each) for each in ("bare", "driver")]
        if ours and all(least):
            yield [f"{size:,}", "get", "bare endpoint + driver's look-up", f"{ours / sum(least):.2f} ×", "≤ 1.4 ×"]
        if (found := ratio("verify", "bare")) is not None:
            yield [f"{size:,}", "verify", "bare endpoint", f"{1 / found:.2f} ×", "≤ 2 ×"]

    def bytes(self):
        found = facts(self.folder, "bytes")
        who = in_order({fact["contender"] for fact in found}, ORDER)
        each = {(fact["java"], fact["workload"], fact["contender"]): [fact["each"]] for fact in found}
        rows = [
            [java, workload, *(spread(each.get((java, workload, name), [])) for name in who)]
            for java, workload in dict.fromkeys((fact["java"], fact["workload"]) for fact in found)
        ]
        head = ["Java", "call", *(NAMES[name] for name in who)]
        return f"## Allocated bytes per request\n\n{table(head, rows)}" if rows else ""

    def starts(self):
        found = facts(self.folder, "start")
        rows = [
            [
                NAMES[name],
                spread([fact["ms"] for fact in found if fact["contender"] == name]),
                spread([fact["memory_mb"] for fact in found if fact["contender"] == name]),
            ]
            for name in in_order({fact["contender"] for fact in found}, ORDER)
        ]
        text = table(["started", "ms to the first answer", "memory then (PSS), MB"], rows)
        packagings = self.folder / "startup.md"
        if packagings.exists():
            text += "\n\nThe service in each packaging, by `src/bench/startup.sh`:\n\n" + packagings.read_text()
        return "## Start and memory\n\n" + text if text else ""

    def method(self):
        plan = self.environments[0]["plan"] if self.environments else {}
        most, agreement = (self.environments[0][name] for name in ("most_other", "agreement")) if plan else (0, 0)
        return f"""## How it was measured

All contenders ran on one tree in one database. Before the measurements the peers' answers were compared with the service's
byte for byte. Each contender but the bare endpoint was loaded for {plan.get('first_seconds')} s once it had started, and for each call warmed up with rounds of
{plan.get('warm_up_seconds')} s until two differed by at most {agreement:.0%} in CPU time per request, {plan.get('least_warm_ups')} at
least and {plan.get('most_warm_ups')} at most; then it was measured in
{plan.get('rounds')} rounds of {plan.get('seconds')} s ({plan.get('slow_seconds')} s where one of them would have served fewer than
{measure.LEAST_REQUESTS} requests) with {plan.get('connections')} connections (wrk, one thread; `usage-subtree` with 2), the
contenders in turn in random order. CPU time is that of the process and all of its children, from the operating system. A
round was thrown out, and repeated up to three times, when processes that have no part in it took more than {most:.0%} of
all cores' time. Tables show the median, the least and the greatest of the rounds that count. Commands were counted over
{plan.get('counted_commands')} requests, bytes over {plan.get('counted_requests')} after {plan.get('warm_up_requests')} others. Every figure but
those of `startup.sh` is in `raw.jsonl`. A start is timed here until the first 200 of one organisation, there until that of a list,
after readiness, and asked for more seldom."""


def bars(title, groups):
    """Grouped bars of medians with a line from the least to the greatest, on a logarithmic scale."""
    groups = {name: group for name, group in groups.items() if group}
    values = [value for group in groups.values() for all_of in group.values() for value in all_of if value > 0]
    if not values:
        return "<svg xmlns='http://www.w3.org/2000/svg'/>"
    bar, gap, height, left, top = 26, 24, 260, 60, 60
    least, most = 10 ** (len(str(int(min(values)))) - 1) * 0.5, max(values) * 1.3

    def y(value):
        return top + height - height * (math.log(max(value, least)) - math.log(least)) / (math.log(most) - math.log(least))

    grid, shapes, x = [], [], left
    for name, group in groups.items():
        start = x
        for contender in in_order(group, ORDER):
            middle = statistics.median(group[contender])
            tip = html.escape(f"{NAMES[contender]}, {name}: {middle:,.1f}")
            low, high = min(group[contender]), max(group[contender])
            shapes.append(
                f"<rect x='{x}' y='{y(middle):.1f}' width='{bar - 2}' height='{top + height - y(middle):.1f}'"
                f" fill='{COLOURS[contender]}'><title>{tip}</title></rect>"
                f"<text x='{x + bar / 2 - 1}' y='{y(high) - 3:.1f}' font-size='8' text-anchor='middle'>{middle:,.0f}</text>"
                f"<line x1='{x + bar / 2 - 1}' x2='{x + bar / 2 - 1}' y1='{y(low):.1f}' y2='{y(high):.1f}' stroke='black'/>"
            )
            x += bar
        label = f"x='{(start + x) / 2}' y='{top + height + 16}' text-anchor='middle'"
        shapes.append(f"<text {label}>{html.escape(name)}</text>")
        x += gap
    tick = 10 ** len(str(int(least)))
    while tick < most:
        grid.append(
            f"<line x1='{left - 6}' x2='{x}' y1='{y(tick):.1f}' y2='{y(tick):.1f}' stroke='#dddddd'/>"
            f"<text x='{left - 8}' y='{y(tick) + 4:.1f}' text-anchor='end'>{tick:,}</text>"
        )
        tick *= 10
    shown = in_order({contender for group in groups.values() for contender in group}, ORDER)
    for number, contender in enumerate(shown):
        shapes.append(
            f"<rect x='{left + 115 * number}' y='30' width='10' height='10' fill='{COLOURS[contender]}'/>"
            f"<text x='{left + 14 + 115 * number}' y='39'>{NAMES[contender]}</text>"
        )
    width = max(x, left + 115 * len(shown))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{top + height + 30}' font-family='sans-serif'"
        f" font-size='11'><rect width='100%' height='100%' fill='white'/>"
        f"<text x='{left}' y='18' font-size='14'>{html.escape(title)}</text>{''.join(grid + shapes)}</svg>\n"
    )
