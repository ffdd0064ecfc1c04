"""Marking attempts again with mended questions: worked out first, put into effect with a reason, in portions by a job."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.quizzes import grading, question_types
from lms.quizzes.behaviours import work as working
from lms.quizzes.grading import Grade, Marked
from lms.quizzes.marking import fitting, totals
from lms.quizzes.marking.fitting import Trouble
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Regrade, RegradeAttempt, RegradeLine
from lms.quizzes.models.quiz import Quiz, Slot

JOB = "quizzes.regrade"
AT_ONCE = 200  # attempts in one transaction: others want to write too
_SAME = 1e-9


class NothingToMark(Invalid):
    code = "nothing_to_mark"
    message = lazy_("There is no attempt to mark again. Choose others.")


class NotComputed(Conflict):
    code = "regrade_not_computed"
    message = lazy_("This was put into effect or dropped already, or is still being worked out.")


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


def apply(row: Regrade, *, reason: str, by: int) -> None:
    """Put into effect what was worked out; the job does it.  Raises NotComputed, also for the second of two clicks."""
    _become(row, "computed", "committing", reason=reason, by_account_id=by, done_parts=0)
    audit.record("quizzes.regraded", f"quiz:{row.quiz_id}", account_id=by, regrade=row.id, attempts=len(row.attempt_ids), reason=reason)
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
        _compute(row, portion)
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


def target_versions(quiz_id: int, question_ids: Collection[int], *, newest: bool) -> dict[int, QuestionVersion]:
    """Return question id -> the version to mark by: the newest ready one, or that which an attempt beginning now would get."""
    named: dict[int | None, int | None] = {}
    if not newest:
        slots = select(Slot.question_id, Slot.version_number).where(Slot.quiz_id == quiz_id, Slot.version_number.is_not(None))
        named = {row[0]: row[1] for row in session.execute(slots)}
    found: dict[int, QuestionVersion] = {}
    rows = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id.in_(question_ids)).order_by(QuestionVersion.number))
    for version in rows:
        wanted = named.get(version.question_id)
        if version.number == wanted if wanted is not None else version.state == "ready":
            found[version.question_id] = version
    return found


# --- working out


def _compute(row: Regrade, portion: Sequence[int]) -> None:
    quiz = session.get_one(Quiz, row.quiz_id)
    responses = _responses(portion)
    targets = target_versions(quiz.id, {version.question_id for _response, version in responses}, newest=row.newest)
    lines: list[dict[str, Any]] = []
    marks: dict[int, list[Marked]] = {}
    for response, version in responses:
        target = targets.get(version.question_id, version)
        asked_for = not row.question_ids or version.question_id in row.question_ids
        line = _line(row.id, response, version, target) if asked_for else None
        fraction = response.fraction
        if line is not None:
            lines.append(line)
            fraction = fraction if line["trouble"] else line["new_fraction"]
        marks.setdefault(response.attempt_id, []).append(Marked(fraction, response.max_mark))
    if lines:
        insert_new(RegradeLine, lines)
    changed = [made for attempt in _attempts(portion) if (made := _changed(row.id, attempt, marks.get(attempt.id, []), quiz.pass_share))]
    if changed:
        insert_new(RegradeAttempt, changed)


def _line(regrade_id: int, response: Response, version: QuestionVersion, target: QuestionVersion) -> dict[str, Any] | None:
    """Return what would become of one answer; None when nothing does."""
    trouble, grade = work_out(response, version, target)
    fraction = response.fraction if grade is None else grade.fraction
    if trouble is None and _same(fraction, response.fraction) and version.id == target.id:
        return None
    if trouble is Trouble.BY_HAND and version.id == target.id:
        return None
    return {
        "regrade_id": regrade_id,
        "attempt_id": response.attempt_id,
        "response_id": response.id,
        "sequence": response.sequence,
        "old_version_id": version.id,
        "new_version_id": target.id,
        "old_fraction": response.fraction,
        "new_fraction": fraction,
        "new_state": response.state if grade is None else grade.state,
        "trouble": trouble or "",
    }


def work_out(response: Response, version: QuestionVersion, target: QuestionVersion) -> tuple[Trouble | None, Grade | None]:
    """Return what an answer is worth by another version of its question, or why it cannot be marked by it."""
    if response.marked_at is not None:
        return Trouble.BY_HAND, None
    if not question_types.is_known(target.type):
        return Trouble.TYPE, None
    question_type = question_types.get(target.type)
    if version.type == target.type:
        old = question_type.read_body(version.body)
        trouble = fitting.misfit(question_type, old, question_type.read_body(target.body), old_type=version.type, new_type=target.type)
    else:
        trouble = Trouble.TYPE
    if trouble is not None:
        return trouble, None
    work = working.work(
        question_type,
        target.body,
        penalty=target.penalty,
        progress=response.progress,
        answer=response.answer,
        certainty=response.certainty,
    )
    return None, work.finish()


def _changed(regrade_id: int, attempt: Attempt, marks: Sequence[Marked], pass_share: float) -> dict[str, Any] | None:
    mark = grading.total(marks)
    share = grading.share(mark, possible=attempt.max_mark)
    passed = None if share is None else grading.reaches(share, pass_share=pass_share)
    if _same(mark, attempt.mark) and passed == attempt.passed:
        return None
    return {
        "regrade_id": regrade_id,
        "attempt_id": attempt.id,
        "old_mark": attempt.mark,
        "new_mark": mark,
        "old_passed": attempt.passed,
        "new_passed": passed,
    }


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
            totals.tell(attempt, "quiz_regraded", dedupe=f"quiz_regraded:{row.id}:{attempt_id}")


def _commit_line(row: Regrade, line: RegradeLine, moment: datetime) -> None:
    data = {
        "regrade": row.id,
        "by": row.by_account_id,
        "reason": row.reason,
        "fraction": line.new_fraction,
        "version": line.new_version_id,
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


def _responses(attempt_ids: Sequence[int]) -> list[tuple[Response, QuestionVersion]]:
    """Return the answers of those of the attempts that were handed in; what is still open is never marked again."""
    rows = session.execute(
        select(Response, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(Response.attempt_id.in_(attempt_ids), Attempt.state == "finished")
        .order_by(Response.attempt_id, Response.slot)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


def _attempts(attempt_ids: Sequence[int]) -> Sequence[Attempt]:
    query = select(Attempt).where(Attempt.id.in_(attempt_ids), Attempt.state == "finished").order_by(Attempt.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _same(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) < _SAME


def _become(row: Regrade, before: str, after: str, **values: Any) -> None:
    moved = session.scalar(
        update(Regrade).where(Regrade.id == row.id, Regrade.state == before).values(state=after, **values).returning(Regrade.id)
    )
    if moved is None:
        raise NotComputed()
    session.refresh(row)
