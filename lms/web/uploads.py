"""How much a request may bring along: little everywhere, more where somebody who is signed in sends a video."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request
from flask import session as cookie

View = TypeVar("View", bound=Callable[..., object])


def takes(size: int) -> Callable[[View], View]:
    """Let a view receive so many bytes; everywhere else LMS_MAX_UPLOAD_MB is the limit."""

    def mark(view: View) -> View:
        view.takes = size  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Raise the limit before anything of a request is read.  Strangers never get more."""

    @app.before_request
    def raise_limit() -> None:
        wanted = getattr(current_app.view_functions.get(request.endpoint or ""), "takes", 0)
        if wanted and "_user_id" in cookie:
            request.max_content_length = max(wanted, current_app.config["MAX_CONTENT_LENGTH"])
