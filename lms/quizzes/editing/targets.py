"""For whom a quiz can differ: a person, a class, the staff of a unit; finding them within one's reach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, or_, select

from lms.accounts.models import Person
from lms.core import clock, names
from lms.core.db import session
from lms.courses.models import Course
from lms.learning.models import Enrolment
from lms.quizzes.editing import rules
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.rules import Override
from lms.quizzes.timing import State
from lms.schools import access, facts, tree
from lms.schools import queries as schools
from lms.schools.models import Place, Post, SchoolClass, Unit, UnitReach
from lms.web.signin import Actor

MOST = 40  # in a list to choose from


class Kind(StrEnum):
    """What a quiz can differ for."""

    PERSON = "person"
    CLASS = "class"
    UNIT = "unit"


@dataclass(frozen=True)
class Target:
    """Somebody for whom a quiz can differ; ``unit_ids`` are where they work or learn."""

    kind: Kind
    id: int
    name: str
    below: str  # where: class and school, or the unit above
    unit_ids: frozenset[int]


def find(kind: str, target_id: int, audience: str) -> Target | None:
    """Return a target by kind and id, as far as there is one in a course for this audience."""
    if kind == Kind.PERSON:
        return _person(target_id, audience)
    if kind == Kind.CLASS and audience == "pupils":
        room = session.get(SchoolClass, target_id)
        return _class(room, tree.name_on(room.unit_id, clock.today())) if room else None
    if kind == Kind.UNIT and audience == "staff":
        unit = session.get(Unit, target_id)
        return Target(Kind.UNIT, unit.id, tree.name_on(unit.id, clock.today()), "", frozenset({unit.id})) if unit else None
    return None


def may_override(actor: Actor, course: Course, target: Target) -> bool:
    """Return whether somebody may let the quizzes of this course differ for this target; never for oneself."""
    if target.kind is Kind.PERSON and target.id == actor.person_id:
        return False
    meant_for = [unit_id for unit_id in target.unit_ids if rules.is_meant_for(course, unit_id)]
    return rules.may_override_at(actor, course.audience, meant_for)


def look_for(actor: Actor, course: Course, words: str) -> list[Target]:
    """Return people, classes and units within reach whose name has these words; without words the classes or units alone."""
    units = access.reach(access.units_granting(actor, rules.OVERRIDING[course.audience]))
    if course.owner_unit_id is not None:
        units = units.where(UnitReach.unit_id.in_(access.reach([course.owner_unit_id])))
    wanted = names.fold(words)
    groups = _classes(units) if course.audience == "pupils" else _units(units)
    found = [target for target in groups if wanted in names.fold(f"{target.name} {target.below}")]
    if wanted:
        found += _people(units, wanted, course.audience, but=actor.person_id)
    return found[:MOST]


def learns(person_id: int) -> bool:
    """Return whether a person is a pupil today.  One statement."""
    return session.scalar(select(Place.id).where(Place.person_id == person_id, facts.true_on(Place, clock.today())).limit(1)) is not None


def people_in(target: Target) -> list[int]:
    """Return the persons whom the target means today."""
    day = clock.today()
    if target.kind is Kind.PERSON:
        return [target.id]
    if target.kind is Kind.CLASS:
        return list(session.scalars(select(Place.person_id).where(Place.class_id == target.id, facts.true_on(Place, day))))
    return list(
        session.scalars(select(Post.person_id).where(Post.unit_id.in_(access.reach([target.id])), facts.true_on(Post, day)).distinct())
    )


def named(kind_ids: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return what targets are called, however they stand today.  At most four statements."""
    day = clock.today()
    ids: dict[str, list[int]] = {kind: [target_id for each, target_id in kind_ids if each == kind] for kind in Kind}
    found: dict[tuple[str, int], str] = {}
    if ids[Kind.PERSON]:
        for person in session.scalars(select(Person).where(Person.id.in_(ids[Kind.PERSON]))):
            found[Kind.PERSON, person.id] = person.full_name
    rooms = session.scalars(select(SchoolClass).where(SchoolClass.id.in_(ids[Kind.CLASS]))).all() if ids[Kind.CLASS] else []
    unit_names = tree.names_on({*ids[Kind.UNIT], *(room.unit_id for room in rooms)}, day)
    for room in rooms:
        found[Kind.CLASS, room.id] = f"{room.name}, {unit_names.get(room.unit_id, '')}"
    found |= {(Kind.UNIT, unit_id): unit_names.get(unit_id, "") for unit_id in ids[Kind.UNIT]}
    return found


def _person(person_id: int, audience: str) -> Target | None:
    day = clock.today()
    page = schools.person_page(person_id, day)
    if page is None:
        return None
    units = page.learns_at(day) if audience == "pupils" else page.works_at(day)
    if not units:
        return None
    if audience == "pupils":
        below = ", ".join(f"{place.class_name} · {place.unit_name}" for place in page.places[:1])
    else:
        below = ", ".join(post.unit_name for post in page.posts[:1])
    return Target(Kind.PERSON, person_id, page.person.full_name, below, frozenset(units))


def _class(room: SchoolClass, unit_name: str) -> Target:
    return Target(Kind.CLASS, room.id, room.name, unit_name, frozenset({room.unit_id}))


def _classes(units: Select[int]) -> list[Target]:
    year = clock.school_year(clock.today())
    rooms: Sequence[SchoolClass] = session.scalars(
        select(SchoolClass)
        .where(SchoolClass.unit_id.in_(units), SchoolClass.school_year == year)
        .order_by(SchoolClass.unit_id, SchoolClass.grade, SchoolClass.name)
    ).all()
    unit_names = tree.names_on({room.unit_id for room in rooms}, clock.today())
    return [_class(room, unit_names.get(room.unit_id, "")) for room in rooms]


def _units(units: Select[int]) -> list[Target]:
    unit_names = tree.names_on(set(session.scalars(units)), clock.today())
    listed = [Target(Kind.UNIT, unit_id, name, "", frozenset({unit_id})) for unit_id, name in unit_names.items()]
    return sorted(listed, key=lambda target: names.fold(target.name))


def _people(units: Select[int], wanted: str, audience: str, *, but: int) -> list[Target]:
    day = clock.today()
    query: Select[*tuple[Person, int, str]]
    if audience == "pupils":
        query = (
            select(Person, SchoolClass.unit_id, SchoolClass.name)
            .join(Place, Place.person_id == Person.id)
            .join(SchoolClass, SchoolClass.id == Place.class_id)
            .where(SchoolClass.unit_id.in_(units), facts.true_on(Place, day))
        )
    else:
        query = (
            select(Person, Post.unit_id, Post.department)
            .join(Post, Post.person_id == Person.id)
            .where(Post.unit_id.in_(units), facts.true_on(Post, day))
        )
    query = (
        query.where(Person.search_key.contains(wanted, autoescape=True), Person.id != but).order_by(Person.sort_key, Person.id).limit(MOST)
    )
    rows = session.execute(query).all()
    unit_names = tree.names_on({row[1] for row in rows}, day)
    found: dict[int, Target] = {}
    for person, unit_id, group in rows:
        below = " · ".join(part for part in (group, unit_names.get(unit_id, "")) if part)
        found.setdefault(person.id, Target(Kind.PERSON, person.id, person.full_name, below, frozenset({unit_id})))
    return list(found.values())


def within(actor: Actor, course: Course) -> ColumnElement[bool]:
    """Return the condition for exceptions of a course's quizzes that are within somebody's reach."""
    units = access.reach(access.units_granting(actor, rules.OVERRIDING[course.audience]))
    is_own_class = Override.class_id.in_(select(SchoolClass.id).where(SchoolClass.unit_id.in_(units)))
    is_own_person = and_(Override.person_id.in_(_learners(units, course.audience)), Override.person_id != actor.person_id)
    return or_(is_own_class, is_own_person, Override.unit_id.in_(units))


def _learners(units: Select[int], audience: str) -> Select[int]:
    day = clock.today()
    if audience == "pupils":
        rooms = select(SchoolClass.id).where(SchoolClass.unit_id.in_(units))
        return select(Place.person_id).where(Place.class_id.in_(rooms), facts.true_on(Place, day))
    return select(Post.person_id).where(Post.unit_id.in_(units), facts.true_on(Post, day))


@dataclass(frozen=True)
class Abandoned:
    """An attempt that was never handed in."""

    attempt_id: int
    name: str
    number: int
    started_at: datetime
    finished_at: datetime | None


def abandoned(actor: Actor, course: Course, quiz_id: int) -> list[Abandoned]:
    """Return the attempts at a quiz that people within reach never handed in, the last ones first.  Two statements."""
    within = _learners(access.reach(access.units_granting(actor, rules.OVERRIDING[course.audience])), course.audience)
    rows = session.execute(
        select(Attempt, Person)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Attempt.quiz_id == quiz_id, Attempt.state == State.ABANDONED, Person.id.in_(within), Person.id != actor.person_id)
        .order_by(Attempt.id.desc())
        .limit(MOST)
    )
    return [Abandoned(attempt.id, person.full_name, attempt.number, attempt.started_at, attempt.finished_at) for attempt, person in rows]
