"""When an activity is done: all that is asked, each met once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.courses import completion
from lms.courses.availability import WrongConditionError
from lms.courses.completion import GRANTED, NAMES, Rule

START = datetime(2026, 10, 5, 5, tzinfo=UTC)
RULES = some.builds(lambda names: Rule(tuple(names)), some.sets(some.sampled_from(list(NAMES)), min_size=1))
MET = some.dictionaries(
    some.sampled_from([*NAMES, GRANTED]), some.integers(0, 1_000).map(lambda minutes: START + timedelta(minutes=minutes))
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with in_language("en"):
        yield


@given(RULES, MET, MET)
def test_meeting_more_never_completes_less_or_later(rule: Rule, met: dict[str, datetime], more: dict[str, datetime]) -> None:
    # What was met first keeps its moment.
    before, after = rule.done_at(met), rule.done_at(more | met)

    assert before is None or (after is not None and after <= before)


@given(RULES, MET)
def test_done_is_when_nothing_is_missing(rule: Rule, met: dict[str, datetime]) -> None:
    assert (rule.done_at(met) is None) == bool(rule.missing(met))


@given(RULES, MET)
def test_it_is_done_at_a_moment_at_which_something_happened(rule: Rule, met: dict[str, datetime]) -> None:
    assert rule.done_at(met) in (None, *met.values())


def test_a_rule_is_read_and_written() -> None:
    possible = ("submitted", "share", "passed", "marked")

    rule = completion.read(["submitted", {"share": 0.6}], possible, ("passed",))

    assert rule == Rule(("submitted", "share"), 0.6)
    assert completion.read(completion.written(rule), possible, ()) == rule
    assert completion.read(None, possible, ("passed",)) == Rule(("passed",))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "there is a list"),
        ("read", "there is a list"),
        (["passed"], "cannot be asked for here"),
        (["share"], "cannot be asked for here"),
        ([{"share": 60}], "at most 1"),
        ([{"read": True}], "cannot be asked for here"),
        (["minutes"], "cannot be asked for here"),  # time proves nothing
    ],
)
def test_what_cannot_be_asked_for_is_told(data: Any, says: str) -> None:
    with pytest.raises(WrongConditionError, match=says):
        completion.read(data, ("viewed", "read", "checks", "share"), ("read",))


@pytest.mark.parametrize(("share", "reached"), [(None, False), (0.59994, False), (0.59996, True), (0.6, True), (1.0, True)])
def test_a_share_is_reached_as_it_is_shown(share: float | None, reached: bool) -> None:
    assert Rule(("share",), 0.6).reaches(share) is reached
    assert Rule(("submitted",)).reaches(share) is False
