"""Requests with HTTP Digest (RFC 7616), each with a nonce of its own, so that they may overtake one another."""

import hashlib
import re

import wire
from workloads import Request

REALM = "MMS Public API"
CLIENT_NONCE = "0a4f113b"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def requests(base, template, key, count):
    """The template's request, so many times, as the holder of that key."""
    user = key[4:16]
    ha1 = md5(f"{user}:{REALM}:{key}")
    ha2 = md5(f"{template.method}:{template.path}")
    unauthenticated = wire.raw(template)
    with wire.Connection(base) as connection:
        for _ in range(count):
            challenge = connection.call(unauthenticated, 401)["www-authenticate"]
            nonce = re.search('nonce="([^"]+)"', challenge)[1]
            response = md5(f"{ha1}:{nonce}:00000001:{CLIENT_NONCE}:auth:{ha2}")
            credentials = (
                f'Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{template.path}", algorithm=MD5,'
                f' qop=auth, nc=00000001, cnonce="{CLIENT_NONCE}", response="{response}"'
            )
            yield Request(template.method, template.path, {"Authorization": credentials})
