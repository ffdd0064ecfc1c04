"""Reminding those who are still to be trained: once a day each, by mail and on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.core import audit, clock
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.notifications import outbox
from lms.reports import persons
from lms.reports.aims import Aim
from lms.reports.persons import Line

# Nobody reminds a whole city by one click: the schools do.
MOST = 500


class TooManyPeople(Conflict):
    code = "too_many_to_remind"
    message = lazy_("These are more than {most} people. Remind them school by school.")


@dataclass(frozen=True)
class Round:
    """Whom a reminder would reach, and who has no account to be reached by."""

    people: Sequence[Line]
    unreachable: Sequence[Line]
    reminded_today: Sequence[Line]
    duties: Sequence[dict[str, Any]]


def plan(unit_id: int, aim: Aim) -> Round:
    """Return whom a reminder at a unit would reach now; raises TooManyPeople."""
    today = clock.today()
    missing, more = persons.lines(unit_id, aim, today, state="missing", most=MOST)
    if more:
        raise TooManyPeople(most=MOST)
    due = aim.due_on(today)
    return Round(
        people=[line for line in missing if line.account_id is not None and line.reminded_on != today],
        unreachable=[line for line in missing if line.account_id is None],
        reminded_today=[line for line in missing if line.reminded_on == today],
        duties=[{"title": aim.title, "day": due.day.isoformat() if due else None}],
    )


def send(unit_id: int, aim: Aim, *, by: int, from_name: str) -> int:
    """Remind everybody who is missing at a unit and was not reminded today; return how many were.

    Twice at once reminds once: the outbox takes each key one time.
    """
    planned, today = plan(unit_id, aim), clock.today()
    prefix = _prefix(aim, today)
    reached = outbox.add_many(
        _accounts(planned.people), "reminder", channel="page", dedupe_prefix=prefix, duties=planned.duties, from_name=from_name
    )
    with_address = _accounts([line for line in planned.people if line.has_address])
    outbox.add_many(with_address, "reminder", dedupe_prefix=f"{prefix}:mail", duties=planned.duties, from_name=from_name)
    if reached:
        audit.record("reminder.sent", f"unit:{unit_id}", account_id=by, programme=aim.slug, people=reached)
    return reached


def _accounts(lines: Sequence[Line]) -> list[int]:
    return [line.account_id for line in lines if line.account_id is not None]


def _prefix(aim: Aim, day: date) -> str:
    return f"{persons.REMINDED}:{aim.programme_id}:{day.isoformat()}"
