"""Addresses of built front-end files, with their content in the name so that they can be cached for ever."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

BUILT = Path(__file__).parent / "static" / "built"


class NotBuilt(RuntimeError):
    """The front-end files are missing; `make build` makes them."""


@cache
def manifest() -> dict[str, str]:
    """Return logical name -> file name of what was built; raises NotBuilt."""
    path = BUILT / "manifest.json"
    if not path.exists():
        raise NotBuilt("the front-end files are missing: run `make build`")
    files: dict[str, str] = json.loads(path.read_text())
    return files


def asset(name: str) -> str:
    """Return the address of a built file, such as "app.css"."""
    return url_for("static", filename=f"built/{manifest()[name]}")


def install(app: Flask) -> None:
    """Let pages name built files, and browsers keep them."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200 and "/built/" in request.path:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
