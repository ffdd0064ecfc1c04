"""Pages of quizzes for learners: taking one, handing in, what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, files, i18n
from lms.core.errors import Conflict
from lms.core.i18n import _
from lms.learning import queries as learning
from lms.quizzes import (
    acting,
    attaching,
    attempt_pages,
    attempts,
    queries,
    question_types,
    review,
    reviewing,
    rules,
    saving,
    showing,
    timing,
)
from lms.quizzes.acting import NotPossible
from lms.quizzes.asking import Again
from lms.quizzes.attempt_pages import Rows
from lms.quizzes.behaviours.kind import Act
from lms.quizzes.content import InvalidResponse
from lms.quizzes.file_rules import FileRefused
from lms.quizzes.forms import read_change, read_fields
from lms.quizzes.queries import Asked, Seat, Sitting
from lms.quizzes.review import Item
from lms.quizzes.saving import AttemptClosed, NotOnThisPage, QuestionFinished, StaleAnswer
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("quizzes", __name__, template_folder="templates")


@bp.get("/attempts/<int:attempt_id>")
@bp.get("/attempts/<int:attempt_id>/<int:slot>")
@signed_in
def take(attempt_id: int, slot: int | None = None) -> ResponseReturnValue:
    """Show the page of an attempt that a question is on; without a number, where one goes on."""
    sitting = _mine(attempt_id)
    if sitting.state not in timing.OPEN:
        return redirect(url_for(".result", attempt_id=attempt_id))
    if not timing.takes_answers(sitting.state, clock.now(), sitting.attempt.due_at):
        return redirect(url_for(".summary", attempt_id=attempt_id))
    rows = queries.rows(attempt_id)
    number = attempt_pages.first_open(sitting, rows)
    if slot is not None:
        wanted = found(next((row.page for row, _type in rows if row.slot == slot), None))
        if sitting.attempt.reached_page not in (saving.ANY_PAGE, wanted):
            return redirect(url_for(".take", attempt_id=attempt_id))
        number = wanted
    return _page(sitting, rows, number)


@bp.post("/attempts/<int:attempt_id>/<int:slot>")
@signed_in
def answer(attempt_id: int, slot: int) -> ResponseReturnValue:
    """Save the answers of a page and go on; this is how it works without JavaScript."""
    return _answered(attempt_id, slot)


@bp.post("/attempts/<int:attempt_id>/<int:slot>/check")
@signed_in
def check(attempt_id: int, slot: int) -> ResponseReturnValue:
    """Save the answers of a page and check that of one question."""
    return _answered(attempt_id, slot, Act.CHECK)


@bp.post("/attempts/<int:attempt_id>/<int:slot>/again")
@signed_in
def again(attempt_id: int, slot: int) -> ResponseReturnValue:
    """Save the answers of a page and let one question be answered once more."""
    return _answered(attempt_id, slot, Act.AGAIN)


@bp.post("/attempts/<int:attempt_id>/save")
@signed_in
def save(attempt_id: int) -> ResponseReturnValue:
    """Save one answer, or one flag; acknowledged only when it is in the database."""
    change = read_change(request.get_json())
    seat = _my_seat(attempt_id, change.slot)
    if change.response is None:
        saving.flag(seat, bool(change.flagged))
        return jsonify(sequence=seat.sequence, saved=_clock_time(clock.now()))
    try:
        saved = saving.save(seat, change.response, known=change.known, client_key=change.key)
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
    rows = [(each.response, each.type) for each in asked]
    numbers = [each for each in attempt_pages.numbered(sitting, rows, _url_in(sitting)) if each.number]
    return render_template(
        "quizzes/summary.html",
        sitting=sitting,
        numbers=numbers,
        groups=attempt_pages.grouped(numbers, attempt_pages.headings_of(sitting, rows, i18n.language())),
        saved_at=attempt_pages.last_saved(rows),
        troubles={each.response.slot: trouble for each in asked if (trouble := _trouble(each))},
        takes_answers=timing.takes_answers(sitting.state, clock.now(), sitting.attempt.due_at),
        now_moment=clock.now(),
    )


@bp.post("/attempts/<int:attempt_id>/finish")
@signed_in
def finish(attempt_id: int) -> ResponseReturnValue:
    """Hand the attempt in; a second click leads to the same result.

    ``timeup`` comes from a page whose clock ran out.  It may not know that its learner
    was given more time meanwhile: then nothing is handed in, and one goes on.
    """
    sitting = _mine(attempt_id)
    if "timeup" in request.form and sitting.state in timing.OPEN and not timing.is_up(clock.now(), sitting.attempt.due_at):
        flash(_("You have been given more time. Nothing was handed in: go on."), "info")
        return redirect(url_for(".take", attempt_id=attempt_id))
    try:
        attempts.finish(sitting)
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
    now = clock.now()
    items = reviewing.items_now(sitting, now)
    return render_template(
        "quizzes/result.html",
        sitting=sitting,
        items=items,
        marks_from=reviewing.shown_from(sitting, Item.MARKS, now),
        accuracy=reviewing.accuracy(sitting) if Item.MARKS in items and sitting.attempt.share is not None else None,
        open_attempt=next((each for each in all_attempts if each.state in timing.OPEN), None),
        refusal=timing.refusal(sitting.rules, now, queries.tries(all_attempts)),
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
    now = clock.now()
    items = reviewing.items_now(sitting, now)
    return render_template(
        "quizzes/review.html",
        sitting=sitting,
        items=items,
        answers_from=reviewing.shown_from(sitting, Item.ANSWERS, now),
        told=reviewing.told(sitting, items, i18n.language()) if Item.ANSWERS in items else [],
    )


# --- what several views need


def _mine(attempt_id: int) -> Sitting:
    sitting = found(queries.sitting(attempt_id))
    allow(rules.may_work_on(actor(), sitting.enrolment.person_id))
    return sitting


def _my_seat(attempt_id: int, slot: int) -> Seat:
    seat = found(queries.seat(attempt_id, slot))
    allow(rules.may_work_on(actor(), seat.learner_id))
    return seat


def _my_seats(attempt_id: int, slot: int) -> list[Seat]:
    """Return those on the page of a slot."""
    seats = found(queries.seats_beside(attempt_id, slot))
    allow(rules.may_work_on(actor(), seats[0].learner_id))
    return seats


def _answered(attempt_id: int, slot: int, act: Act | None = None) -> ResponseReturnValue:
    """Save what a page sent, do the act with one of its questions, and go where that leads."""
    seats = _my_seats(attempt_id, slot)
    back: dict[int, Again] = {}
    status = 422
    try:
        for seat in seats:
            try:
                if trouble := _take(seat, act if seat.slot == slot else None):
                    back[seat.slot] = Again(_given(seat), wrong=trouble)
            except StaleAnswer as error:
                back[seat.slot] = Again(_given(seat), error.saved.answer, error.saved.sequence)
                status = 409
            except InvalidResponse as error:
                back[seat.slot] = Again(_given(seat), wrong=str(error))
            except (QuestionFinished, NotPossible) as error:
                flash(str(error), "info")
                continue
            if refused := _take_files(seat):
                back[seat.slot] = replace(back.get(seat.slot, Again(_given(seat))), wrong=refused)
    except AttemptClosed as error:
        flash(str(error), "info")
        return redirect(url_for(".result", attempt_id=attempt_id))
    except NotOnThisPage as error:
        flash(str(error), "info")
        return redirect(url_for(".take", attempt_id=attempt_id))
    if back:
        return _page(_mine(attempt_id), queries.rows(attempt_id), seats[0].page, back), status
    if act:
        return redirect(url_for(".take", attempt_id=attempt_id, slot=slot, _anchor=f"{showing.prefix_of(slot)}said"))
    if "stay" in request.form or "remove" in request.form:
        return redirect(url_for(".take", attempt_id=attempt_id, slot=slot, _anchor=request.form.get("stay") or None))
    if request.form.get("last") == "1":
        return redirect(url_for(".summary", attempt_id=attempt_id))
    saving.move_on(seats[0])
    return redirect(url_for(".take", attempt_id=attempt_id, slot=seats[-1].slot + 1))


def _take(seat: Seat, act: Act | None) -> str:
    """Save what the page sent for a slot, and do the act; return what is still to mend before it can be done."""
    fields = read_fields(request.form, seat.slot)
    if not fields:
        return ""  # it could not be answered when the page was drawn
    known = request.form.get(f"{showing.prefix_of(seat.slot)}sequence", 0, type=int)
    trouble = None
    if act is Act.CHECK:
        trouble = acting.check(seat, fields, known=known).trouble
    elif act is Act.AGAIN:
        acting.again(seat, known=known)
    elif saving.work_at(seat).takes_answers:
        saving.save(seat, fields, known=known)
    saving.flag(seat, "flagged" in fields)
    return str(trouble) if trouble else ""


def _take_files(seat: Seat) -> str:
    """Add the files that the page sent for a slot, or take one out again; return why some were not taken, each in a sentence."""
    prefix, refused = showing.prefix_of(seat.slot), []
    if request.form.get("remove", "").startswith(prefix):
        attaching.remove(seat, request.form.get("remove", type=lambda value: int(value.removeprefix(prefix))) or 0)
    for upload in request.files.getlist(f"{prefix}upload"):
        if not upload.filename:
            continue  # nothing was chosen
        try:
            attaching.add(seat, upload.filename, upload.read(files.LARGEST + 1))
        except (FileRefused, Conflict) as error:
            if isinstance(error, AttemptClosed):
                raise
            refused.append(str(error))
    return " ".join(refused)


def _given(seat: Seat) -> Mapping[str, Any]:
    """Return what was chosen or typed for a slot, so that nothing of it is lost."""
    question_type, raw = question_types.get(seat.type), read_fields(request.form, seat.slot)
    try:
        return question_type.clean(question_type.read_body(seat.body), raw)
    except InvalidResponse:
        return {"text": str(raw.get("text", [""])[-1])} if "text" in raw else {}


def _page(sitting: Sitting, rows: Rows, number: int, back: Mapping[int, Again] | None = None) -> str:
    """Draw a page of an attempt; ``back`` says what of it was not saved, and why."""
    drawn = attempt_pages.page(sitting, rows, number, _url_in(sitting), i18n.language(), back)
    return render_template("quizzes/take.html", sitting=sitting, page=drawn, now_moment=clock.now())


def _url_in(sitting: Sitting) -> Callable[[int], str]:
    return lambda slot: url_for(".take", attempt_id=sitting.attempt.id, slot=slot)


def _trouble(asked: Asked) -> str:
    """Return what the learner should still mend in an answer, or what one needs that is not there; "" when it is whole."""
    its_work = attempt_pages.work_on(asked)
    given, question = its_work.given.response, its_work.question
    if not its_work.takes_answers:
        return ""
    trouble = question.type.trouble(question.body, given) if given else question.type.needs(question.body)
    return str(trouble) if trouble else ""


def _clock_time(moment: datetime | None) -> str:
    return clock.local(moment).strftime("%H:%M") if moment else ""
