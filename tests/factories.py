"""make_...: rows for tests, with defaults for everything that the test does not care about."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from lms.accounts.models import Account, Person
from lms.core import clock, names
from lms.core.db import session
from lms.schools.models import Place, Position, Post, Role, SchoolClass, Unit, UnitKind, UnitName, UnitParent, UnitReach

LONG_AGO = date(2020, 1, 1)
_numbers = count(1)


def save(row: Any) -> Any:
    """Add a row and give it its id."""
    session.add(row)
    session.flush()
    return row


def make_unit_kinds() -> None:
    """Make the kinds of units and the positions, once."""
    if session.scalar(select(UnitKind).limit(1)):
        return
    for position, (code, title, is_school) in enumerate(
        [
            ("bo", "Bộ", False),
            ("so", "Sở", False),
            ("quan_huyen", "Quận", False),
            ("phuong_xa", "Phường, xã", False),
            ("truong", "Trường", True),
        ]
    ):
        save(UnitKind(code=code, title={"vi": title, "en": title}, position=position, is_school=is_school))
    for position, code in enumerate(("manager", "teacher", "staff", "page_admin")):
        save(Position(code=code, title={"vi": code, "en": code}, position=position))


def make_unit(
    code: str | None = None,
    kind: str = "truong",
    name: str = "Trường mẫu",
    *,
    parent: Unit | None = None,
    stage: str | None = None,
    since: date = LONG_AGO,
) -> Unit:
    make_unit_kinds()
    unit = save(Unit(code=code or f"U{next(_numbers)}", kind_code=kind, stage=stage))
    dated = {"from_day": since, "recorded_at": clock.start_of(since)}
    save(UnitName(unit_id=unit.id, name=name, short_name=name, sort_key=names.sort_key("", name), **dated))
    save(UnitParent(unit_id=unit.id, parent_id=parent.id if parent else None, relation="administrative", **dated))
    above = session.execute(select(UnitReach.ancestor_id, UnitReach.depth).where(UnitReach.unit_id == parent.id)).all() if parent else []
    rows = [{"ancestor_id": unit.id, "unit_id": unit.id, "depth": 0}]
    rows += [{"ancestor_id": ancestor, "unit_id": unit.id, "depth": depth + 1} for ancestor, depth in above]
    session.execute(insert(UnitReach), rows)
    return unit


def make_person(full_name: str = "Nguyễn Văn Mẫu", *, birth_date: date | None = date(1985, 4, 12), gender: str | None = None) -> Person:
    person = Person(birth_date=birth_date, gender=gender, created_at=clock.now())
    person.rename(names.split(full_name))
    return save(person)


def make_account(
    person: Person, username: str | None = None, *, password_hash: str | None = None, email: str | None = None, **more: Any
) -> Account:
    return save(
        Account(
            person_id=person.id,
            username=username or f"nguoi{next(_numbers)}",
            email=email,
            password_hash=password_hash,
            created_at=clock.now(),
            **more,
        )
    )


def make_role(account: Account, role: str, unit: Unit, *, since: date = LONG_AGO, until: date | None = None) -> Role:
    return save(Role(account_id=account.id, role=role, unit_id=unit.id, from_day=since, until_day=until))


def make_post(person: Person, unit: Unit, position: str = "teacher", *, since: date = LONG_AGO, until: date | None = None) -> Post:
    return save(
        Post(
            person_id=person.id, unit_id=unit.id, position_code=position, from_day=since, until_day=until, recorded_at=clock.start_of(since)
        )
    )


def make_class(unit: Unit, name: str = "6A1", grade: int = 6, year: str | None = None) -> SchoolClass:
    return save(SchoolClass(unit_id=unit.id, school_year=year or clock.school_year(clock.today()), name=name, grade=grade))


def make_place(person: Person, school_class: SchoolClass, *, since: date = date(2026, 9, 5)) -> Place:
    return save(Place(person_id=person.id, class_id=school_class.id, from_day=since, recorded_at=clock.now()))
