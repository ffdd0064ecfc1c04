"""Reading how far people are: one query for a course page, few for the lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Integer, Select, Table, and_, bindparam, func, or_, select

from lms.core import clock, db
from lms.core.db import session
from lms.courses import outline as outlines
from lms.courses.models import Amendment, AmendmentMark, Course, Version
from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.learning import openness, progress
from lms.learning.models import Enrolment, Result
from lms.learning.openness import Audience, Standing
from lms.learning.progress import Progress
from lms.programmes import queries as programmes


@dataclass(frozen=True)
class Visit:
    """A person at a course: enrolled, or only looking in (``enrolment_id`` is None)."""

    outline: Outline
    progress: Progress
    standing: Standing
    enrolment_id: int | None = None
    state: str = "none"  # active, completed
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def states(self) -> Mapping[str, str]:
        """Return the states of results by activity key."""
        return self.standing.states

    @property
    def steps(self) -> Sequence[Step]:
        """Return the steps that this learner sees, in order."""
        if not self.outline.has_conditions:
            return self.outline.steps
        return [step for step in self.outline.steps if self.shows(step)]

    def shows(self, step: Step) -> bool:
        """Return whether this learner sees that a step is there."""
        return openness.is_shown(step, self.standing, self.outline)

    def is_open(self, step: Step) -> bool:
        """Return whether a step may be done now."""
        return openness.is_open(step, self.standing, self.outline)

    def why_closed(self, step: Step) -> list[str]:
        """Return what a step waits for."""
        return openness.why_closed(step, self.standing, self.outline)

    def place(self, step: Step) -> int:
        """Return the place of a step among those that this learner sees, from 1."""
        if not self.outline.has_conditions:
            return step.number
        return 1 + sum(each.number < step.number for each in self.steps)

    def before(self, step: Step) -> Step | None:
        """Return the step that this learner sees before one."""
        return next((each for each in reversed(self.steps) if each.number < step.number), None)

    def after(self, step: Step) -> Step | None:
        """Return the step that this learner sees after one."""
        return next((each for each in self.steps if each.number > step.number), None)

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


_course, _enrolment, _result = (cast(Table, model.__table__) for model in (Course, Enrolment, Result))
_version = cast(Table, Version.__table__)


def _statement() -> Select[*tuple[Any, ...]]:
    later, newest = _enrolment.alias(), _version.alias()
    person_id = bindparam("person_id", type_=Integer)
    last_cycle = (
        select(func.max(later.c.cycle))
        .where(later.c.person_id == person_id, later.c.course_id == _course.c.id, later.c.state != "cancelled")
        .correlate(_course)
        .scalar_subquery()
    )
    newest_number = (
        select(func.max(newest.c.number))
        .where(newest.c.course_id == _course.c.id, newest.c.state == "published")
        .correlate(_course)
        .scalar_subquery()
    )
    mine = and_(_enrolment.c.course_id == _course.c.id, _enrolment.c.person_id == person_id, _enrolment.c.cycle == last_cycle)
    return (
        select(
            _course.c.id.label("course_id"),
            _version.c.id.label("newest_id"),
            _enrolment.c.id.label("enrolment_id"),
            _enrolment.c.version_id,
            _enrolment.c.state,
            _enrolment.c.started_at,
            _enrolment.c.completed_at,
            _enrolment.c.last_activity_key,
            _result.c.activity_key,
            _result.c.state.label("result_state"),
            _result.c.share,
        )
        .select_from(
            _course.outerjoin(_version, and_(_version.c.course_id == _course.c.id, _version.c.number == newest_number))
            .outerjoin(_enrolment, mine)
            .outerjoin(_result, _result.c.enrolment_id == _enrolment.c.id)
        )
        .order_by(_enrolment.c.active_at.is_(None), _enrolment.c.active_at.desc(), _course.c.id)
    )


# Every page of a course asks one of these: see db.run.
_EVERYWHERE = _statement()
_OF_SLUG = _EVERYWHERE.where(_course.c.slug == bindparam("slug"))
_OF_COURSES = _EVERYWHERE.where(or_(_course.c.id.in_(bindparam("course_ids", expanding=True)), _enrolment.c.id.is_not(None)))
_OF_AUDIENCE = _EVERYWHERE.where(or_(_course.c.audience == bindparam("audience"), _enrolment.c.id.is_not(None)))


def _visits(statement: Select[*tuple[Any, ...]], person_id: int, **values: Any) -> list[Visit]:
    rows = db.run(statement, {"person_id": person_id, **values}).all()
    states: dict[int, dict[str, str]] = defaultdict(dict)
    shares: dict[int, dict[str, float]] = defaultdict(dict)
    firsts: dict[int, Any] = {}
    for row in rows:
        firsts.setdefault(row.course_id, row)
        if row.activity_key:
            states[row.course_id][row.activity_key] = row.result_state
            if row.share is not None:
                shares[row.course_id][row.activity_key] = row.share
    known = {
        course_id: outlines.outline(row.version_id or row.newest_id) for course_id, row in firsts.items() if row.version_id or row.newest_id
    }
    audience = audience_of(person_id) if any(outline.has_audiences for outline in known.values()) else Audience()
    today = clock.today()
    return [
        _visit(firsts[course_id], outline, Standing(states[course_id], today, shares[course_id], audience))
        for course_id, outline in known.items()
    ]


def audience_of(person_id: int) -> Audience:
    """Return who somebody is today, as far as conditions of courses ask."""
    facts = programmes.facts_of([person_id], clock.today())[person_id]
    return Audience(facts.positions, facts.grade)


def _visit(row: Any, outline: Outline, standing: Standing) -> Visit:
    return Visit(
        outline=outline,
        progress=progress.progress(outline, standing, row.last_activity_key),
        standing=standing,
        enrolment_id=row.enrolment_id,
        state=row.state or "none",
        started_at=row.started_at,
        completed_at=row.completed_at,
    )


def law_offers(person_id: int, day: date) -> set[int]:
    """Return the courses that tell what changed in the law since somebody completed one that cites the former wording."""
    rows = session.execute(
        select(Amendment.course_id, Amendment.from_day, Enrolment.completed_at)
        .join(AmendmentMark, AmendmentMark.amendment_id == Amendment.id)
        .join(Enrolment, Enrolment.version_id == AmendmentMark.version_id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state == "completed",
            Amendment.course_id.is_not(None),
            Amendment.withdrawn_at.is_(None),
            Amendment.from_day <= day,
        )
    )
    return {row.course_id for row in rows if row.completed_at and clock.local(row.completed_at).date() < row.from_day}
