"""Pages of how a person stands in their courses: what is missing and why, and deciding about a single step."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.learning import deciding, missing, rules
from lms.learning.queries import Visit
from lms.schools import queries as schools
from lms.schools import rules as schools_rules
from lms.schools.queries import PersonPage
from lms.web import transactions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("standing", __name__, template_folder="templates")


@bp.get("/people/<int:person_id>/courses")
@signed_in
def courses(person_id: int) -> ResponseReturnValue:
    """List the courses of a person, and how far each is."""
    page = _seen(person_id)
    return render_template(
        "learning/courses_of_person.html",
        person=page.person,
        courses=missing.courses_of(person_id),
        is_self=person_id == actor().person_id,
    )


@bp.get("/people/<int:person_id>/courses/<slug>")
@signed_in
def course(person_id: int, slug: str) -> ResponseReturnValue:
    """Show why a course is not complete yet."""
    page = _seen(person_id)
    visit = found(missing.of_learner(person_id, slug))
    return render_template(
        "learning/standing.html",
        person=page.person,
        visit=visit,
        steps=missing.of_visit(visit),
        is_self=person_id == actor().person_id,
        decides=_decides(page) and visit.state == "active",
    )


@bp.post("/people/<int:person_id>/courses/<slug>")
@signed_in
def decide(person_id: int, slug: str) -> ResponseReturnValue:
    """Tick a step, let it count for a reason, or take that back."""
    page = _seen(person_id)
    allow(_decides(page))
    visit = found(missing.of_learner(person_id, slug))
    try:
        flash(_decide(visit, request.form.get("act", ""), request.form.get("key", ""), request.form.get("reason", "")), "done")
    except LmsError as error:
        transactions.failed()
        flash(str(error), "late")
    return redirect(url_for(".course", person_id=person_id, slug=slug))


def _decide(visit: Visit, act: str, key: str, reason: str) -> str:
    enrolment_id, by = found(visit.enrolment_id), actor().account_id
    if act == "mark":
        deciding.mark(enrolment_id, key, by=by)
        return _("Ticked.")
    if act == "grant":
        deciding.grant(enrolment_id, key, reason=reason, by=by)
        return _("This step counts as done now; the reason is kept with your name.")
    deciding.take_back(enrolment_id, key, reason=reason, by=by)
    return _("Taken back. What the learner did stays.")


def _seen(person_id: int) -> PersonPage:
    page = found(schools.person_page(person_id, clock.today()))
    day = clock.today()
    allow(bool(schools_rules.training_seen(actor(), person_id, works_at=page.works_at(day), learns_at=page.learns_at(day))))
    return page


def _decides(page: PersonPage) -> bool:
    day = clock.today()
    return rules.may_decide(actor(), page.person.id, works_at=page.works_at(day), learns_at=page.learns_at(day))
