"""Who is in a programme, or would be by another rule, and why: by position for staff, by grade for pupils."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select

from lms.accounts.models import Person
from lms.core.db import session
from lms.core.i18n import localised
from lms.courses.models import Course, Version
from lms.programmes.models import Programme, Rule
from lms.schools import access, facts, tree
from lms.schools.models import Place, Position, Post, SchoolClass, Unit

MOST_NAMES = 50


@dataclass(frozen=True)
class Audience:
    """Whom a rule is for; empty lists mean everybody of the programme's audience."""

    positions: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """Somebody who is in, with the reason: a position or a class, and where."""

    person_id: int
    name: str
    why: str


@dataclass(frozen=True)
class Preview:
    """What another rule would change: how many are in now and then, who comes in and who goes out (the first of them)."""

    now: int
    then: int
    coming: int
    going: int
    coming_names: Sequence[Member]
    going_names: Sequence[Member]


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme in the list, with the rule that is in force."""

    programme: Programme
    rule: Rule | None
    course_title: str
    course_slug: str


def by_slug(slug: str) -> Programme | None:
    """Return the programme of this short name."""
    return session.scalar(select(Programme).where(Programme.slug == slug))


def programmes(day: date) -> list[ProgrammeLine]:
    """Return all programmes, those for staff first, each with the rule in force on a day."""
    rows = session.execute(
        select(Programme, Rule, Course)
        .outerjoin(Rule, (Rule.programme_id == Programme.id) & (Rule.from_day <= day) & (Rule.until_day.is_(None) | (Rule.until_day > day)))
        .outerjoin(Course, Course.id == Rule.course_id)
        .order_by(Programme.audience.desc(), Programme.id, Rule.number)
    ).all()
    lines = {row[0].id: ProgrammeLine(row[0], row[1], row[2].code if row[2] else "", row[2].slug if row[2] else "") for row in rows}
    return list(lines.values())


def rules_of(programme: Programme) -> list[tuple[Rule, Course]]:
    """Return the rules of a programme with their courses, the newest first."""
    rows = session.execute(
        select(Rule, Course).join(Course, Course.id == Rule.course_id).where(Rule.programme_id == programme.id).order_by(Rule.number.desc())
    ).all()
    return [(row[0], row[1]) for row in rows]


def courses_for(audience: str) -> dict[int, str]:
    """Return the courses for staff or pupils that people can take, by id."""
    published = select(Version.id).where(Version.course_id == Course.id, Version.state == "published").exists()
    rows = session.scalars(select(Course).where(Course.audience == audience, published).order_by(Course.code))
    return {row.id: row.code for row in rows}


def coming(audience: str, owner_unit_id: int | None, wanted: Audience, day: date, units: Collection[int]) -> Preview:
    """Return whom a programme that is not there yet would oblige.  Four statements."""
    programme = Programme(audience=audience, owner_unit_id=owner_unit_id)
    inside = _inside(programme, wanted, day, units)
    size = _size(inside)
    return Preview(0, size, size, 0, _named(programme, inside, wanted, day), ())


def count(programme: Programme, wanted: Audience, day: date, units: Collection[int]) -> int:
    """Return how many people a rule obliges on a day, at and below these units; exemptions are not looked at."""
    inside = _inside(programme, wanted, day, units).subquery()
    return session.scalar(select(func.count()).select_from(inside)) or 0


def members(programme: Programme, wanted: Audience, day: date, units: Collection[int]) -> list[Member]:
    """Return the first people whom a rule obliges, by name, each with the reason."""
    return _named(programme, _inside(programme, wanted, day, units), wanted, day)


def preview(programme: Programme, now: Audience, then: Audience, day: date, units: Collection[int]) -> Preview:
    """Return what another rule would change for the people at and below these units.  Eight statements."""
    before, after = _inside(programme, now, day, units), _inside(programme, then, day, units)
    coming, going = after.except_(before), before.except_(after)
    return Preview(
        now=_size(before),
        then=_size(after),
        coming=_size(coming),
        going=_size(going),
        coming_names=_named(programme, coming, then, day),
        going_names=_named(programme, going, now, day),
    )


def _size(people) -> int:  # type: ignore[no-untyped-def]
    return session.scalar(select(func.count()).select_from(people.subquery())) or 0


def _inside(programme: Programme, wanted: Audience, day: date, units: Collection[int]) -> Select[int]:
    """Return the query of the persons whom a rule obliges."""
    reached = access.reach(units)
    if programme.audience == "pupils":
        query = (
            select(Place.person_id)
            .join(SchoolClass, SchoolClass.id == Place.class_id)
            .where(facts.true_on(Place, day), SchoolClass.unit_id.in_(reached))
        )
        query = query.where(SchoolClass.grade.in_(wanted.grades)) if wanted.grades else query
        unit = SchoolClass.unit_id
    else:
        query = select(Post.person_id).where(facts.true_on(Post, day), Post.unit_id.in_(reached))
        query = query.where(*_of_posts(wanted))
        unit = Post.unit_id
    if programme.owner_unit_id is not None:
        query = query.where(unit.in_(access.reach([programme.owner_unit_id])))
    return query.distinct()


def _of_posts(wanted: Audience) -> list[ColumnElement[bool]]:
    """Return the conditions for posts that a rule names."""
    found: list[ColumnElement[bool]] = [Post.position_code.in_(wanted.positions)] if wanted.positions else []
    if wanted.unit_kinds:
        found.append(Post.unit_id.in_(select(Unit.id).where(Unit.kind_code.in_(wanted.unit_kinds))))
    if wanted.stages:
        found.append(Post.unit_id.in_(select(Unit.id).where(Unit.stage.in_(wanted.stages))))
    return found


def _named(programme: Programme, people, wanted: Audience, day: date) -> list[Member]:  # type: ignore[no-untyped-def]
    rows = session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.sort_key, Person.id).limit(MOST_NAMES)).all()
    ids = [row.id for row in rows]
    if programme.audience == "pupils":
        places = session.execute(
            select(Place.person_id, SchoolClass.name, SchoolClass.unit_id)
            .join(SchoolClass, SchoolClass.id == Place.class_id)
            .where(Place.person_id.in_(ids), facts.true_on(Place, day))
        ).all()
    else:
        query = (
            select(Post.person_id, Position.title, Post.unit_id)
            .join(Position, Position.code == Post.position_code)
            .where(Post.person_id.in_(ids), facts.true_on(Post, day))
        )
        places = session.execute(query.where(*_of_posts(wanted))).all()
    names = tree.names_on({row[2] for row in places}, day)
    why = {row[0]: f"{row[1] if isinstance(row[1], str) else localised(row[1])}, {names.get(row[2], '')}" for row in places}
    return [Member(row.id, row.full_name, why.get(row.id, "")) for row in rows]
