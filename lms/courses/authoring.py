"""Bringing courses in and publishing them; a published version never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.courses import kinds, law_changes, pictures, publishing, sources
from lms.courses.drafts import CourseDraft, DraftProblems, SectionDraft
from lms.courses.immutability import Published
from lms.courses.models import Activity, Course, Section, Version

__all__ = ["Brought", "NotReady", "OtherCourse", "Published", "bring_in", "import_draft", "known_version", "publish", "retire"]


class OtherCourse(Conflict):
    code = "other_course"
    message = lazy_('There is a course "{slug}" for another audience already. Choose another slug.')


class NotReady(Conflict):
    code = "version_not_ready"
    message = lazy_("This version cannot be published yet: {reasons}")


@dataclass(frozen=True)
class Brought:
    """What became of a draft: its version, and what kinds of activities made besides, outside of the course."""

    version: Version
    is_new: bool
    made: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def import_draft(draft: CourseDraft, *, owner_unit_id: int | None = None) -> Version:
    """Return the version with this content, made now as a draft when the course has none like it.

    Raises OtherCourse when the slug belongs to a course for others.
    """
    return bring_in(draft, owner_unit_id=owner_unit_id).version


def known_version(draft: CourseDraft) -> Version | None:
    """Return the newest version of the course that has this content already."""
    course = session.scalar(select(Course).where(Course.slug == draft.slug))
    return _known(course, draft.content_hash()) if course else None


def bring_in(draft: CourseDraft, *, owner_unit_id: int | None = None, origin: Mapping[str, Any] | None = None) -> Brought:
    """Make a draft the next version of its course, unless there is one with this content; ``origin`` says where it comes from.

    Raises OtherCourse when the slug belongs to a course for others.
    """
    course = _course(draft, owner_unit_id)
    content_hash = draft.content_hash()
    known = _known(course, content_hash)
    if known is not None:
        return Brought(known, is_new=False)
    last = session.scalar(select(func.max(Version.number)).where(Version.course_id == course.id)) or 0
    version = Version(
        course_id=course.id,
        number=last + 1,
        state="draft",
        title=dict(draft.title),
        summary=dict(draft.summary),
        outcomes=dict(draft.outcomes),
        languages=list(draft.languages),
        grades=list(draft.grades),
        periods=draft.periods,
        valid_months=draft.valid_months,
        as_of=draft.as_of,
        read_aloud=draft.read_aloud,
        needed=draft.needed,
        content_hash=content_hash,
        **({"origin": dict(origin)} if origin else {}),
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    pictures.keep(version, draft.files)
    return Brought(version, is_new=True, made=tuple(_add_sections(version, draft.sections)))


def _known(course: Course, content_hash: str) -> Version | None:
    of_hash = select(Version).where(Version.course_id == course.id, Version.content_hash == content_hash)
    known = session.scalar(of_hash.order_by(Version.number.desc()).limit(1))
    return known if known is not None else _made_here(course, content_hash)


def _made_here(course: Course, content_hash: str) -> Version | None:
    """Return the newest version when it was made in the browser and is what comes in."""
    version = session.scalar(select(Version).where(Version.course_id == course.id).order_by(Version.number.desc()).limit(1))
    if version is None:
        return None
    try:
        return version if sources.written(version).content_hash() == content_hash else None
    except DraftProblems:
        return None  # it lacks something, and what comes in does not


def publish(version: Version) -> Version:
    """Let learners take this version; newcomers get it, who began another keeps that.

    Publishing a published version changes nothing.  Raises NotReady when an activity
    could not be given to anybody, or the course never be completed.
    """
    if version.state != "published":
        if lacks := publishing.lacks(version):
            raise NotReady(reasons=" ".join(each.reason for each in lacks))
        version.state, version.published_at = "published", clock.now()
        session.flush()
        law_changes.mark_version(version)
    return version


def retire(version: Version) -> Version:
    """Give this version to nobody new; who began it goes on."""
    version.state = "retired"
    session.flush()
    return version


def _course(draft: CourseDraft, owner_unit_id: int | None) -> Course:
    # The row lock lets one of two imports of the same course go first.
    course = session.scalar(select(Course).where(Course.slug == draft.slug).with_for_update())
    if course is None:
        course = Course(slug=draft.slug, code=draft.code, audience=draft.audience, owner_unit_id=owner_unit_id, created_at=clock.now())
        session.add(course)
        session.flush()
    if course.audience != draft.audience or course.owner_unit_id != owner_unit_id:
        raise OtherCourse(slug=draft.slug)
    return course


def _add_sections(version: Version, sections: Sequence[SectionDraft]) -> list[tuple[str, Mapping[str, Any]]]:
    """Add what a draft consists of; return what the kinds of its activities made besides."""
    made: list[tuple[str, Mapping[str, Any]]] = []
    position = 0
    for place, section_draft in enumerate(sections, start=1):
        section = Section(version_id=version.id, key=section_draft.key, position=place, title=dict(section_draft.title))
        session.add(section)
        session.flush()
        for draft in section_draft.activities:
            position += 1
            activity = Activity(
                version_id=version.id,
                section_id=section.id,
                key=draft.key,
                position=position,
                kind=draft.kind,
                required=draft.required,
                minutes=draft.minutes,
                title=dict(draft.title),
                settings=dict(draft.settings),
                completion=draft.completion,
                available=draft.available,
                hidden=draft.hidden,
            )
            session.add(activity)
            session.flush()
            if besides := kinds.get(draft.kind).imported(activity, draft):
                made.append((draft.kind, besides))
    session.flush()
    return made
