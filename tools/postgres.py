"""A PostgreSQL server for tests: the one that answers, else one of our own in a temporary folder."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tools.check_system import find

USUAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
PATIENCE = 30.0  # seconds


class NoServer(RuntimeError):
    """No server answers and none can be started; the sentence says why."""


@contextmanager
def server() -> Iterator[str]:
    """Give the URL of a server on which databases may be made; stop it afterwards if it is ours.

    Raises NoServer.
    """
    url = os.environ.get("LMS_TEST_POSTGRESQL", USUAL)
    if is_usable(url):
        yield url
        return
    if "LMS_TEST_POSTGRESQL" in os.environ:
        raise NoServer(f"LMS_TEST_POSTGRESQL is {url!r}, but nobody answers there who may make databases")
    with _own() as own:
        yield own


def is_usable(url: str) -> bool:
    """Return whether a server answers there and lets us make databases."""
    try:
        with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=3) as connection:
            row = connection.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


@contextmanager
def _own() -> Iterator[str]:
    """Start a server that keeps nothing safe and is fast for it."""
    initdb = find("initdb")
    if initdb is None:
        raise NoServer("PostgreSQL is not installed: run `python tools/check_system.py`")
    program = str(Path(initdb).resolve().with_name("postgres"))
    folder = Path(tempfile.mkdtemp(prefix="antoanso-postgresql-"))
    user = _who_may_run_it(folder)
    port = _free_port()
    log = (folder / "log.txt").open("w")
    try:
        made = subprocess.run(
            [initdb, "--pgdata", str(folder / "data"), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"],
            user=user, cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.strip()}")
        speed = [part for name in ("fsync", "synchronous_commit", "full_page_writes") for part in ("-c", f"{name}=off")]
        running = subprocess.Popen(
            [program, "-D", str(folder / "data"), "-k", str(folder), "-p", str(port), "-c", "listen_addresses=127.0.0.1", *speed],
            user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
            _wait_for(url, running, folder / "log.txt")
            yield url
        finally:
            running.terminate()
            running.wait(timeout=PATIENCE)
    finally:
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _who_may_run_it(folder: Path) -> str | None:
    """Return the user to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("postgres")
    except KeyError as error:
        raise NoServer("PostgreSQL does not run as root, and there is no user postgres") from error
    shutil.chown(folder, "postgres")
    return "postgres"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not is_usable(url):
        if running.poll() is not None or time.monotonic() > end:
            raise NoServer(f"PostgreSQL did not start: {log.read_text().strip()[-500:]}")
        time.sleep(0.1)
