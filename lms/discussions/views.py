"""Writing in a discussion, and moderating it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import LmsError
from lms.core.i18n import gettext as _
from lms.courses.steps import Step
from lms.discussions import queries, rules, writing
from lms.discussions.kind import DiscussionKind
from lms.discussions.models import Contribution
from lms.learning import enrolment as enrolments
from lms.learning import queries as learning
from lms.learning import rules as learning_rules
from lms.learning.queries import Visit
from lms.web import transactions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor
from lms.web.throttle import limiter

bp = Blueprint("discussions", __name__, template_folder="templates")


def _who_writes() -> str:
    return f"discussion:{actor().account_id}"


@bp.post("/courses/<slug>/<key>/write")
@signed_in
@limiter.limit("30 per hour", key_func=_who_writes)
def write(slug: str, key: str) -> ResponseReturnValue:
    """Keep a contribution, or a reply to one."""
    visit, step = _step(slug, key)
    learning_rules.must_be_open(visit, step)
    made = writing.write(
        enrolments.enrolled(actor().person_id, visit), step, request.form.get("text", ""), thread_id=request.form.get("thread", type=int)
    )
    flash(
        _("It is shown to others once a moderator has looked at it.") if made.state == "waiting" else _("Your contribution is shown."),
        "done",
    )
    return redirect(url_for("learning.activity", slug=slug, key=key, _anchor=f"said-{made.thread_id or made.id}"))


@bp.post("/contributions/<int:contribution_id>/withdraw")
@signed_in
def withdraw(contribution_id: int) -> ResponseReturnValue:
    """Take back what one wrote oneself."""
    contribution = found(queries.by_id(contribution_id))
    allow(contribution.person_id == actor().person_id)
    writing.withdraw(contribution, by=actor().account_id)
    flash(_("Taken back. Nobody sees it any more."), "done")
    return _back(contribution)


@bp.post("/contributions/<int:contribution_id>/report")
@signed_in
def report(contribution_id: int) -> ResponseReturnValue:
    """Ask a moderator to look at a contribution."""
    contribution = found(queries.by_id(contribution_id))
    _step(contribution.course.slug, contribution.activity_key)
    writing.report(contribution, actor().person_id)
    flash(_("Thank you. A moderator looks at it; nobody learns that it was you."), "done")
    return _back(contribution)


@bp.get("/discussions")
@signed_in
def cases() -> ResponseReturnValue:
    """List what waits for a moderator."""
    allow(rules.may_moderate_some(actor()))
    return render_template("discussions/cases.html", cases=queries.cases(actor()))


@bp.post("/contributions/<int:contribution_id>/decide")
@signed_in
def decide(contribution_id: int) -> ResponseReturnValue:
    """Show or hide a contribution as its moderator."""
    contribution = found(queries.by_id(contribution_id))
    allow(rules.may_moderate(actor(), contribution.course))
    try:
        if request.form.get("act") == "hide":
            writing.hide(contribution, request.form.get("reason", ""), by=actor().account_id)
        else:
            writing.show(contribution, by=actor().account_id)
    except LmsError as error:
        transactions.failed()
        flash(str(error), "late")
    else:
        flash(_("Done."), "done")
    return redirect(url_for(".cases"))


def _back(contribution: Contribution) -> ResponseReturnValue:
    return redirect(url_for("learning.activity", slug=contribution.course.slug, key=contribution.activity_key))


def _step(slug: str, key: str) -> tuple[Visit, Step]:
    """Return a discussion in which somebody takes part."""
    visit = found(learning.visit(actor().person_id, slug))
    allow(learning_rules.may_open(actor(), visit) and rules.may_take_part(actor(), visit))
    step = found(visit.outline.step(key))
    return visit, found(step if step.kind == DiscussionKind.key else None)
