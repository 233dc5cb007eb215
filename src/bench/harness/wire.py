"""Sends requests over a connection that stays open, and reads their answers."""

import socket
import urllib.parse


class Connection:
    def __init__(self, base):
        address = urllib.parse.urlsplit(base)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.answers.close()
        self.socket.close()

    def call(self, raw, status):
        """The headers of the answer, which has to have that status."""
        self.socket.sendall(raw)
        line = self.answers.readline().split()
        if len(line) < 2 or int(line[1]) != status:
            raise ValueError(f"answered {line}")
        headers = {}
        while (header := self.answers.readline().strip()) != b"":
            name, value = header.decode("latin-1").split(":", 1)
            headers[name.lower()] = value.strip()
        self.pass_body(headers)
        return headers

    def pass_body(self, headers):
        if "chunked" not in headers.get("transfer-encoding", ""):
            self.answers.read(int(headers.get("content-length", 0)))
            return
        while (size := int(self.answers.readline(), 16)) > 0:
            self.answers.read(size + 2)
        self.answers.readline()


def raw(request):
    headers = {"Host": "127.0.0.1", **request.headers, "Content-Length": str(len(request.body))}
    if request.body:
        headers["Content-Type"] = "application/json"
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + request.body).encode()
