"""Servers under test: one worker, one blocking thread, as `lms serve` starts them; and what they cost."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Memory:
    """Memory of a process in MB.

    ``share`` counts what it has in common with n processes as one n-th, so that
    the shares of all processes add up to what the machine has given away;
    ``own`` is what a further worker adds.
    """

    resident: float
    share: float
    own: float


@dataclass(frozen=True)
class Server:
    """A server that runs; ``worker`` is the process that answers."""

    port: int
    main: int
    worker: int

    def memory(self) -> "Memory":
        """Return what the worker holds in memory."""
        rollup = Path(f"/proc/{self.worker}/smaps_rollup").read_text()
        sizes = {name: int(size) / 1024 for name, size in re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.MULTILINE)}
        return Memory(sizes["Rss"], sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"])

    def processor_seconds(self) -> float:
        """Return the processor time that the worker has used; other programs on the machine hardly change it."""
        # Of all its threads, to the nanosecond; /proc/<pid>/stat counts in hundredths of a second.
        return sum(int(each.read_text().split()[0]) for each in Path(f"/proc/{self.worker}/task").glob("*/schedstat")) / 1e9


class NotServingError(RuntimeError):
    """A server did not answer in time."""


@contextmanager
def ours(instance: Path) -> Iterator[Server]:
    """Serve our app by `lms serve` itself."""
    port = free_port()
    command = [sys.executable, "-m", "lms.cli.main", "serve", "--port", str(port), "--workers", "1", "--no-jobs"]
    with _running(command, port, environment(instance)) as server:
        yield server


@contextmanager
def limit(database: Path) -> Iterator[Server]:
    """Serve the bare app with the same server in the same settings."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "bench.limit:create_app", "--factory", "--interface", "wsgi", "--host", "127.0.0.1",
               "--port", str(port), "--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]  # fmt: skip
    with _running(command, port, os.environ | {"LMS_BENCH_DATABASE": str(database)}) as server:
        yield server


def environment(instance: Path) -> dict[str, str]:
    """Return the environment in which our programs use this instance folder, and nobody is turned away for asking often."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    return kept | {"LMS_INSTANCE": str(instance), "LMS_THROTTLE_STORAGE": "memory://"}


def run_module(module: list[str], instance: Path, given: str | None = None) -> str:
    """Run ``python -m`` this with an instance folder; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=environment(instance),
        input=given,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def first_answer(port: int, path: str, *, since: float, process: subprocess.Popen[bytes]) -> float:
    """Return how many seconds passed ``since`` until the server said 200 to this path."""
    while time.perf_counter() - since < PATIENCE:
        if process.poll() is not None:
            raise NotServingError(f"the server ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
                line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                if line.recv(64).startswith(b"HTTP/1.1 200"):
                    return time.perf_counter() - since
        except OSError:
            pass
        time.sleep(0.005)
    raise NotServingError(f"no answer from port {port} in {PATIENCE} seconds")


def start_time(instance: Path, path: str) -> float:
    """Return how many seconds `lms serve` needs from the command to the first 200."""
    port = free_port()
    command = [sys.executable, "-m", "lms.cli.main", "serve", "--port", str(port), "--workers", "1", "--no-jobs"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(instance), stdout=subprocess.DEVNULL)
    try:
        return first_answer(port, path, since=begun, process=process)
    finally:
        _stop(process)


@contextmanager
def _running(command: list[str], port: int, env: Mapping[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait_until_listening(port, process)
        yield Server(port, process.pid, _worker_of(process.pid))
    finally:
        _stop(process)


def _wait_until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise NotServingError(f"the server ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
                line.sendall(b"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if line.recv(64):
                    return
        except OSError:
            time.sleep(0.05)
    raise NotServingError(f"nobody listens on port {port}")


def _worker_of(main: int) -> int:
    """Return the process below the server's main process that holds the app: the largest one."""
    below = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and _parent(int(each.name)) == main]
    return max(below, key=lambda pid: _status(pid, "VmRSS"), default=main)


def _parent(pid: int) -> int:
    try:
        return _status(pid, "PPid")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _status(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
