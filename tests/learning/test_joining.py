"""A newcomer of a list is enrolled without anybody's doing."""

import pytest
from sqlalchemy import select

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
