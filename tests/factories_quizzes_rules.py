"""make_...: what differs for some learners of a quiz, for tests."""

from datetime import date
from typing import Any

from sqlalchemy import update

from lms.accounts.models import Person
from lms.core import clock
from lms.core.db import session
from lms.quizzes import differences
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.models.rules import ExtraTime, Override
from lms.schools.models import SchoolClass, Unit
from tests.factories import LONG_AGO, save


def change(quiz: Quiz, **values: object) -> None:
    """Change settings of a quiz; of a published one when and how often it may be taken."""
    session.execute(update(Quiz).where(Quiz.id == quiz.id).values(**values))
    session.refresh(quiz)


def make_override(quiz: Quiz, target: Person | SchoolClass | Unit, **changes: Any) -> Override:
    kind = {Person: "person_id", SchoolClass: "class_id", Unit: "unit_id"}[type(target)]
    row = Override(quiz_id=quiz.id, changes=differences.write(changes), reason="Thử", by_account_id=None, recorded_at=clock.now())
    setattr(row, kind, target.id)
    return save(row)  # type: ignore[no-any-return]


def make_extra_time(person: Person, multiplier: float = 1.5, *, since: date = LONG_AGO, until: date | None = None) -> ExtraTime:
    return save(  # type: ignore[no-any-return]
        ExtraTime(
            person_id=person.id,
            multiplier=multiplier,
            reason="Thử",
            from_day=since,
            until_day=until,
            by_account_id=None,
            recorded_at=clock.now(),
        )
    )
