"""The share of trained staff: figures on any day, as known on any day, and how the ledger takes in new facts.

Pages read the ledger and add in memory what is noted but not taken in yet, so
that a figure is never stale and reading never writes.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lms.core import clock, jobs, journal
from lms.core.db import session
from lms.core.models import Mark
from lms.reports import contributions, evidence, following, ledger, proof
from lms.reports.contributions import ALL_POSITIONS, Change, Duty, Map, Numbers, PersonFacts, RuleDays
from lms.reports.evidence import Evidence
from lms.reports.ledger import Figure

JOB = "reports.fold"
# So many notes are taken in by one transaction: a longer one would keep people waiting who save something.
NOTES_AT_ONCE = 2_000
# A page adds up to so many persons in memory; when more wait, it says so instead.
MOST_PENDING = 300
_RULES = "reports.coverage.rules"


@dataclass(frozen=True)
class Folded:
    """What a fold did: persons looked at, changes posted, notes still unread."""

    persons: int
    posted: int
    left: int


@dataclass(frozen=True)
class Pending:
    """What is noted and not in the ledger yet: changes of one programme and the day on which each was learnt.

    ``too_many`` means that figures do not contain them, and a page says so.
    """

    changes: Sequence[tuple[date, tuple[int, str, date], Numbers]] = ()
    too_many: bool = False


@dataclass(frozen=True)
class Reading:
    """Figures by unit and day, and the figures at the ends of the months before the last of these days."""

    figures: Mapping[tuple[int, date], Figure]
    months: Mapping[date, Figure] = field(default_factory=dict)  # first day of month -> figure on its last day
    too_many_pending: bool = False


def figure(
    unit_ids: Collection[int], programme_id: int, day: date, known_on: date | None = None, *, position: str = ALL_POSITIONS
) -> dict[int, Figure]:
    """Return the figure of each unit, with everything below it, on a day, as known now or on a past day."""
    reading = figures(unit_ids, duty_of(programme_id), [day], known_on=known_on, position=position)
    return {unit_id: reading.figures[unit_id, day] for unit_id in unit_ids}


def figures(
    unit_ids: Collection[int],
    duty: Duty,
    days: Collection[date],
    *,
    known_on: date | None = None,
    position: str = ALL_POSITIONS,
    course_of: int | None = None,
) -> Reading:
    """Return the figures of many units on several days, and the course of one through the months; two statements."""
    found = ledger.read(duty.programme_id, unit_ids, days, position=position, known_on=known_on, course_of=course_of)
    waiting = pending(duty)
    made = dict(found.figures)
    months = dict(found.months)
    for learnt_on, (unit_id, at_position, day), numbers in waiting.changes:
        if at_position != position or (known_on is not None and learnt_on > known_on):
            continue
        for asked in days:
            if (unit_id, asked) in made and day <= asked:
                made[unit_id, asked] = made[unit_id, asked].plus(numbers)
        if unit_id == course_of:
            month = ledger.month_of(day)
            months[month] = _plus(months.get(month, (0, 0, 0)), numbers)
    return Reading(made, _running(months, before=max(days)), waiting.too_many)


def pending(duty: Duty) -> Pending:
    """Return what the ledger of a programme does not hold yet; one statement."""
    found = evidence.of_noted(MOST_PENDING)
    if found.units_noted or len(found.noted) > MOST_PENDING:
        return Pending(too_many=True)
    units = evidence.map_known(found.places)
    changes = []
    for person_id, learnt_on in found.noted.items():
        after = contributions.changes(found.person(person_id), duty, units)
        before = found.held.get(person_id, {}).get(duty.programme_id, [])
        changes += [(learnt_on, key, numbers) for key, numbers in contributions.difference(after, before).items()]
    return Pending(changes)


def fold(limit: int = NOTES_AT_ONCE) -> Folded:
    """Take new facts into the ledger: recompute the persons noted, post only what differs.

    What is posted carries the day of the note, the day on which we learnt it.
    Folding twice, or two at once, posts nothing twice.  A note about a unit, or
    new rules of a programme, note everybody concerned, who follow in turn.
    """
    ledger.lock()
    duties = evidence.duties()
    _note_new_rules(duties)
    notes = following.read(limit)
    for unit_id, moment in notes.units.items():
        _note_staff(unit_id, moment, notes.persons)
    posted = 0
    for portion in ledger.portions(notes.persons):
        posted += _take_in(_states({person_id: notes.persons[person_id] for person_id in portion}), duties)
    following.done(notes)
    session.flush()
    return Folded(len(notes.persons), posted, following.left())


def run_fold(_payload: Mapping[str, Any]) -> None:
    """The job: fold once, and once more in a transaction of its own while notes are left."""
    if fold().left:
        jobs.add(JOB)


def rebuild() -> int:
    """Derive the whole ledger again from the evidence, with both clocks; return how many persons are in it.

    What we knew on a past day comes from the days on which facts were recorded
    and replaced.  Rules of programmes carry no such days: today's count.
    """
    ledger.lock()
    following.done_all()
    ledger.clear()
    duties = evidence.duties()
    _remember_rules(duties)
    maps = _Maps(evidence.all_places(ever=True))
    count = last = 0
    while person_ids := evidence.staff_after(last, ledger.PORTION):
        found = evidence.of_persons_ever(person_ids)
        _derive(found, person_ids, duties, maps)
        count, last = count + len(person_ids), person_ids[-1]
    session.flush()
    return count


def verify() -> proof.Proof:
    """Derive everything again from the evidence and return what differs; see the module proof."""
    return proof.verify()


def duty_of(programme_id: int) -> Duty:
    """Return what a programme obliges staff to; one without rules obliges nobody."""
    return next((duty for duty in evidence.duties() if duty.programme_id == programme_id), Duty(programme_id, None, ()))


def _note_staff(unit_id: int, moment: datetime, persons: dict[int, set[date]]) -> None:
    """Let a note about a unit be one about each of its people: with those in hand now, else in turn."""
    staff = evidence.staff_below([unit_id])
    for person_id in persons.keys() & staff:
        persons[person_id].add(clock.local(moment).date())
    with clock.at(moment):
        journal.note("person", sorted(staff - persons.keys()))


class _Maps:
    """The maps that we believed in, one for each day on which the tree was changed in the books."""

    def __init__(self, places: Sequence[evidence.Fact]) -> None:
        self._places = places
        known = {place.known_from for place in places} | {place.known_until for place in places}
        self.days = sorted(known - {evidence.NOW})
        self._made: dict[date, Map] = {}

    def known_on(self, day: date) -> Map:
        version = max((known for known in self.days if known <= day), default=day)
        if version not in self._made:
            self._made[version] = evidence.map_known(self._places, version)
        return self._made[version]


def _derive(found: Evidence, person_ids: Iterable[int], duties: Sequence[Duty], maps: _Maps) -> None:
    sums: dict[int, dict[date, dict[tuple[int, str, date], Numbers]]] = defaultdict(lambda: defaultdict(dict))
    held: dict[tuple[int, int], list[Change]] = {}
    known_on: dict[int, date] = {}
    for person_id in person_ids:
        news = found.days_of_news(person_id)
        first = min(news)
        days = sorted(news | {day for day in maps.days if day > first})
        known_on[person_id] = days[-1]
        for day in days:
            facts, units = found.person(person_id, day), maps.known_on(day)
            for duty in duties:
                key = (duty.programme_id, person_id)
                after, before = contributions.changes(facts, duty, units), held.get(key)
                if after or before is not None:
                    held[key] = after
                    _add_up(sums[duty.programme_id][day], contributions.difference(after, before or []))
    for programme_id, learnt in sums.items():
        ledger.post(programme_id, learnt)
    ledger.keep(held, known_on)


@dataclass(frozen=True)
class _State:
    """What we knew at the end of a day about a person, and of the tree."""

    day: date
    facts: PersonFacts
    units: Map


@dataclass(frozen=True)
class _Person:
    states: Sequence[_State]
    held: Mapping[int, list[Change]]


def _states(noted: Mapping[int, set[date]]) -> dict[int, _Person]:
    """Return what is to be taken in of each person: what we knew at the end of each day with a note.

    Notes are of today unless nobody folded for a while; for former days what
    was known then is read again, because more may have been learnt since.  A
    note that comes after younger ones were taken in counts with the youngest.
    """
    today = clock.today()
    found = evidence.of_persons(noted)
    units = evidence.map_known(found.places)
    days_of = {person_id: sorted({max(day, found.held_until.get(person_id, day)) for day in days}) for person_id, days in noted.items()}
    late = [person_id for person_id, days in days_of.items() if days[0] < today]
    then = evidence.of_persons_ever(late) if late else Evidence()
    maps = _Maps(evidence.all_places(ever=True) if late else ())
    return {
        person_id: _Person(
            [
                _State(day, then.person(person_id, day), maps.known_on(day)) if day < today else _State(day, found.person(person_id), units)
                for day in days
            ],
            found.held.get(person_id, {}),
        )
        for person_id, days in days_of.items()
    }


def _take_in(people: Mapping[int, _Person], duties: Sequence[Duty]) -> int:
    by_programme = {duty.programme_id: duty for duty in duties}
    sums: dict[int, dict[date, dict[tuple[int, str, date], Numbers]]] = defaultdict(lambda: defaultdict(dict))
    kept: dict[tuple[int, int], list[Change]] = {}
    for person_id, person in people.items():
        for programme_id in {*by_programme, *person.held}:
            duty, before = by_programme.get(programme_id), person.held.get(programme_id, [])
            for state in person.states:
                after = contributions.changes(state.facts, duty, state.units) if duty else []
                if differences := contributions.difference(after, before):
                    _add_up(sums[programme_id][state.day], differences)
                    before = after
            # Also without a change: from now on it is known up to a later day.
            if before or programme_id in person.held:
                kept[programme_id, person_id] = before
    posted = sum(ledger.post(programme_id, learnt) for programme_id, learnt in sums.items())
    ledger.keep(kept, {person_id: person.states[-1].day for person_id, person in people.items()})
    return posted


def _note_new_rules(duties: Sequence[Duty]) -> None:
    """Note all staff when what programmes ask for is not what it was at the last fold."""
    if _remember_rules(duties):
        last = 0
        while person_ids := evidence.staff_after(last, ledger.PORTION):
            journal.note("person", person_ids)
            last = person_ids[-1]


def _remember_rules(duties: Sequence[Duty]) -> bool:
    """Keep a print of all rules; return whether it is another one than before."""
    ordered = [(duty.programme_id, duty.owner_unit_id, [_print(rule) for rule in duty.rules]) for duty in duties]
    value = {"sha256": hashlib.sha256(repr(ordered).encode()).hexdigest()}
    mark = session.scalar(select(Mark).where(Mark.name == _RULES))
    if mark is None:
        session.add(Mark(name=_RULES, value=value))
        return bool(duties)
    if mark.value == value:
        return False
    mark.value = value
    return True


def _print(rule: RuleDays) -> tuple[object, ...]:
    return (sorted(rule.positions), rule.days, *(sorted(named) for named in (rule.unit_kinds, rule.stages) if named))


def _running(months: Mapping[date, Numbers], *, before: date) -> dict[date, Figure]:
    """Return the figure at the end of each month from sums of changes; the month of ``before`` is left out."""
    total = Figure()
    figures = {}
    for month in sorted(month for month in months if month < ledger.month_of(before)):
        total = total.plus(months[month])
        figures[month] = total
    return figures


def _add_up(sums: dict[tuple[int, str, date], Numbers], more: Mapping[tuple[int, str, date], Numbers]) -> None:
    for key, numbers in more.items():
        sums[key] = _plus(sums[key], numbers) if key in sums else numbers


def _plus(one: Numbers, other: Numbers) -> Numbers:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])
