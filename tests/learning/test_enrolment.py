"""Who is enrolled, in which version, and only once."""

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from lms.core import clock, db
from lms.core.db import session
from lms.courses.models import Version
from lms.learning import enrolment as enrolments
from lms.learning import outcomes
from lms.learning.models import Enrolment
from lms.programmes import exemptions
from tests.cast import Cast, make_cast
from tests.factories_courses import make_enrolment, make_programme, make_version, noon


def enrolled() -> list[tuple[int, int, int]]:
    return [(each.person_id, each.version_id, each.cycle) for each in session.scalars(select(Enrolment).order_by(Enrolment.id))]


def test_enrolling_twice_gives_one_enrolment_and_keeps_the_version(cast: Cast) -> None:
    teacher_id = cast.persons["teacher"].id
    first = make_version("a", slug="khoa")
    one = enrolments.enrol(teacher_id, first, source="self")
    second = make_version("a", "b", slug="khoa")

    again = enrolments.enrol(teacher_id, second, source="rule")

    assert again.id == one.id
    assert enrolled() == [(teacher_id, first.id, 1)]


def test_rules_enrol_the_obliged_once(cast: Cast) -> None:
    staff = make_version("a", slug="staff")
    pupils = make_version("a", slug="pupils", audience="pupils")
    make_programme(staff.course, positions=["teacher"])
    make_programme(pupils.course, audience="pupils", grades=[6])
    ids = [cast.persons[name].id for name in ("head", "teacher", "pupil", "administrator")]

    made = [enrolments.enrol_by_rules(ids), enrolments.enrol_by_rules(ids)]

    assert made == [2, 0]
    assert enrolled() == [(cast.persons["teacher"].id, staff.id, 1), (cast.persons["pupil"].id, pupils.id, 1)]


def test_rules_leave_the_exempt_and_the_qualified_alone(cast: Cast) -> None:
    old, new = make_version("a", slug="old"), make_version("a", slug="new")
    programme = make_programme(old.course, certificate=False)
    done, exempt = cast.persons["teacher"], cast.persons["other_teacher"]
    outcomes.record(make_enrolment(done.id, old).id, "a", source="attendance")
    exemptions.approve(person_id=exempt.id, programme_id=programme.id, reason="medical", from_day=date(2026, 1, 1), until_day=None, by=None)
    programme.rules[0].course_id = new.course_id
    session.flush()

    made = enrolments.enrol_by_rules([done.id, exempt.id, cast.persons["head"].id])

    assert made == 1
    assert enrolled()[-1] == (cast.persons["head"].id, new.id, 1)


def test_a_programme_of_a_ward_obliges_only_its_schools(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course, owner_unit_id=cast.units["ward_a"].id)

    enrolments.enrol_by_rules([cast.persons[name].id for name in ("teacher", "neighbour", "stranger_teacher")])

    assert [person_id for person_id, _, _ in enrolled()] == [cast.persons["teacher"].id, cast.persons["neighbour"].id]


def test_who_was_taken_out_and_comes_back_gets_a_new_row(cast: Cast) -> None:
    version = make_version("a", "b")
    first = make_enrolment(cast.persons["teacher"].id, version)
    enrolments.cancel(first)

    second = make_enrolment(cast.persons["teacher"].id, version)

    assert (first.state, second.cycle, second.state) == ("cancelled", 2, "active")


def test_renewal_waits_until_three_months_before_the_end(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course, certificate=False)
    teacher_id = cast.persons["teacher"].id
    row = make_enrolment(teacher_id, version)
    with pytest.raises(enrolments.NotFinished):
        enrolments.renew(teacher_id, version.course_id)
    outcomes.record(row.id, "a", source="view", at=noon(date(2024, 11, 30)))  # valid until 30/11/2026

    with clock.at(date(2026, 8, 29)), pytest.raises(enrolments.TooEarly):
        enrolments.renew(teacher_id, version.course_id)
    with clock.at(date(2026, 8, 30)):
        assert enrolments.renew(teacher_id, version.course_id).cycle == 2


@pytest.mark.real_database
def test_two_people_enrolling_one_person_give_one_enrolment(real_database: str) -> None:
    cast = make_cast()
    version_id = make_version("a").id
    person_id = cast.persons["teacher"].id
    session.commit()
    session.remove()
    together = Barrier(4)
    failures: list[BaseException] = []

    def enter() -> None:
        try:
            together.wait(timeout=10)
            with db.transaction():
                enrolments.enrol(person_id, session.get_one(Version, version_id), source="self")
        except BaseException as error:  # the thread's failure is the test's
            failures.append(error)

    threads = [Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1
