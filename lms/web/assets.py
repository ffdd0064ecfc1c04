"""Built front-end files: their addresses carry their content, so they are kept for ever, and travel compressed."""

from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from lms.web.addresses import url_for
from lms.web.built import BUILT, manifest

# What the build made beside a file, the smallest first.
_SIBLINGS = (("br", ".br"), ("gzip", ".gz"))


@cache
def _encoded() -> frozenset[str]:
    return frozenset(path.name for path in BUILT.iterdir())


def asset(name: str) -> str:
    """Return the address of a built file, such as "app.css"."""
    return url_for("built", name=manifest()[name])


def built(name: str) -> Response:
    """Send a built file, compressed when the browser can unpack it."""
    accepted = request.headers.get("Accept-Encoding", "")
    for encoding, ending in _SIBLINGS:
        if encoding in accepted and name + ending in _encoded():
            response = send_from_directory(BUILT, name + ending, mimetype=_type(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(BUILT, name, mimetype=_type(name))
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _type(name: str) -> str | None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png"}
    return kinds.get(Path(name).suffix)


built.guard = "public"  # type: ignore[attr-defined]


def install(app: Flask) -> None:
    """Let pages name built files, and browsers keep them."""
    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/built/<name>", "built", built)
