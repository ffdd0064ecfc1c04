"""Sections and activities of a draft: adding, naming, moving and removing them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.courses import kinds
from lms.courses.editing import drafts, layout, making
from lms.courses.editing.drafts import ChangedMeanwhile
from lms.courses.editing.layout import Element, Kind
from lms.courses.models import Activity, Section, Version

MOST_ACTIVITIES = 200
MOST_SECTIONS = 60
# What a key of ours begins with; quizzes and lessons are told apart in lists of results.
_LETTERS = {"page": "l", "quiz": "q"}


class SectionNotEmpty(Conflict):
    code = "section_not_empty"
    message = lazy_("This section is not empty. Move or remove what stands in it first.")


class LastSection(Conflict):
    code = "last_section"
    message = lazy_("A course has at least one section.")


class CourseFull(Invalid):
    code = "course_full"
    message = lazy_("A course has at most {most} activities and {sections} sections.")


@dataclass(frozen=True)
class NewActivity:
    """An activity that an author adds; the section is one of the draft."""

    kind: str
    section_id: int
    title: Mapping[str, str]
    minutes: int
    required: bool = True


def elements(version: Version) -> list[Element]:
    """Return the sections and activities of a version in their order."""
    found: list[Element] = []
    for section in version.sections:
        found.append(Element(Kind.SECTION, section.id))
        found += [Element(Kind.ACTIVITY, activity.id) for activity in section.activities]
    return found


def arrange(version_id: int, order: Sequence[Element], titles: Mapping[int, Mapping[str, str]], *, by: int) -> None:
    """Bring the draft into this order, and name its sections; ``titles`` by section id.

    Raises ChangedMeanwhile when the list is not of what the draft has, Published.
    """
    version = drafts.locked(version_id)
    if not layout.is_whole(order, elements(version)):
        raise ChangedMeanwhile()
    sections = {section.id: section for section in version.sections}
    activities = {activity.id: activity for section in version.sections for activity in section.activities}
    place = position = 0
    section = version.sections[0]
    for element in order:
        if element.kind is Kind.SECTION:
            place += 1
            section = sections[element.id]
            section.position = place
        else:
            position += 1
            activities[element.id].position, activities[element.id].section_id = position, section.id
    for section_id, title in titles.items():
        if section_id in sections:
            sections[section_id].title = dict(title)
    session.flush()
    drafts.note_change(version, "arranged", by=by)
    _read_again(version)


def add_section(version_id: int, title: Mapping[str, str], *, by: int) -> Section:
    """Add a section at the end.  Raises CourseFull, Published."""
    version = drafts.locked(version_id)
    if len(version.sections) >= MOST_SECTIONS:
        raise CourseFull(most=MOST_ACTIVITIES, sections=MOST_SECTIONS)
    key = _free_key(select(Section.key).join(Version).where(Version.course_id == version.course_id), "s")
    section = Section(version_id=version.id, key=key, position=len(version.sections) + 1, title=dict(title))
    session.add(section)
    drafts.note_change(version, "section_added", by=by, key=key)
    _read_again(version)
    return section


def remove_section(version_id: int, section_id: int, *, by: int) -> None:
    """Take an empty section out.  Raises SectionNotEmpty, LastSection, ChangedMeanwhile, Published."""
    version = drafts.locked(version_id)
    section = next((each for each in version.sections if each.id == section_id), None)
    if section is None:
        raise ChangedMeanwhile()
    if section.activities:
        raise SectionNotEmpty()
    if len(version.sections) == 1:
        raise LastSection()
    session.delete(section)
    drafts.note_change(version, "section_removed", by=by, key=section.key)
    _read_again(version)


def add_activity(version_id: int, new: NewActivity, *, by: int) -> Activity:
    """Add an activity at the end of a section, with what its kind needs.  Raises CourseFull, ChangedMeanwhile, Published."""
    version = drafts.locked(version_id)
    section = next((each for each in version.sections if each.id == new.section_id), None)
    if section is None:
        raise ChangedMeanwhile()
    kind = kinds.get(new.kind)
    every = [activity for each in version.sections for activity in each.activities]
    if len(every) >= MOST_ACTIVITIES:
        raise CourseFull(most=MOST_ACTIVITIES, sections=MOST_SECTIONS)
    keys = select(Activity.key).join(Version, Version.id == Activity.version_id).where(Version.course_id == version.course_id)
    activity = Activity(
        version_id=version.id,
        section_id=section.id,
        key=_free_key(keys, _LETTERS.get(new.kind, "a")),
        position=0,
        kind=new.kind,
        required=new.required,
        minutes=new.minutes,
        title=dict(new.title),
        settings={},
    )
    session.add(activity)
    session.flush()
    kind.made(activity)
    drafts.note_change(version, "activity_added", by=by, key=activity.key, kind=new.kind)
    _read_again(version)
    _number(version)
    return activity


def remove_activity(version_id: int, activity_id: int, *, by: int) -> None:
    """Take an activity out of a draft.  Raises ChangedMeanwhile, Published."""
    version = drafts.locked(version_id)
    activity = session.scalars(select(Activity).where(Activity.id == activity_id, Activity.version_id == version.id)).one_or_none()
    if activity is None:
        raise ChangedMeanwhile()
    key = activity.key
    making.remove_activity(activity)
    drafts.note_change(version, "activity_removed", by=by, key=key)
    _read_again(version)
    _number(version)


def _free_key(known: object, letter: str) -> str:
    """Return a key that no version of the course has had: results point at keys for ever."""
    numbers = [int(match[1]) for key in session.scalars(known) if (match := re.fullmatch(rf"{letter}(\d+)", key))]  # type: ignore[call-overload]
    return f"{letter}{max(numbers, default=0) + 1}"


def _number(version: Version) -> None:
    """Count the activities through the course; a new one stands behind those of its section."""
    position = 0
    for section in version.sections:
        for activity in sorted(section.activities, key=lambda each: (each.position == 0, each.position)):
            position += 1
            activity.position = position
    session.flush()
    _read_again(version)


def _read_again(version: Version) -> None:
    session.flush()
    session.expire(version, ["sections"])
    for section in version.sections:
        session.expire(section, ["activities"])
