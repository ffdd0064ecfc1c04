"""Two people give the same exception, or the same person extra time, in the same instant."""

from datetime import date

import pytest
from sqlalchemy import select

from lms.accounts.models import Person
from lms.core import db
from lms.core.db import session
from lms.quizzes.editing import extra_time, overrides, targets
from lms.quizzes.editing.overrides import ChangedMeanwhile
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.models.rules import ExtraTime, Override
from tests.cast import make_cast
from tests.factories_quizzes import make_quiz
from tests.together import at_once

pytestmark = pytest.mark.real_database


@pytest.fixture
def ids(real_database: str) -> tuple[int, int]:
    """A quiz and a teacher."""
    with db.transaction():
        return make_quiz().id, make_cast().persons["teacher"].id


def test_one_exception_is_open_and_nothing_is_lost(ids: tuple[int, int]) -> None:
    def give(attempts: int) -> int:
        quiz, target = session.get_one(Quiz, ids[0]), targets.find("person", ids[1], "staff")
        assert target is not None
        return overrides.give(quiz, target, overrides.of_everybody(quiz) | {"attempts_allowed": attempts}, reason="Thử", by=1).id

    came = at_once(lambda: give(2), lambda: give(3))

    with db.transaction():
        rows = session.scalars(select(Override)).all()
        assert len([row for row in rows if row.replaced_at is None]) == 1
        assert len(rows) + len([each for each in came if isinstance(each, ChangedMeanwhile)]) == 2


def test_one_extra_time_holds(ids: tuple[int, int]) -> None:
    def give(multiplier: float) -> float:
        person = session.get_one(Person, ids[1])
        row = extra_time.give(person, multiplier, reason="Thử", from_day=date(2026, 1, 1), until_day=None, by=1)
        return row.multiplier

    assert sorted(at_once(lambda: give(1.5), lambda: give(2.0))) == [1.5, 2.0]
    with db.transaction():
        assert len(session.scalars(select(ExtraTime).where(ExtraTime.replaced_at.is_(None))).all()) == 1
