"""Marks that a person gives: to answers that nobody else can mark, and in place of another mark, with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from sqlalchemy import select, update

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.quizzes import grading, timing
from lms.quizzes.grading import ALMOST_ZERO
from lms.quizzes.marking import totals
from lms.quizzes.models.attempt import Response, Step

LONGEST_COMMENT = 5000


class AlreadyMarked(Conflict):
    code = "already_marked"
    message = lazy_("Somebody else marked this answer meanwhile. Their mark is kept; look at it before you give another one.")


class NotHandedIn(Conflict):
    code = "not_handed_in"
    message = lazy_("This attempt is not handed in yet; only then it can be marked.")


class OutOfBounds(Invalid):
    code = "mark_out_of_bounds"
    message = lazy_("A mark lies between 0 and {most}.")


class ReasonNeeded(Invalid):
    code = "reason_needed"
    message = lazy_("Say why the mark changes: the learner has a right to know.")


@dataclass(frozen=True)
class HandMark:
    """What a marker gives: ``points`` of the full mark of the question; ``levels`` of the rubric by criterion, when there is one."""

    points: float
    comment: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def give(response_id: int, mark: HandMark, *, known: int, by: int) -> bool:
    """Mark an answer, or give it another mark; return whether this was the last mark that its attempt waited for.

    ``known`` is the number of steps that the marker saw.  Nothing is overwritten:
    each mark is a step that says who gave it, when, and what was there before.
    When the attempt is complete its learner is told, and the course learns of it,
    once.

    Raises NotHandedIn; AlreadyMarked when something happened to the answer since
    the marker saw it; OutOfBounds; ReasonNeeded when there was a mark before.
    """
    attempt = totals.hold(session.scalars(select(Response.attempt_id).where(Response.id == response_id)).one())
    if attempt.state in timing.OPEN:
        raise NotHandedIn()
    row = session.scalars(select(Response).where(Response.id == response_id).execution_options(populate_existing=True)).one()
    if row.sequence != known:
        raise AlreadyMarked()
    if not isfinite(mark.points) or not -ALMOST_ZERO <= mark.points <= row.max_mark + ALMOST_ZERO:
        raise OutOfBounds(most=f"{row.max_mark:g}")
    if row.fraction is not None and row.max_mark > ALMOST_ZERO and not mark.reason.strip():
        raise ReasonNeeded()
    _write(row, mark, by=by)
    moment = clock.now()
    if row.marked_at is not None or mark.reason:
        audit.record(
            "quizzes.mark_changed",
            f"attempt:{attempt.id}",
            account_id=by,
            slot=row.slot,
            before=row.fraction,
            after=_fraction(row, mark),
            reason=mark.reason,
        )
    completed = totals.settle(attempt, moment)
    if completed:
        totals.tell_marked(attempt, dedupe=f"quiz_marked:{attempt.id}")
    return completed


def _write(row: Response, mark: HandMark, *, by: int) -> None:
    fraction, moment = _fraction(row, mark), clock.now()
    before = {"fraction": row.fraction, "state": row.state, "comment": row.comment, "by": row.marked_by_account_id}
    data = {"fraction": fraction, "levels": dict(mark.levels), "comment": mark.comment, "reason": mark.reason, "by": by, "before": before}
    step = {"response_id": row.id, "sequence": row.sequence + 1, "kind": "grade", "data": data, "client_key": None, "at": moment}
    if not insert_new(Step, [step]):
        raise AlreadyMarked()
    session.execute(
        update(Response)
        .where(Response.id == row.id)
        .values(
            fraction=fraction,
            state=grading.state_of(fraction),
            comment=mark.comment.strip()[:LONGEST_COMMENT],
            marked_by_account_id=by,
            marked_at=moment,
            sequence=row.sequence + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _fraction(row: Response, mark: HandMark) -> float:
    if row.max_mark <= ALMOST_ZERO:
        return 0.0
    return min(max(mark.points / row.max_mark, 0.0), 1.0)
