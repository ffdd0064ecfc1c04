"""The cookie of a session: read, checked, and written only when something in it changed."""

from datetime import datetime
from functools import lru_cache

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

_KEPT = 2_000  # cookies that a worker remembers as genuine, a few hundred bytes each
_clock = TimestampSigner("")  # only asked for the time, as signatures count it


class Sessions(SecureCookieSessionInterface):
    """Keeps cookies off built files: an answer that varies with the cookie is fetched again when that changes."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        return _signer(str(app.secret_key))

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        said = request.cookies.get(self.get_cookie_name(app))
        if not said:
            return self.session_class()
        try:
            content, signed_at = _opened(str(app.secret_key), said)
        except BadSignature:
            return self.session_class()
        if (_clock.timestamp_to_datetime(_clock.get_timestamp()) - signed_at) > app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(self.serializer.loads(content))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint not in ("static", "built"):
            super().save_session(app, session, response)


@lru_cache(8)
def _signer(key: str) -> URLSafeTimedSerializer:
    # Of the same make as Flask's own, which makes a new one for each request.
    return URLSafeTimedSerializer(
        [key],
        salt=Sessions.salt,
        serializer=Sessions.serializer,
        signer_kwargs={"key_derivation": Sessions.key_derivation, "digest_method": Sessions.digest_method},
    )


@lru_cache(_KEPT)
def _opened(key: str, said: str) -> tuple[str, datetime]:
    """Return what a cookie says and when it was signed; raises BadSignature, which is not remembered.

    A browser sends the same cookie with every request, and checking a signature
    takes longer than a statement.  What it says is kept as text, because a
    request may change its own copy.
    """
    content, signed_at = _signer(key).loads(said, return_timestamp=True)
    return Sessions.serializer.dumps(content), signed_at


def install(app: Flask) -> None:
    """Let sessions of the app live in such cookies."""
    app.session_interface = Sessions()
