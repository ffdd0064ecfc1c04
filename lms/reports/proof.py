"""The proof of the ledger: everything derived again from the evidence, and what differs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    cast,
    extract,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    union_all,
)

from lms.core.db import session
from lms.reports import contributions, evidence, following, ledger
from lms.reports.contributions import Change, Duty, Map, Numbers
from lms.reports.models import CoverageChange, CoverageMonth

# So many differences are listed; who has more has one cause, not thousands.
MOST_LISTED = 1_000

# Lives as long as the connection and is no part of the database: a proof changes nothing.
_EXPECTED = Table(
    "reports_expected",
    MetaData(),
    Column("programme_id", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("position_code", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("obliged", Integer, nullable=False),
    Column("trained", Integer, nullable=False),
    Column("exempt", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
_NUMBERS = ("obliged", "trained", "exempt")


@dataclass(frozen=True)
class Difference:
    """A place where the ledger does not hold what the evidence says.

    ``table`` is "contribution" (of a person), "change" (of a day) or "month".
    """

    table: str
    programme_id: int
    unit_id: int
    position: str
    day: date
    expected: Numbers
    found: Numbers
    person_id: int | None = None


@dataclass(frozen=True)
class Proof:
    """What was looked at, and what differs; notes not taken in yet are no difference."""

    persons: int
    changes: int
    unread: int
    differences: tuple[Difference, ...]


def verify() -> Proof:
    """Derive every person's contribution again and compare: with what is kept of the person, with days, with months.

    Persons with unread notes count as the ledger has them: they are on their way.
    """
    connection = session.connection()
    connection.execute(text("DROP TABLE IF EXISTS reports_expected"))
    _EXPECTED.create(connection)
    persons, differences = _compare_persons()
    differences += [
        Difference("change", row.programme_id, row.unit_id, row.position_code, row.day, row[-6:-3], row[-3:])
        for row in session.execute(_differing(_EXPECTED, CoverageChange.__table__, [CoverageChange.day.name]))
    ]
    differences += [
        Difference("month", row.programme_id, row.unit_id, row.position_code, date(row.year, row.month, 1), row[-6:-3], row[-3:])
        for row in session.execute(_differing(CoverageChange.__table__, CoverageMonth.__table__, ["year", "month"]))
    ]
    connection.execute(text("DROP TABLE reports_expected"))
    changes = session.scalar(select(func.count()).select_from(CoverageChange)) or 0
    return Proof(persons, changes, following.left(), tuple(differences[:MOST_LISTED]))


def _compare_persons() -> tuple[int, list[Difference]]:
    """Compare what is kept of each person, and write down what all of them add up to."""
    duties, units = evidence.duties(), evidence.map_known(evidence.all_places())
    unread = following.read_persons()
    differences: list[Difference] = []
    count = last = 0
    while person_ids := evidence.concerned_after(last, ledger.PORTION):
        found = evidence.of_persons(person_ids)
        sums: dict[int, dict[tuple[int, str, date], Numbers]] = {}
        for person_id in person_ids:
            held = found.held.get(person_id, {})
            derived = held if person_id in unread else _derived(found, person_id, duties, units)
            for programme_id in {*held, *derived}:
                expected, kept = derived.get(programme_id, []), held.get(programme_id, [])
                differences += _unlike(programme_id, person_id, expected, kept)
                sums[programme_id] = contributions.summed(sums.get(programme_id, {}), expected)
        _write_down(sums)
        count, last = count + len(person_ids), person_ids[-1]
    return count, differences


def _derived(found: evidence.Evidence, person_id: int, duties: list[Duty], units: Map) -> dict[int, list[Change]]:
    facts = found.person(person_id)
    return {duty.programme_id: contributions.changes(facts, duty, units) for duty in duties}


def _unlike(programme_id: int, person_id: int, expected: list[Change], kept: list[Change]) -> list[Difference]:
    wanted = contributions.summed({}, expected)
    there = contributions.summed({}, kept)
    return [
        Difference("contribution", programme_id, *key, wanted.get(key, (0, 0, 0)), there.get(key, (0, 0, 0)), person_id)
        for key in sorted({*wanted, *there})
        if wanted.get(key) != there.get(key)
    ]


def _write_down(sums: dict[int, dict[tuple[int, str, date], Numbers]]) -> None:
    rows = [
        {"programme_id": programme_id, "unit_id": unit_id, "position_code": position, "day": day}
        | dict(zip(_NUMBERS, numbers, strict=True))
        for programme_id, changes in sums.items()
        for (unit_id, position, day), numbers in changes.items()
    ]
    if rows:
        session.connection().execute(insert(_EXPECTED), rows)


def _differing(expected: Any, found: Any, keys: list[str]) -> Select[Any]:
    """Return the keys at which two tables do not add up to the same, with what both add up to."""
    both = union_all(_side(expected, keys, is_expected=1), _side(found, keys, is_expected=0)).subquery()
    grouped = [both.c[name] for name in ("programme_id", "unit_id", "position_code", *keys)]
    sums = [func.sum(both.c[f"{side}_{name}"]) for side in ("expected", "found") for name in _NUMBERS]
    unequal = or_(*[one != other for one, other in zip(sums[:3], sums[3:], strict=True)])
    return select(*grouped, *sums).group_by(*grouped).having(unequal).order_by(*grouped).limit(MOST_LISTED)


def _side(table: Any, keys: list[str], *, is_expected: int) -> Select[Any]:
    numbers = [
        (table.c[name] * literal(is_expected if side == "expected" else 1 - is_expected)).label(f"{side}_{name}")
        for side in ("expected", "found")
        for name in _NUMBERS
    ]
    day = table.c.get("day", table.c.get("month"))
    days = {
        "day": day,
        "year": cast(extract("year", day), Integer).label("year"),
        "month": cast(extract("month", day), Integer).label("month"),
    }
    return select(table.c.programme_id, table.c.unit_id, table.c.position_code, *[days[key] for key in keys], *numbers)
