"""Which steps are for whom, which are open, and what is said about the others."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core import clock
from lms.core.i18n import in_language
from lms.courses import availability
from lms.courses import outline as outlines
from lms.courses.availability import Condition
from lms.courses.completion import Rule
from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.learning import openness
from lms.learning.openness import Audience, Standing
from lms.learning.progress import progress
from tests.courses.test_availability import CONDITIONS
from tests.factories_courses import activity, make_version, noon

TODAY = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with in_language("en"):
        yield


def course(conditions: Mapping[str, Any], **more: Any) -> Outline:
    steps = [
        activity(key, "stand_in" if key.startswith("quiz") else "page", available=written, hidden=key.endswith("h"))
        for key, written in conditions.items()
    ]
    with clock.at(noon(date(2026, 9, 1))):  # what is over today was to come when the course was published
        return outlines.outline(make_version(*steps, **more).id)


def standing(done: str = "", *, shares: Mapping[str, float] | None = None, **audience: Any) -> Standing:
    states = {key: "passed" if key.startswith("quiz") else "completed" for key in done.split()}
    return Standing(states, TODAY, shares or {}, Audience(**audience))


def step(outline: Outline, key: str) -> Step:
    found = outline.step(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "done", "says"),
    [
        ({"done": "a"}, "", ["First finish “Lesson a”."]),
        ({"done": "a"}, "a", []),
        ({"passed": "quiz"}, "", ["First pass “Lesson quiz”."]),
        ({"section": "m1"}, "a", ["First finish the section “Part 1”."]),
        ({"section": "m1"}, "a quiz", []),
        ({"from": "2026-10-06"}, "", ["Open from 06/10/2026 on."]),
        ({"from": "2026-10-05"}, "", []),
        ({"until": "2026-10-05"}, "", []),
        ({"until": "2026-10-04"}, "", ["Open until 04/10/2026; that day is over."]),
        ({"share": {"of": "quiz", "least": 0.5}}, "", ["First get at least 50 % in “Lesson quiz”."]),
        ({"not": {"done": "a"}}, "a", ["Only as long as “Lesson a” is not done."]),
        ({"all": [{"done": "a"}, {"from": "2027-01-01"}]}, "a", ["Open from 01/01/2027 on."]),
        ({"any": [{"done": "a"}, {"from": "2027-01-01"}]}, "", ["One of these: First finish “Lesson a”. Open from 01/01/2027 on."]),
        ({"any": [{"done": "a"}, {"from": "2027-01-01"}]}, "a", []),
        ({"not": {"all": [{"done": "a"}, {"done": "quiz"}]}}, "a quiz", [
            "One of these: Only as long as “Lesson a” is not done. Only as long as “Lesson quiz” is not done."
        ]),
        ({"not": {"any": [{"done": "a"}, {"done": "quiz"}]}}, "a", ["Only as long as “Lesson a” is not done."]),
    ],
)  # fmt: skip
def test_a_step_says_what_it_waits_for(cast: object, written: Mapping[str, Any], done: str, says: list[str]) -> None:
    outline = course({"a": None, "quiz": None, "b": written}, per_section=2)

    assert openness.why_closed(step(outline, "b"), standing(done), outline) == says
    assert openness.is_open(step(outline, "b"), standing(done), outline) is not bool(says)


@given(CONDITIONS, some.data())
def test_closed_and_a_reason_go_together(condition: Condition, data: some.DataObject) -> None:
    outline = _bare(condition)
    one = outline.steps[-1]
    states = data.draw(some.dictionaries(some.sampled_from(["l1-1", "l1-2", "quiz"]), some.sampled_from(["failed", "completed", "passed"])))
    who = Audience(frozenset(data.draw(some.sets(some.sampled_from(["manager", "clerk"])))), data.draw(some.sampled_from([None, 6, 8])))
    how = Standing(states, data.draw(some.dates(date(2026, 1, 1), date(2030, 12, 31))), {}, who)

    assert openness.is_open(one, how, outline) is (openness.why_closed(one, how, outline) == [])
    if not openness.concerns(one, who):
        assert not openness.is_open(one, how, outline)


def test_what_is_for_others_is_not_shown_and_counts_for_nothing(cast: object) -> None:
    outline = course({"a": None, "b": {"positions": ["manager"]}, "c": {"any": [{"positions": ["manager"]}, {"done": "a"}]}})

    manager, teacher = standing(positions=frozenset({"manager"})), standing(positions=frozenset({"teacher"}))

    assert [each.key for each in outline.steps if openness.is_shown(each, manager, outline)] == ["a", "b", "c"]
    assert [each.key for each in outline.steps if openness.is_shown(each, teacher, outline)] == ["a", "c"]
    assert (progress(outline, manager).required, progress(outline, teacher).required) == (3, 2)


def test_what_is_hidden_appears_when_it_is_open(cast: object) -> None:
    outline = course({"a": None, "bh": {"done": "a"}})

    assert [openness.is_shown(step(outline, "bh"), each, outline) for each in (standing(), standing("a"))] == [False, True]
    assert progress(outline, standing()).required == 2  # it counts, also while it is not shown


def test_one_goes_on_at_what_is_open(cast: object) -> None:
    outline = course({"a": {"from": "2027-01-01"}, "b": None, "c": {"done": "b"}})

    now = [progress(outline, standing(done)).now for done in ("", "b", "b c")]

    assert [each.key if each else None for each in now] == ["b", "c", None]


def test_some_of_all_are_enough_where_the_course_says_so(cast: object) -> None:
    outline = course({"a": None, "b": None, "c": None}, needed=2)

    found = [progress(outline, standing(done)) for done in ("", "a", "a c", "a b c")]

    assert [(each.done, each.required, each.complete) for each in found] == [(0, 2, False), (1, 2, False), (2, 2, True), (2, 2, True)]
    assert [each.now.key if each.now else None for each in found] == ["a", "b", None, None]


@given(some.data())
def test_doing_more_never_completes_less(data: some.DataObject) -> None:
    # Conditions that ask for something not to be done close steps, and still take nothing of what counts.
    outline = _bare(data.draw(CONDITIONS))
    keys = [each.key for each in outline.steps]
    done = data.draw(some.sets(some.sampled_from(keys)))
    more = done | data.draw(some.sets(some.sampled_from(keys)))

    before, after = (progress(outline, Standing(dict.fromkeys(each, "completed"), TODAY)) for each in (done, more))

    assert before.done <= after.done <= after.required == before.required
    assert after.complete or not before.complete


def _bare(condition: Condition) -> Outline:
    """A course of three steps without conditions and one with, without a database."""
    steps = tuple(
        Step(
            number,
            key,
            "page",
            number,
            str(number),
            5,
            True,
            {"vi": key},
            {},
            Rule(("read",)),
            condition if key == "last" else None,
            False,
            "m1",
        )
        for number, key in enumerate(("l1-1", "l1-2", "quiz", "last"), start=1)
    )
    has_audiences = any(isinstance(leaf, availability.AUDIENCE) for leaf in availability.leaves(condition))
    return Outline(
        version_id=1, number=1, course_id=1, slug="khoa", code="K", audience="staff", owner_unit_id=None, title={}, summary={}, outcomes={},
        grades=(), languages=("vi",), periods=1, valid_months=None, as_of=TODAY, read_aloud=False, parts=(), steps=steps,
        by_key={each.key: each for each in steps}, required_keys=frozenset(each.key for each in steps), needed=None,
        has_conditions=True, has_audiences=has_audiences,
    )  # fmt: skip
