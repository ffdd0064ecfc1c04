"""More time for one person in every quiz."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select, update

from lms.accounts.models import Person
from lms.core import audit, clock, names
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes import retiming
from lms.quizzes.models.rules import ExtraTime

MOST = 4.0


class WrongMultiplier(Invalid):
    code = "wrong_multiplier"
    message = lazy_("Extra time is more than the usual time, and at most four times as much.")


class WrongDays(Invalid):
    code = "wrong_days"
    message = lazy_("The last day lies before the first.")


def give(person: Person, multiplier: float, *, reason: str, from_day: date, until_day: date | None, by: int) -> ExtraTime:
    """Give a person so many times the usual time, in every quiz, from a day on; ``until_day`` is the first without it.

    What was given before is replaced and stays as history.  Attempts that are open
    get their time at once.  The log says who did it, not why: the reason stands
    only here, for those who need it.

    Raises WrongMultiplier, WrongDays.
    """
    if not 1.0 < multiplier <= MOST:
        raise WrongMultiplier()
    if until_day is not None and until_day <= from_day:
        raise WrongDays()
    _retire(person)
    row = ExtraTime(
        person_id=person.id,
        multiplier=multiplier,
        reason=names.clean(reason),
        from_day=from_day,
        until_day=until_day,
        by_account_id=by,
        recorded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(
        "quizzes.extra_time.given",
        f"person:{person.id}",
        account_id=by,
        multiplier=multiplier,
        from_day=from_day.isoformat(),
        until_day=until_day.isoformat() if until_day else None,
    )
    retiming.people([person.id])
    return row


def end(person: Person, *, by: int) -> None:
    """Let a person have the usual time again from now on.  Doing it twice changes nothing."""
    if not _retire(person):
        return
    audit.record("quizzes.extra_time.ended", f"person:{person.id}", account_id=by)
    retiming.people([person.id])


def history(person_id: int) -> Sequence[ExtraTime]:
    """Return all that was ever given to a person, the newest first.  One statement."""
    return session.scalars(select(ExtraTime).where(ExtraTime.person_id == person_id).order_by(ExtraTime.id.desc())).all()


def now_or_later(rows: Sequence[ExtraTime], day: date) -> ExtraTime | None:
    """Return of a history what holds on the day or will hold."""
    return next((row for row in rows if row.replaced_at is None and (row.until_day is None or row.until_day > day)), None)


def _retire(person: Person) -> bool:
    """Replace what a person has; the lock on the person lets one caller do it after the other."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    day = clock.today()
    retired = session.scalars(
        update(ExtraTime)
        .where(
            ExtraTime.person_id == person.id,
            ExtraTime.replaced_at.is_(None),
            or_(ExtraTime.until_day.is_(None), ExtraTime.until_day > day),
        )
        .values(replaced_at=clock.now())
        .returning(ExtraTime.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    return bool(retired)
