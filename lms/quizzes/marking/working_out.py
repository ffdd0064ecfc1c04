"""Working out what marking attempts again, or going back to their former marks, would change."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from lms.core.db import session
from lms.core.rows import insert_new
from lms.quizzes import grading, question_types
from lms.quizzes.behaviours import work as working
from lms.quizzes.grading import Grade, Marked
from lms.quizzes.marking import fitting
from lms.quizzes.marking.fitting import Trouble
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Regrade, RegradeAttempt, RegradeLine
from lms.quizzes.models.quiz import Quiz, Slot

_SAME = 1e-9


def compute(row: Regrade, portion: Sequence[int]) -> None:
    """Keep what would become of the answers and totals of these attempts; nothing of them changes."""
    quiz = session.get_one(Quiz, row.quiz_id)
    responses = _responses(portion)
    former = _former_lines(row, portion)
    targets = target_versions(quiz.id, {version.question_id for _response, version in responses}, newest=row.newest)
    lines: list[dict[str, Any]] = []
    marks: dict[int, list[Marked]] = {}
    for response, version in responses:
        if row.undoes_id is not None:
            before = former.get(response.id)
            line = _line_back(row.id, response, before) if before else None
        else:
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
        "old_state": response.state,
        "new_fraction": fraction,
        "new_state": response.state if grade is None else grade.state,
        "trouble": trouble or "",
    }


def _former_lines(row: Regrade, portion: Sequence[int]) -> dict[int, RegradeLine]:
    """Return what the regrade that is taken back did to the answers of these attempts; nothing for any other."""
    query = select(RegradeLine).where(
        RegradeLine.regrade_id == row.undoes_id, RegradeLine.attempt_id.in_(portion), RegradeLine.trouble == ""
    )
    return {each.response_id: each for each in session.scalars(query)} if row.undoes_id is not None else {}


def _line_back(regrade_id: int, response: Response, former: RegradeLine) -> dict[str, Any]:
    """Return how one answer gets back the mark and the version that it had, unless something happened to it since."""
    is_as_left = response.sequence == former.sequence + 1
    return {
        "regrade_id": regrade_id,
        "attempt_id": response.attempt_id,
        "response_id": response.id,
        "sequence": response.sequence,
        "old_version_id": response.question_version_id,
        "new_version_id": former.old_version_id,
        "old_fraction": response.fraction,
        "old_state": response.state,
        "new_fraction": former.old_fraction if is_as_left else response.fraction,
        "new_state": former.old_state if is_as_left else response.state,
        "trouble": "" if is_as_left else Trouble.CHANGED,
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
