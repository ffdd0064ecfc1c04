"""Who is asking: the signed-in actor of a request, loaded by one query that the app provides."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from lms.core import clock
from lms.core.errors import SignInNeeded


@dataclass(frozen=True)
class Grant:
    """A role at a unit."""

    role: str
    unit_id: int


@dataclass(frozen=True, eq=False)
class Actor(UserMixin):
    """A signed-in person with the roles held today."""

    account_id: int
    person_id: int
    session_epoch: int
    username: str
    full_name: str
    given_name: str
    gender: str | None
    language: str
    must_change: bool
    grants: tuple[Grant, ...] = field(default=())
    unit_id: int | None = None  # of the first grant
    unit_name: str = ""
    unit_code: str = ""
    grade: int | None = None  # of a pupil's class

    def get_id(self) -> str:
        return f"{self.account_id}.{self.session_epoch}"

    def has_role(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    @property
    def is_pupil(self) -> bool:
        return self.has_role("pupil")


class Manager(LoginManager):
    """Asks for no fingerprint of the browser: phones change their address all the time, and hashing it would cost each request."""

    def _session_protection_failed(self) -> bool:
        return False


Loader = Callable[[int, str], Actor | None]


def install(app: Flask, loader: Loader) -> None:
    """Let the app know who is asking.

    ``loader`` finds an actor by account id and the key of the session; None when the
    account is disabled or the session was ended.
    """
    # A session ends so many days after the last day of use: it is enough to write the cookie anew once a day.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = Manager(app)  # type: ignore[no-untyped-call]

    @manager.user_loader
    def load(session_id: str) -> Actor | None:
        account_id, _, epoch = session_id.partition(".")
        if not account_id.isdigit():
            return None
        actor = loader(int(account_id), session_key())
        # A changed password raises the epoch, and so ends every session begun before.
        if actor is None or str(actor.session_epoch) != epoch:
            return None
        _note_day()
        return actor

    @manager.unauthorized_handler
    def refuse() -> None:
        raise SignInNeeded()


def actor() -> Actor:
    """Return who is asking; raises SignInNeeded for a stranger."""
    someone = maybe_actor()
    if someone is None:
        raise SignInNeeded()
    return someone


def maybe_actor() -> Actor | None:
    """Return who is asking, or None for a stranger."""
    if request.endpoint in ("static", "built"):
        return None
    someone = current_user._get_current_object()
    return someone if isinstance(someone, Actor) else None


def begin(someone: Actor) -> None:
    """Start a session for this actor; an old session's content does not survive."""
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    login_user(someone)
    cookie.pop("_id", None)  # for the session protection that we do not use, and half of the cookie
    cookie.permanent = True
    cookie["key"] = secrets.token_urlsafe(16)
    _note_day()


def session_key() -> str:
    """Return what names this session and no other; "" when nobody is signed in."""
    return str(cookie.get("key", ""))


def _note_day() -> None:
    today = clock.today().isoformat()
    if cookie.get("day") != today:
        cookie["day"] = today


def end() -> None:
    """End the session of this browser."""
    logout_user()
    cookie.clear()
    g.pop("_login_user", None)
