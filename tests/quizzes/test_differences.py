"""What overrides and extra time make of the rules of a quiz."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes import differences, timing
from lms.quizzes.differences import Differing, WrongChange
from lms.quizzes.timing import Rules

MONDAY = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)
LIMIT = timedelta(minutes=30)
QUIZ = Rules(opens_at=MONDAY, closes_at=FRIDAY, limit=LIMIT, tries=2, grace=timedelta(minutes=5), passwords=("quiz",))


def groups(*changes: dict[str, Any]) -> Differing:
    return Differing(of_groups=tuple(differences.write(each) for each in changes))


def test_without_differences_the_quiz_itself_counts() -> None:
    assert differences.apply(QUIZ, Differing()) == QUIZ


@pytest.mark.parametrize(
    ("name", "values", "field", "kindest"),
    [
        ("opens_at", (MONDAY, MONDAY - timedelta(days=1)), "opens_at", MONDAY - timedelta(days=1)),
        ("opens_at", (MONDAY, None), "opens_at", None),
        ("closes_at", (MONDAY, FRIDAY), "closes_at", FRIDAY),
        ("closes_at", (FRIDAY, None), "closes_at", None),
        ("time_limit_seconds", (600, 1200), "limit", timedelta(minutes=20)),
        ("time_limit_seconds", (600, None), "limit", None),
        ("attempts_allowed", (1, 5), "tries", 5),
        ("attempts_allowed", (5, None), "tries", 0),
        ("attempts_allowed", (5, 0), "tries", 0),
        ("grace_seconds", (0, 60), "grace", timedelta(minutes=1)),
        ("password", ("6a1", "6a2"), "passwords", ("6a1", "6a2")),
        ("password", ("6a1", None), "passwords", ()),
    ],
)
def test_of_several_groups_the_kindest_counts(name: str, values: tuple[Any, Any], field: str, kindest: Any) -> None:
    for first, second in (values, values[::-1]):
        rules = differences.apply(QUIZ, groups({name: first}, {name: second}))

        found = getattr(rules, field)
        assert (set(found) == set(kindest)) if isinstance(found, tuple) else (found == kindest)


def test_a_group_counts_even_when_it_is_stricter_than_the_quiz() -> None:
    assert differences.apply(QUIZ, groups({"attempts_allowed": 1})).tries == 1


def test_what_is_changed_for_the_person_comes_before_what_is_changed_for_groups() -> None:
    differing = Differing(of_groups=({"attempts_allowed": None, "time_limit_seconds": 3600},), of_person={"attempts_allowed": 1})

    rules = differences.apply(QUIZ, differing)

    assert (rules.tries, rules.limit, rules.closes_at) == (1, timedelta(hours=1), FRIDAY)


def test_extra_time_stretches_limit_and_grace_wherever_they_come_from_and_moves_no_date() -> None:
    own = Differing(of_person={"time_limit_seconds": 2400}, multiplier=1.5)

    assert differences.apply(QUIZ, Differing(multiplier=1.5)) == Rules(
        opens_at=MONDAY,
        closes_at=FRIDAY,
        limit=timedelta(minutes=45),
        tries=2,
        grace=timedelta(minutes=7, seconds=30),
        passwords=("quiz",),
    )
    assert differences.apply(QUIZ, own).limit == timedelta(minutes=60)


def test_the_time_of_an_attempt_still_ends_when_the_quiz_closes() -> None:
    rules = differences.apply(QUIZ, Differing(multiplier=4.0))

    assert timing.ends_at(rules, FRIDAY - timedelta(minutes=10)) == FRIDAY


@pytest.mark.parametrize(
    "changes",
    [
        {"pass_share": 0.1},
        {"grace_seconds": None},
        {"time_limit_seconds": "600"},
        {"time_limit_seconds": True},
        {"attempts_allowed": -1},
        {"opens_at": "2026-10-05T08:00:00"},
        {"opens_at": "soon"},
        {"opens_at": 5},
        {"password": ""},
    ],
)
def test_what_cannot_differ_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongChange):
        differences.read(changes)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "opens_at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "closes_at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "time_limit_seconds": st.none() | st.integers(60, 7200),
        "attempts_allowed": st.none() | st.integers(1, 9),
        "grace_seconds": st.integers(0, 3600),
        "password": st.none() | st.text("abc", min_size=1, max_size=3),
    },
)


@given(st.lists(CHANGES, max_size=4), st.none() | CHANGES, st.floats(1.0, 4.0), st.randoms())
def test_the_order_of_groups_makes_no_difference_and_nothing_stored_is_lost(
    of_groups: list[dict[str, Any]], own: dict[str, Any] | None, multiplier: float, random: Any
) -> None:
    stored = [differences.write(each) for each in of_groups]
    shuffled = random.sample(stored, len(stored))
    mine = None if own is None else differences.write(own)

    one = differences.apply(QUIZ, Differing(tuple(stored), mine, multiplier))
    other = differences.apply(QUIZ, Differing(tuple(shuffled), mine, multiplier))

    assert (one, set(one.passwords)) == (Rules(**{**vars(other), "passwords": one.passwords}), set(other.passwords))
    assert [differences.read(each) for each in stored] == of_groups


@given(st.text(max_size=5), st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_any_of_the_passwords_lets_in_and_nothing_else_does(typed: str, passwords: list[str]) -> None:
    rules = Rules(passwords=tuple(passwords))

    assert timing.opens_with(rules, typed) is (not passwords or typed.strip() in {each.strip() for each in passwords} or typed in passwords)
