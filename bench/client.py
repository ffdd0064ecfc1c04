"""The load: kept-alive raw sockets in a process of their own, so that asking costs the server nothing.

Run as ``python -m bench.client``: each JSON line on the way in says what to ask,
one on the way out says how it went.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

RECEIVE = 262_144  # bytes


@dataclass(frozen=True)
class Load:
    """What to ask: requests as bytes, taken in turn; ``once`` when each may be asked a single time."""

    port: int
    requests: list[bytes]
    seconds: float
    sockets: int
    once: bool
    expect: tuple[int, ...]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Load":
        requests = [each.encode("latin-1") for each in data["requests"]]
        return cls(data["port"], requests, data["seconds"], data["sockets"], data["once"], tuple(data["expect"]))


class Line:
    """One kept-alive connection, waiting for one response at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def ask(self, request: bytes) -> None:
        self.received = b""
        self.socket.sendall(request)

    def answered(self) -> int | None:
        """Take in what has come; return the status when the response is whole."""
        piece = self.socket.recv(RECEIVE)
        if not piece:
            raise ConnectionError("the server hung up")
        self.received = self.received + piece if self.received else piece
        head, gap, body = self.received.partition(b"\r\n\r\n")
        if not gap:
            return None
        length = _length(head)
        return int(head[9:12]) if len(body) >= length else None


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    if at < 0:
        return 0
    return int(lowered[at + 15 :].split(b"\r\n", 1)[0])


def run(load: Load) -> dict[str, Any]:
    """Ask until the time is over; return how many were answered in how many seconds."""
    lines = selectors.DefaultSelector()
    place, answered, wrong = 0, 0, dict[str, int]()
    begun = time.perf_counter()
    until = begun + load.seconds
    for _ in range(min(load.sockets, len(load.requests))):
        line = Line(load.port)
        lines.register(line.socket, selectors.EVENT_READ, line)
        line.ask(load.requests[place % len(load.requests)])
        place += 1
    while lines.get_map():
        for key, _events in lines.select():
            line = key.data
            status = line.answered()
            if status is None:
                continue
            answered += 1
            if status not in load.expect:
                wrong[str(status)] = wrong.get(str(status), 0) + 1
            if time.perf_counter() >= until or (load.once and place >= len(load.requests)):
                lines.unregister(line.socket)
                line.socket.close()
                continue
            line.ask(load.requests[place % len(load.requests)])
            place += 1
    return {"answered": answered, "seconds": time.perf_counter() - begun, "wrong": wrong, "used": place}


if __name__ == "__main__":
    for order in sys.stdin:
        print(json.dumps(run(Load.from_json(json.loads(order)))), flush=True)
