"""Parts of pages that come out alike for many readers: drawn once in each language, then taken from memory."""

from collections.abc import Callable, Hashable

from flask import Flask
from markupsafe import Markup

from lms.core import i18n
from lms.core.shelf import Shelf

_drawn: Shelf[Markup] = Shelf(1_000)  # some hundred bytes each


def drawn_once(macro: Callable[..., Markup], *values: Hashable) -> Markup:
    """Return what a macro draws.  It may depend on nothing but these values and the language: no session, no clock."""
    key = (i18n.language(), macro.name, values)  # type: ignore[attr-defined]  # of a Jinja macro
    drawn = _drawn.get(key)
    if drawn is None:
        drawn = Markup(macro(*values))
        _drawn.put(key, drawn)
    return drawn


def install(app: Flask) -> None:
    """Let templates use it."""
    app.jinja_env.globals["drawn_once"] = drawn_once
