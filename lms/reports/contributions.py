"""What one person adds to the ledger: changes per unit, position and day (pure).

Days are half open everywhere: a fact is true from its first day up to, not
including, its last.  A person is in exactly one state at a unit on a day:
not counted, obliged and untrained, obliged and trained, or exempt.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from lms.programmes.audience import Post, covers_post

Days = tuple[date, date]  # from, until
Numbers = tuple[int, int, int]  # obliged, trained, exempt

OPEN = date.max  # the "until" of what has no end yet
ALL_POSITIONS = ""


class Change(NamedTuple):
    """From this day on a person counts differently at a unit; a tuple, because there are millions."""

    unit_id: int
    position: str
    day: date
    obliged: int
    trained: int
    exempt: int


@dataclass(frozen=True)
class Held:
    """A post that a person holds during some days."""

    unit_id: int
    position: str
    days: Days


@dataclass(frozen=True)
class ParentDays:
    """Under what a unit stands during some days, and what it is; without such a row it is not open."""

    unit_id: int
    parent_id: int | None
    days: Days
    kind: str = ""
    stage: str = ""


@dataclass(frozen=True)
class RuleDays:
    """Whom a programme obliges during some days: positions, kinds of units, levels of schools; where none is named, all."""

    positions: frozenset[str]
    days: Days
    unit_kinds: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()

    @property
    def grades(self) -> frozenset[int]:
        return frozenset()

    def names(self, position: str, kind: str = "", stage: str = "") -> bool:
        return covers_post(self, Post(position, kind, stage))


@dataclass(frozen=True)
class Duty:
    """A programme for staff: whose it is, and its rules one after the other, never two on one day."""

    programme_id: int
    owner_unit_id: int | None
    rules: tuple[RuleDays, ...]

    def ended_by(self, day: date) -> bool:
        """Return whether nothing of it is in force on a day or later."""
        return all(rule.days[1] <= day for rule in self.rules)


@dataclass(frozen=True)
class PersonFacts:
    """All that decides how a person counts; exemptions and qualifications by programme."""

    posts: tuple[Held, ...] = ()
    exempt: Mapping[int, Sequence[Days]] = field(default_factory=dict)
    qualified: Mapping[int, Sequence[Days]] = field(default_factory=dict)


class Map:
    """Which units stand under which, on any day."""

    def __init__(self, rows: Iterable[ParentDays]) -> None:
        self._parents: dict[int, list[ParentDays]] = defaultdict(list)
        for row in rows:
            self._parents[row.unit_id].append(row)
        self._known: dict[int, tuple[tuple[int, Days], ...]] = {}

    def nature(self, unit_id: int) -> tuple[str, str]:
        """Return the kind of a unit and the level of its school."""
        rows = self._parents.get(unit_id)
        return (rows[0].kind, rows[0].stage) if rows else ("", "")

    def above(self, unit_id: int) -> tuple[tuple[int, Days], ...]:
        """Return the unit and every unit above it, each with the days on which it was there."""
        if unit_id not in self._known:
            self._known[unit_id] = ()  # a circle, which the tree refuses, would end here
            found: dict[int, list[Days]] = defaultdict(list)
            for row in self._parents.get(unit_id, ()):
                found[unit_id].append(row.days)
                if row.parent_id is not None:
                    for ancestor, days in self.above(row.parent_id):
                        if both := overlap(row.days, days):
                            found[ancestor].append(both)
            self._known[unit_id] = tuple((unit, days) for unit, all_days in found.items() for days in union(all_days))
        return self._known[unit_id]


def changes(facts: PersonFacts, duty: Duty, units: Map) -> list[Change]:
    """Return how the person's facts change the figures of a programme at every unit concerned.

    With two posts below one unit the person is one person there.  When a unit
    moves, its people leave the former units above and join the new ones on that
    day; when it closes, they leave.  A qualification that ends is a change on
    the day on which it is no longer valid.
    """
    held: dict[tuple[int, str], list[Days]] = defaultdict(list)
    for post in facts.posts:
        above = units.above(post.unit_id)
        for days in _obliging(post, duty, above, units.nature(post.unit_id)):
            for unit_id, there in above:
                if both := overlap(days, there):
                    held[unit_id, post.position].append(both)
                    held[unit_id, ALL_POSITIONS].append(both)
    exempt = union(facts.exempt.get(duty.programme_id, ()))
    qualified = union(facts.qualified.get(duty.programme_id, ()))
    # Most units of a person share their days, so the work is done once for all of them.
    steps_of: dict[tuple[Days, ...], list[tuple[date, Numbers]]] = {}
    result = []
    for (unit_id, position), there_days in held.items():
        counted = union(there_days)
        if counted not in steps_of:
            steps_of[counted] = _steps(counted, exempt, qualified)
        result += [Change(unit_id, position, day, *numbers) for day, numbers in steps_of[counted]]
    return result


def rules_in_turn(rules: Iterable[RuleDays], during: Days) -> tuple[RuleDays, ...]:
    """Return rules that take turns: of two in force on a day the later in the list counts.

    ``during`` are the days of the programme itself.
    """
    turns: list[RuleDays] = []
    for rule in rules:
        days = overlap(rule.days, during)
        if days is None:
            continue
        turns = [replace(turn, days=left) for turn in turns for left in _without(turn.days, days)]
        turns.append(replace(rule, days=days))
    return tuple(sorted(turns, key=lambda turn: turn.days))


def difference(after: Iterable[Change], before: Iterable[Change]) -> dict[tuple[int, str, date], Numbers]:
    """Return what must be posted so that a ledger that holds ``before`` holds ``after``."""
    turned = (Change(*change[:3], *(-number for number in change[3:])) for change in before)
    sums = summed(summed({}, after), turned)
    return {key: numbers for key, numbers in sums.items() if numbers != (0, 0, 0)}


def summed(sums: dict[tuple[int, str, date], Numbers], more: Iterable[Change]) -> dict[tuple[int, str, date], Numbers]:
    """Add changes to sums by unit, position and day; return these."""
    for unit_id, position, day, obliged, trained, exempt in more:
        key = (unit_id, position, day)
        old = sums.get(key, (0, 0, 0))
        sums[key] = (old[0] + obliged, old[1] + trained, old[2] + exempt)
    return sums


def span(from_day: date, until_day: date | None) -> Days:
    """Return days as this module has them: what is open ends on OPEN."""
    return (from_day, until_day or OPEN)


def overlap(one: Days, other: Days) -> Days | None:
    """Return the days that lie in both; None when there are none."""
    begin, end = max(one[0], other[0]), min(one[1], other[1])
    return (begin, end) if begin < end else None


def union(all_days: Sequence[Days]) -> tuple[Days, ...]:
    """Return the days that lie in any of these, in order, joined where they touch."""
    if len(all_days) < 2:
        return tuple(all_days)
    joined: list[Days] = []
    for begin, end in sorted(all_days):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _obliging(post: Held, duty: Duty, above: Sequence[tuple[int, Days]], nature: tuple[str, str]) -> list[Days]:
    """Return the days on which the post obliges its holder; ``nature`` is the kind of its unit and the level of its school."""
    found = [both for rule in duty.rules if rule.names(post.position, *nature) and (both := overlap(post.days, rule.days))]
    if duty.owner_unit_id is None:
        return found
    owned = [there for unit_id, there in above if unit_id == duty.owner_unit_id]
    return [both for days in found for there in owned if (both := overlap(days, there))]


def _steps(days: Sequence[Days], exempt: Sequence[Days], qualified: Sequence[Days]) -> list[tuple[date, Numbers]]:
    moments = sorted({day for all_days in (days, exempt, qualified) for each in all_days for day in each if day != OPEN})
    steps = []
    before: Numbers = (0, 0, 0)
    for moment in moments:
        now = _numbers(moment, days, exempt, qualified)
        if now != before:
            steps.append((moment, (now[0] - before[0], now[1] - before[1], now[2] - before[2])))
            before = now
    return steps


def _numbers(day: date, days: Sequence[Days], exempt: Sequence[Days], qualified: Sequence[Days]) -> Numbers:
    if not _holds(days, day):
        return (0, 0, 0)
    if _holds(exempt, day):
        return (0, 0, 1)
    return (1, 1, 0) if _holds(qualified, day) else (1, 0, 0)


def _holds(all_days: Sequence[Days], day: date) -> bool:
    return any(begin <= day < end for begin, end in all_days)


def _without(days: Days, taken: Days) -> list[Days]:
    """Return what is left of some days when others are taken out."""
    return [(begin, end) for begin, end in ((days[0], min(days[1], taken[0])), (max(days[0], taken[1]), days[1])) if begin < end]
