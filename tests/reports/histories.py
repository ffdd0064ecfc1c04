"""Random histories of a small school system, and the plain count that the ledger must agree with."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from lms.reports.contributions import OPEN, Days, Duty, Held, ParentDays, PersonFacts, RuleDays, rules_in_turn

FIRST = date(2026, 1, 1)
LENGTH = 40
ALL_DAYS = [FIRST + timedelta(days=number) for number in range(LENGTH + 2)]
POSITIONS = ("manager", "teacher", "staff")
# 1 on top, 2 and 3 below it, 4 to 6 are schools that may stand below any of the three.
TOP, OFFICES, SCHOOLS = 1, (2, 3), (4, 5, 6)
UNITS = (TOP, *OFFICES, *SCHOOLS)

days_of_year = st.integers(0, LENGTH).map(lambda number: FIRST + timedelta(days=number))


@st.composite
def stretches(draw: st.DrawFn) -> Days:
    begin = draw(days_of_year)
    end = draw(st.one_of(st.just(OPEN), st.integers(1, LENGTH).map(lambda number: begin + timedelta(days=number))))
    return (begin, end)


@st.composite
def places_in_turn(draw: st.DrawFn, unit_id: int, parents: tuple[int, ...]) -> list[ParentDays]:
    """A unit that opens, moves a few times, and may close."""
    moments = sorted(draw(st.sets(days_of_year, min_size=1, max_size=3)))
    ends = [*moments[1:], draw(st.sampled_from([OPEN, moments[-1] + timedelta(days=9)]))]
    nature = draw(st.sampled_from([("phuong_xa", ""), ("truong", "th"), ("truong", "thcs")]))
    return [ParentDays(unit_id, draw(st.sampled_from(parents)), (begin, end), *nature) for begin, end in zip(moments, ends, strict=True)]


@st.composite
def maps(draw: st.DrawFn) -> list[ParentDays]:
    rows = [ParentDays(TOP, None, (FIRST, OPEN))]
    for office in OFFICES:
        rows += draw(places_in_turn(office, (TOP,)))
    for school in SCHOOLS:
        rows += draw(places_in_turn(school, (TOP, *OFFICES)))
    return rows


@st.composite
def people(draw: st.DrawFn, programme_id: int = 1) -> PersonFacts:
    posts = draw(st.lists(st.builds(Held, st.sampled_from(UNITS), st.sampled_from(POSITIONS), stretches()), max_size=3))
    return PersonFacts(
        posts=tuple(posts),
        exempt={programme_id: draw(st.lists(stretches(), max_size=2))},
        qualified={programme_id: draw(st.lists(stretches(), max_size=2))},
    )


@st.composite
def duties(draw: st.DrawFn, programme_id: int = 1) -> Duty:
    named = st.frozensets(st.sampled_from(POSITIONS), max_size=2)
    of_kinds, of_stages = (st.frozensets(st.sampled_from(names), max_size=1) for names in (["truong", "phuong_xa"], ["th", "thcs"]))
    rules = draw(st.lists(st.builds(RuleDays, named, stretches(), of_kinds, of_stages), min_size=1, max_size=2))
    return Duty(programme_id, draw(st.sampled_from([None, None, 2, 4])), rules_in_turn(rules, draw(stretches())))


@dataclass(frozen=True)
class World:
    """What a naive reader of the facts needs to know."""

    parents: list[ParentDays]
    duty: Duty
    people: list[PersonFacts]

    def chain(self, unit_id: int, day: date) -> list[int]:
        """Return the unit and those above it on the day; nothing when it is not open."""
        chain: list[int] = []
        current: int | None = unit_id
        while current is not None:
            row = next((row for row in self.parents if row.unit_id == current and _on(row.days, day)), None)
            if row is None:
                break
            chain.append(current)
            current = row.parent_id
        return chain

    def nature(self, unit_id: int) -> tuple[str, str]:
        """Return the kind and the level of a unit."""
        return next(((row.kind, row.stage) for row in self.parents if row.unit_id == unit_id), ("", ""))

    def count(self, unit_id: int, day: date, position: str = "") -> tuple[int, int, int]:
        """Count obliged, trained and exempt staff one by one."""
        obliged = trained = exempt = 0
        for person in self.people:
            if not any(self._obliges(post, unit_id, day, position) for post in person.posts):
                continue
            if any(_on(days, day) for days in person.exempt.get(self.duty.programme_id, ())):
                exempt += 1
                continue
            obliged += 1
            trained += any(_on(days, day) for days in person.qualified.get(self.duty.programme_id, ()))
        return obliged, trained, exempt

    def _obliges(self, post: Held, unit_id: int, day: date, position: str) -> bool:
        if position and post.position != position:
            return False
        chain = self.chain(post.unit_id, day)
        rule = next((rule for rule in self.duty.rules if _on(rule.days, day)), None)
        return (
            _on(post.days, day)
            and unit_id in chain
            and (self.duty.owner_unit_id is None or self.duty.owner_unit_id in chain)
            and rule is not None
            and (not rule.positions or post.position in rule.positions)
            and all(
                not named or what in named for named, what in zip((rule.unit_kinds, rule.stages), self.nature(post.unit_id), strict=True)
            )
        )


worlds = st.builds(World, maps(), duties(), st.lists(people(), max_size=4))


def _on(days: Days, day: date) -> bool:
    return days[0] <= day < days[1]
