"""Compares the peers' answers with the service's byte for byte, for every workload, and what they store on a create."""

import json
import re
import subprocess

import contenders
import workloads

ID = "[0-9a-f]{24}"
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
KEY = "[a-z0-9]{1,40}(?:-[a-z0-9]+)*-[a-z0-9]{12}"
TAG = f'"{ID}-[0-9]+"'
SECRET = "osk_[a-z0-9]{12}_[0-9A-Za-z]{49}"

# What may differ, where it has the right form: by the fields of an answer.
MASKS = {
    "create": {
        "organisation_id": ID,
        "organisation_key": KEY,
        "division_key": KEY,
        "created_at": INSTANT,
        "updated_at": INSTANT,
        "organisation_api_key": SECRET,
    },
    "update": {"updated_at": INSTANT},
    "usage-open": {"as_of": INSTANT},
}
# Each contender makes an organisation or a state of its own, with a tag of its own.
WITH_OWN_TAG = ["create", "update"]
HEADERS = ["content-type", "cache-control", "x-request-id", "link", "etag"]
HEADERS += ["x-organisation-id", "x-organisation-key", "x-api-key-id"]


def masked(workload, body):
    text = body.decode()
    for field, form in MASKS.get(workload.name, {}).items():
        text = re.sub(f'"{field}":"{form}"', f'"{field}":"(masked)"', text)
    return text


def shown(contender, workload, request):
    """What of an answer is compared. Media types are compared without regard to case and space (RFC 9110 §8.3.1)."""
    status, headers, body = contender.answer(request)
    lower = {name.lower(): value for name, value in headers.items()}
    lower["content-type"] = lower.get("content-type", "").lower().replace(" ", "") if body else ""
    if workload.name in WITH_OWN_TAG:
        lower["etag"] = re.sub(TAG, "(masked)", lower.get("etag", ""))
    return [status, *(f"{name}: {lower.get(name, '')}" for name in HEADERS), masked(workload, body)]


def created(contender, tree, request):
    """The form of what a create stores: its fields in order, each with its type."""
    view = json.loads(contender.answer(request)[2])["data"]["organisation"]
    command = ["node", "stored.js", tree.uri, tree.database, view["organisation_id"]]
    stored = subprocess.run(command, cwd=contenders.NODE, check=True, capture_output=True, text=True).stdout
    return form(json.loads(stored)), view["organisation_api_key"]


def unconfirmed(service, tree, request):
    """The service confirms its creations each second, so a stored one may have no pending task left when it is read."""
    for _ in range(10):
        stored, _ = created(service, tree, request)
        if "tasks" in stored["organisation"] and "tasks" in stored["keys"][0]:
            return stored
    raise SystemExit("create: the service confirmed ten creations before they could be read")


def form(value):
    if isinstance(value, dict):
        special = next((name for name in value if name.startswith("$")), None)
        return special if special else {name: form(each) for name, each in value.items()}
    if isinstance(value, list):
        return [form(each) for each in value]
    return value if isinstance(value, bool) else type(value).__name__


def differences(service, others, tree):
    """Each difference as a text; none if all answer alike."""
    found = []
    for workload in workloads.all_of(tree):
        if not workload.peers:
            continue
        expected = [shown(service, workload, request) for request in workload.compared]
        if any(answer[0] != workload.status for answer in expected):
            found.append(f"{workload.name}: the service itself answers {[answer[0] for answer in expected]}")
        for other in others:
            answers = [shown(other, workload, request) for request in workload.compared]
            for mine, theirs in zip(expected, answers):
                found += [
                    f"{workload.name}: {other.name} has\n  {its}\nand the service\n  {ours}"
                    for ours, its in zip(mine, theirs)
                    if ours != its
                ]
    return found + stored_differences(service, others, tree)


def stored_differences(service, others, tree):
    """A created key has to be good at once at the service, too: its digest is as the service makes it."""
    found = []
    create = next(each for each in workloads.all_of(tree) if each.name == "create").requests[0]
    expected = unconfirmed(service, tree, create)
    for other in others:
        stored, key = created(other, tree, create)
        if json.dumps(stored) != json.dumps(expected):
            both = f"{json.dumps(stored)}\nand the service\n  {json.dumps(expected)}"
            found.append(f"create: {other.name} stores\n  {both}")
        body = json.dumps({"api_key": key})
        verify = workloads.Request("POST", "/api-keys/verify", create.headers, body)
        if b'"valid":true' not in service.answer(verify)[2]:
            found.append(f"create: the service does not know the key that {other.name} made")
    contenders.clean(tree)
    return found
