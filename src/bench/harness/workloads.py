"""The measured calls, each as requests that are sent in turn."""

import dataclasses
import datetime
import json
import time
import zlib

UNKNOWN_KEY = "osk_aaaaaaaaaaaa_0000000000000000000000000000000000000000000"
CREATED = "Created by the benchmark"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MOST_IDS = 1000
MOST_KEYS = 100
# Fewer organisations would be changed by several connections at once, which measures their conflicts.
LEAST_UPDATED = 100
# Stands for something that no run before had, so that an update always changes what it finds.
RUN = "(run)"


@dataclasses.dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict
    body: str = ""


@dataclasses.dataclass(frozen=True)
class Workload:
    """`bare` says whether recorded bytes can answer it, `driver` what the bare driver does for it, if anything, and
    `digest` with which key its one request is to be authenticated anew each time. `connections` are fewer than the plan's where
    the database could not answer so many at once in time."""

    name: str
    requests: list
    status: int = 200
    peers: bool = True
    bare: bool = True
    driver: str = ""
    writes: bool = False
    digest: str = ""
    connections: int = 0

    def sent_to(self, contender):
        """The bare endpoint knows the answer to the first request only."""
        sent = self.requests[:1] if contender == "bare" else self.requests
        run = str(time.time_ns())
        return [dataclasses.replace(each, body=each.body.replace(RUN, run)) for each in sent]

    @property
    def compared(self):
        """A few requests whose answers are compared. Of writes these are two, which change what they find."""
        return [self.requests[0], self.requests[len(self.requests) // 2]] if self.writes else self.requests[:3]


def all_of(tree):
    key = {"x-api-key": tree.partner_key}
    half = tree.size // 2
    ids = [customer for customer, _ in tree.customers[:half][:MOST_IDS]]
    last, this = months()
    middle = sorted(customer for customer, _ in tree.customers)[half]

    def get(path):
        return [Request("GET", path, key)]

    def usage(month):
        return [Request("GET", f"/organisations/{id}/usage?usage_month={month}", key) for id in ids]

    def update(name):
        body = json.dumps({"organisation_name": name})
        return [Request("PATCH", f"/organisations/{id}", key, body) for id in ids]

    # Verified keys count requests, so these are of other organisations than those whose usage is read.
    keys = [customer_key for _, customer_key in tree.customers[half:][:MOST_KEYS]]
    new = {"organisation_name": CREATED, "country": "GB", "division_timezone": "Etc/UTC"}
    found = [
        Workload("get", [Request("GET", f"/organisations/{id}", key) for id in ids], driver="get"),
        Workload("list", get("/organisations?limit=50"), driver="list"),
        Workload("list-skip", get(f"/organisations?limit=50&skip={half}")),
        Workload("list-after", get(f"/organisations?limit=50&after={middle}")),
        Workload("create", [Request("POST", "/organisations", key, json.dumps(new))], bare=False, writes=True),
        Workload("verify", [Request("POST", "/api-keys/verify", key, json.dumps({"api_key": each})) for each in keys]),
        Workload(
            "authorize",
            [Request("GET", "/authorize", {"x-gateway-key": tree.partner_key, "x-api-key": each}) for each in keys],
        ),
        Workload("usage-closed", usage(last)),
        Workload("usage-open", usage(this)),
        Workload("refused", [Request("GET", f"/organisations/{ids[-1]}", {"x-api-key": unknown_key()})], status=401),
        Workload("list-subtree", get("/organisations?scope=subtree&limit=50"), peers=False, bare=False),
        Workload(
            "usage-subtree", get(f"/usage?scope=subtree&usage_month={last}"), peers=False, bare=False, connections=2
        ),
    ]
    orgs = Request("GET", "/api/public/v1.0/orgs?itemsPerPage=50", {})
    found.append(Workload("list-digest", [orgs], peers=False, bare=False, digest=tree.partner_key))
    if len(ids) >= LEAST_UPDATED:
        updates = update(f"Updated once {RUN}") + update(f"Updated twice {RUN}")
        found.insert(1 + [each.name for each in found].index("create"), Workload("update", updates, bare=False, writes=True))
    return found


def months():
    """The last month and this one, in UTC."""
    this = datetime.datetime.now(datetime.timezone.utc).replace(day=1)
    return f"{this - datetime.timedelta(days=1):%Y-%m}", f"{this:%Y-%m}"


def unknown_key():
    """A key with the right checksum that nobody has."""
    rest = zlib.crc32(UNKNOWN_KEY.encode())
    digits = ""
    for _ in range(6):
        digits = DIGITS[rest % 62] + digits
        rest //= 62
    return UNKNOWN_KEY + digits


def write(requests, file):
    """Writes requests for requests.lua."""
    lines = (
        "\t".join([each.method, each.path, ";".join(f"{k}={v}" for k, v in each.headers.items()), each.body])
        for each in requests
    )
    file.write_text("\n".join(lines) + "\n")
