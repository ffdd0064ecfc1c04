"""One place that shows errors to people and programs."""

import logging

from flask import Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from lms.core import errors
from lms.core.i18n import lazy_
from lms.web import transactions

log = logging.getLogger(__name__)


class PageTooOld(errors.LmsError):
    code = "page_too_old"
    status = 400
    message = lazy_("This page was open for too long, or cookies are blocked. Go back, reload the page and repeat. Nothing was changed.")


class WrongMethod(errors.LmsError):
    code = "wrong_method"
    status = 405
    message = lazy_("This address cannot be opened like that. Go back and use the button on the page.")


class Broken(errors.LmsError):
    code = "broken"
    status = 500
    message = lazy_("A fault on our side. Nothing of this step was kept; answers saved before are safe. Please try again in a minute.")


def install(app: Flask) -> None:
    """Let the app show errors in the reader's language, as a page or as JSON."""
    app.register_error_handler(errors.LmsError, show)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(Exception, show_fault)


def show(error: errors.LmsError) -> ResponseReturnValue:
    """Show an error of our family."""
    transactions.failed()
    if wants_json():
        return jsonify(error={"code": error.code, "message": str(error)}), error.status
    if error.status == 401:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None))
    return render_template("web/error.html", error=error), error.status


def show_http(error: HTTPException) -> ResponseReturnValue:
    """Show an error that Flask raised as one of ours."""
    if isinstance(error, CSRFError):
        return show(PageTooOld())
    if isinstance(error, RateLimitExceeded):
        return show(errors.TooMany())
    if isinstance(error, RequestEntityTooLarge):
        return show(errors.TooLarge(limit=(app_limit() or 0) // 1_000_000))
    if isinstance(error, MethodNotAllowed):
        return show(WrongMethod())
    if error.code == 404:
        return show(errors.NotFound())
    if error.code is None or error.code < 400:
        return error
    ours = errors.LmsError()
    ours.status = error.code
    return show(ours)


def show_fault(error: Exception) -> ResponseReturnValue:
    """Show a fault of our own; what happened is in the log."""
    log.exception("fault at %s %s", request.method, request.path, exc_info=error)
    return show(Broken())


def wants_json() -> bool:
    """Return whether the asker is a program of ours or another's."""
    return request.is_json or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def app_limit() -> int | None:
    """Return how many bytes a request may have."""
    return request.max_content_length
