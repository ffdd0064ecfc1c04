"""The page on which a draft is reviewed."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.courses.editing import queries, reviewing, rules
from lms.schools import queries as schools
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("course_review", __name__, template_folder="../templates")

AUTHORS = ("author", "administrator")


@bp.route("/authoring/<slug>/review", methods=["GET", "POST"])
@with_role(*AUTHORS)
def review(slug: str) -> ResponseReturnValue:
    """Show what was said of a version; on POST say something, ask, send back or approve."""
    place = found(queries.place(slug))
    allow(rules.may_write(actor(), place.course))
    said, text, key = "", request.form.get("text", ""), request.form.get("about", "")
    if request.method == "POST":
        found(place if place.is_draft else None)
        try:
            _act(place.version.id, request.form.get("act", ""), key if queries.activity(place.version, key) else "", text)
        except LmsError as error:
            transactions.failed()
            place, said = found(queries.place(slug)), str(error)
        else:
            return redirect(url_for(".review", slug=slug))
    known = reviewing.review(place.version)
    page = render_template(
        "courses/editing/review.html",
        place=place,
        review=known,
        names=schools.names_of_accounts({each.by_account_id for each in known.notes}),
        account_id=actor().account_id,
        said=said,
        text=text if said else "",
        about=key,
        is_required=current_app.extensions["settings"].course_review == "required",
        longest=reviewing.LONGEST,
    )
    return page, 422 if said else 200


def _act(version_id: int, act: str, key: str, text: str) -> None:
    by = actor().account_id
    if act == "ask":
        reviewing.ask(version_id, text, by=by)
        flash(_("Asked. The other authors of this unit are told."), "done")
    elif act == "approve":
        reviewing.approve(version_id, text, by=by)
        flash(_("Approved as it stands. When something is changed now, it is asked again."), "done")
    elif act == "send_back":
        reviewing.send_back(version_id, text, by=by)
        flash(_("Sent back. Its author is told."), "done")
    else:
        reviewing.comment(version_id, key, text, by=by)
        flash(_("Your comment is there."), "done")
