"""Counting, and where to go on."""

from datetime import date

import pytest

from lms.courses import outline as outlines
from lms.courses.outline import Outline
from lms.learning.openness import Standing
from lms.learning.progress import better, progress
from tests.factories_courses import activity, make_version

TODAY = date(2026, 10, 5)


@pytest.fixture
def course(cast: object) -> Outline:
    return outlines.outline(make_version("a", "b", "c", activity("more", required=False), "d").id)


@pytest.mark.parametrize(
    ("done", "last", "now"),
    [
        ("", None, "a"),
        ("a", "a", "b"),
        ("ac", "c", "d"),
        ("bcd", "d", "a"),
        ("abcd", "d", None),
        ("a", "gone", "b"),
    ],
)
def test_one_goes_on_after_the_last_step_that_is_not_done(course: Outline, done: str, last: str | None, now: str | None) -> None:
    found = progress(course, Standing(dict.fromkeys(done, "completed"), TODAY), last)

    assert (found.now.key if found.now else None, found.done, found.required) == (now, len(done), 4)
    assert found.complete == (now is None)


def test_failed_and_started_are_not_done(course: Outline) -> None:
    found = progress(course, Standing({"a": "failed", "b": "started", "c": "passed", "more": "completed"}, TODAY), None)

    assert (found.done, found.left, sorted(found.done_keys)) == (1, 3, ["c", "more"])


def test_states_only_get_better() -> None:
    ranked = ["started", "failed", "completed", "passed"]

    assert [better(one, other) for one, other in zip(ranked[1:], ranked, strict=False)] == [True] * 3
    assert not better("failed", "passed")
