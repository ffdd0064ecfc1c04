"""Pages of quizzes for learners: taking one, handing in, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask import Response as Reply
from flask.typing import ResponseReturnValue

from lms.core import clock, i18n
from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.learning import enrolment as enrolments
from lms.learning import queries as learning
from lms.learning import rules as learning_rules
from lms.learning.models import Enrolment
from lms.quizzes import attempts, queries, question_types, review, rules, showing, timing
from lms.quizzes.attempts import AttemptClosed, Saved, StaleAnswer, WrongPassword
from lms.quizzes.content import InvalidResponse, Texts
from lms.quizzes.forms import read_change, read_fields
from lms.quizzes.models.attempt import Response
from lms.quizzes.queries import Asked, Seat, Sitting
from lms.quizzes.review import Item
from lms.quizzes.timing import State
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor
from lms.web.throttle import limiter

_LONGEST_PASSWORD = 100

bp = Blueprint("quizzes", __name__, template_folder="templates")


@dataclass(frozen=True)
class Numbered:
    """A question in the navigator."""

    number: int
    url: str
    answered: bool
    flagged: bool
    current: bool


def _who_asks() -> str:
    return f"quiz-password:{actor().account_id}"


def _was_wrong(_reply: Reply) -> bool:
    return bool(g.get("wrong_password"))


@bp.post("/quiz/<int:activity_id>/start")
@signed_in
@limiter.limit("20 per 15 minutes", key_func=_who_asks, deduct_when=_was_wrong)
def start(activity_id: int) -> ResponseReturnValue:
    """Begin an attempt, or go back to the one that is open."""
    activity = found(session.get(Activity, activity_id))
    quiz = found(queries.quiz_of(activity_id))
    enrolment = queries.enrolment_for(actor().person_id, activity_id) or _enrol(activity)
    try:
        attempt = attempts.start(enrolment, quiz, password=request.form.get("password", "")[:_LONGEST_PASSWORD])
    except WrongPassword as error:
        g.wrong_password = True
        flash(str(error), "late")
        course = session.get_one(Course, enrolment.course_id)
        return redirect(url_for("learning.activity", slug=course.slug, key=activity.key))
    return redirect(url_for(".take", attempt_id=attempt.id))


@bp.get("/attempts/<int:attempt_id>")
@bp.get("/attempts/<int:attempt_id>/<int:slot>")
@signed_in
def take(attempt_id: int, slot: int | None = None) -> ResponseReturnValue:
    """Show a question of an attempt; without a number, the first that is not answered."""
    sitting = _mine(attempt_id)
    if sitting.state not in timing.OPEN:
        return redirect(url_for(".result", attempt_id=attempt_id))
    if not timing.takes_answers(sitting.state, clock.now(), sitting.attempt.due_at):
        return redirect(url_for(".summary", attempt_id=attempt_id))
    rows = queries.responses(attempt_id)
    if slot is None:
        slot = next((row.slot for row in rows if not row.answered), 1)
    return _question(sitting, rows, slot)


@bp.post("/attempts/<int:attempt_id>/<int:slot>")
@signed_in
def answer(attempt_id: int, slot: int) -> ResponseReturnValue:
    """Save the answer of a page and go on; this is how it works without JavaScript."""
    seat = _my_seat(attempt_id, slot)
    raw = read_fields(request.form, slot)
    try:
        attempts.save(seat, raw, known=_known(slot))
        attempts.flag(seat, "flagged" in raw)
    except AttemptClosed as error:
        flash(str(error), "info")
        return redirect(url_for(".result", attempt_id=attempt_id))
    except StaleAnswer as error:
        return _question_again(seat, raw, other=error.saved), 409
    except InvalidResponse as error:
        return _question_again(seat, raw, wrong=str(error)), 422
    last = request.form.get("last") == "1"
    return redirect(url_for(".summary", attempt_id=attempt_id) if last else url_for(".take", attempt_id=attempt_id, slot=slot + 1))


@bp.post("/attempts/<int:attempt_id>/save")
@signed_in
def save(attempt_id: int) -> ResponseReturnValue:
    """Save one answer, or one flag; acknowledged only when it is in the database."""
    change = read_change(request.get_json())
    seat = _my_seat(attempt_id, change.slot)
    if change.response is None:
        attempts.flag(seat, bool(change.flagged))
        return jsonify(sequence=seat.sequence, saved=_clock_time(clock.now()))
    try:
        saved = attempts.save(seat, change.response, known=change.known, client_key=change.key)
    except StaleAnswer as error:
        other = error.saved
        return jsonify(
            error={"code": error.code, "message": str(error)}, sequence=other.sequence, saved=other.answer, key=other.client_key
        ), 409
    return jsonify(sequence=saved.sequence, saved=_clock_time(saved.saved_at))


@bp.get("/attempts/<int:attempt_id>/summary")
@signed_in
def summary(attempt_id: int) -> ResponseReturnValue:
    """Show what is answered and what is not, before handing in."""
    sitting = _mine(attempt_id)
    if sitting.state not in timing.OPEN:
        return redirect(url_for(".result", attempt_id=attempt_id))
    asked = queries.asked(attempt_id)
    return render_template(
        "quizzes/summary.html",
        sitting=sitting,
        numbers=_numbers(sitting, [each.response for each in asked]),
        saved_at=_last_saved([each.response for each in asked]),
        troubles={each.response.slot: trouble for each in asked if (trouble := _trouble(each.type, each.body, each.response.answer))},
        takes_answers=timing.takes_answers(sitting.state, clock.now(), sitting.attempt.due_at),
        now_moment=clock.now(),
    )


@bp.post("/attempts/<int:attempt_id>/finish")
@signed_in
def finish(attempt_id: int) -> ResponseReturnValue:
    """Hand the attempt in; a second click leads to the same result."""
    try:
        attempts.finish(_mine(attempt_id))
    except AttemptClosed as error:
        flash(str(error), "info")
    return redirect(url_for(".result", attempt_id=attempt_id))


@bp.get("/attempts/<int:attempt_id>/result")
@signed_in
def result(attempt_id: int) -> ResponseReturnValue:
    """Tell what came of an attempt and what to do next."""
    sitting = _mine(attempt_id)
    if sitting.state in timing.OPEN:
        return redirect(url_for(".take", attempt_id=attempt_id))
    all_attempts = queries.attempts_of(sitting.enrolment.id, sitting.quiz.id)
    items = _items(sitting)
    return render_template(
        "quizzes/result.html",
        sitting=sitting,
        items=items,
        open_attempt=next((each for each in all_attempts if each.state in timing.OPEN), None),
        refusal=timing.refusal(sitting.rules, clock.now(), queries.tries(all_attempts)),
        overall=review.overall_feedback(sitting.quiz.feedback, sitting.attempt.share) if Item.OVERALL_FEEDBACK in items else {},
        visit=learning.visit(actor().person_id, sitting.course.slug),
    )


@bp.get("/attempts/<int:attempt_id>/review", endpoint="review")
@signed_in
def review_attempt(attempt_id: int) -> ResponseReturnValue:
    """Go through an attempt that was handed in, question by question."""
    sitting = _mine(attempt_id)
    if sitting.state in timing.OPEN:
        return redirect(url_for(".take", attempt_id=attempt_id))
    items = _items(sitting)
    # What was never handed in was never graded.
    if sitting.state is State.ABANDONED:
        items &= {Item.ANSWERS}
    asked = queries.asked(attempt_id)
    tags = queries.law_tags([each.question_id for each in asked]) if Item.GENERAL_FEEDBACK in items else {}
    told = [(each.response, *_told(each, items), _laws(tags.get(each.question_id, []))) for each in asked]
    return render_template("quizzes/review.html", sitting=sitting, items=items, told=told)


# --- what several views need


def _mine(attempt_id: int) -> Sitting:
    sitting = found(queries.sitting(attempt_id))
    allow(rules.may_work_on(actor(), sitting.enrolment.person_id))
    return sitting


def _my_seat(attempt_id: int, slot: int) -> Seat:
    seat = found(queries.seat(attempt_id, slot))
    allow(rules.may_work_on(actor(), seat.learner_id))
    return seat


def _enrol(activity: Activity) -> Enrolment:
    """Enrol somebody for whom the course is open and who only looked in so far."""
    version = session.get_one(Version, activity.version_id)
    course = session.get_one(Course, version.course_id)
    visit = found(learning.visit(actor().person_id, course.slug))
    allow(learning_rules.may_open(actor(), visit) and visit.outline.version_id == version.id)
    return enrolments.enrol(actor().person_id, version, source="self")


def _question(
    sitting: Sitting,
    rows: Sequence[Response],
    slot: int,
    *,
    given: Mapping[str, Any] | None = None,
    other: Saved | None = None,
    wrong: str = "",
) -> str:
    """Draw the page of a question; ``given`` is what was chosen on it but not saved, ``other`` what is saved instead."""
    row = found(next((each for each in rows if each.slot == slot), None))
    version = found(queries.version(row.question_version_id))
    question_type = question_types.get(version.type)
    body, texts = question_type.read_body(version.body), queries.texts_of(version)
    saved = other.answer if other else row.answer or {}
    response = saved if given is None else given
    return render_template(
        "quizzes/take.html",
        sitting=sitting,
        slot=slot,
        count=len(rows),
        row=row,
        sequence=other.sequence if other else row.sequence,
        shown=showing.ask(question_type, body, texts, slot=slot, order=row.order, response=response, language=i18n.language()),
        numbers=_numbers(sitting, rows, current=slot),
        saved_at=_last_saved(rows),
        other=other,
        other_said=question_type.describe(body, texts, saved, i18n.language()) if other else "",
        wrong=wrong or ("" if given is not None else _trouble(version.type, version.body, row.answer)),
        now_moment=clock.now(),
    )


def _question_again(seat: Seat, raw: Mapping[str, Any], *, other: Saved | None = None, wrong: str = "") -> str:
    """Draw the page again with what was chosen or typed on it: nothing that somebody typed is lost."""
    question_type = question_types.get(seat.type)
    try:
        given = question_type.clean(question_type.read_body(seat.body), raw)
    except InvalidResponse:
        given = {"text": str(raw.get("text", [""])[-1])} if "text" in raw else {}
    return _question(_mine(seat.attempt_id), queries.responses(seat.attempt_id), seat.slot, given=given, other=other, wrong=wrong)


def _numbers(sitting: Sitting, rows: Sequence[Response], current: int = 0) -> list[Numbered]:
    def url(slot: int) -> str:
        return url_for(".take", attempt_id=sitting.attempt.id, slot=slot)

    return [Numbered(row.slot, url(row.slot), row.answered, row.flagged, row.slot == current) for row in rows]


def _last_saved(rows: Sequence[Response]) -> datetime | None:
    return max((row.saved_at for row in rows if row.saved_at), default=None)


def _trouble(type_key: str, body: Mapping[str, Any], given: Mapping[str, Any] | None) -> str:
    """Return what the learner should still mend in an answer; "" when it is whole or not there."""
    question_type = question_types.get(type_key)
    trouble = question_type.trouble(question_type.read_body(body), given or {}) if given else None
    return str(trouble) if trouble else ""


def _items(sitting: Sitting) -> frozenset[Item]:
    attempt, quiz = sitting.attempt, sitting.quiz
    return review.shown(quiz.review, review.phase(sitting.state, attempt.finished_at, clock.now(), sitting.rules.closes_at))


def _told(asked: Asked, items: frozenset[Item]) -> tuple[showing.Shown, showing.Verdict]:
    question_type = question_types.get(asked.type)
    return showing.tell(
        question_type,
        question_type.read_body(asked.body),
        Texts.from_json(asked.texts),
        slot=asked.response.slot,
        order=asked.response.order,
        response=asked.response.answer or {},
        items=items,
        language=i18n.language(),
    )


def _laws(tags: Sequence[str]) -> list[str]:
    """Return how the articles that a question is about are written."""
    return [showing.law_reference(tag, i18n.language()) for tag in tags]


def _known(slot: int) -> int:
    """Return how many answers of a slot the page knew to be saved."""
    return request.form.get(f"{showing.prefix_of(slot)}sequence", 0, type=int)


def _clock_time(moment: datetime | None) -> str:
    return clock.local(moment).strftime("%H:%M") if moment else ""
