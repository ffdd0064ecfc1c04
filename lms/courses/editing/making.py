"""New courses, new versions and copies: each begins as a draft that nobody learns from."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select

from lms.core import audit, clock, names
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_, localised
from lms.courses import kinds
from lms.courses.drafts import MATERIALS, PICTURES
from lms.courses.editing import drafts
from lms.courses.models import Activity, Course, CourseFile, ReviewNote, Section, Version

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60


class SlugTaken(Conflict):
    code = "slug_taken"
    message = lazy_('There is a course with the address "{slug}" already. Choose another.')


class WrongSlug(Invalid):
    code = "wrong_slug"
    message = lazy_("The address has small letters without accents, digits and hyphens: online-safety.")


@dataclass(frozen=True)
class CourseHead:
    """What a version says of itself; texts by language."""

    title: Mapping[str, str]
    summary: Mapping[str, str]
    outcomes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    languages: tuple[str, ...] = ("vi",)
    grades: tuple[int, ...] = ()
    periods: int = 1  # of 45 minutes
    valid_months: int | None = None
    as_of: date | None = None  # none: today
    read_aloud: bool = False
    needed: int | None = None  # so many of the activities that count complete it; none: all


def suggested_slug(title: str) -> str:
    """Return the address for a title: "An toàn trên mạng" gives "an-toan-tren-mang"."""
    return re.sub(r"[^a-z0-9]+", "-", names.fold(title))[:LONGEST_SLUG].strip("-")


def check_slug(slug: str) -> None:
    """Refuse what cannot be an address.  Raises WrongSlug."""
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise WrongSlug()


def new_course(head: CourseHead, *, slug: str, code: str, audience: str, unit_id: int, by: int) -> Version:
    """Return the first draft of a new course, with one empty section.  Raises SlugTaken, WrongSlug."""
    course = _course(slug, code, audience, unit_id)
    version = _version(course, 1, head)
    session.add(Section(version_id=version.id, key="s1", position=1, title=dict.fromkeys(head.languages, "")))
    session.flush()
    audit.record("courses.course.made", f"course:{course.id}", account_id=by, slug=slug)
    return version


def new_version(version: Version, *, by: int) -> Version:
    """Return the draft that follows a published version: the one that is there, else a copy of this version."""
    course = session.scalars(select(Course).where(Course.id == version.course_id).with_for_update()).one()
    known = session.scalars(
        select(Version).where(Version.course_id == course.id, Version.state == "draft").order_by(Version.number.desc()).limit(1)
    ).one_or_none()
    if known is not None:
        return known
    last = session.scalar(select(func.max(Version.number)).where(Version.course_id == course.id)) or 0
    made = _version(course, last + 1, _head(version), version.origin)
    _copy(version, made)
    audit.record("courses.version.made", f"version:{made.id}", account_id=by, of=version.number)
    return made


def copy_course(version: Version, *, slug: str, code: str, unit_id: int, by: int) -> Version:
    """Return the first draft of a course of one's own that begins as a copy.  Raises SlugTaken, WrongSlug."""
    course = _course(slug, code, version.course.audience, unit_id)
    made = _version(course, 1, _head(version), version.origin)
    _copy(version, made)
    audit.record("courses.course.copied", f"course:{course.id}", account_id=by, slug=slug, of=version.id)
    return made


def change_head(version_id: int, head: CourseHead, *, code: str, by: int) -> None:
    """Change what a draft says of itself.  Raises Published."""
    version = drafts.locked(version_id)
    version.title, version.summary = dict(head.title), dict(head.summary)
    version.outcomes = {language: list(each) for language, each in head.outcomes.items()}
    version.languages, version.grades = list(head.languages), list(head.grades)
    version.periods, version.valid_months = head.periods, head.valid_months
    version.as_of, version.read_aloud = head.as_of or clock.today(), head.read_aloud
    version.needed = head.needed
    version.course.code = code
    drafts.note_change(version, "head_changed", by=by)


def discard(version_id: int, *, by: int) -> None:
    """Throw a draft away, and its course when it has no other version.  Raises Published."""
    version = drafts.locked(version_id)
    course = version.course
    for section in list(version.sections):
        for activity in list(section.activities):
            remove_activity(activity)
        session.delete(section)
    for file in session.scalars(select(CourseFile).where(CourseFile.version_id == version.id)):
        session.delete(file)
    session.execute(delete(ReviewNote).where(ReviewNote.version_id == version.id))
    session.flush()
    audit.record("courses.version.discarded", f"version:{version.id}", account_id=by, title=localised(version.title))
    session.delete(version)
    session.flush()
    session.expire(course)
    if not course.versions:
        session.delete(course)
        session.flush()


def remove_activity(activity: Activity) -> None:
    """Take an activity out of a draft with all that its kind keeps of it."""
    kinds.get(activity.kind).removed(activity)
    session.delete(activity)
    session.flush()


def _course(slug: str, code: str, audience: str, unit_id: int) -> Course:
    check_slug(slug)
    if session.scalar(select(Course.id).where(Course.slug == slug)) is not None:
        raise SlugTaken(slug=slug)
    course = Course(slug=slug, code=code, audience=audience, owner_unit_id=unit_id, created_at=clock.now())
    session.add(course)
    session.flush()
    return course


def _head(version: Version) -> CourseHead:
    return CourseHead(
        title=version.title,
        summary=version.summary,
        outcomes=version.outcomes,
        languages=tuple(version.languages),
        grades=tuple(version.grades),
        periods=version.periods,
        valid_months=version.valid_months,
        as_of=version.as_of,
        read_aloud=version.read_aloud,
        needed=version.needed,
    )


def _version(course: Course, number: int, head: CourseHead, origin: Mapping[str, Any] | None = None) -> Version:
    made = clock.now()
    version = Version(
        course_id=course.id,
        number=number,
        state="draft",
        title=dict(head.title),
        summary=dict(head.summary),
        outcomes={language: list(each) for language, each in head.outcomes.items()},
        languages=list(head.languages),
        grades=list(head.grades),
        periods=head.periods,
        valid_months=head.valid_months,
        as_of=head.as_of or clock.today(),
        read_aloud=head.read_aloud,
        needed=head.needed,
        # Not the hash of files: nothing that is brought in is taken for it.
        content_hash=hashlib.sha256(f"{course.slug} {number} {made.isoformat()}".encode()).hexdigest(),
        **({"origin": dict(origin)} if origin else {}),
        created_at=made,
    )
    session.add(version)
    session.flush()
    return version


def _copy(source: Version, made: Version) -> None:
    for file in session.scalars(select(CourseFile).where(CourseFile.version_id == source.id, _is_shown())):
        session.add(CourseFile(version_id=made.id, path=file.path, file_id=file.file_id))
    session.flush()
    for section in source.sections:
        row = Section(version_id=made.id, key=section.key, position=section.position, title=dict(section.title))
        session.add(row)
        session.flush()
        for activity in section.activities:
            twin = Activity(version_id=made.id, section_id=row.id, **_plain(activity))
            session.add(twin)
            session.flush()
            kinds.get(activity.kind).copied(twin, activity)
    session.flush()


def _is_shown() -> ColumnElement[bool]:
    """Return the condition for files that learners see; the others are what was brought in."""
    return or_(*(CourseFile.path.startswith(folder) for folder in (PICTURES, MATERIALS)))


def _plain(activity: Activity) -> dict[str, Any]:
    return {
        "key": activity.key,
        "position": activity.position,
        "kind": activity.kind,
        "required": activity.required,
        "minutes": activity.minutes,
        "title": dict(activity.title),
        "settings": dict(activity.settings),
        "completion": activity.completion,
        "available": activity.available,
        "hidden": activity.hidden,
    }
