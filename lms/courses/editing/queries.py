"""Reading courses for those who make them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import session
from lms.core.i18n import localised
from lms.courses.editing import rules
from lms.courses.models import Activity, Course, PageText, Version
from lms.schools import access, tree
from lms.web.signin import Actor


@dataclass(frozen=True)
class CourseLine:
    """A course in the list of its authors; ``published`` and ``draft`` are numbers of versions."""

    slug: str
    code: str
    audience: str
    title: dict[str, Any]
    is_built_in: bool
    published: int | None
    draft: int | None


@dataclass(frozen=True)
class CoursePlace:
    """A course, and the version that an author sees: the draft, else the newest."""

    course: Course
    version: Version

    @property
    def is_draft(self) -> bool:
        return self.version.state == "draft"


@dataclass(frozen=True)
class StepCount:
    """How many activities a version has, how many of them count, and how long they take."""

    every: int
    required: int
    minutes: int


def step_count(version: Version) -> StepCount:
    """Count the activities of a version.  One statement."""
    row = session.execute(
        select(func.count(), func.count().filter(Activity.required), func.coalesce(func.sum(Activity.minutes), 0)).where(
            Activity.version_id == version.id
        )
    ).one()
    return StepCount(*row)


def courses(actor: Actor) -> list[CourseLine]:
    """Return the courses that somebody sees as an author, one's own first.  One statement."""
    newest, published, draft = (
        select(func.max(Version.number)).where(Version.course_id == Course.id, *conditions).correlate(Course).scalar_subquery()
        for conditions in ((), (Version.state == "published",), (Version.state == "draft",))
    )
    rows = session.execute(
        select(
            Course.slug, Course.code, Course.audience, Version.title, Course.owner_unit_id.is_(None), published, draft
        )
        .join(Version, (Version.course_id == Course.id) & (Version.number == newest))
        .where(rules.visible(actor))
        .order_by(Course.owner_unit_id.is_(None), Course.code, Course.id)
    )  # fmt: skip
    return [CourseLine(*row) for row in rows]


def place(slug: str) -> CoursePlace | None:
    """Return a course with its draft, or with its newest version when nobody changes it now."""
    row = session.execute(
        select(Course, Version)
        .join(Version, Version.course_id == Course.id)
        .where(Course.slug == slug)
        .order_by((Version.state != "draft"), Version.number.desc())
        .limit(1)
    ).first()
    return CoursePlace(*row) if row else None


def activity(version: Version, key: str) -> Activity | None:
    """Return an activity of a version by its key."""
    return session.scalars(select(Activity).where(Activity.version_id == version.id, Activity.key == key)).one_or_none()


def written_languages(version: Version) -> dict[int, set[str]]:
    """Return in which languages each lesson of a version has a text, by the id of its activity.  One statement."""
    rows = session.execute(
        select(PageText.activity_id, PageText.language)
        .join(Activity, Activity.id == PageText.activity_id)
        .where(Activity.version_id == version.id)
    )
    found: dict[int, set[str]] = {}
    for activity_id, language in rows:
        found.setdefault(activity_id, set()).add(language)
    return found


def units_to_write_for(actor: Actor) -> dict[int, str]:
    """Return the units at which somebody may make courses, those of one's own roles, by id."""
    return tree.names_on(access.units_granting(actor, "author"), clock.today())


def published_courses() -> dict[int, str]:
    """Return what the courses are called that people can take, by id."""
    rows = session.scalars(select(Version).where(Version.state == "published").order_by(Version.number)).all()
    newest = {row.course_id: row for row in rows}
    return {
        row.course_id: f"{row.course.code} · {localised(row.title)}" for row in sorted(newest.values(), key=lambda row: row.course.code)
    }
