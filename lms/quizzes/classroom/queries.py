"""What the pages of classroom mode show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.core.db import session
from lms.courses.models import Activity, Version
from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.classroom import ClassCount, ClassPresence, ClassSession
from lms.quizzes.models.quiz import Quiz, Slot
from lms.schools.models import SchoolClass, UnitReach


@dataclass(frozen=True)
class RunLine:
    """A run as a list shows it."""

    id: int
    class_name: str
    class_id: int
    title: Mapping[str, str]
    course: Mapping[str, str]
    state: str
    started_at: datetime
    present: int


@dataclass(frozen=True)
class Offer:
    """A quiz that can be done with a class."""

    outline: Outline
    step: Step
    questions: int


@dataclass(frozen=True)
class Around:
    """What a run belongs to."""

    run: ClassSession
    activity: Activity


def around(run_id: int) -> Around | None:
    """Return a run with its activity.  One statement."""
    row = session.execute(
        select(ClassSession, Activity)
        .join(Quiz, Quiz.id == ClassSession.quiz_id)
        .join(Activity, Activity.id == Quiz.activity_id)
        .where(ClassSession.id == run_id)
    ).first()
    return Around(*row) if row else None


def runs_of(class_ids: Sequence[int], *, most: int = 50) -> list[RunLine]:
    """Return the runs of these classes, the latest first.  One statement."""
    present = (
        select(ClassPresence.session_id, func.count(ClassPresence.person_id).label("people")).group_by(ClassPresence.session_id).subquery()
    )
    rows = session.execute(
        select(
            ClassSession.id,
            SchoolClass.name,
            SchoolClass.id,
            Activity.title,
            Version.title,
            ClassSession.state,
            ClassSession.started_at,
            func.coalesce(present.c.people, 0),
        )
        .join(SchoolClass, SchoolClass.id == ClassSession.class_id)
        .join(Quiz, Quiz.id == ClassSession.quiz_id)
        .join(Activity, Activity.id == Quiz.activity_id)
        .join(Version, Version.id == Activity.version_id)
        .outerjoin(present, present.c.session_id == ClassSession.id)
        .where(ClassSession.class_id.in_(class_ids), ClassSession.state != "stopped")
        .order_by(ClassSession.id.desc())
        .limit(most)
    )
    return [RunLine(*row) for row in rows]


def offers(outlines: Sequence[Outline]) -> list[Offer]:
    """Return the quizzes of these courses with their number of questions.  One statement."""
    steps = {step.id: (outline, step) for outline in outlines for step in outline.steps if step.kind == "quiz"}
    counts: dict[int, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(Quiz.activity_id, func.count(Slot.id))
            .join(Slot, Slot.quiz_id == Quiz.id)
            .where(Quiz.activity_id.in_(steps))
            .group_by(Quiz.activity_id)
        )
    }
    return [Offer(outline, step, counts[activity_id]) for activity_id, (outline, step) in steps.items() if activity_id in counts]


def reaches(owner_unit_id: int | None, unit_id: int) -> bool:
    """Return whether a course of this owner is for this school too.  At most one statement."""
    if owner_unit_id is None:
        return True
    query = select(UnitReach.unit_id).where(UnitReach.ancestor_id == owner_unit_id, UnitReach.unit_id == unit_id).limit(1)
    return session.scalar(query) is not None


def version_at(run: ClassSession, position: int) -> QuestionVersion:
    """Return the question at a place of a run.  One statement."""
    return session.get_one(QuestionVersion, run.version_ids[position - 1])


def versions_of(run: ClassSession) -> list[QuestionVersion]:
    """Return all questions of a run, in order.  One statement."""
    rows = {row.id: row for row in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(run.version_ids)))}
    return [rows[version_id] for version_id in run.version_ids]


def hands_of(run_id: int) -> dict[int, dict[str, int]]:
    """Return what was counted: position -> key of a choice -> hands.  One statement."""
    found: dict[int, dict[str, int]] = {}
    rows: Any = session.execute(select(ClassCount.position, ClassCount.key, ClassCount.hands).where(ClassCount.session_id == run_id))
    for position, key, hands in rows:
        found.setdefault(position, {})[key] = hands
    return found


def present_at(run_id: int) -> set[int]:
    """Return the persons who were there.  One statement."""
    return set(session.scalars(select(ClassPresence.person_id).where(ClassPresence.session_id == run_id)))
