"""What nobody could ever complete is told before anybody begins."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from lms.core.i18n import in_language
from lms.courses import availability, reaching
from lms.courses.reaching import Reachable

TODAY = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with in_language("en"):
        yield


def found(conditions: Mapping[str, Mapping[str, Any] | None], needed: int | None = None) -> list[tuple[str, str]]:
    activities = [
        Reachable(key, key[0], key.upper(), not key.endswith("x"), key.endswith("q"), availability.read(written) if written else None)
        for key, written in conditions.items()
    ]
    return [(each.key, each.reason) for each in reaching.hindrances(activities, needed, TODAY)]


@pytest.mark.parametrize(
    "conditions",
    [
        {"a1": None, "b1": {"done": "a1"}, "bq": {"section": "a"}},
        {"a1": {"done": "b1"}, "b1": None},
        {"a1": {"any": [{"done": "b1"}, {"from": "2027-01-01"}]}, "b1": {"done": "a1"}},
        {"a1": {"not": {"done": "b1"}}, "b1": {"done": "a1"}},
        {"a1": {"until": TODAY}, "b1": {"not": {"until": "2020-01-01"}}},
        {"aq": None, "b1": {"all": [{"passed": "aq"}, {"share": {"of": "aq", "least": 0.5}}]}},
        {"a1": {"positions": ["manager"]}, "b1": {"not": {"positions": ["manager"]}}, "c1": {"grades": [6]}},
        {"a1": None, "ax": None, "b1": {"section": "a"}},
    ],
)
def test_what_can_be_done_in_some_order_is_fine(conditions: Mapping[str, Any]) -> None:
    assert found(conditions) == []


def test_what_waits_for_each_other_is_named() -> None:
    assert [key for key, _reason in found({"a1": {"done": "b1"}, "b1": {"done": "a1"}, "c1": None})] == ["a1", "b1"]


def test_what_waits_for_itself_is_named() -> None:
    assert [key for key, _reason in found({"a1": {"done": "a1"}, "b1": {"section": "b"}})] == ["a1", "b1"]


def test_a_day_that_is_over_is_named() -> None:
    assert [key for key, _reason in found({"a1": {"until": "2026-10-04"}, "b1": None, "c1": {"done": "a1"}})] == ["a1", "c1"]


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"done": "z"}, "“z”"),
        ({"section": "z"}, "section “z”"),
        ({"passed": "b1"}, "marks in “B1”"),
        ({"share": {"of": "b1", "least": 1}}, "marks in “B1”"),
    ],
)
def test_what_is_not_there_is_named(condition: Mapping[str, Any], says: str) -> None:
    ((key, reason),) = found({"a1": condition, "b1": None})

    assert key == "a1"
    assert says in reason


def test_more_than_there_are_cannot_be_needed() -> None:
    assert found({"a1": None, "a2": None, "ax": None}, needed=2) == []
    assert [key for key, _reason in found({"a1": None, "a2": None, "ax": None}, needed=3)] == [""]
