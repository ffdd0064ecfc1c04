"""One request, one transaction: a view that returns commits, a view that raises or only reads does not."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, request

from lms.core import db
from lms.core.db import session

READING = ("GET", "HEAD", "OPTIONS")


def install(app: Flask) -> None:
    """Let every request of the app begin and end its transaction."""
    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(clean_up)


def begin() -> None:
    """Say before the first statement whether this request may write; SQLite then takes the right lock."""
    db.may_write(request.method not in READING)
    if request.mimetype == "multipart/form-data":
        # A slow telephone must not hold the write lock while its files arrive: they wait in memory, or on disk, before anything is asked.
        _ = request.files


def end(response: Response) -> Response:
    """Commit what a writing view did, unless an error was shown instead."""
    if request.method not in READING and not g.get("failed", False):
        session.commit()
    return response


def is_writing() -> bool:
    """Return whether this request came to change something."""
    return request.method not in READING


@contextmanager
def reading() -> Iterator[None]:
    """Read inside a writing request without the write lock, and hold nothing afterwards.

    For what is slow between reading and writing, such as checking a password:
    others can write meanwhile.  Rows read in the block are detached after it.
    """
    session.remove()
    db.may_write(False)
    try:
        yield
    finally:
        session.remove()
        db.may_write(True)


def keep() -> None:
    """Keep what was done so far and hold nothing: what follows is slow and needs the database no more."""
    session.commit()


def failed() -> None:
    """Note that this request ends in an error: nothing of it is kept."""
    g.failed = True
    session.rollback()


def clean_up(_error: BaseException | None) -> None:
    """Give the connection back; what was not committed is rolled back."""
    session.remove()
    db.may_write(True)
