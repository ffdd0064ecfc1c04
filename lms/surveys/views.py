"""Answering a survey, its results, and the page on which an author writes it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.i18n import gettext as _
from lms.courses.steps import Step
from lms.learning import enrolment as enrolments
from lms.learning import queries as learning
from lms.learning import rules as learning_rules
from lms.learning.queries import Visit
from lms.surveys import answering, items, queries, rules
from lms.surveys.kind import SurveyKind
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("surveys", __name__, template_folder="templates")


@bp.post("/courses/<slug>/<key>/answer")
@signed_in
def answer(slug: str, key: str) -> ResponseReturnValue:
    """Keep an answer without its author."""
    visit, step = _step(slug, key)
    learning_rules.must_be_open(visit, step)
    asked = items.read(step.settings)
    sent = {each.key: request.form.getlist(f"item.{each.key}") for each in asked}
    answering.answer(enrolments.enrolled(actor().person_id, visit), step, items.accepted(asked, sent))
    flash(_("Thank you. Your answer is kept without your name."), "done")
    return redirect(url_for("learning.activity", slug=slug, key=key))


@bp.get("/courses/<slug>/<key>/results")
@signed_in
def results(slug: str, key: str) -> ResponseReturnValue:
    """Show what was answered, once it is enough to tell nobody apart."""
    allow(rules.may_see_results(actor()))
    visit, step = _step(slug, key)
    return render_template(
        "surveys/results.html", visit=visit, step=step, results=queries.results(visit.outline.course_id, step), group=answering.GROUP
    )


def _step(slug: str, key: str) -> tuple[Visit, Step]:
    visit = found(learning.visit(actor().person_id, slug))
    allow(learning_rules.may_open(actor(), visit))
    step = found(visit.outline.step(key))
    return visit, found(step if step.kind == SurveyKind.key else None)
