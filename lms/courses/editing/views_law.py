"""The page on which changes of the law are written down, with what cites them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import LmsError
from lms.core.i18n import LANGUAGES, _
from lms.courses import law_changes
from lms.courses.editing import queries, rules
from lms.courses.editing.forms_law import AmendmentForm
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("law_changes", __name__, template_folder="../templates")

AUTHORS = ("author", "administrator")


@bp.route("/law-changes", methods=["GET", "POST"])
@with_role(*AUTHORS)
def index() -> ResponseReturnValue:
    """List the changes with the lessons to be looked at; on POST write one down."""
    allow(rules.may_write_somewhere(actor()))
    form = AmendmentForm.from_request(data={"from_day": clock.today(), "course": ""})
    form.offer(queries.published_courses())
    if transactions.is_writing():
        allow(rules.may_change_law(actor()))
        if form.accepted():
            assert form.from_day.data
            try:
                law_changes.note(form.reference.data or "", form.from_day.data, form.note(), form.course_id(), by=actor().account_id)
            except LmsError as error:
                transactions.failed()
                form.reference.errors = [str(error)]
            else:
                flash(_("Written down. Lessons that cite it are marked."), "done")
                return redirect(url_for(".index"))
    page = render_template(
        "courses/editing/law_changes.html",
        changes=law_changes.changes(),
        form=form,
        may_change=rules.may_change_law(actor()),
        languages=LANGUAGES,
    )
    return page, 422 if form.errors else 200


@bp.post("/law-changes/<int:amendment_id>/withdraw")
@with_role(*AUTHORS)
def withdraw(amendment_id: int) -> ResponseReturnValue:
    """Take a change back that was written down by mistake."""
    allow(rules.may_change_law(actor()))
    row = found(law_changes.by_id(amendment_id))
    try:
        law_changes.withdraw(row, by=actor().account_id)
    except LmsError as error:
        transactions.failed()
        flash(str(error), "info")
    else:
        flash(_("Taken back. Readers are told nothing more."), "done")
    return redirect(url_for(".index"))
