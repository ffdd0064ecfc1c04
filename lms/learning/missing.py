"""Why a course is not complete yet, step by step: what is done, what is missing, what is not open and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core.db import session
from lms.core.i18n import localised
from lms.courses import completion
from lms.courses.models import Course, Version
from lms.courses.steps import Step
from lms.learning import deciding, evidence, openness, queries
from lms.learning.deciding import Decided
from lms.learning.models import Enrolment, Result
from lms.learning.queries import Visit


@dataclass(frozen=True)
class StepStanding:
    """How somebody stands at a step; ``missing`` are names of courses.completion, ``waits_for`` sentences."""

    step: Step
    counts: bool
    state: str  # of the result: "", started, failed, completed, passed
    share: float | None
    done_at: datetime | None
    missing: Sequence[str]
    waits_for: Sequence[str]
    decisions: Sequence[Decided]

    @property
    def missing_names(self) -> list[str]:
        """Return what is missing in words."""
        return [str(completion.NAMES[name]) for name in self.missing]

    @property
    def is_done(self) -> bool:
        return self.state in openness.DONE

    @property
    def asks_to_be_ticked(self) -> bool:
        return completion.MARKED in self.missing

    @property
    def can_be_taken_back(self) -> bool:
        return bool(self.decisions) and self.decisions[0].decision.kind != "taken_back"


@dataclass(frozen=True)
class CourseLine:
    """A course somebody is enrolled in, in the latest cycle."""

    slug: str
    title: str
    state: str
    done: int
    required: int
    completed_at: datetime | None


def courses_of(person_id: int) -> list[CourseLine]:
    """Return the courses in which somebody is enrolled, the last touched first.  One statement."""
    rows = session.execute(
        select(Course.slug, Version.title, Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Version, Version.id == Enrolment.version_id)
        .where(Enrolment.person_id == person_id, Enrolment.state != "cancelled")
        .order_by(Enrolment.active_at.is_(None), Enrolment.active_at.desc(), Enrolment.cycle.desc())
    ).all()
    lines: dict[str, CourseLine] = {}
    for slug, title, row in rows:
        known = CourseLine(slug, localised(title), row.state, row.done, row.required, row.completed_at)
        lines.setdefault(slug, known)
    return list(lines.values())


def of_visit(visit: Visit) -> list[StepStanding]:
    """Return how somebody stands at each step that is for them, also hidden ones.  At most two statements."""
    results: dict[str, Result] = {}
    decisions: dict[str, list[Decided]] = {}
    if visit.enrolment_id is not None:
        rows = session.scalars(select(Result).where(Result.enrolment_id == visit.enrolment_id))
        results = {row.activity_key: row for row in rows}
        decisions = deciding.of_enrolment(visit.enrolment_id)
    counted = openness.required(visit.outline, visit.standing.audience)
    return [
        _standing(visit, step, results.get(step.key), decisions.get(step.key, []), step.key in counted)
        for step in visit.outline.steps
        if openness.concerns(step, visit.standing.audience)
    ]


def of_learner(person_id: int, slug: str) -> Visit | None:
    """Return a person at a course in which they are enrolled; None without an enrolment."""
    visit = queries.visit(person_id, slug)
    return visit if visit is not None and visit.enrolled else None


def _standing(visit: Visit, step: Step, result: Result | None, decisions: Sequence[Decided], counts: bool) -> StepStanding:
    is_done = result is not None and result.state in openness.DONE
    return StepStanding(
        step=step,
        counts=counts,
        state=result.state if result else "",
        share=result.share if result else None,
        done_at=result.completed_at if result else None,
        missing=[] if is_done else evidence.missing(step, result.met if result else {}),
        waits_for=[] if is_done else visit.why_closed(step),
        decisions=decisions,
    )
