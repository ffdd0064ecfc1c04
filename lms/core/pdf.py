"""PDF from HTML, and the text of a PDF; drawn and read in a process of its own."""

import base64
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from select import select
from threading import Lock
from typing import Any

FONTS = Path(__file__).parent.parent / "web" / "fonts"
PATIENCE = 60  # seconds for one page; the first one also loads the library
# Anybody may send a file to be read, and meanwhile this worker serves nobody else.
PATIENCE_WITH_FILES = 5


class NotDrawn(RuntimeError):
    """The HTML could not be drawn whole: a fault in a template or a missing font."""


class NotRead(ValueError):
    """The file is not a PDF that can be read."""


def render(html: str, *, title: str, author: str = "An toàn số") -> bytes:
    """Return the PDF of a page of HTML; the same HTML gives the same bytes.

    The page may use the families "Tinos" and "Be Vietnam Pro", tables, points
    and data: images; its <html lang> becomes the document's language, and it
    has no <title> of its own.

    Raises NotDrawn when anything in it was refused or not understood.
    """
    reply = _drawer.ask({"html": html, "title": title, "author": author})
    if "pdf" not in reply:
        raise NotDrawn(reply.get("error", "no answer"))
    return base64.b64decode(reply["pdf"])


def lines(content: bytes) -> list[str]:
    """Return the text of a PDF line by line; raises NotRead."""
    reply = _reader.ask({"pdf": base64.b64encode(content).decode()})
    if "lines" not in reply:
        raise NotRead(reply.get("error", "no answer"))
    found: list[str] = reply["lines"]
    return found


class _Process:
    """A process beside this worker: started when first needed, again when it died or hung."""

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._lock = Lock()
        self._running: subprocess.Popen[str] | None = None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer, or {} when there was none in time."""
        with self._lock:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            try:
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                ready, _, _ = select([process.stdout], [], [], self._patience)
                line = process.stdout.readline() if ready else ""
            except OSError:
                line = ""
            if not line:
                process.kill()
                with suppress(OSError):  # what it never read is lost with it
                    process.stdin.close()
                process.stdout.close()
                process.wait()
                self._running = None
                return {}
            reply: dict[str, Any] = json.loads(line)
            return reply

    def _started(self) -> subprocess.Popen[str]:
        if self._running is None or self._running.poll() is not None:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "lms.core.pdf_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                cwd=FONTS.parent.parent.parent,
            )
        return self._running


# Two, so that a file that breaks its reader costs nobody a certificate.
_drawer = _Process(PATIENCE)
_reader = _Process(PATIENCE_WITH_FILES)
