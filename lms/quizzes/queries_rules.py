"""What a quiz allows to a learner: its own rules, with the overrides and the extra time of that person."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, Select, and_, bindparam, or_, select

from lms.accounts.models import Person
from lms.core import clock
from lms.core.db import session
from lms.quizzes import differences
from lms.quizzes.differences import Differing
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.models.rules import ExtraTime, Override
from lms.quizzes.timing import Rules, WhenExpired
from lms.schools.models import Place, Post, UnitReach

_AT_ONCE = 500  # people in one statement


def of_everybody(quiz: Quiz) -> Rules:
    """Return what the quiz says about time and tries, before anything that differs from person to person.  No statement."""
    return Rules(
        opens_at=quiz.opens_at,
        closes_at=quiz.closes_at,
        limit=timedelta(seconds=quiz.time_limit_seconds) if quiz.time_limit_seconds else None,
        grace=timedelta(seconds=quiz.grace_seconds),
        delay=timedelta(seconds=quiz.delay_seconds),
        later_delay=None if quiz.later_delay_seconds is None else timedelta(seconds=quiz.later_delay_seconds),
        tries=quiz.attempts_allowed,
        when_expired=WhenExpired(quiz.when_expired),
        passwords=(quiz.password,) if quiz.password else (),
    )


def of(quiz: Quiz, person_id: int) -> Rules:
    """Return what the quiz allows to one learner today.  One statement."""
    return of_many(quiz, [person_id])[person_id]


def of_many(quiz: Quiz, person_ids: Collection[int]) -> dict[int, Rules]:
    """Return what the quiz allows to each of these people today.  One statement for 500 of them."""
    base, differing = of_everybody(quiz), differing_of(quiz.id, person_ids)
    return {person_id: differences.apply(base, differing.get(person_id, Differing())) for person_id in person_ids}


def differing_of(quiz_id: int, person_ids: Collection[int]) -> dict[int, Differing]:
    """Return what applies to each of these people besides the quiz itself; who has nothing of the kind is left out."""
    found: dict[int, Differing] = {}
    ids, day = list(person_ids), clock.today()
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.execute(_statement(), {"quiz_id": quiz_id, "day": day, "person_ids": ids[start : start + _AT_ONCE]})
        for row in rows:
            found[row.person_id] = _with(found.get(row.person_id, Differing()), row)
    return found


def _with(known: Differing, row: Any) -> Differing:
    changes: Mapping[str, Any] | None = row.changes
    groups = known.of_groups
    if changes is not None and not row.is_own and changes not in groups:
        groups = (*groups, changes)
    return Differing(
        of_groups=groups,
        of_person=changes if changes is not None and row.is_own else known.of_person,
        multiplier=max(known.multiplier, row.multiplier or 1.0),
    )


@cache
def _statement() -> Select[*tuple[Any, ...]]:
    """Return the one statement; put together once, because that costs more than the answer."""
    quiz_id, day = bindparam("quiz_id", type_=Integer), bindparam("day", type_=Date)
    in_class = select(Place.id).where(Place.person_id == Person.id, Place.class_id == Override.class_id, _holds(Place, day)).exists()
    works_below = (
        select(Post.id)
        .join(UnitReach, UnitReach.unit_id == Post.unit_id)
        .where(Post.person_id == Person.id, UnitReach.ancestor_id == Override.unit_id, _holds(Post, day))
        .exists()
    )
    return (
        select(
            Person.id.label("person_id"),
            Override.changes,
            Override.person_id.is_not(None).label("is_own"),
            ExtraTime.multiplier,
        )
        .select_from(Person)
        .outerjoin(
            Override,
            and_(Override.quiz_id == quiz_id, Override.replaced_at.is_(None), or_(Override.person_id == Person.id, in_class, works_below)),
        )
        .outerjoin(ExtraTime, and_(ExtraTime.person_id == Person.id, _holds(ExtraTime, day)))
        .where(Person.id.in_(bindparam("person_ids", expanding=True)), or_(Override.id.is_not(None), ExtraTime.id.is_not(None)))
        .order_by(Override.id)
    )


def _holds(table: type[Place | Post | ExtraTime], day: BindParameter[Any]) -> ColumnElement[bool]:
    return and_(table.replaced_at.is_(None), table.from_day <= day, or_(table.until_day.is_(None), table.until_day > day))
