"""Reading programmes: rules in force, and what persons are on a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, func, or_, select

from lms.core.db import session
from lms.programmes import audience
from lms.programmes.models import Exemption, Programme, Qualification, Rule
from lms.schools.models import Place, Post, SchoolClass, Unit, UnitReach


@dataclass(frozen=True)
class Duty:
    """A programme with the rule that is in force on the day asked for."""

    programme: Programme
    rule: Rule


def _holds(table: type[Programme] | type[Rule] | type[Post] | type[Place] | type[Exemption] | type[Qualification]) -> ColumnElement[bool]:
    day = bindparam("day", type_=Date)
    return and_(table.from_day <= day, or_(table.until_day.is_(None), table.until_day > day))


# Built once: home asks several of these, and putting a statement together costs more than its answer.
_PERSONS: BindParameter[Any] = bindparam("person_ids", expanding=True)
_DUTIES = (
    select(Programme, Rule)
    .join(Rule, Rule.programme_id == Programme.id)
    .where(_holds(Programme), _holds(Rule))
    .order_by(Programme.id, Rule.number)
)
_POSTS = (
    select(Post.person_id, Post.position_code, Post.unit_id, Unit.kind_code, Unit.stage)
    .join(Unit, Unit.id == Post.unit_id)
    .where(Post.person_id.in_(_PERSONS), Post.replaced_at.is_(None), _holds(Post))
)
_PLACES = (
    select(Place.person_id, SchoolClass.grade, SchoolClass.unit_id)
    .join(SchoolClass, SchoolClass.id == Place.class_id)
    .where(Place.person_id.in_(_PERSONS), Place.replaced_at.is_(None), _holds(Place))
    .order_by(Place.from_day)
)
_ABOVE = select(UnitReach.unit_id, UnitReach.ancestor_id).where(UnitReach.unit_id.in_(bindparam("unit_ids", expanding=True)))
_VALID = select(Qualification).where(
    Qualification.person_id == bindparam("person_id"), Qualification.state == "valid", _holds(Qualification)
)
_EXEMPT = select(Exemption.programme_id).where(
    Exemption.person_id == bindparam("person_id"), Exemption.replaced_at.is_(None), _holds(Exemption)
)
_QUALIFIED = select(Qualification.person_id).where(
    Qualification.person_id.in_(_PERSONS),
    Qualification.programme_id == bindparam("programme_id"),
    Qualification.state == "valid",
    _holds(Qualification),
)
_EXEMPTED = select(Exemption.person_id).where(
    Exemption.person_id.in_(_PERSONS),
    Exemption.programme_id == bindparam("programme_id"),
    Exemption.replaced_at.is_(None),
    _holds(Exemption),
)


def duties_on(day: date, *, course_id: int | None = None) -> list[Duty]:
    """Return the programmes in force on a day with their rules; of one course, those in which it counts or renews."""
    # Of two rules in force the later version counts.
    latest = {programme.id: Duty(programme, rule) for programme, rule in session.execute(_DUTIES, {"day": day})}
    return [each for each in latest.values() if course_id is None or course_id in (*each.rule.courses, each.rule.renewed_by_id)]


def duties_of(person_id: int, day: date) -> list[Duty]:
    """Return what a person is obliged to on a day; exemptions are not looked at."""
    facts = facts_of([person_id], day)[person_id]
    return [each for each in duties_on(day) if obliges(each, facts)]


def rules_begin(after: date, until: date, *, newer_than: int) -> bool:
    """Return whether a rule of a programme begins after a day and up to another, or was added since and has begun."""
    begins = or_(Rule.from_day > after, Rule.id > newer_than)
    return session.scalar(select(Rule.id).where(begins, Rule.from_day <= until).limit(1)) is not None


def newest_rule() -> int:
    """Return the number of the newest row of rules; 0 when there is none."""
    return session.scalar(select(func.max(Rule.id))) or 0


def obliges(duty: Duty, facts: audience.Facts) -> bool:
    """Return whether a duty is one of a person with these facts."""
    return audience.obliged(duty.programme.audience, duty.rule, facts, owner_unit_id=duty.programme.owner_unit_id)


def facts_of(person_ids: Collection[int], day: date) -> dict[int, audience.Facts]:
    """Return what each of these persons is on a day; units above by today's map.  Three queries a thousand persons."""
    posts: dict[int, set[audience.Post]] = defaultdict(set)
    grades: dict[int, int] = {}
    units: dict[int, set[int]] = defaultdict(set)
    for portion in _portions(person_ids):
        values = {"person_ids": portion, "day": day}
        for person_id, position, unit_id, kind, stage in session.execute(_POSTS, values):
            posts[person_id].add(audience.Post(position, kind, stage or ""))
            units[person_id].add(unit_id)
        for person_id, grade, unit_id in session.execute(_PLACES, values):
            grades[person_id] = grade
            units[person_id].add(unit_id)
    above = _above({unit_id for ids in units.values() for unit_id in ids})
    return {
        person_id: audience.Facts(
            posts=frozenset(posts[person_id]),
            grade=grades.get(person_id),
            units=frozenset(ancestor for unit_id in units[person_id] for ancestor in above.get(unit_id, {unit_id})),
        )
        for person_id in person_ids
    }


def held_on(person_id: int, day: date) -> dict[int, Qualification]:
    """Return by programme the qualification that a person holds on a day, the one that lasts longest."""
    rows = session.scalars(_VALID, {"person_id": person_id, "day": day}).all()
    ordered = sorted(rows, key=lambda row: (row.until_day is None, row.until_day or row.from_day))
    return {row.programme_id: row for row in ordered}


def qualification_on(person_id: int, programme_id: int, day: date) -> Qualification | None:
    """Return the qualification in a programme that is valid on a day, the one that lasts longest."""
    return held_on(person_id, day).get(programme_id)


def not_needing(person_ids: Collection[int], programme_id: int, day: date) -> set[int]:
    """Return which of these persons hold a valid qualification of the programme or are exempt from it on a day."""
    found: set[int] = set()
    for portion in _portions(person_ids):
        values = {"person_ids": portion, "programme_id": programme_id, "day": day}
        found.update(session.scalars(_QUALIFIED, values), session.scalars(_EXEMPTED, values))
    return found


def was_held(person_id: int, programme_id: int) -> bool:
    """Return whether somebody was ever trained in a programme, and that was not taken back."""
    known = select(Qualification.id).where(
        Qualification.person_id == person_id, Qualification.programme_id == programme_id, Qualification.state == "valid"
    )
    return session.scalar(known.limit(1)) is not None


def obliged_since(person_id: int, duty: Duty, day: date) -> date | None:
    """Return the first day of the posts of a day that oblige somebody, or of the rule if that is later; None when none does."""
    rows = session.execute(
        select(Post.from_day, Post.position_code, Unit.kind_code, Unit.stage)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.person_id == person_id, Post.replaced_at.is_(None), _holds(Post)),
        {"day": day},
    )
    days = [
        row.from_day for row in rows if audience.covers_post(duty.rule, audience.Post(row.position_code, row.kind_code, row.stage or ""))
    ]
    return max(min(days), duty.rule.from_day) if days else None


def exempt_programmes(person_id: int, day: date) -> set[int]:
    """Return the programmes that a person is exempt from on a day."""
    return set(session.scalars(_EXEMPT, {"person_id": person_id, "day": day}))


def _above(unit_ids: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for portion in _portions(unit_ids):
        for unit_id, ancestor_id in session.execute(_ABOVE, {"unit_ids": portion}):
            found[unit_id].add(ancestor_id)
    return found


def _portions(ids: Iterable[int], size: int = 1_000) -> list[list[int]]:
    ordered = list(ids)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]
