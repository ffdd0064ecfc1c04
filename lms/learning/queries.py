"""Reading how far people are: one query for a course page, few for the lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from lms.core.db import session
from lms.courses import outline as outlines
from lms.courses.models import Course, Version
from lms.courses.outline import Outline
from lms.learning import progress
from lms.learning.models import Enrolment, Result
from lms.learning.progress import Progress


@dataclass(frozen=True)
class Visit:
    """A person at a course: enrolled, or only looking in (``enrolment_id`` is None)."""

    outline: Outline
    progress: Progress
    states: Mapping[str, str]  # of results by activity key
    enrolment_id: int | None = None
    state: str = "none"  # active, completed
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def enrolled(self) -> bool:
        return self.enrolment_id is not None

    @property
    def begun(self) -> bool:
        return self.started_at is not None


def visit(person_id: int, slug: str) -> Visit | None:
    """Return a person at a course, in the version that was begun, else in the latest; None when there is no such course.

    One query, and those of the outline when this worker has not read it.
    """
    visits = _visits(_OF_SLUG, person_id, slug=slug)
    return visits[0] if visits else None


def visits_for(person_id: int, course_ids: Collection[int]) -> list[Visit]:
    """Return a person at these courses and at all in which the person is enrolled, the last touched first."""
    return _visits(_OF_COURSES, person_id, course_ids=list(course_ids))


def visits_of_audience(person_id: int, audience: str) -> list[Visit]:
    """Return a person at all published courses for staff or for pupils, and at those of an enrolment."""
    return _visits(_OF_AUDIENCE, person_id, audience=audience)


def _statement() -> Select[*tuple[Any, ...]]:
    later, newest = aliased(Enrolment), aliased(Version)
    person_id = bindparam("person_id", type_=Integer)
    last_cycle = (
        select(func.max(later.cycle))
        .where(later.person_id == person_id, later.course_id == Course.id, later.state != "cancelled")
        .correlate(Course)
        .scalar_subquery()
    )
    newest_number = (
        select(func.max(newest.number))
        .where(newest.course_id == Course.id, newest.state == "published")
        .correlate(Course)
        .scalar_subquery()
    )
    return (
        select(
            Course.id.label("course_id"),
            Version.id.label("newest_id"),
            Enrolment.id.label("enrolment_id"),
            Enrolment.version_id,
            Enrolment.state,
            Enrolment.started_at,
            Enrolment.completed_at,
            Enrolment.last_activity_key,
            Result.activity_key,
            Result.state.label("result_state"),
        )
        .select_from(Course)
        .outerjoin(Version, and_(Version.course_id == Course.id, Version.number == newest_number))
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == person_id, Enrolment.cycle == last_cycle))
        .outerjoin(Result, Result.enrolment_id == Enrolment.id)
        .order_by(Enrolment.active_at.is_(None), Enrolment.active_at.desc(), Course.id)
    )


# Built once: putting this statement together costs many times what the database takes to answer it.
_EVERYWHERE = _statement()
_OF_SLUG = _EVERYWHERE.where(Course.slug == bindparam("slug"))
_OF_COURSES = _EVERYWHERE.where(or_(Course.id.in_(bindparam("course_ids", expanding=True)), Enrolment.id.is_not(None)))
_OF_AUDIENCE = _EVERYWHERE.where(or_(Course.audience == bindparam("audience"), Enrolment.id.is_not(None)))


def _visits(statement: Select[*tuple[Any, ...]], person_id: int, **values: Any) -> list[Visit]:
    rows = session.execute(statement, {"person_id": person_id, **values}).all()
    states: dict[int, dict[str, str]] = defaultdict(dict)
    firsts: dict[int, Any] = {}
    for row in rows:
        firsts.setdefault(row.course_id, row)
        if row.activity_key:
            states[row.course_id][row.activity_key] = row.result_state
    return [_visit(row, states[course_id]) for course_id, row in firsts.items() if row.version_id or row.newest_id]


def _visit(row: Any, states: Mapping[str, str]) -> Visit:
    outline = outlines.outline(row.version_id or row.newest_id)
    return Visit(
        outline=outline,
        progress=progress.progress(outline, states, row.last_activity_key),
        states=states,
        enrolment_id=row.enrolment_id,
        state=row.state or "none",
        started_at=row.started_at,
        completed_at=row.completed_at,
    )
