"""Bringing in what was written on paper: one attempt for each sheet, graded like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.core import audit, clock
from lms.core.db import session
from lms.courses.models import Activity, Version
from lms.learning import enrolment as enrolments
from lms.learning import outcomes
from lms.learning.models import Enrolment
from lms.quizzes import final_grades, grading, question_types
from lms.quizzes.grading import Grade, Marked
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.paper import Paper, PaperSheet
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.paper import layout, queries
from lms.quizzes.paper.layout import Asked, Variant, Written


@dataclass(frozen=True)
class Entry:
    """What was typed for one person: the variant of the sheet and a line such as "A C BD 1,5"."""

    person_id: int
    variant: str
    line: str


@dataclass(frozen=True)
class Read:
    """An entry that was understood."""

    entry: Entry
    variant: Variant
    written: tuple[Written, ...]


def asked_in(variant: Variant, versions: Mapping[int, QuestionVersion]) -> list[Asked]:
    """Return what can be typed for each question of a variant."""
    asked = []
    for place in variant.places:
        version = versions[place.version_id]
        question_type = question_types.get(version.type)
        body = question_type.read_body(version.body)
        votes = place.order if question_type.votes(body) else ()
        asked.append(Asked(tuple(votes), question_type.ticks_many, place.max_mark, question_type.asks))
    return asked


def enter(paper: Paper, read: Sequence[Read], *, at: datetime, by: int) -> list[int]:
    """Make an attempt of each sheet, or correct the one that it made before; ``at`` is when it was written.

    Returns the persons who are left out, because they take another version of the
    course, which has another quiz.  A pass that the course knows already stays,
    whatever a correction says.
    """
    quiz = session.get_one(Quiz, paper.quiz_id)
    activity = session.get_one(Activity, quiz.activity_id)
    version = session.get_one(Version, activity.version_id)
    versions = queries.versions({place.version_id for each in read for place in each.variant.places})
    left_out = []
    for each in read:
        enrolment = enrolments.enrol(each.entry.person_id, version, source="teacher")
        if enrolment.version_id != version.id:
            left_out.append(each.entry.person_id)
            continue
        # Of two who bring in the same sheet, the second one waits here and then corrects.
        session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
        known = queries.sheet(paper.id, each.entry.person_id)
        attempt = session.get_one(Attempt, known.attempt_id) if known else _new_attempt(enrolment, quiz, each.variant, at=at, by=by)
        _mark(attempt, quiz, each, versions, by=by)
        if known is None:
            outcomes.open_activity(enrolment, activity.key)
            known = PaperSheet(paper_id=paper.id, person_id=each.entry.person_id, attempt_id=attempt.id)
            session.add(known)
        known.variant, known.written, known.entered_by_account_id, known.entered_at = each.variant.code, each.entry.line, by, clock.now()
        session.flush()
        final_grades.settle(quiz, activity, enrolment)
    audit.record("paper.entered", f"paper:{paper.id}", account_id=by, sheets=len(read), left_out=left_out)
    return left_out


def _new_attempt(enrolment: Enrolment, quiz: Quiz, variant: Variant, *, at: datetime, by: int) -> Attempt:
    latest = session.scalar(select(func.max(Attempt.number)).where(Attempt.enrolment_id == enrolment.id, Attempt.quiz_id == quiz.id))
    attempt = Attempt(
        quiz_id=quiz.id,
        enrolment_id=enrolment.id,
        number=(latest or 0) + 1,
        state="finished",
        source="paper",
        started_at=at,
        finished_at=at,
        entered_by_account_id=by,
        max_mark=sum(place.max_mark for place in variant.places),
    )
    session.add(attempt)
    session.flush()
    for number, place in enumerate(variant.places, start=1):
        session.add(
            Response(
                attempt_id=attempt.id,
                slot=number,
                page=1,
                question_version_id=place.version_id,
                max_mark=place.max_mark,
                order=list(place.order),
                state="todo",
                progress={},
            )
        )
    session.flush()
    return attempt


def _mark(attempt: Attempt, quiz: Quiz, each: Read, versions: Mapping[int, QuestionVersion], *, by: int) -> None:
    moment = clock.now()
    rows = session.scalars(select(Response).where(Response.attempt_id == attempt.id).order_by(Response.slot)).all()
    by_place = {row.question_version_id: row for row in rows}
    marked = []
    # A correction may name another variant: the same questions in another order.
    for place, written in zip(each.variant.places, each.written, strict=True):
        row = by_place[place.version_id]
        answer, grade = _graded(versions[place.version_id], written, place.max_mark)
        row.order, row.answer, row.answered = list(place.order), answer, not written.is_blank
        row.fraction, row.state, row.saved_at = grade.fraction, grade.state, moment
        row.sequence += 1
        if written.points is not None:
            row.marked_by_account_id, row.marked_at = by, moment
        data: dict[str, Any] = {"answer": answer, "points": written.points, "source": "paper", "by": by}
        session.add(Step(response_id=row.id, sequence=row.sequence, kind="grade", data=data, client_key=None, at=moment))
        marked.append(Marked(grade.fraction, place.max_mark))
    attempt.mark = grading.total(marked)
    attempt.share = grading.share(attempt.mark, possible=attempt.max_mark)
    attempt.passed = None if attempt.share is None else grading.reaches(attempt.share, pass_share=quiz.pass_share)
    attempt.graded_at = moment
    session.flush()


def _graded(version: QuestionVersion, written: Written, max_mark: float) -> tuple[dict[str, Any], Grade]:
    question_type = question_types.get(version.type)
    body = question_type.read_body(version.body)
    if written.points is not None:
        return {}, grading.grade(written.points / max_mark if max_mark else 0.0)
    if not written.keys:
        return {}, grading.GAVE_UP if question_type.asks else grading.NOT_GRADED
    answer = dict(question_type.clean(body, {"choice": written.keys[0], "choices": list(written.keys)}))
    return answer, question_type.grade(body, answer)


def read_entries(
    entries: Sequence[Entry], variants: Mapping[str, Variant], versions: Mapping[int, QuestionVersion]
) -> tuple[list[Read], dict[int, str]]:
    """Return the entries that were understood, and person -> what is wrong for the others; lines without anything are left out."""
    understood, wrong = [], {}
    for entry in entries:
        if not entry.line.strip():
            continue
        variant = variants.get(entry.variant.strip().upper() or next(iter(variants)))
        if variant is None:
            wrong[entry.person_id] = str(layout.no_variant(entry.variant, variants))
            continue
        try:
            understood.append(Read(entry, variant, tuple(layout.read(entry.line, asked_in(variant, versions)))))
        except layout.NotUnderstood as error:
            wrong[entry.person_id] = str(error)
    return understood, wrong
