"""Which language a request speaks: the actor's, the visitor's choice, else the installation's."""

from urllib.parse import quote

from flask import Flask, request
from flask import session as cookie

from lms.core import i18n
from lms.web.addresses import url_for
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
    # Every page has this link: only the part that is the same for all is worth remembering.
    here = quote(request.full_path.rstrip("?"), safe="/")
    return f"{url_for('accounts.set_language', language=other())}?next={here}"
