"""Filling an empty database with the invented district, through the product's own services."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import select

from lms.accounts import accounts
from lms.accounts.models import Account, Person
from lms.core import clock, db, names
from lms.core.db import session
from lms.core.models import Mark
from lms.courses import authoring
from lms.demo import courses, district, history, rosters
from lms.demo.courses import Courses
from lms.demo.district import District, School
from lms.learning import enrolment, joining
from lms.reports import coverage
from lms.schools import roles, tree
from lms.schools import rosters as roster_imports
from lms.schools.models import Place, Post, SchoolClass, Unit

PASSWORD = "dom-dom-soi-sang"  # noqa: S105 - printed on purpose: the demo is for everybody at this machine
NEWCOMERS = 5  # teachers of the school shown who have not begun
STAFF_DAY, STAFF_AGAIN, PUPILS_DAY = date(2025, 9, 5), date(2026, 11, 2), date(2026, 9, 7)
MARK, BEGUN = "demo", "demo.begun"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Player:
    """Somebody who can sign in to the demo."""

    role: str
    username: str
    full_name: str
    unit_name: str
    path: str


def state() -> str:
    """Return what the database holds: "empty", "begun" (a demo whose filling was stopped), "filled", or "other" data."""
    marks = set(session.scalars(select(Mark.name).where(Mark.name.in_((MARK, BEGUN)))))
    if MARK in marks:
        return "filled"
    if BEGUN in marks:
        return "begun"
    has_data = session.scalar(select(Unit.id).limit(1)) or session.scalar(select(Person.id).limit(1))
    return "other" if has_data else "empty"


def players() -> list[Player]:
    """Return who can sign in to the demo that is there."""
    mark = session.scalars(select(Mark).where(Mark.name == MARK)).one()
    return [Player(**each) for each in mark.value["players"]]


def fill(say: Say, *, wards: int = 15, size: float = 1.0, seed: int = 2026) -> list[Player]:
    """Fill the database; ``size`` 1.0 is the whole district, 0.1 a tenth of its schools.  Returns who can sign in."""
    random = Random(seed)
    with db.transaction():
        session.add(Mark(name=BEGUN, value={}))
    with db.transaction(), clock.at(STAFF_DAY):
        say("courses and programmes")
        published = courses.publish()
    with db.transaction(), clock.at(district.OPENED):
        say("units, with the reform of 01/07/2025")
        built = district.build(random, wards=wards, share_of_schools=size)
        administrator = _official("Trần Văn Quản", "quan.tri", "administrator", built.department)
        administrator_id = administrator.id
    _bring_in(random, built, administrator_id, say)
    _train(random, built, published, administrator_id, say)
    with db.transaction():
        # Meetings of the years before are recorded; nobody attends one on the site.
        authoring.retire(published.paper)
    say("coverage figures")
    fold_all()
    with db.transaction():
        say("people who can sign in")
        joining.catch_up()
        cast = _players(built, published)
        session.add(Mark(name=MARK, value={"players": [vars(player) for player in cast]}))
    return cast


def fold_all() -> None:
    """Fold everything that was noted into the ledger."""
    while True:
        with db.transaction():
            if not coverage.fold().left:
                return


def _bring_in(random: Random, built: District, by: int, say: Say) -> None:
    for number, school in enumerate(built.schools, start=1):
        staff = rosters.staff_file(random, school)
        with db.transaction(), clock.at(STAFF_DAY):
            _import(staff, f"can-bo-{school.unit.code}.xlsx", school.unit, STAFF_DAY, by)
        # Most schools looked at their list again this autumn: nothing changed.
        if random.random() < 0.9:
            with db.transaction(), clock.at(STAFF_AGAIN):
                _import(staff, f"can-bo-{school.unit.code}-2026.xlsx", school.unit, STAFF_AGAIN, by)
        if school.grades:
            with db.transaction(), clock.at(PUPILS_DAY):
                classes = 2 if len(school.grades) < 4 else 1
                _import(rosters.pupils_file(random, school, classes), f"hoc-sinh-{school.unit.code}.xlsx", school.unit, PUPILS_DAY, by)
        if number % 10 == 0 or number == len(built.schools):
            say(f"rosters of staff and pupils: {number} of {len(built.schools)} schools")


def _import(content: bytes, name: str, unit: Unit, day: date, by: int) -> None:
    planned = roster_imports.plan(content, name, unit, day, by=by)
    roster_imports.apply(planned, by=by)


def _train(random: Random, built: District, published: Courses, by: int, say: Say) -> None:
    for number, school in enumerate(built.schools, start=1):
        with db.transaction():
            staff = _staff(school)
            # Schools differ: some are done, some have hardly begun.
            eagerness = min(1.0, max(0.25, random.gauss(0.86, 0.13)))
            # Who shows the demo as a teacher must find a course that waits to be begun, whatever day it is.
            trained = staff if school is not _of_players(built) else [*staff[:3], *staff[3 + NEWCOMERS :]]
            for _ in history.train(random, published, trained, eagerness=eagerness, by=by):
                pass
            with clock.at(PUPILS_DAY):
                enrolment.enrol_by_rules(staff)
                enrolment.enrol_by_rules(_pupils(school))
        if number % 10 == 0 or number == len(built.schools):
            say(f"two school years of training: {number} of {len(built.schools)} schools")


def _staff(school: School) -> Sequence[int]:
    return session.scalars(
        select(Post.person_id).where(Post.unit_id == school.unit.id, Post.replaced_at.is_(None)).distinct().order_by(Post.person_id)
    ).all()


def _pupils(school: School) -> Sequence[int]:
    return session.scalars(
        select(Place.person_id).join(SchoolClass).where(SchoolClass.unit_id == school.unit.id).order_by(Place.person_id)
    ).all()


def _official(full_name: str, username: str, role: str, unit: Unit) -> Account:
    person = Person(birth_date=date(1980, 2, 3), gender="F" if "Thị" in full_name else "M", created_at=clock.now())
    person.rename(names.split(full_name))
    session.add(person)
    session.flush()
    account = accounts.create(person, username=username)
    accounts.set_password(account, PASSWORD)
    roles.grant(account, role, unit, by=None)
    return account


def _players(built: District, published: Courses) -> list[Player]:
    """Give passwords to the people of one lower-secondary school, its ward and the department."""
    school = _of_players(built)
    ward = session.get_one(Unit, tree.ancestors(school.unit.id, clock.today())[0])
    staff = _staff(school)
    head, keeper = staff[0], staff[2]
    teacher = next(person_id for person_id in staff[3:] if _has_not_begun(person_id, published))
    pupil = _pupils(school)[0]
    _official("Phạm Thị Tâm", "can.bo.phuong", "officer", ward)
    _official("Lê Thị Soạn", "bien.soan", "author", built.department)
    _official("Vũ Đình Kiểm", "kiem.tra", "auditor", built.department)
    head_account = _with_password(head)
    roles.grant(head_account, "head_teacher", school.unit, by=None)
    keeper_account = _with_password(keeper)
    roles.grant(keeper_account, "roster_keeper", school.unit, by=None)
    by_role = {
        "administrator": (_account_named("quan.tri"), "/units"),
        "officer": (_account_named("can.bo.phuong"), f"/units/{ward.code}"),
        "head_teacher": (head_account, f"/units/{school.unit.code}"),
        "roster_keeper": (keeper_account, f"/units/{school.unit.code}/staff"),
        "author": (_account_named("bien.soan"), "/"),
        "auditor": (_account_named("kiem.tra"), "/units"),
        "teacher": (_with_password(teacher), "/"),
        "pupil": (_with_password(pupil), "/"),
    }
    return [_player(role, account, path) for role, (account, path) in by_role.items()]


def _of_players(built: District) -> School:
    return next(each for each in built.schools if each.stage == "thcs")


def _has_not_begun(person_id: int, published: Courses) -> bool:
    row = enrolment.current(person_id, published.staff.course_id)
    return row is not None and row.state == "active" and row.started_at is None


def _with_password(person_id: int) -> Account:
    account = session.scalars(select(Account).where(Account.person_id == person_id)).one()
    accounts.set_password(account, PASSWORD)
    return account


def _account_named(username: str) -> Account:
    return session.scalars(select(Account).where(Account.username == username)).one()


def _player(role: str, account: Account, path: str) -> Player:
    unit = next(iter(roles.held(account.id, clock.today())), None)
    name = tree.name_on(unit.unit_id, clock.today()) if unit else ""
    return Player(role, account.username, account.person.full_name, name, path)
