"""Reading meetings: those somebody holds, those a learner may come to, and who is on the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select

from lms.accounts.models import Person
from lms.attendance.models import Meeting, Presence
from lms.core import clock, names
from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.schools import access, facts, tree
from lms.schools.models import Place, Post, SchoolClass, UnitReach

MOST_LINES = 300  # of a list on a page; a search finds the others


@dataclass(frozen=True)
class Offer:
    """An activity for which meetings are held."""

    course_id: int
    slug: str
    key: str
    course_title: dict[str, str]
    title: dict[str, str]


@dataclass(frozen=True)
class MeetingLine:
    """A meeting in a list, with how many people are noted."""

    meeting: Meeting
    course_title: dict[str, str]
    slug: str
    unit_name: str
    people: int


@dataclass(frozen=True)
class ListLine:
    """Somebody on the list of a meeting; ``how`` is "" for who is not noted."""

    person_id: int
    name: str
    unit_name: str
    how: str


def by_id(meeting_id: int) -> Meeting | None:
    """Return a meeting."""
    return session.get(Meeting, meeting_id)


def offers() -> list[Offer]:
    """Return the activities of the newest published versions for which meetings are held.  One statement."""
    newest = (
        select(func.max(Version.number))
        .where(Version.course_id == Course.id, Version.state == "published")
        .correlate(Course)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Course.id, Course.slug, Activity.key, Version.title, Activity.title)
        .join(Version, (Version.course_id == Course.id) & (Version.number == newest))
        .join(Activity, Activity.version_id == Version.id)
        .where(Activity.kind == "attendance")
        .order_by(Course.code, Activity.position)
    )
    return [Offer(*row) for row in rows]


def held_by(unit_ids: Sequence[int]) -> list[MeetingLine]:
    """Return the meetings of these units and all below, the newest first.  Three statements."""
    rows = session.execute(
        select(Meeting, Course.slug, _title())
        .join(Course, Course.id == Meeting.course_id)
        .where(Meeting.unit_id.in_(access.reach(list(unit_ids))))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(200)
    ).all()
    ids = [row[0].id for row in rows]
    counts = dict(
        session.execute(
            select(Presence.meeting_id, func.count()).where(Presence.meeting_id.in_(ids)).group_by(Presence.meeting_id)
        ).all()
    )  # fmt: skip
    units = tree.names_on({row[0].unit_id for row in rows}, clock.today())
    return [MeetingLine(meeting, title, slug, units.get(meeting.unit_id, ""), counts.get(meeting.id, 0)) for meeting, slug, title in rows]


def for_learner(person_id: int, course_id: int, key: str) -> list[tuple[Meeting, str, bool]]:
    """Return the meetings of an activity to which somebody may come, with the name of the unit and whether they are noted.

    Those of the units where the person works or learns today, and of all above; past ones only where noted.
    """
    today = clock.today()
    own = select(Post.unit_id).where(Post.person_id == person_id, facts.true_on(Post, today)).union(
        select(SchoolClass.unit_id).join(Place, Place.class_id == SchoolClass.id).where(Place.person_id == person_id, facts.true_on(Place, today))
    )  # fmt: skip
    above = select(UnitReach.ancestor_id).where(UnitReach.unit_id.in_(own))
    noted = select(Presence.id).where(Presence.meeting_id == Meeting.id, Presence.person_id == person_id).exists()
    rows = session.execute(
        select(Meeting, noted)
        .where(
            Meeting.course_id == course_id,
            Meeting.activity_key == key,
            Meeting.state != "cancelled",
            or_(noted, (Meeting.unit_id.in_(above) & Meeting.state.in_(("planned", "open")) & (Meeting.ends_at > _this_morning()))),
        )
        .order_by(Meeting.starts_at)
    ).all()
    units = tree.names_on({row[0].unit_id for row in rows}, today)
    return [(meeting, units.get(meeting.unit_id, ""), bool(is_noted)) for meeting, is_noted in rows]


def people(meeting: Meeting, words: str = "") -> list[ListLine]:
    """Return who may be on the list of a meeting: staff of its unit and those below, whoever is noted first; by name.

    At most MOST_LINES; ``words`` are searched in names, without tone marks.
    """
    today = clock.today()
    noted = {row.person_id: row.how for row in session.scalars(select(Presence).where(Presence.meeting_id == meeting.id))}
    query = (
        select(Person, func.min(Post.unit_id))
        .join(Post, Post.person_id == Person.id)
        .where(Post.unit_id.in_(access.reach([meeting.unit_id])), facts.true_on(Post, today))
        .group_by(Person.id)
        .order_by(Person.sort_key, Person.id)
    )
    for word in names.fold(words).split():
        query = query.where(Person.search_key.contains(word, autoescape=True))
    rows = session.execute(query.limit(MOST_LINES)).all()
    others = session.scalars(select(Person).where(Person.id.in_(set(noted) - {row[0].id for row in rows}))).all() if not words else []
    units = tree.names_on({row[1] for row in rows}, today)
    lines = [ListLine(person.id, person.full_name, units.get(unit_id, ""), noted.get(person.id, "")) for person, unit_id in rows]
    lines += [ListLine(person.id, person.full_name, "", noted[person.id]) for person in others]
    return lines


def count(meeting: Meeting) -> int:
    """Return how many people are noted."""
    return session.scalar(select(func.count()).where(Presence.meeting_id == meeting.id)) or 0


def _title() -> ScalarSelect[Any]:
    newest = (
        select(func.max(Version.number))
        .where(Version.course_id == Course.id, Version.state == "published")
        .correlate(Course)
        .scalar_subquery()
    )
    return select(Version.title).where(Version.course_id == Course.id, Version.number == newest).correlate(Course).scalar_subquery()


def _this_morning() -> datetime:
    return clock.start_of(clock.today())
