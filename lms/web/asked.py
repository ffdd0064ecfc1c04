"""What an address asks for: numbers that a row can have, and text that a database can hold."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from lms.core.errors import NotFound

MOST = 2**31 - 1  # of an id; SQLite and PostgreSQL both fail on numbers much larger


class RowNumber(IntegerConverter):
    """The ``int`` of our routes: a number that no row can have is an address that does not exist."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = MOST) -> None:
        super().__init__(url_map, fixed_digits, min, max)


def install(app: Flask) -> None:
    """Answer addresses that no database understands as those that do not exist."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_null)


def number(name: str) -> int | None:
    """Return a number from the query, None when there is none or no row can have it."""
    asked = request.args.get(name, type=int)
    return asked if asked is not None and 0 <= asked <= MOST else None


def page() -> int:
    """Return which page of a list is asked for, from 1; far behind the end is the same as anywhere behind it."""
    return min(max(1, request.args.get("page", 1, type=int)), 1_000_000)


def _refuse_null() -> None:
    # PostgreSQL has no letter of number zero, and says so with a fault.
    if "\x00" in request.path or b"%00" in request.query_string:
        raise NotFound()
