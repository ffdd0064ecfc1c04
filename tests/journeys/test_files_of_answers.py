"""Files through the real server: an acknowledged one survives kill -9, and 200 MB are refused without being read."""

import http.client
import json
import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.core import db, files
from lms.core.db import session
from lms.core.models import File
from lms.quizzes.models.attempt import Attachment
from tests.cast import PASSWORD, make_cast
from tests.factories_files import make_file_attempt, slot_of_essay
from tests.real_server import free_port, server

pytestmark = pytest.mark.real_database

MEGABYTE = 1_048_576
BOUNDARY = "bien-gioi"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="anh.pdf"\r\n\r\n'.encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def essay(real_database: str) -> tuple[int, int]:
    """An attempt of the teacher and the slot of its essay."""
    with db.transaction():
        attempt = make_file_attempt(make_cast().persons["teacher"])
        found = attempt.id, slot_of_essay(attempt)
    db.engine().dispose()
    return found


def test_a_file_that_was_acknowledged_survives_kill_9(real_database: str, tmp_path: Path, essay: tuple[int, int]) -> None:
    port, content = free_port(), b"%PDF-1.7" + bytes(9 * MEGABYTE)
    with server(real_database, tmp_path, port) as kill_it:
        opener, token = signed_in(f"http://127.0.0.1:{port}", essay)
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/attempts/{essay[0]}/{essay[1]}/files",
            data=HEAD + content + TAIL,
            headers={
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Accept": "application/json",
                "X-CSRF-Token": token,
            },
        )
        with opener.open(request, timeout=60) as answer:
            said = json.load(answer)
        kill_it()

    with db.transaction():
        kept = session.scalars(select(Attachment)).one()
        assert (said["file"]["id"], said["file"]["size"], kept.name) == (kept.id, "9 MB", "anh.pdf")
        assert session.scalar(select(File.sha256)) == files.digest(content)


def test_two_hundred_megabytes_are_refused_in_bounded_memory(real_database: str, tmp_path: Path, essay: tuple[int, int]) -> None:
    port, size = free_port(), 200 * MEGABYTE
    with server(real_database, tmp_path, port):
        before = most_memory(port)
        sender = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        sender.putrequest("POST", f"/attempts/{essay[0]}/{essay[1]}/files")
        for name, value in (
            ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
            ("Content-Length", str(len(HEAD) + size)),
            ("Accept", "application/json"),
        ):
            sender.putheader(name, value)
        sender.endheaders(HEAD)
        try:
            for _megabyte in range(200):
                sender.send(bytes(MEGABYTE))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has answered already and listens no more
        answer = sender.getresponse()
        said = json.load(answer)
        after = most_memory(port)
        answer.close()
        sender.close()

    assert before > 0
    assert (answer.status, said["error"]["code"], "20 MB" in said["error"]["message"]) == (413, "too_large", True)
    assert after - before < 40 * MEGABYTE
    with db.transaction():
        assert session.scalar(select(Attachment.id)) is None


def signed_in(url: str, essay: tuple[int, int]) -> tuple[urllib.request.OpenerDirector, str]:
    """Return a browser of the teacher, and the token that its page carries."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def token_of(address: str) -> str:
        page = opener.open(address, timeout=30).read().decode()
        return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]

    form = {"username": "teacher", "password": PASSWORD, "csrf_token": token_of(f"{url}/sign-in")}
    opener.open(f"{url}/sign-in", data=urllib.parse.urlencode(form).encode(), timeout=30).read()
    return opener, token_of(f"{url}/attempts/{essay[0]}/{essay[1]}")


def most_memory(port: int) -> int:
    """Return the most bytes that any process of the server on this port has held in memory."""
    found = [0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            status = (folder / "status").read_text()
        except OSError:
            continue
        if f"--port\0{port}\0".encode() in command:
            found += [int(value) * 1024 for value in re.findall(r"VmHWM:\s+(\d+) kB", status)]
    return max(found)
