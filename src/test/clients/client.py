"""Drives the Cloud Manager API with Python's requests, as its users' scripts do. Ends with 0 when all went well."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import requests
from requests.auth import HTTPDigestAuth

ORGS = os.environ["OFFSHOOT_URL"] + "/api/public/v1.0/orgs"


def session():
    opened = requests.Session()
    opened.auth = HTTPDigestAuth(os.environ["OFFSHOOT_USER"], os.environ["OFFSHOOT_KEY"])
    return opened


def ok(answer, status=200):
    assert answer.status_code == status, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
    return answer


def pages(client, url):
    """All results, from the first page to the last."""
    while url:
        page = ok(client.get(url)).json()
        yield from page["results"]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)


client = session()
created = [ok(client.post(ORGS, json={"name": f"requests {i}"})).json() for i in range(5)]
ids = [found["id"] for found in pages(client, ORGS + "?itemsPerPage=2")]
assert len(ids) == len(set(ids)) == 6, ids
assert {one["id"] for one in created} < set(ids)

one = ORGS + "/" + created[0]["id"]
assert ok(client.get(one + "/")).json() == created[0]
assert ok(client.get(one, params={"pretty": "true", "envelope": "true"})).json()["content"] == created[0]
assert ok(client.patch(one, json={"name": "renamed by requests"})).json()["name"] == "renamed by requests"
found = ok(client.get(ORGS, params={"name": "Renamed BY requests"})).json()
assert found["totalCount"] == 1 and found["results"][0]["id"] == created[0]["id"], found
assert ok(client.delete(one), 204).content == b""
assert ok(client.get(one), 404).json()["errorCode"] == "ORG_NOT_FOUND"

# One nonce serves a whole session: what was refused on the way is in the history.
refused = [ok(client.get(ORGS + "/")) for _ in range(20)]
assert not any(answer.history for answer in refused), [answer.history for answer in refused]

# requests counts in each thread apart, on the connections of one session.
with ThreadPoolExecutor(8) as threads:
    answers = list(threads.map(lambda i: client.get(ORGS), range(80)))
assert [answer.status_code for answer in answers] == [200] * 80, answers

wrong = requests.get(ORGS, auth=HTTPDigestAuth(os.environ["OFFSHOOT_USER"], "wrong"))
assert wrong.status_code == 401 and wrong.json()["errorCode"] == "NO_CURRENT_USER", wrong.text

print(f"requests {requests.__version__}, Python {sys.version.split()[0]}")
