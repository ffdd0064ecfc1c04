"""Every writing request must come from a page of ours."""

from flask import Flask, g
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

csrf = CSRFProtect()


def csrf_field() -> Markup:
    """Return the hidden field that every form carries."""
    if "csrf_field" not in g:
        g.csrf_field = Markup(f'<input type="hidden" name="csrf_token" value="{escape(generate_csrf())}">')
    field: Markup = g.csrf_field
    return field


def install(app: Flask) -> None:
    """Check every writing request of the app."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a quiz page may be open for hours; the token lives with the session
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field
