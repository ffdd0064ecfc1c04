"""Rounds: the limit, then ours, then the limit again; what counts is the ratio within a round."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.servers import ROOT, Server

SOCKETS = 4  # more than one, so that the worker never waits for the client


@dataclass(frozen=True)
class Rate:
    """How often something was done in a second, and what each time cost the worker's processor."""

    per_second: float
    processor_us: float


@dataclass(frozen=True)
class Comparison:
    """Ours and the limit, round by round."""

    name: str
    ours: list[Rate]
    limit: list[Rate]

    @property
    def shares(self) -> list[float]:
        """Of the limit's throughput, in each round."""
        return [ours.per_second / limit.per_second for ours, limit in zip(self.ours, self.limit, strict=True)]

    @property
    def processor_shares(self) -> list[float]:
        """What the limit costs the processor over what ours costs: hardly touched by other programs on the machine."""
        return [limit.processor_us / ours.processor_us for ours, limit in zip(self.ours, self.limit, strict=True)]

    @property
    def share(self) -> float:
        return median(self.shares)


class FailedError(RuntimeError):
    """A server answered otherwise than it should."""


class Client:
    """The load client, in a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.client"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)


@dataclass
class Asked:
    """Requests to one server, asked block by block; those that work once are taken from the front."""

    client: Client
    server: Server
    requests: list[str]
    expect: tuple[int, ...] = (200,)
    once: bool = False
    block: int = 0  # requests in a block; 0: as many as fit into its seconds
    taken: int = field(default=0, init=False)

    def __call__(self, seconds: float) -> Rate:
        pending = self.requests[self.taken :] if self.once else self.requests
        if self.block:
            pending = pending[: self.block]
        if not pending:
            raise FailedError("no request is left: fewer or shorter rounds, please")
        before = self.server.processor_seconds()
        said = self.client.run(
            {
                "port": self.server.port,
                "requests": pending,
                "seconds": seconds if not self.block else 3600.0,
                "sockets": SOCKETS,
                "once": self.once,
                "expect": self.expect,
            }
        )
        if said["wrong"]:
            raise FailedError(f"{pending[0].splitlines()[0]}: wanted {self.expect}, got {said['wrong']} of {said['answered']}")
        self.taken += said["used"]
        return Rate(said["answered"] / said["seconds"], 1e6 * (self.server.processor_seconds() - before) / said["answered"])


def compare(name: str, ours: Callable[[float], Rate], limit: Callable[[float], Rate], *, rounds: int, seconds: float) -> Comparison:
    """Measure both by turns, after one short turn that nobody counts."""
    limit(seconds / 2)
    ours(seconds / 2)
    measured = [(limit(seconds), ours(seconds)) for _ in range(rounds)]
    return Comparison(name, [each[1] for each in measured], [each[0] for each in measured])
