"""Classes of a school year, and the pupils' places in them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select

from lms.accounts.models import Account, Person
from lms.core import clock, journal, names
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.schools import facts
from lms.schools.models import Place, SchoolClass, Unit

_GRADE = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_KINDERGARTEN = re.compile(r"(mam|choi|la|nha tre|mau giao|nhom)\b")
YOUNGEST, OLDEST = 0, 12


class GradeUnknown(Invalid):
    code = "grade_unknown"
    message = lazy_('The grade of the class "{name}" is not clear. Give a name that begins with it, such as 6A1.')


@dataclass(frozen=True)
class ClassLine:
    """A class as a list shows it."""

    id: int
    name: str
    grade: int
    school_year: str
    pupils: int
    signed_in: int  # how many of them have signed in before


def grade_of(name: str) -> int:
    """Return the grade that a class name begins with: 6A1, Lớp 10 chuyên Toán, 6/2.

    Raises GradeUnknown; kindergarten groups (mầm, chồi, lá) are grade 0.
    """
    if _KINDERGARTEN.match(names.fold(tidy_name(name))):
        return 0
    found = _GRADE.search(name)
    if found and YOUNGEST < int(found.group(1)) <= OLDEST:
        return int(found.group(1))
    raise GradeUnknown(name=name)


def tidy_name(name: str) -> str:
    """Return the class name without the word Lớp: "Lớp 6a1" is 6A1."""
    short = re.sub(r"^(lớp|lop|class)\s*[:.]?\s*", "", names.clean(name), flags=re.IGNORECASE)
    return short.upper() if len(short) <= 6 and any(letter.isdigit() for letter in short) else short


def open_class(unit: Unit, name: str, *, school_year: str, grade: int | None = None, import_id: int | None = None) -> SchoolClass:
    """Return the class of this name in that school year, opened when it was not there."""
    name = tidy_name(name)
    known = session.scalar(
        select(SchoolClass).where(SchoolClass.unit_id == unit.id, SchoolClass.school_year == school_year, SchoolClass.name == name)
    )
    if known is not None:
        return known
    school_class = SchoolClass(
        unit_id=unit.id, school_year=school_year, name=name, grade=grade_of(name) if grade is None else grade, import_id=import_id
    )
    session.add(school_class)
    session.flush()
    return school_class


def place(person: Person, school_class: SchoolClass, from_day: date, *, by: int | None = None, import_id: int | None = None) -> Place:
    """Give the pupil a place in the class; a place in another class of that year ends on that day."""
    for former in session.scalars(select(Place).where(Place.person_id == person.id, facts.true_on(Place, from_day))):
        if former.class_id == school_class.id:
            return former
        facts.end(former, from_day, by=by, import_id=import_id)
    new = Place(
        person_id=person.id, class_id=school_class.id, from_day=from_day, recorded_at=clock.now(), recorded_by_id=by, import_id=import_id
    )
    session.add(new)
    session.flush()
    journal.note("person", [person.id])
    return new


def place_many(pupils: Iterable[tuple[int, int]], from_day: date, *, by: int | None = None, import_id: int | None = None) -> int:
    """Give pupils who have no place yet one each, as (person id, class id); return how many."""
    moment = clock.now()
    pupils = list(pupils)
    rows = [
        {
            "person_id": person_id,
            "class_id": class_id,
            "from_day": from_day,
            "recorded_at": moment,
            "recorded_by_id": by,
            "import_id": import_id,
        }
        for person_id, class_id in pupils
    ]
    if rows:
        session.execute(insert(Place), rows)
        journal.note("person", [person_id for person_id, _class_id in pupils])
    return len(rows)


def leave(place_: Place, until_day: date, *, by: int | None, import_id: int | None = None) -> None:
    """Let the pupil's place end on that day."""
    facts.end(place_, until_day, by=by, import_id=import_id)
    session.flush()
    journal.note("person", [place_.person_id])


def classes_of(unit_id: int, school_year: str, day: date) -> list[ClassLine]:
    """Return the classes of a school in a year, by grade and name, with the number of pupils on the day."""
    rows = session.execute(
        select(
            SchoolClass.id,
            SchoolClass.name,
            SchoolClass.grade,
            SchoolClass.school_year,
            func.count(Place.id),
            func.count(Account.last_signin_at),
        )
        .outerjoin(Place, (Place.class_id == SchoolClass.id) & facts.true_on(Place, day))
        .outerjoin(Account, Account.person_id == Place.person_id)
        .outerjoin(Import, Import.id == SchoolClass.import_id)
        .where(SchoolClass.unit_id == unit_id, SchoolClass.school_year == school_year)
        .group_by(SchoolClass.id, SchoolClass.name, SchoolClass.grade, SchoolClass.school_year, Import.state)
        # A class that an undone list had opened is no class, unless pupils came to it otherwise.
        .having((func.count(Place.id) > 0) | Import.state.is_distinct_from("undone"))
    )
    return sorted((ClassLine(*row) for row in rows), key=lambda line: (line.grade, _natural(line.name)))


def school_years(unit_id: int) -> list[str]:
    """Return the school years in which the school has classes, newest first."""
    rows = session.scalars(select(SchoolClass.school_year).where(SchoolClass.unit_id == unit_id).distinct())
    return sorted(rows, reverse=True)


def current_places(person_ids: Collection[int], day: date) -> list[tuple[Place, SchoolClass]]:
    """Return the places that these pupils have on the day, each with its class."""
    rows = session.execute(
        select(Place, SchoolClass)
        .join(SchoolClass, SchoolClass.id == Place.class_id)
        .where(Place.person_id.in_(person_ids), facts.true_on(Place, day))
        .order_by(Place.id)
    )
    return [(row[0], row[1]) for row in rows]


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts 6A2 before 6A10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name) if part]
