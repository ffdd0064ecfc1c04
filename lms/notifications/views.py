"""Saying that one has read what the site told."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from lms.notifications import outbox
from lms.web.guards import signed_in
from lms.web.signin import actor

bp = Blueprint("notifications", __name__, template_folder="templates")


@bp.post("/notices/read")
@signed_in
def read() -> ResponseReturnValue:
    """Note that one has read one's notices, up to the newest that the page showed."""
    newest = request.form.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 10:
        outbox.mark_read(actor().account_id, up_to=int(newest))
    return redirect("/")
