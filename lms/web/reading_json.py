"""JSON that others send: what no program should have to read is refused as what it is, a bad request."""

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    """Flask's own, which takes lists in lists in lists a hundred thousand deep for a fault of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def install(app: Flask) -> None:
    """Let the app read JSON like this."""
    app.json = Json(app)
