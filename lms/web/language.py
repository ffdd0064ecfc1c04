"""Which language a request speaks: the actor's, the visitor's choice, else the installation's."""

from flask import Flask, request, url_for
from flask import session as cookie

from lms.core import i18n
from lms.web.signin import maybe_actor


def install(app: Flask, default: str) -> None:
    """Choose the language before each request."""

    @app.before_request
    def choose() -> None:
        i18n.use(_wanted(default))


def _wanted(default: str) -> str:
    # A look into an empty query is dear: what is missing there is an exception.
    asked = (request.args.get("lang") if request.query_string else None) or cookie.get("language")
    if asked in i18n.LANGUAGES:
        return str(asked)
    someone = maybe_actor()
    return someone.language if someone else default


def other() -> str:
    """Return the code of the language that one can switch to."""
    return "en" if i18n.language() == "vi" else "vi"


def other_url() -> str:
    """Return the address that switches the language and comes back here."""
    return url_for("accounts.set_language", language=other(), next=request.full_path.rstrip("?"))
