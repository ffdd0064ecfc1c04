"""Marking attempts again with mended questions, and going back: worked out first, put into effect with a reason, in portions by a job."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.quizzes.marking import totals, working_out
from lms.quizzes.marking.fitting import Trouble
from lms.quizzes.models.attempt import Response, Step
from lms.quizzes.models.marking import Regrade, RegradeAttempt, RegradeLine
from lms.quizzes.models.quiz import Quiz

JOB = "quizzes.regrade"
AT_ONCE = 200  # attempts in one transaction: others want to write too


class NothingToMark(Invalid):
    code = "nothing_to_mark"
    message = lazy_("There is no attempt to mark again. Choose others.")


class NotComputed(Conflict):
    code = "regrade_not_computed"
    message = lazy_("This was put into effect or dropped already, or is still being worked out.")


class NotInEffect(Conflict):
    code = "regrade_not_in_effect"
    message = lazy_("Only marks that are in effect can be taken back.")


class AlreadyGoingBack(Conflict):
    code = "regrade_already_going_back"
    message = lazy_("Somebody began to take these marks back already. Look at the list.")


def plan(quiz: Quiz, *, attempt_ids: Collection[int], question_ids: Collection[int] = (), newest: bool = True, by: int | None) -> Regrade:
    """Begin to work out what marking these attempts again would change; nothing of them changes yet.

    ``newest``: by the newest ready version of each question, also where the quiz
    keeps to an older one; else by the version that it asks now.  A job does it, so
    that it may take its time.  Raises NothingToMark.
    """
    if not attempt_ids:
        raise NothingToMark()
    row = Regrade(
        quiz_id=quiz.id,
        state="computing",
        question_ids=sorted(question_ids),
        attempt_ids=sorted(attempt_ids),
        newest=newest,
        reason="",
        by_account_id=by,
        created_at=clock.now(),
        done_parts=0,
    )
    session.add(row)
    session.flush()
    jobs.add(JOB, regrade_id=row.id)
    return row


def plan_back(former: Regrade, *, by: int | None) -> Regrade:
    """Begin to work out what going back to the marks before a regrade would change; nothing of them changes yet.

    It is a regrade of its own, looked at, put into effect with a reason and told
    to people like any other; the former one and what it did stay in the books.  It
    gives back the kept marks and versions, and calculates nothing.  What happened
    to an answer since, a mark by hand or another regrade, stays; so of two regrades
    the later one is taken back first.

    Raises NotInEffect, NothingToMark when it changed nothing, and AlreadyGoingBack,
    also for the second of two clicks.
    """
    if former.state != "committed":
        raise NotInEffect()
    changed = select(RegradeLine.attempt_id).where(RegradeLine.regrade_id == former.id, RegradeLine.trouble == "")
    attempt_ids = sorted(set(session.scalars(changed)))
    if not attempt_ids:
        raise NothingToMark()
    made = insert_new(
        Regrade,
        [
            {
                "quiz_id": former.quiz_id,
                "state": "computing",
                "question_ids": former.question_ids,
                "attempt_ids": attempt_ids,
                "newest": former.newest,
                "reason": "",
                "by_account_id": by,
                "created_at": clock.now(),
                "done_parts": 0,
                "undoes_id": former.id,
            }
        ],
    )
    if not made:
        raise AlreadyGoingBack()
    jobs.add(JOB, regrade_id=made[0])
    return session.get_one(Regrade, made[0])


def apply(row: Regrade, *, reason: str, by: int) -> None:
    """Put into effect what was worked out; the job does it.  Raises NotComputed, also for the second of two clicks."""
    _become(row, "computed", "committing", reason=reason, by_account_id=by, done_parts=0)
    audit.record(
        "quizzes.regraded",
        f"quiz:{row.quiz_id}",
        account_id=by,
        regrade=row.id,
        undoes=row.undoes_id,
        attempts=len(row.attempt_ids),
        reason=reason,
    )
    jobs.add(JOB, regrade_id=row.id)


def cancel(row: Regrade) -> None:
    """Drop what was worked out; nothing was changed.  Raises NotComputed."""
    _become(row, "computed", "cancelled")


def run(payload: Mapping[str, Any]) -> None:
    """Do the next portion of a regrade; a job, which puts itself into the queue until all is done."""
    row = session.scalars(
        select(Regrade).where(Regrade.id == payload["regrade_id"]).with_for_update().execution_options(populate_existing=True)
    ).first()
    if row is None or row.state not in ("computing", "committing"):
        return
    portion = row.attempt_ids[row.done_parts : row.done_parts + AT_ONCE]
    if row.state == "computing":
        working_out.compute(row, portion)
    else:
        _commit(row, portion)
    row.done_parts += len(portion)
    if row.done_parts < len(row.attempt_ids):
        jobs.add(JOB, regrade_id=row.id)
    elif row.state == "computing":
        row.state = "computed"
    else:
        row.state, row.committed_at = "committed", clock.now()
    session.flush()


# --- putting into effect


def _commit(row: Regrade, portion: Sequence[int]) -> None:
    moment = clock.now()
    lines: dict[int, list[RegradeLine]] = {}
    query = select(RegradeLine).where(RegradeLine.regrade_id == row.id, RegradeLine.attempt_id.in_(portion), RegradeLine.trouble == "")
    for line in session.scalars(query.order_by(RegradeLine.attempt_id, RegradeLine.id)):
        lines.setdefault(line.attempt_id, []).append(line)
    for attempt_id, of_attempt in lines.items():
        attempt = totals.hold(attempt_id)
        for line in of_attempt:
            _commit_line(row, line, moment)
        passed_before = attempt.passed
        totals.settle(attempt, moment)
        session.execute(
            update(RegradeAttempt)
            .where(RegradeAttempt.regrade_id == row.id, RegradeAttempt.attempt_id == attempt_id)
            .values(new_mark=attempt.mark, new_passed=attempt.passed, committed_at=moment)
        )
        if attempt.passed is not None and attempt.passed != passed_before:
            totals.tell_regraded(attempt, dedupe=f"quiz_regraded:{row.id}:{attempt_id}", undone=row.undoes_id is not None)


def _commit_line(row: Regrade, line: RegradeLine, moment: datetime) -> None:
    data = {
        "regrade": row.id,
        "by": row.by_account_id,
        "reason": row.reason,
        "fraction": line.new_fraction,
        "version": line.new_version_id,
        "undoes": row.undoes_id,
        "before": {"fraction": line.old_fraction, "version": line.old_version_id},
    }
    # What happened to the answer since, above all a mark by hand, comes first.
    changed = session.scalar(
        update(Response)
        .where(Response.id == line.response_id, Response.sequence == line.sequence)
        .values(question_version_id=line.new_version_id, fraction=line.new_fraction, state=line.new_state, sequence=line.sequence + 1)
        .returning(Response.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        line.trouble = Trouble.CHANGED
        return
    step = {
        "response_id": line.response_id,
        "sequence": line.sequence + 1,
        "kind": "regrade",
        "data": data,
        "client_key": None,
        "at": moment,
    }
    insert_new(Step, [step])


def _become(row: Regrade, before: str, after: str, **values: Any) -> None:
    moved = session.scalar(
        update(Regrade).where(Regrade.id == row.id, Regrade.state == before).values(state=after, **values).returning(Regrade.id)
    )
    if moved is None:
        raise NotComputed()
    session.refresh(row)
