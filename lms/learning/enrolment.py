"""Enrolments: who takes which version of a course, in which cycle."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Select, select, update

from lms.core import clock
from lms.core.db import month_later, session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.courses import outline as outlines
from lms.courses.models import Version
from lms.learning import openness
from lms.learning.models import Enrolment, Result
from lms.learning.queries import Visit
from lms.programmes import queries as programmes
from lms.programmes.models import Qualification, Rule


class NotFinished(Conflict):
    code = "not_finished"
    message = lazy_("This course is not finished yet. Go on where you were.")


class TooEarly(Conflict):
    code = "too_early_to_renew"
    message = lazy_("Your training is still valid. You can renew it from {day} on.")


def enrolled(person_id: int, visit: Visit) -> int:
    """Return the enrolment of somebody who stands at a course, made now for who only looked in so far."""
    if visit.enrolment_id is not None:
        return visit.enrolment_id
    return enrol(person_id, session.get_one(Version, visit.outline.version_id), source="self").id


def enrol(person_id: int, version: Version, *, source: str) -> Enrolment:
    """Return the person's enrolment in the course of this version, made now when there is none.

    Who is enrolled already keeps the version that was begun.  Asking twice, also
    at the same moment, gives the same enrolment.  ``source`` is rule, self,
    teacher or import.
    """
    # One statement: with two, somebody else's enrolment that is committed between them counts as former and not as known.
    rows = session.scalars(
        select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.course_id == version.course_id).order_by(Enrolment.cycle.desc())
    ).all()
    for row in rows:
        if row.state != "cancelled":
            return row
    # Who was taken out and comes back gets a row of their own: what was done before stays in the former one.
    former = rows[0].cycle if rows else 0
    insert_new(Enrolment, [_row(person_id, version, source=source, cycle=former + 1)])
    return session.scalars(_latest(person_id, version.course_id)).one()


def enrol_many(person_ids: Collection[int], version: Version, *, source: str) -> int:
    """Enrol all these persons who are not in this course yet; return how many were."""
    return len(insert_new(Enrolment, [_row(person_id, version, source=source, cycle=1) for person_id in person_ids]))


def enrol_by_rules(person_ids: Collection[int], day: date | None = None) -> int:
    """Enrol these persons in the courses that programmes oblige them to on a day (today); return how many enrolments were made.

    Whoever was ever enrolled in the course is left alone, and so is who fulfilled
    the programme in another way or is exempt.
    """
    day = day or clock.today()
    duties = programmes.duties_on(day)
    if not duties:
        return 0
    facts = programmes.facts_of(person_ids, day)
    made = 0
    for duty in duties:
        versions = [version for course_id in _asked(duty.rule) if (version := latest_version(course_id)) is not None]
        if not versions:
            continue
        obliged = [person_id for person_id in person_ids if programmes.obliges(duty, facts[person_id])]
        free = programmes.not_needing(obliged, duty.programme.id, day)
        for version in versions:
            made += enrol_many([person_id for person_id in obliged if person_id not in free], version, source="rule")
    return made


def _asked(rule: Rule) -> list[int]:
    """Return the courses in which somebody is enrolled: all, where all are asked for; else the first, and the others are theirs to choose."""
    return rule.courses if rule.needed >= len(rule.courses) else rule.courses[:1]


def renew(person_id: int, course_id: int, *, source: str = "self") -> Enrolment:
    """Begin the next cycle of a completed course on its latest version.

    Allowed from so many months before the qualification ends as its rule says, and at
    any time when the course gives none.  Raises NotFinished and TooEarly.
    """
    former = session.scalar(_latest(person_id, course_id).with_for_update())
    if former is None or former.state == "active":
        raise NotFinished()
    opens = renewal_opens(person_id, course_id)
    if former.state == "completed" and opens is not None and clock.today() < opens:
        raise TooEarly(day=opens.strftime("%d/%m/%Y"))
    version = latest_version(course_id) or former.version
    insert_new(Enrolment, [_row(person_id, version, source=source, cycle=former.cycle + 1)])
    return session.scalars(_latest(person_id, course_id)).one()


def renewal_opens(person_id: int, course_id: int) -> date | None:
    """Return the day from which the course may be taken again, None when nothing holds it back."""
    rows = session.execute(
        select(Qualification.until_day, Rule)
        .join(Rule, Rule.id == Qualification.rule_id)
        .where(Qualification.person_id == person_id, Qualification.state == "valid", Qualification.until_day.is_not(None))
    )
    opens = [month_later(row.until_day, -row.Rule.renewal_months) for row in rows if course_id in row.Rule.courses]
    return max(opens, default=None)


def current(person_id: int, course_id: int) -> Enrolment | None:
    """Return the person's enrolment of the latest cycle, cancelled ones left out; None when there is none."""
    return session.scalar(_latest(person_id, course_id))


def cancel(enrolment: Enrolment) -> None:
    """Take a person out of a course that is not finished; what was done stays in the books."""
    session.execute(update(Enrolment).where(Enrolment.id == enrolment.id, Enrolment.state == "active").values(state="cancelled"))
    session.refresh(enrolment)


def latest_version(course_id: int) -> Version | None:
    """Return the published version that newcomers get."""
    return session.scalar(
        select(Version).where(Version.course_id == course_id, Version.state == "published").order_by(Version.number.desc()).limit(1)
    )


def states_of(enrolment_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return the state of each result of these enrolments, by activity key."""
    states: dict[int, dict[str, str]] = defaultdict(dict)
    rows = select(Result.enrolment_id, Result.activity_key, Result.state).where(Result.enrolment_id.in_(list(enrolment_ids)))
    for enrolment_id, key, state in session.execute(rows):
        states[enrolment_id][key] = state
    return states


def _latest(person_id: int, course_id: int) -> Select[Enrolment]:
    return (
        select(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.course_id == course_id, Enrolment.state != "cancelled")
        .order_by(Enrolment.cycle.desc())
        .limit(1)
    )


def _row(person_id: int, version: Version, *, source: str, cycle: int) -> dict[str, object]:
    return {
        "person_id": person_id,
        "course_id": version.course_id,
        "version_id": version.id,
        "cycle": cycle,
        "state": "active",
        "source": source,
        "enrolled_at": clock.now(),
        "done": 0,
        # Who somebody is, is asked when there is something to count.
        "required": openness.needed(outlines.outline(version.id), openness.Audience()),
    }
