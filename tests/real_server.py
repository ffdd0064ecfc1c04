"""The site served by the real command, for tests that kill it, and what such a test needs around it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECRET_KEY = "a key for tests only, long enough"
STARTED_WITHIN = 60.0  # seconds; other work may go on at this machine
# The kill can also come in the middle of an answer: then it was not acknowledged.
UNREACHABLE = (urllib.error.URLError, ConnectionError, TimeoutError, OSError, http.client.HTTPException)


@contextmanager
def server(database_url: str, instance: Path, port: int) -> Iterator[Callable[[], None]]:
    """Serve the site by the real command; gives what kills it and all its workers with signal 9."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")} | {
        "LMS_DATABASE_URL": database_url,
        "LMS_INSTANCE": str(instance),
        "LMS_SECRET_KEY": SECRET_KEY,
        "LMS_BASE_URL": f"http://127.0.0.1:{port}",
        "LMS_THROTTLE": "off",
    }
    command = [sys.executable, "-m", "lms.cli.main", "serve", "--port", str(port), "--workers", "2", "--no-jobs"]
    with (instance / "serve.log").open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)

    def kill_it() -> None:
        # The server and its workers are one group; nobody else is in it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)

    try:
        wait_until(lambda: answers(port))
        yield kill_it
    finally:
        if process.poll() is None:
            kill_it()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5):
            return True
    except UNREACHABLE:
        return False


def wait_until(done: Callable[[], bool], what: Callable[[], object] = lambda: "", within: float = STARTED_WITHIN) -> None:
    until = time.monotonic() + within
    while not done():
        assert time.monotonic() < until, f"nothing happened within {within:.0f} seconds {what()}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
