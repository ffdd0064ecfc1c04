"""The rows of the ledger: adding to them, and reading figures for many units at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil
from typing import Any

from sqlalchemy import CompoundSelect, Date, Integer, bindparam, cast, delete, func, literal, null, select, text, union_all
from sqlalchemy.dialects import postgresql, sqlite

from lms.core.db import Model, session
from lms.reports.contributions import ALL_POSITIONS, Change, Numbers
from lms.reports.evidence import packed
from lms.reports.models import CoverageChange, CoverageContribution, CoverageMonth

Sums = Mapping[tuple[int, str, date], Numbers]  # unit, position, day
_KEYS = ["programme_id", "unit_id", "position_code"]
PORTION = 5_000


@dataclass(frozen=True)
class Figure:
    """How many staff are obliged and not exempt, how many of these are trained, how many are exempt."""

    obliged: int = 0
    trained: int = 0
    exempt: int = 0

    @property
    def share(self) -> float | None:
        """Trained over obliged, 0.0 to 1.0; None when nobody is obliged: that is not 0 %."""
        return self.trained / self.obliged if self.obliged else None

    @property
    def missing(self) -> int:
        return self.obliged - self.trained

    @property
    def exempt_share(self) -> float | None:
        """Exempt over obliged and exempt, 0.0 to 1.0."""
        together = self.obliged + self.exempt
        return self.exempt / together if together else None

    @property
    def is_empty(self) -> bool:
        return not self.obliged and not self.exempt

    def needed(self, share: float) -> int:
        """Return how many must be trained for a share; half a person is a person."""
        return ceil(share * self.obliged - 1e-6)

    def to_target(self, share: float) -> int:
        """Return how many people are still missing to a share."""
        return max(0, self.needed(share) - self.trained)

    def plus(self, numbers: Numbers) -> "Figure":
        return Figure(self.obliged + numbers[0], self.trained + numbers[1], self.exempt + numbers[2])


@dataclass(frozen=True)
class Reading:
    """Figures by unit and day, and the changes month by month of the unit whose course is drawn."""

    figures: Mapping[tuple[int, date], Figure]
    months: Mapping[date, Numbers]


def lock() -> None:
    """Let one at a time add to the ledger; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7202)"))


def read(
    programme_id: int,
    unit_ids: Collection[int],
    days: Collection[date],
    *,
    position: str = ALL_POSITIONS,
    known_on: date | None = None,
    course_of: int | None = None,
) -> Reading:
    """Return the figures of all these units on all these days by one statement.

    What is known now is read from whole months and the days of one month, so
    that the work does not grow with the years; what was known on a past day is
    read from every change recorded until then.
    """
    asked = sorted(set(days))
    statement = _statement(len(asked), known_on is not None, course_of is not None)
    values: dict[str, Any] = {
        "programme": programme_id,
        "units": list(unit_ids),
        "position": position,
        "known_on": known_on,
        "course_of": course_of,
        "last_month": month_of(asked[-1]),
    }
    for number, day in enumerate(asked):
        values |= {f"day{number}": day, f"month{number}": month_of(day)}
    figures = {(unit_id, day): Figure() for unit_id in unit_ids for day in days}
    months: dict[date, Numbers] = {}
    for row in session.execute(statement, {name: value for name, value in values.items() if value is not None}):
        numbers = (int(row.obliged or 0), int(row.trained or 0), int(row.exempt or 0))
        if row.month is not None:
            months[row.month] = numbers
        else:
            key = (row.unit_id, asked[row.number])
            figures[key] = figures[key].plus(numbers)
    return Reading(figures, months)


def post(programme_id: int, learnt: Mapping[date, Sums]) -> int:
    """Add changes, by the day on which they were learnt, to the ledger and to its months; return how many."""
    changes = [
        {**_row(programme_id, key, numbers), "day": key[2], "recorded_on": recorded_on}
        for recorded_on, sums in learnt.items()
        for key, numbers in sums.items()
        if numbers != (0, 0, 0)
    ]
    _add(CoverageChange, [*_KEYS, "day", "recorded_on"], changes)
    by_month: dict[tuple[int, str, date], Numbers] = {}
    for sums in learnt.values():
        for (unit_id, position, day), numbers in sums.items():
            key = (unit_id, position, month_of(day))
            old = by_month.get(key, (0, 0, 0))
            by_month[key] = (old[0] + numbers[0], old[1] + numbers[1], old[2] + numbers[2])
    months = [{**_row(programme_id, key, numbers), "month": key[2]} for key, numbers in by_month.items() if numbers != (0, 0, 0)]
    _add(CoverageMonth, [*_KEYS, "month"], months)
    return len(changes)


def keep(contributions: Mapping[tuple[int, int], list[Change]], known_on: Mapping[int, date]) -> None:
    """Remember what the ledger now holds of persons (programme and person -> changes), and up to which day we knew it."""
    if not contributions:
        return
    statement = _insert(CoverageContribution)
    statement = statement.on_conflict_do_update(
        index_elements=["programme_id", "person_id"],
        set_={"changes": statement.excluded.changes, "known_on": statement.excluded.known_on},
    )
    rows = [
        {"programme_id": programme_id, "person_id": person_id, "changes": packed(changes), "known_on": known_on[person_id]}
        for (programme_id, person_id), changes in contributions.items()
    ]
    for start in range(0, len(rows), PORTION):
        session.connection().execute(statement, rows[start : start + PORTION])


def clear() -> None:
    """Empty the ledger; everything in it can be derived again."""
    for table in (CoverageChange, CoverageMonth, CoverageContribution):
        session.execute(delete(table))


def month_of(day: date) -> date:
    """Return the first day of the day's month."""
    return day.replace(day=1)


def portions(ids: Iterable[int], size: int = PORTION) -> list[list[int]]:
    """Return the ids in lists short enough for a statement."""
    ordered = list(ids)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


@cache
def _statement(days: int, is_known: bool, has_course: bool) -> CompoundSelect[Any]:
    # Every unit page asks this, and to put it together costs many times what running it does: each shape is made once.
    parts: list[Any] = []
    for number in range(days):
        day, month = bindparam(f"day{number}", type_=Date), bindparam(f"month{number}", type_=Date)
        if is_known:
            known = _sums(CoverageChange, number)
            parts.append(known.where(CoverageChange.day <= day, CoverageChange.recorded_on <= bindparam("known_on", type_=Date)))
        else:
            parts.append(_sums(CoverageMonth, number).where(CoverageMonth.month < month))
            parts.append(_sums(CoverageChange, number).where(CoverageChange.day.between(month, day)))
    if has_course:
        table = CoverageMonth
        parts.append(
            select(table.unit_id, cast(null(), Integer).label("number"), table.month, table.obliged, table.trained, table.exempt).where(
                table.programme_id == bindparam("programme"),
                table.unit_id == bindparam("course_of"),
                table.position_code == bindparam("position"),
                table.month < bindparam("last_month", type_=Date),
            )
        )
    return union_all(*parts)


def _sums(table: type[CoverageMonth] | type[CoverageChange], number: int) -> Any:
    return (
        select(
            table.unit_id.label("unit_id"),
            literal(number, Integer).label("number"),
            cast(null(), Date).label("month"),
            func.sum(table.obliged).label("obliged"),
            func.sum(table.trained).label("trained"),
            func.sum(table.exempt).label("exempt"),
        )
        .where(
            table.programme_id == bindparam("programme"),
            table.unit_id.in_(bindparam("units", expanding=True)),
            table.position_code == bindparam("position"),
        )
        .group_by(table.unit_id)
    )


def _row(programme_id: int, key: tuple[int, str, date], numbers: Numbers) -> dict[str, Any]:
    return {
        "programme_id": programme_id,
        "unit_id": key[0],
        "position_code": key[1],
        "obliged": numbers[0],
        "trained": numbers[1],
        "exempt": numbers[2],
    }


def _add(table: type[Model], keys: Sequence[str], rows: list[dict[str, Any]]) -> None:
    """Add numbers to the rows with these keys; the database does the adding."""
    statement = _insert(table)
    adding = {name: table.__table__.c[name] + statement.excluded[name] for name in ("obliged", "trained", "exempt")}
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=adding)
    # In the order of the key: the database then goes through its pages once.
    rows.sort(key=lambda row: tuple(row[key] for key in keys))
    for start in range(0, len(rows), PORTION):
        session.connection().execute(statement, rows[start : start + PORTION])


def _insert(table: type[Model]) -> Any:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
