"""How many statements a page sends to the database: cold in a worker that has shown nothing yet, then warm.

Run as ``python -m bench.counting`` with LMS_INSTANCE set; on the way in comes a
JSON object, name -> [path, cookie], on the way out name -> [cold, warm, bytes].
"""

import json
import os
import sys

from flask import Flask
from sqlalchemy import event

from lms.app import create_app
from lms.core import db

WARM = 3  # requests after the first one


def count(app: Flask, path: str, cookie: str) -> tuple[int, int, int]:
    """Return the statements of the first and of the last of a few requests, and how long the page is on the wire."""
    said: list[str] = []
    event.listen(db.engine(), "before_cursor_execute", lambda *given: said.append(given[2]))
    client = app.test_client(use_cookies=False)
    counts = []
    for _ in range(1 + WARM):
        said.clear()
        answer = client.get(path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
        counts.append(sum(not each.startswith("BEGIN") for each in said))
    return counts[0], counts[-1], len(answer.data)


def in_fresh_worker(app: Flask, path: str, cookie: str) -> tuple[int, int, int]:
    """Count in a copy of this process, which has shown no page."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, json.dumps(count(app, path, cookie)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.wait()
    if not said:
        raise SystemExit(f"{path} could not be counted")
    cold, warm, size = json.loads(said)
    return cold, warm, size


def main() -> None:
    """Print the counts."""
    app = create_app()
    db.engine().dispose()
    pages = json.load(sys.stdin)
    print(json.dumps({name: in_fresh_worker(app, path, cookie) for name, (path, cookie) in pages.items()}))


if __name__ == "__main__":
    main()
