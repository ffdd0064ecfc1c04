"""Every writing request must come from a page of ours."""

from functools import lru_cache

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, validate_csrf
from markupsafe import Markup, escape
from wtforms import ValidationError

HEADER = "X-CSRF-Token"  # in which scripts of ours send it


class Protect(CSRFProtect):
    """Unpacks a token in the header once: each answer of a quiz brings the one of its session again."""

    def __init__(self) -> None:
        CSRFProtect.__init__(self)

    def protect(self, apply_exemptions: bool = False) -> None:
        token = request.headers.get(HEADER)
        if token and _fits(str(current_app.secret_key), cookie.get("csrf_token"), token):
            g.csrf_valid = True
        else:
            CSRFProtect.protect(self, apply_exemptions=apply_exemptions)


@lru_cache(2_000)
def _fits(_key: str, _own: str | None, token: str) -> bool:
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True


csrf = Protect()


def csrf_field() -> Markup:
    """Return the hidden field that every form carries."""
    if "csrf_token" not in cookie:
        generate_csrf()
    return _field(str(current_app.secret_key), cookie["csrf_token"])


@lru_cache(2_000)
def _field(_key: str, _token: str) -> Markup:
    # The token stays the same as long as the session, and signing it is slow.
    return Markup(f'<input type="hidden" name="csrf_token" value="{escape(generate_csrf())}">')


def install(app: Flask) -> None:
    """Check every writing request of the app."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a quiz page may be open for hours; the token lives with the session
    app.config["WTF_CSRF_SSL_STRICT"] = False
    CSRFProtect.init_app(csrf, app)
    app.jinja_env.globals["csrf_field"] = csrf_field
