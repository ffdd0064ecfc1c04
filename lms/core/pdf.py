"""PDF from HTML, and the text of a PDF; drawn and read in a process of its own."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from select import select
from threading import Lock
from typing import Any

FONTS = Path(__file__).parent.parent / "web" / "fonts"
PATIENCE = 60  # seconds for one page; the first one also loads the library


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
    reply = _process.ask({"html": html, "title": title, "author": author})
    if "pdf" not in reply:
        raise NotDrawn(reply.get("error", "no answer"))
    return base64.b64decode(reply["pdf"])


def lines(content: bytes) -> list[str]:
    """Return the text of a PDF line by line; raises NotRead."""
    reply = _process.ask({"pdf": base64.b64encode(content).decode()})
    if "lines" not in reply:
        raise NotRead(reply.get("error", "no answer"))
    found: list[str] = reply["lines"]
    return found


class _Process:
    """The drawing process of this worker: started when first needed, again when it died or hung."""

    def __init__(self) -> None:
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
                ready, _, _ = select([process.stdout], [], [], PATIENCE)
                line = process.stdout.readline() if ready else ""
            except OSError:
                line = ""
            if not line:
                process.kill()
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


_process = _Process()
