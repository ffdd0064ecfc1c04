"""Conditions: reading and writing them, and what follows when something is not known."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.courses import availability
from lms.courses.availability import (
    All,
    AnyOf,
    Condition,
    Done,
    From,
    Grades,
    Leaf,
    Not,
    Passed,
    Positions,
    Reached,
    SectionDone,
    Until,
    WrongConditionError,
)

KEYS = some.sampled_from(["l1-1", "l1-2", "quiz"])
DAYS = some.dates(date(2026, 1, 1), date(2030, 12, 31))
LEAVES = some.one_of(
    some.builds(Done, KEYS),
    some.builds(SectionDone, some.just("m1")),
    some.builds(Passed, KEYS),
    some.builds(Reached, KEYS, some.sampled_from([0.25, 0.5, 1.0])),
    some.builds(From, DAYS),
    some.builds(Until, DAYS),
    some.builds(Positions, some.just(("manager", "teacher"))),
    some.builds(Grades, some.just((6, 7))),
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with in_language("en"):
        yield


def _deeper(inner: some.SearchStrategy[Condition]) -> some.SearchStrategy[Condition]:
    several = some.lists(inner, min_size=1, max_size=3).map(tuple)
    return some.one_of(some.builds(All, several), some.builds(AnyOf, several), some.builds(Not, inner))


CONDITIONS: some.SearchStrategy[Condition] = some.recursive(LEAVES, _deeper, max_leaves=8)


@given(CONDITIONS)
def test_what_is_written_is_read_back(condition: Condition) -> None:
    assert availability.read(availability.written(condition)) == condition


@given(CONDITIONS, some.data())
def test_what_is_certain_with_gaps_stays_so_when_they_are_filled(condition: Condition, data: some.DataObject) -> None:
    leaves = list(dict.fromkeys(availability.leaves(condition)))
    known = {leaf: data.draw(some.sampled_from([True, False, None])) for leaf in leaves}
    filled = {leaf: value if value is not None else data.draw(some.booleans()) for leaf, value in known.items()}

    before, after = (availability.value(condition, values.__getitem__) for values in (known, filled))

    assert after is not None
    assert before in (None, after)


@given(CONDITIONS, some.data())
def test_not_not_is_the_same(condition: Condition, data: some.DataObject) -> None:
    known = {leaf: data.draw(some.sampled_from([True, False, None])) for leaf in availability.leaves(condition)}

    def look(leaf: Leaf) -> bool | None:
        return known[leaf]

    assert availability.value(Not(Not(condition)), look) == availability.value(condition, look)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "one name with its value"),
        ({}, "one name with its value"),
        ({"done": "a", "passed": "b"}, "one name with its value"),
        ({"all": []}, "Under all"),
        ({"any": {"done": "a"}}, "Under any"),
        ({"done": ""}, "by its key"),
        ({"passed": ["quiz"]}, "by its key"),
        ({"sum": "a"}, 'no condition "sum"'),
        ({"share": {"of": "quiz"}}, "least: 0.5"),
        ({"share": {"of": "quiz", "least": 50}}, "at most 1"),
        ({"share": {"of": "quiz", "least": True}}, "least: 0.5"),
        ({"from": "tomorrow"}, "no day"),
        ({"until": 20261201}, "no day"),
        ({"positions": []}, "list of codes"),
        ({"positions": "manager"}, "list of codes"),
        ({"grades": [6, "7"]}, "list of numbers"),
        ({"grades": [13]}, "list of numbers"),
        ({"not": {"not": {"done": 1}}}, "by its key"),
    ],
)
def test_what_is_no_condition_is_told(data: Any, says: str) -> None:
    with pytest.raises(WrongConditionError, match=says):
        availability.read(data)


def test_nesting_ends_somewhere() -> None:
    data: dict[str, Any] = {"done": "a"}
    for _ in range(availability.DEEPEST + 2):
        data = {"not": data}

    with pytest.raises(WrongConditionError, match="too deep"):
        availability.read(data)


def test_days_come_from_yaml_and_from_texts() -> None:
    assert availability.read({"from": date(2026, 12, 1)}) == availability.read({"from": "2026-12-01"}) == From(date(2026, 12, 1))
