"""Saving answers: each is a step that nothing can take away once it is acknowledged, whatever other windows do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update

from lms.core import clock, db
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.quizzes import queries, question_types, timing
from lms.quizzes.behaviours import replaying
from lms.quizzes.behaviours import work as working
from lms.quizzes.behaviours.certainty import read_certainty
from lms.quizzes.behaviours.kind import Act
from lms.quizzes.behaviours.progress import Given
from lms.quizzes.behaviours.work import Work
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.queries import Seat
from lms.quizzes.types.kind import QuestionType

ANY_PAGE = 0  # ``reached_page`` where one may go to and fro


class AttemptClosed(Conflict):
    code = "attempt_closed"
    message = lazy_("This attempt was already handed in. Your answers are safe.")


class TimeOver(AttemptClosed):
    message = lazy_("The time is over. The answers that you gave in time are safe.")


class QuestionFinished(Conflict):
    code = "question_finished"
    message = lazy_("This question is finished; its answer can no longer be changed.")


class TryAgainFirst(QuestionFinished):
    message = lazy_("Read how it went, then press “Try again” before you answer once more.")


class NotOnThisPage(Conflict):
    code = "not_on_this_page"
    message = lazy_("In this quiz there is no way back. You are at another page now; the answers that you gave are safe.")


class WaitsForPrevious(Conflict):
    code = "waits_for_previous"
    message = lazy_("This question opens when the one before it is finished.")


class StaleAnswer(Conflict):
    """Another window, or another device, saved an answer to this question meanwhile; both are kept from being lost."""

    code = "stale_answer"
    message = lazy_(
        "Question {number}: you answered it in another window as well. What you chose there is saved; "
        "to keep your answer from here, give it again."
    )

    def __init__(self, slot: int, saved: "Saved") -> None:
        super().__init__(number=slot)
        self.saved = saved


@dataclass(frozen=True)
class Saved:
    """The answer that is in the database: ``sequence`` counts the acknowledged ones of this slot."""

    sequence: int
    answer: Mapping[str, Any]
    saved_at: datetime | None
    client_key: str | None = None


# Sets the columns that it is run with.
_responses = cast(Table, Response.__table__)
_CHANGE_RESPONSE = update(_responses).where(_responses.c.id == bindparam("response_id"))


def save(seat: Seat, raw: Mapping[str, Any], *, known: int, client_key: str | None = None) -> Saved:
    """Save an answer; when the transaction is committed, nothing can take it away.

    ``known`` is how many answers of this slot the sender knows to be acknowledged;
    ``client_key`` is the same each time the same request is sent.  The same answer
    again, or the same request again, changes nothing.

    Raises AttemptClosed or TimeOver when it comes too late, StaleAnswer when
    somebody else saved another answer meanwhile, InvalidResponse.
    """
    must_be_open(seat)
    work = work_at(seat)
    must_be_reachable(seat)
    given = read_given(work, raw)
    saved = Saved(seat.sequence, seat.answer or {}, seat.saved_at)
    if same(work, given):
        return saved
    must_take_answers(work)
    if seat.sequence != known:
        return saved_by_other(seat, work, given, known=known, client_key=client_key)
    return keep(seat, work, given, kind="save", known=known, client_key=client_key)


def keep(seat: Seat, work: Work, given: Given, *, kind: str, known: int, client_key: str | None, **more: Any) -> Saved:
    """Write a step and what the slot is at after it; ``more`` are columns that an act changes beside the answer.

    Raises StaleAnswer when somebody else wrote a step after the same one.
    """
    # Of two answers that follow the same one, the unique sequence lets one in.
    saved = follow(seat, work, given, kind=kind, known=known, client_key=client_key, **more)
    return saved or saved_by_other(seat, work, given, known=known, client_key=client_key)


def follow(seat: Seat, work: Work, given: Given, *, kind: str, known: int, client_key: str | None, **more: Any) -> Saved | None:
    """Write the step that follows number ``known``, and what the slot is at after it; None when there is such a step already."""
    moment, answer = clock.now(), dict(given.response)
    step = {
        "response_id": seat.response_id,
        "sequence": known + 1,
        "kind": kind,
        "data": replaying.step_data(given),
        "client_key": client_key,
        "at": moment,
    }
    if not insert_new(Step, [step]):
        return None
    kept = {
        "answer": answer,
        "answered": not work.question.type.empty(answer),
        "sequence": known + 1,
        "saved_at": moment,
        **({"certainty": given.certainty} if work.behaviour.certain else {}),
        **more,
    }
    db.run(_CHANGE_RESPONSE, {"response_id": seat.response_id} | kept)
    return Saved(known + 1, answer, moment, client_key)


def work_at(seat: Seat) -> Work:
    """Return the question of a slot, how it behaves and how far it is."""
    return working.work(
        question_types.get(seat.type),
        seat.body,
        penalty=seat.penalty,
        progress=seat.progress,
        answer=seat.answer,
        certainty=seat.certainty,
    )


def read_given(work: Work, raw: Mapping[str, Any]) -> Given:
    """Read what a page sent for a slot.  Raises InvalidResponse."""
    question_type = work.question.type
    response = {**question_type.clean(work.question.body, raw), **question_type.beside(work.given.response)}
    return Given(response, read_certainty(raw) if work.behaviour.certain else None)


def same(work: Work, given: Given) -> bool:
    """Say whether an answer is the one that is saved already."""
    return work.given.certainty == given.certainty and work.question.type.same(work.given.response, given.response)


def flag(seat: Seat, flagged: bool) -> None:
    """Note that the learner wants to come back to a question, or no longer.  Raises AttemptClosed, TimeOver."""
    must_be_open(seat)
    if seat.flagged != flagged:
        db.run(_CHANGE_RESPONSE, {"response_id": seat.response_id, "flagged": flagged})


def must_be_open(seat: Seat) -> None:
    """Raise AttemptClosed or TimeOver when nothing of the attempt can be changed any more."""
    if seat.state not in timing.OPEN:
        raise AttemptClosed()
    if not timing.takes_answers(seat.state, clock.now(), seat.due_at):
        raise TimeOver()


def must_be_reachable(seat: Seat) -> None:
    """Raise NotOnThisPage or WaitsForPrevious when the learner cannot be at this question now."""
    if seat.reached_page not in (ANY_PAGE, seat.page):
        raise NotOnThisPage()
    if seat.after_previous and not queries.is_finished(seat.attempt_id, seat.slot - 1):
        raise WaitsForPrevious()


def must_take_answers(work: Work) -> None:
    """Raise QuestionFinished when the question itself takes no answer now."""
    if not work.takes_answers:
        raise TryAgainFirst() if Act.AGAIN in work.acts else QuestionFinished()


def saved_by_other(seat: Seat, work: Work, given: Given, *, known: int | None = None, client_key: str | None = None) -> Saved:
    """Return what is saved if it is the same answer after all; raises StaleAnswer.

    Where nothing but files came since the answer number ``known``, the answer is
    saved after them: nobody wrote over it.
    """
    row = session.execute(
        select(Response.sequence, Response.answer, Response.certainty, Response.saved_at).where(Response.id == seat.response_id)
    ).one()
    question_type, answer = work.question.type, row.answer or {}
    given = Given({**_without_files(question_type, given.response), **question_type.beside(answer)}, given.certainty)
    if row.certainty == given.certainty and question_type.same(answer, given.response):
        last = queries.last_step(seat.response_id)
        return Saved(row.sequence, answer, row.saved_at, last.client_key if last else None)
    if known is not None and question_type.takes_files(work.question.body) and known < row.sequence:
        before = replaying.given_in(queries.step_data(seat.response_id, known))
        if question_type.same(_without_files(question_type, before.response), _without_files(question_type, answer)):
            return keep(seat, work, given, kind="save", known=row.sequence, client_key=client_key)
    last = queries.last_step(seat.response_id)
    raise StaleAnswer(seat.slot, Saved(row.sequence, answer, row.saved_at, last.client_key if last else None))


def _without_files(question_type: QuestionType[Any], response: Mapping[str, Any]) -> dict[str, Any]:
    beside = question_type.beside(response)
    return {name: value for name, value in response.items() if name not in beside}


def move_on(seat: Seat) -> None:
    """Leave the page of a slot for the next one, where there is no way back; a second click, or another window, moves no further."""
    if seat.reached_page == ANY_PAGE:
        return
    session.execute(
        update(Attempt)
        .where(Attempt.id == seat.attempt_id, Attempt.reached_page == seat.page, Attempt.state.in_(timing.OPEN))
        .values(reached_page=seat.page + 1)
        .execution_options(synchronize_session=False)
    )
