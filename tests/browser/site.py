"""A site of its own for the browser tests: the demo, filled and served by the real commands."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "lms.cli.main"]
STARTED_WITHIN = 60.0  # seconds; other work may go on at this machine


@dataclass(frozen=True)
class Player:
    """Somebody of the demo who can sign in."""

    username: str
    password: str
    url: str
    name: str
    unit: str


@dataclass(frozen=True)
class Site:
    """Where the site is, and who can sign in to it."""

    url: str
    instance: Path
    players: dict[str, Player]

    def lms(self, *arguments: str) -> str:
        """Run a command on this site and return what it prints."""
        return _lms(self.instance, self.url, *arguments)


@contextmanager
def run(instance: Path, *, wards: int = 2, size: float = 0.06) -> Iterator[Site]:
    """Fill the demo, a small one unless told, serve it with its jobs, and stop it at the end."""
    url = f"http://127.0.0.1:{_free_port()}"
    port = url.rpartition(":")[2]
    _lms(instance, url, "demo", "--no-serve", "--wards", str(wards), "--size", str(size), "--port", port)
    told = json.loads((instance / "demo.json").read_text())
    site = Site(url, instance, {role: Player(**player) for role, player in told.items()})
    with (instance / "serve.log").open("w") as log:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--port", port], cwd=ROOT, env=environment(instance, url), stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(site, server)
            yield site
        finally:
            # The server, its workers and the runner of jobs are one group; nobody else is in it.
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=20)


def _lms(instance: Path, url: str, *arguments: str) -> str:
    done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, env=environment(instance, url), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"lms {' '.join(arguments)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def environment(instance: Path, url: str) -> dict[str, str]:
    """Return what a command of this site finds in its environment."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    return own | {"LMS_INSTANCE": str(instance), "LMS_BASE_URL": url}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(site: Site, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{site.url}/sign-in", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the site does not answer: {(site.instance / 'serve.log').read_text()[-2000:]}")
