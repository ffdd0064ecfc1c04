"""A newcomer of a list is enrolled without anybody's doing."""

from datetime import date

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.learning import joining
from lms.learning.models import Enrolment
from lms.schools import people
from tests import factories
from tests.factories_courses import make_programme, make_version

pytestmark = pytest.mark.usefixtures("database")


def test_who_gets_a_post_is_enrolled_once():
    programme = make_programme(make_version().course)
    school = factories.make_unit()
    person = factories.make_person()
    people.add_post(person, school, "teacher", from_day=factories.LONG_AGO)

    assert [joining.join(), joining.join()] == [1, 0]
    course_ids = session.scalars(select(Enrolment.course_id).where(Enrolment.person_id == person.id)).all()
    assert course_ids == [programme.rules[0].course_id]


def test_after_catching_up_only_news_count():
    make_programme(make_version().course)
    people.add_post(factories.make_person(), factories.make_unit(), "teacher", from_day=factories.LONG_AGO)
    joining.join()
    joining.catch_up()
    assert joining.join() == 0


def enrolled() -> list[int]:
    return list(session.scalars(select(Enrolment.person_id).order_by(Enrolment.person_id)))


def test_a_post_that_was_planned_is_followed_on_its_day():
    make_programme(make_version().course)
    person = factories.make_person()
    with clock.at(date(2026, 11, 1)):
        people.add_post(person, factories.make_unit(since=factories.LONG_AGO), "teacher", from_day=date(2026, 11, 20))
        joining.join()
        joining.join_of_days()
    assert enrolled() == []
    with clock.at(date(2026, 11, 19)):
        assert joining.join_of_days() == 0
    with clock.at(date(2026, 11, 21)):
        assert [joining.join_of_days(), joining.join_of_days()] == [1, 0]
    assert enrolled() == [person.id]


def test_a_rule_that_begins_is_followed_for_everybody():
    person = factories.make_person()
    with clock.at(date(2026, 11, 1)):
        people.add_post(person, factories.make_unit(since=factories.LONG_AGO), "teacher", from_day=factories.LONG_AGO)
        make_programme(make_version().course, since=date(2026, 11, 5))
        joining.join_of_days()
        assert joining.join() == 0
    with clock.at(date(2026, 11, 6)):
        joining.join_of_days()
        assert joining.join() == 1
        # One more, of today: it counts although the day was looked at already.
        make_programme(make_version(slug="khac").course, since=date(2026, 11, 6))
        joining.join_of_days()
        assert [joining.join(), joining.join()] == [1, 0]
