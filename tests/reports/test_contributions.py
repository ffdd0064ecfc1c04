"""What one person adds to the ledger, against a count by hand."""

from collections import defaultdict
from datetime import date

from hypothesis import given, settings

from lms.reports import contributions
from lms.reports.contributions import OPEN, Change, Duty, Held, Map, ParentDays, PersonFacts, RuleDays
from tests.reports.histories import ALL_DAYS, POSITIONS, UNITS, World, worlds

JANUARY, MARCH, MAY, JULY, SEPTEMBER = (date(2026, month, 1) for month in (1, 3, 5, 7, 9))
EVERYBODY = Duty(1, None, (RuleDays(frozenset(), (JANUARY, OPEN)),))
# Two schools below one ward; from July on the second stands below another ward.
UNITS_HERE = Map(
    [
        ParentDays(1, None, (JANUARY, OPEN)),
        ParentDays(2, 1, (JANUARY, OPEN)),
        ParentDays(3, 1, (JANUARY, OPEN)),
        ParentDays(4, 2, (JANUARY, OPEN)),
        ParentDays(5, 2, (JANUARY, JULY)),
        ParentDays(5, 3, (JULY, OPEN)),
    ]
)


def changes_of(facts: PersonFacts, duty: Duty = EVERYBODY) -> list[Change]:
    """Return the changes for all positions together, in order."""
    return sorted(change for change in contributions.changes(facts, duty, UNITS_HERE) if change.position == "")


def test_a_qualification_that_ends_is_a_change_on_the_day_after_its_last():
    facts = PersonFacts((Held(4, "teacher", (JANUARY, OPEN)),), qualified={1: [(MARCH, MAY)]})

    assert changes_of(facts) == [
        Change(unit, "", day, *numbers)
        for unit in (1, 2, 4)
        for day, numbers in ((JANUARY, (1, 0, 0)), (MARCH, (0, 1, 0)), (MAY, (0, -1, 0)))
    ]


def test_two_posts_below_one_unit_are_one_person_there():
    facts = PersonFacts((Held(4, "teacher", (JANUARY, MAY)), Held(5, "teacher", (MARCH, SEPTEMBER))))

    assert [change for change in changes_of(facts) if change.unit_id == 2] == [
        Change(2, "", JANUARY, 1, 0, 0),
        Change(2, "", JULY, -1, 0, 0),
    ]
    assert [change for change in changes_of(facts) if change.unit_id == 1] == [
        Change(1, "", JANUARY, 1, 0, 0),
        Change(1, "", SEPTEMBER, -1, 0, 0),
    ]


def test_when_a_unit_moves_its_people_change_sides_above_it_and_nowhere_else():
    facts = PersonFacts((Held(5, "teacher", (MARCH, OPEN)),))

    assert changes_of(facts) == [
        Change(1, "", MARCH, 1, 0, 0),
        Change(2, "", MARCH, 1, 0, 0),
        Change(2, "", JULY, -1, 0, 0),
        Change(3, "", JULY, 1, 0, 0),
        Change(5, "", MARCH, 1, 0, 0),
    ]


def test_exempt_days_leave_the_obliged_and_the_trained():
    facts = PersonFacts((Held(4, "teacher", (JANUARY, OPEN)),), exempt={1: [(MAY, JULY)]}, qualified={1: [(MARCH, OPEN)]})

    assert [change for change in changes_of(facts) if change.unit_id == 4] == [
        Change(4, "", JANUARY, 1, 0, 0),
        Change(4, "", MARCH, 0, 1, 0),
        Change(4, "", MAY, -1, -1, 1),
        Change(4, "", JULY, 1, 1, -1),
    ]


def test_of_two_rules_in_force_the_later_counts():
    rules = [RuleDays(frozenset(), (JANUARY, OPEN)), RuleDays(frozenset({"manager"}), (MAY, JULY))]

    assert contributions.rules_in_turn(rules, (MARCH, OPEN)) == (
        RuleDays(frozenset(), (MARCH, MAY)),
        RuleDays(frozenset({"manager"}), (MAY, JULY)),
        RuleDays(frozenset(), (JULY, OPEN)),
    )


def test_a_circle_of_units_ends():
    circle = Map([ParentDays(1, 2, (JANUARY, OPEN)), ParentDays(2, 1, (JANUARY, OPEN))])

    assert {unit for unit, _ in circle.above(1)} == {1, 2}


@settings(max_examples=150, deadline=None)
@given(worlds)
def test_the_sum_of_changes_is_what_one_counts_by_hand(world: World):
    units = Map(world.parents)
    sums: dict[tuple[int, str, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    for person in world.people:
        for change in contributions.changes(person, world.duty, units):
            sums[change[:3]] = [old + new for old, new in zip(sums[change[:3]], change[3:], strict=True)]

    for unit_id in UNITS:
        for position in ("", *POSITIONS):
            running = [0, 0, 0]
            for day in ALL_DAYS:
                running = [old + new for old, new in zip(running, sums.get((unit_id, position, day), (0, 0, 0)), strict=True)]
                assert tuple(running) == world.count(unit_id, day, position), (unit_id, position, day)
                assert 0 <= running[1] <= running[0]
