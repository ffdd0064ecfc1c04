"""Who may come in: every view says it with one of these, and a test reads it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import Forbidden, NotFound
from lms.web.signin import actor

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Found = TypeVar("Found")

# A forced change of the first password comes before everything but these.
BEFORE_CHANGE = {"accounts.change_password", "accounts.sign_out", "accounts.set_language"}


def public(view: View) -> View:
    """Everybody may open this view, signed in or not."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Only for people who are signed in; what else they need is asked with ``allow``."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        someone = actor()
        if someone.must_change and request.endpoint not in BEFORE_CHANGE:
            return redirect(url_for("accounts.change_password"))
        return view(*args, **kwargs)

    guarded.guard = "signed_in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def with_role(*roles: str) -> Callable[[View], View]:
    """Only for people who hold one of these roles anywhere; where is asked with ``allow``."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            allow(actor().has_role(*roles))
            return view(*args, **kwargs)

        inner = signed_in(guarded)
        inner.guard = f"role:{','.join(roles)}"  # type: ignore[attr-defined]
        return inner  # type: ignore[return-value]

    return mark


def found(row: Found | None) -> Found:
    """Return the row; raises NotFound when there is none."""
    if row is None:
        raise NotFound()
    return row


def allow(permitted: bool) -> None:
    """Go on only when permitted; raises Forbidden."""
    if not permitted:
        raise Forbidden()
