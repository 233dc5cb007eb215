"""What schemathesis needs to know of the service: credentials for each API, and ids of what is there.

The service is at OFFSHOOT_URL, the key of a partner in OFFSHOOT_KEY. Half of the generated ids are exchanged for one of an
organisation, key, member or invitation that this has made, for nothing lies behind the ids that somebody makes up.
"""

import os
import uuid
import zlib

import requests
import schemathesis
from requests.auth import AuthBase, HTTPDigestAuth

URL = os.environ["OFFSHOOT_URL"]
KEY = os.environ["OFFSHOOT_KEY"]
CLOUD_MANAGER = "/api/public/v1.0"
MONOID = "/api/v1"
ORGANISATIONS = 12

DIGEST = HTTPDigestAuth(KEY.split("_")[1], KEY)


class Bearer(AuthBase):
    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {KEY}"
        return request


class Credentials(AuthBase):
    """Those of the API that a request belongs to."""

    def __call__(self, request):
        if request.path_url.startswith(CLOUD_MANAGER):
            return DIGEST(request)
        if request.path_url.startswith(MONOID):
            return Bearer()(request)
        if request.path_url.startswith("/authorize"):
            request.headers["x-gateway-key"] = GATEWAY
        request.headers["x-api-key"] = KEY
        return request


def call(method, path, json, **credentials):
    answer = requests.request(method, URL + path, json=json, timeout=10, **credentials)
    answer.raise_for_status()
    return answer.json()


def partner(method, path, json):
    return call(method, path, json, headers={"x-api-key": KEY})["data"]


def minted(organisation, *roles):
    path = "/api-keys" if organisation is None else f"/organisations/{organisation}/api-keys"
    return partner("POST", path, {"name": "Fuzzed", "roles": list(roles)})["api_key"]


def made():
    """Ids by the API's prefix and the name of the path's parameter: of organisations, each with a key, a member and an
    invitation."""
    partners, cloud_manager, monoid = {}, {}, {"userId": ["fuzzed"]}
    for number in range(ORGANISATIONS):
        body = {"organisation_name": f"Fuzzed {number}", "country": "GB", "division_timezone": "Europe/London"}
        body["partner_external_id"] = external_id = str(uuid.uuid4())
        organisation = partner("POST", "/organisations", body)["organisation"]["organisation_id"]
        key = minted(organisation, "org_owner")["key_id"]
        member = {"userId": "fuzzed", "role": "owner", "email": "fuzzed@example.com"}
        call("POST", f"{MONOID}/organisations/{organisation}/members", member, auth=Bearer())
        path = f"{CLOUD_MANAGER}/orgs/{organisation}"
        user = call("GET", f"{path}/users", None, auth=DIGEST)["results"][0]["id"]
        invitation = {"roles": ["ORG_MEMBER"], "username": f"fuzzed{number}@example.com"}
        invited = call("POST", f"{path}/invites", invitation, auth=DIGEST)["id"]
        add(partners, organisation_id=organisation, key_id=key, partner_external_id=external_id)
        add(cloud_manager, orgId=organisation, keyId=key, userId=user, invitationId=invited)
        add(monoid, id=organisation)
    return {CLOUD_MANAGER: cloud_manager, MONOID: monoid, "/": partners}


def add(ids, **found):
    for name, value in found.items():
        ids.setdefault(name, []).append(value)


IDS = made()
GATEWAY = minted(None, "gateway")["api_key"]


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """With envelope=true an answer has the schema that x-envelope leads to."""
    for response in raw_schema["components"].get("responses", {}).values():
        if "x-envelope" in response:
            content = response["content"]["application/json"]
            content["schema"] = {"anyOf": [content["schema"], response["x-envelope"]]}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not path_parameters:
        return path_parameters
    # By a number of the case's own, so that it stays the same case; one number for all, for they belong together.
    number = zlib.crc32(repr(sorted(path_parameters.items())).encode())
    if number % 2:
        return path_parameters
    number //= 2
    prefix = next(prefix for prefix in IDS if context.operation.path.startswith(prefix))
    known = IDS[prefix]
    return {
        name: known[name][number % len(known[name])] if name in known else value
        for name, value in path_parameters.items()
    }


schemathesis.auth.set_from_requests(Credentials())
