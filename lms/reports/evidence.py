"""The facts that the ledger is derived from, read by one statement for any number of persons."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import CTE, CompoundSelect, Date, Integer, Row, Select, bindparam, cast, func, literal, null, select, type_coerce, union_all

from lms.accounts.models import Person
from lms.core import clock, journal
from lms.core.db import Json, Moment, session
from lms.core.models import JournalEntry
from lms.programmes.models import Exemption, Programme, Qualification, QualificationChange, Rule
from lms.reports import following
from lms.reports.contributions import Change, Days, Duty, Held, Map, ParentDays, PersonFacts, RuleDays, rules_in_turn, span
from lms.reports.models import CoverageContribution
from lms.schools.models import Post, Unit, UnitParent
from lms.schools.tree import ADMINISTRATIVE

# The state of knowledge that has no later one.
NOW = date.max


@dataclass(frozen=True)
class Fact:
    """A row of evidence: when it was true, and from when until when we believed it (half open; days)."""

    kind: str  # post, exempt, qualified, parent
    owner_id: int  # person or unit
    ref_id: int | None  # unit, programme or parent
    word: str  # position, state, or kind and level of a unit
    days: Days
    known_from: date
    known_until: date

    def known_on(self, day: date) -> bool:
        return self.known_until == NOW if day == NOW else self.known_from <= day < self.known_until


@dataclass(frozen=True)
class Evidence:
    """What was read: facts of persons, places of units, what the ledger holds, and who is noted since when."""

    facts: Mapping[int, Sequence[Fact]] = field(default_factory=dict)
    places: Sequence[Fact] = ()
    held: Mapping[int, Mapping[int, list[Change]]] = field(default_factory=dict)  # person -> programme
    held_until: Mapping[int, date] = field(default_factory=dict)  # person -> day up to which the ledger has our knowledge
    noted: Mapping[int, date] = field(default_factory=dict)
    units_noted: bool = False

    def person(self, person_id: int, known_on: date = NOW) -> PersonFacts:
        """Return the facts of a person as we believed in them at the end of a day."""
        posts, exempt, qualified = [], defaultdict(list), defaultdict(list)
        for fact in self.facts.get(person_id, ()):
            if not fact.known_on(known_on):
                continue
            if fact.kind == "post":
                posts.append(Held(fact.ref_id or 0, fact.word, fact.days))
            elif fact.kind == "exempt":
                exempt[fact.ref_id or 0].append(fact.days)
            else:
                qualified[fact.ref_id or 0].append(fact.days)
        return PersonFacts(tuple(posts), exempt, qualified)

    def days_of_news(self, person_id: int) -> set[date]:
        """Return the days on which we learnt or gave up something about the person."""
        facts = self.facts.get(person_id, ())
        return {fact.known_from for fact in facts} | {fact.known_until for fact in facts if fact.known_until != NOW}


def duties() -> list[Duty]:
    """Return the programmes for staff with their rules in turn."""
    rows = session.execute(
        select(Programme.id, Programme.owner_unit_id, Programme.from_day, Programme.until_day, Rule)
        .join(Rule, Rule.programme_id == Programme.id)
        .where(Programme.audience == "staff")
        .order_by(Programme.id, Rule.number)
    ).all()
    by_programme: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_programme[row.id].append(row)
    return [
        duty(
            one.id,
            one.owner_unit_id,
            span(one.from_day, one.until_day),
            [rule_days(row.Rule.positions, row.Rule.unit_kinds, row.Rule.stages, row.Rule.from_day, row.Rule.until_day) for row in found],
        )
        for found in by_programme.values()
        for one in found[:1]
    ]


def duty(programme_id: int, owner_unit_id: int | None, during: Days, rules: Iterable[RuleDays]) -> Duty:
    """Return what a programme asks for during its days, by its rules in the order of their numbers."""
    return Duty(programme_id, owner_unit_id, rules_in_turn(rules, during))


def rule_days(
    positions: Iterable[str], unit_kinds: Iterable[str], stages: Iterable[str], from_day: date, until_day: date | None
) -> RuleDays:
    """Return a rule as the ledger has it."""
    return RuleDays(frozenset(positions), span(from_day, until_day), frozenset(unit_kinds), frozenset(stages))


def of_persons(person_ids: Collection[int]) -> Evidence:
    """Return what we know now of these persons, the units around them, and what the ledger holds of them."""
    people = select(Person.id.label("person_id")).where(Person.id.in_(person_ids)).cte("people")
    return _read(_facts(people), _held(people), _places_around(people))


def of_persons_ever(person_ids: Collection[int]) -> Evidence:
    """Return all that we ever believed of these persons."""
    people = select(Person.id.label("person_id")).where(Person.id.in_(person_ids)).cte("people")
    return _read(_facts(people, ever=True))


def of_noted(most: int) -> Evidence:
    """Return the persons with unread notes, at most one more than ``most``, and all about them."""
    statement = _noted_statement(session.get_bind().dialect.name)
    return _from_rows(session.execute(statement, {"most": most + 1, "recent": clock.now() - journal.LOOK_BACK}))


@cache
def _noted_statement(dialect: str) -> CompoundSelect[Any]:
    # Every unit page asks this, and to put it together costs many times what running it does: it is made once.
    unread = following.unread(dialect, bindparam("recent", type_=Moment))
    people = (
        select(JournalEntry.ref_id.label("person_id"), func.max(JournalEntry.recorded_at).label("noted_at"))
        .where(JournalEntry.topic == "person", unread)
        .group_by(JournalEntry.ref_id)
        .limit(bindparam("most", type_=Integer))
        .cte("people")
    )
    noted = _part("noted", people.c.person_id, recorded_at=people.c.noted_at)
    units = _part("unit", JournalEntry.ref_id).where(JournalEntry.topic == "unit", unread).limit(1).subquery()
    return union_all(*_facts(people), *_held(people), *_places_around(people), noted, select(units))


def all_places(*, ever: bool = False) -> Sequence[Fact]:
    """Return where every unit stood, or ever was believed to stand."""
    return _read([_places().where(*([] if ever else [UnitParent.replaced_at.is_(None)]))]).places


def map_known(places: Iterable[Fact], known_on: date = NOW) -> Map:
    """Return the map of all days as we believed in it at the end of a day."""
    return Map(ParentDays(place.owner_id, place.ref_id, place.days, *place.word.split(" ")) for place in places if place.known_on(known_on))


def staff_after(person_id: int, most: int) -> list[int]:
    """Return the next persons who ever had a post, by id."""
    query = select(Post.person_id).where(Post.person_id > person_id).group_by(Post.person_id).order_by(Post.person_id).limit(most)
    return list(session.scalars(query))


def concerned_after(person_id: int, most: int) -> list[int]:
    """Return the next persons who ever had a post or whom the ledger holds, by id."""
    table = CoverageContribution
    held = select(table.person_id).where(table.person_id > person_id).group_by(table.person_id).order_by(table.person_id).limit(most)
    return sorted({*staff_after(person_id, most), *session.scalars(held)})[:most]


def staff_below(unit_ids: Collection[int]) -> set[int]:
    """Return everybody who ever had a post in one of these units or in one that ever stood below it."""
    top = select(UnitParent.unit_id).where(UnitParent.unit_id.in_(unit_ids)).cte("below", recursive=True)
    step = select(UnitParent.unit_id).join(top, UnitParent.parent_id == top.c.unit_id).where(UnitParent.relation == ADMINISTRATIVE)
    walk = top.union(step)
    return set(session.scalars(select(Post.person_id).where(Post.unit_id.in_(select(walk.c.unit_id))).distinct()))


def _facts(people: CTE, *, ever: bool = False) -> list[Select[Any]]:
    post = _part("post", Post.person_id, Post.unit_id, Post.position_code, Post).join(people, people.c.person_id == Post.person_id)
    exempt = _part("exempt", Exemption.person_id, Exemption.programme_id, "", Exemption).join(
        people, people.c.person_id == Exemption.person_id
    )
    qualified = _part(
        "qualified",
        Qualification.person_id,
        Qualification.programme_id,
        Qualification.state,
        Qualification,
        number=Qualification.id,
        recorded_at=Qualification.recorded_at,
    ).join(people, people.c.person_id == Qualification.person_id)
    if not ever:
        return [
            post.where(Post.replaced_at.is_(None)),
            exempt.where(Exemption.replaced_at.is_(None)),
            qualified.where(Qualification.state == "valid"),
        ]
    state = (
        _part(
            "state",
            Qualification.person_id,
            None,
            QualificationChange.state,
            number=Qualification.id,
            recorded_at=QualificationChange.recorded_at,
        )
        .select_from(Qualification)
        .join(QualificationChange, QualificationChange.qualification_id == Qualification.id)
        .join(people, people.c.person_id == Qualification.person_id)
    )
    return [post, exempt, qualified, state]


def _held(people: CTE) -> list[Select[Any]]:
    return [
        _part(
            "held",
            CoverageContribution.person_id,
            CoverageContribution.programme_id,
            from_day=CoverageContribution.known_on,
            data=CoverageContribution.changes,
        ).join(people, people.c.person_id == CoverageContribution.person_id)
    ]


def _places_around(people: CTE) -> list[Select[Any]]:
    """The dated places of the units in which these persons have posts, and of all units ever above them."""
    start = (
        select(Post.unit_id)
        .join(people, people.c.person_id == Post.person_id)
        .where(Post.replaced_at.is_(None))
        .cte("around", recursive=True)
    )
    step = (
        select(UnitParent.parent_id)
        .join(start, UnitParent.unit_id == start.c.unit_id)
        .where(UnitParent.relation == ADMINISTRATIVE, UnitParent.replaced_at.is_(None), UnitParent.parent_id.is_not(None))
    )
    walk = start.union(step)
    return [_places().where(UnitParent.replaced_at.is_(None), UnitParent.unit_id.in_(select(walk.c.unit_id)))]


def _places() -> Select[Any]:
    nature = Unit.kind_code + " " + func.coalesce(Unit.stage, "")
    places = _part("parent", UnitParent.unit_id, UnitParent.parent_id, nature, UnitParent).join(Unit, Unit.id == UnitParent.unit_id)
    return places.where(UnitParent.relation == ADMINISTRATIVE)


def _part(
    kind: str,
    owner: Any,
    ref: Any = None,
    word: Any = "",
    dated: Any = None,
    *,
    number: Any = None,
    from_day: Any = None,
    recorded_at: Any = None,
    data: Any = None,
) -> Select[Any]:
    """One part of the statement; all parts have the same columns."""
    has_knowledge = dated is not None and hasattr(dated, "replaced_at")
    return select(
        literal(kind).label("kind"),
        owner.label("owner_id"),
        (cast(null(), Integer) if ref is None else ref).label("ref_id"),
        (literal(word) if isinstance(word, str) else word).label("word"),
        (cast(null(), Integer) if number is None else number).label("number"),
        (dated.from_day if dated is not None else cast(null(), Date) if from_day is None else from_day).label("from_day"),
        (cast(null(), Date) if dated is None else dated.until_day).label("until_day"),
        (dated.recorded_at if has_knowledge else cast(null(), Moment) if recorded_at is None else type_coerce(recorded_at, Moment)).label(
            "recorded_at"
        ),
        (dated.replaced_at if has_knowledge else cast(null(), Moment)).label("replaced_at"),
        (cast(null(), Json) if data is None else data).label("data"),
    )


def _read(*parts: Sequence[Select[Any]]) -> Evidence:
    return _from_rows(session.execute(union_all(*[part for group in parts for part in group])))


def _from_rows(rows: Iterable[Row[Any]]) -> Evidence:
    facts: dict[int, list[Fact]] = defaultdict(list)
    held: dict[int, dict[int, list[Change]]] = defaultdict(dict)
    places: list[Fact] = []
    held_until: dict[int, date] = {}
    noted: dict[int, date] = {}
    states: dict[int, list[Row[Any]]] = defaultdict(list)
    qualified: list[Row[Any]] = []
    units_noted = False
    for row in rows:
        if row.kind == "noted":
            noted[row.owner_id] = _day(row.recorded_at)
        elif row.kind == "unit":
            units_noted = True
        elif row.kind == "held":
            held[row.owner_id][row.ref_id] = unpacked(row.data)
            held_until[row.owner_id] = max(row.from_day, held_until.get(row.owner_id, row.from_day))
        elif row.kind == "parent":
            places.append(_fact(row))
        elif row.kind == "state":
            states[row.number].append(row)
        elif row.kind == "qualified":
            qualified.append(row)
        else:
            facts[row.owner_id].append(_fact(row))
    for row in qualified:
        facts[row.owner_id] += _qualified(row, states.get(row.number, []))
    return Evidence(facts, places, held, held_until, noted, units_noted)


def _fact(row: Row[Any]) -> Fact:
    known_until = _day(row.replaced_at) if row.replaced_at else NOW
    return Fact(row.kind, row.owner_id, row.ref_id, row.word, span(row.from_day, row.until_day), _day(row.recorded_at), known_until)


def _qualified(row: Row[Any], changes: list[Row[Any]]) -> list[Fact]:
    """Return the stretches of time in which we held the qualification to be valid."""
    days = span(row.from_day, row.until_day)
    moments = [(_day(row.recorded_at), "valid" if changes else row.word)]
    moments += [(_day(change.recorded_at), change.word) for change in sorted(changes, key=lambda change: change.recorded_at)]
    ends = [*[moment for moment, _ in moments[1:]], NOW]
    return [
        Fact("qualified", row.owner_id, row.ref_id, state, days, begin, end)
        for (begin, state), end in zip(moments, ends, strict=True)
        if state == "valid" and begin < end
    ]


def packed(changes: Iterable[Change]) -> list[list[Any]]:
    """Return changes as the database keeps them."""
    return [[unit_id, position, day.toordinal(), *numbers] for unit_id, position, day, *numbers in sorted(changes)]


def unpacked(rows: Iterable[Sequence[Any]]) -> list[Change]:
    """Return changes from what the database keeps."""
    return [Change(row[0], row[1], date.fromordinal(row[2]), row[3], row[4], row[5]) for row in rows]


def _day(moment: datetime) -> date:
    return clock.local(moment).date()
