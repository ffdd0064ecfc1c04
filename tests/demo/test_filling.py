"""The demo can be filled on any day, and everybody who signs in finds something to do."""

from datetime import date

import pytest
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core import clock, db
from lms.core.db import session
from lms.demo import filling
from lms.learning.models import Enrolment

pytestmark = pytest.mark.real_database


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2026, 12, 31), date(2027, 3, 8), date(2028, 2, 29)], ids=str)
def test_whatever_day_it_is_the_teacher_has_a_course_to_begin(real_database: str, day: date) -> None:
    with clock.at(clock.start_of(day)):
        players = filling.fill(lambda _line: None, wards=1, size=0.01)

        teacher = next(player for player in players if player.role == "teacher")
        with db.transaction():
            states = session.execute(
                select(Enrolment.state, Enrolment.started_at)
                .join(Account, Account.person_id == Enrolment.person_id)
                .where(Account.username == teacher.username)
            ).all()
    assert [tuple(state) for state in states] == [("active", None)]
