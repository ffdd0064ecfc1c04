"""Pages for marking attempts again: choose, look at who changes how, put into effect or drop."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.quizzes.marking import queries_regrade as queries
from lms.quizzes.marking import regrading, results, rules
from lms.quizzes.marking.forms import ReasonForm
from lms.quizzes.marking.results import QuizPlace
from lms.quizzes.models.marking import Regrade
from lms.web import asked
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("quizzes_regrade", __name__, template_folder="../templates")

PER_PAGE = 50
WHICH = {"": None, "passed": True, "failed": False}


@bp.route("/results/<int:quiz_id>/regrade", methods=["GET", "POST"])
@signed_in
def new(quiz_id: int) -> ResponseReturnValue:
    """Choose what to mark again; on POST begin to work out what it would change."""
    place = _place(quiz_id)
    choices = queries.questions(place)
    trouble = ""
    if request.method == "POST":
        chosen = {int(each) for each in request.form.getlist("question") if each.isdigit()} & {each.question_id for each in choices}
        ids = queries.attempts_to_mark(
            actor(), place, passed=WHICH.get(request.form.get("which", "")), attempt_id=request.form.get("attempt", type=int)
        )
        try:
            newest = request.form.get("by", "newest") != "asked"
            row = regrading.plan(place.quiz, attempt_ids=ids, question_ids=chosen, newest=newest, by=actor().account_id)
        except LmsError as error:
            trouble = str(error)
        else:
            _at_once(row)
            return redirect(url_for(".show", regrade_id=row.id))
    former = queries.latest(quiz_id)
    return render_template(
        "quizzes/marking/regrade_new.html",
        place=place,
        choices=choices,
        trouble=trouble,
        attempt_id=asked.number("attempt"),
        former=former,
        taken_back={each.undoes_id for each in former if each.undoes_id and each.state == "committed"},
        still_open=queries.open_attempts(quiz_id),
    ), 422 if trouble else 200


@bp.get("/results/regrades/<int:regrade_id>")
@signed_in
def show(regrade_id: int) -> ResponseReturnValue:
    """Show who changes how, or changed how."""
    row, place = _regrade(regrade_id)
    return _page(row, place, ReasonForm.from_request())


@bp.post("/results/regrades/<int:regrade_id>/commit")
@signed_in
def commit(regrade_id: int) -> ResponseReturnValue:
    """Put into effect what was worked out; people whose pass changes are told."""
    row, place = _regrade(regrade_id)
    form = ReasonForm.from_request()
    if not form.accepted():
        return _page(row, place, form), 422
    regrading.apply(row, reason=form.reason.data or "", by=actor().account_id)
    _at_once(row)
    return redirect(url_for(".show", regrade_id=regrade_id))


@bp.post("/results/regrades/<int:regrade_id>/cancel")
@signed_in
def cancel(regrade_id: int) -> ResponseReturnValue:
    """Drop what was worked out."""
    row, place = _regrade(regrade_id)
    regrading.cancel(row)
    flash(_("Nothing was changed."), "info")
    return redirect(url_for(".new", quiz_id=place.quiz.id))


@bp.post("/results/regrades/<int:regrade_id>/back")
@signed_in
def back(regrade_id: int) -> ResponseReturnValue:
    """Begin to work out the way back to the former marks; a second click leads to what the first began."""
    former, _place_of_it = _regrade(regrade_id)
    try:
        row = regrading.plan_back(former, by=actor().account_id)
    except regrading.AlreadyGoingBack:
        row = found(queries.way_back(regrade_id))
    else:
        _at_once(row)
    return redirect(url_for(".show", regrade_id=row.id))


def _place(quiz_id: int) -> QuizPlace:
    place = found(results.quiz_place(quiz_id))
    allow(rules.may_regrade(actor(), place.course))
    return place


def _regrade(regrade_id: int) -> tuple[Regrade, QuizPlace]:
    row = found(session.get(Regrade, regrade_id))
    place = _place(row.quiz_id)
    # Of a built-in quiz each author has only the own people marked again, and nobody looks into the plans of others.
    allow(place.course.owner_unit_id is not None or row.by_account_id == actor().account_id or actor().has_role("administrator"))
    return row, place


def _at_once(row: Regrade) -> None:
    """Do it now when it is little; of much the job does portion after portion."""
    if len(row.attempt_ids) <= regrading.AT_ONCE:
        regrading.run({"regrade_id": row.id})


def _page(row: Regrade, place: QuizPlace, form: ReasonForm) -> str:
    page, total = asked.page(), queries.total(row.id)
    start = (page - 1) * PER_PAGE
    return render_template(
        "quizzes/marking/regrade.html",
        row=row,
        place=place,
        form=form,
        total=total,
        undone=session.get(Regrade, row.undoes_id) if row.undoes_id else None,
        way_back=queries.way_back(row.id) if row.state == "committed" else None,
        running=queries.is_running(row),
        troubles=queries.troubles(row.id),
        changes=queries.changes(actor(), row, place, first=start, most=PER_PAGE),
        start=start,
        previous_url=url_for(".show", regrade_id=row.id, page=page - 1) if page > 1 else None,
        next_url=url_for(".show", regrade_id=row.id, page=page + 1) if start + PER_PAGE < total.attempts else None,
    )
