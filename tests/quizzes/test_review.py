"""What is shown of an attempt, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.quizzes import review
from lms.quizzes.review import Item, Phase
from lms.quizzes.timing import State

NOW = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "finished_at", "closes_at", "phase"),
    [
        (State.IN_PROGRESS, None, None, Phase.DURING),
        (State.IN_PROGRESS, None, NOW - SECOND, Phase.DURING),
        (State.OVERDUE, None, NOW - SECOND, Phase.DURING),
        (State.FINISHED, NOW - timedelta(seconds=119), None, Phase.JUST_AFTER),
        (State.FINISHED, NOW - timedelta(seconds=120), None, Phase.LATER),
        (State.FINISHED, NOW - timedelta(days=900), None, Phase.LATER),  # never closes: never "closed"
        (State.FINISHED, NOW - SECOND, NOW, Phase.CLOSED),
        (State.FINISHED, NOW - SECOND, NOW + SECOND, Phase.JUST_AFTER),
        (State.ABANDONED, None, None, Phase.LATER),
        (State.ABANDONED, NOW - timedelta(days=1), NOW - SECOND, Phase.CLOSED),
    ],
)
def test_the_phase_of_a_review(state: State, finished_at: datetime | None, closes_at: datetime | None, phase: Phase) -> None:
    assert review.phase(state, finished_at, NOW, closes_at) is phase


def test_while_one_answers_nothing_tells_what_is_right() -> None:
    assert review.shown({}, Phase.DURING) == {Item.ANSWERS, Item.FULL_MARKS}
    assert review.shown({"during": ["overall_feedback", "feedback"]}, Phase.DURING) == {Item.ANSWERS, Item.FEEDBACK}


def test_afterwards_everything_is_shown_unless_the_quiz_says_otherwise() -> None:
    assert review.shown({}, Phase.LATER) == set(Item)
    assert review.shown({"later": ["answers", "marks"]}, Phase.LATER) == {Item.ANSWERS, Item.MARKS}
    assert review.shown({"later": ["answers", "marks"]}, Phase.JUST_AFTER) == set(Item)


@pytest.mark.parametrize("at", Phase)
@pytest.mark.parametrize("item", Item)
def test_every_item_is_shown_in_a_phase_when_the_quiz_says_so_and_only_then(at: Phase, item: Item) -> None:
    """While one answers, one's own answers are always there, and what the whole is worth never is."""
    forced = {Item.ANSWERS} if at is Phase.DURING else set()
    never = {Item.OVERALL_FEEDBACK} if at is Phase.DURING else set()

    assert review.shown({at: [item]}, at) == ({item} | forced) - never
    assert review.shown({at: [each for each in Item if each is not item]}, at) == (set(Item) - {item} | forced) - never
    assert review.shown({at: []}, at) == forced


def test_where_questions_are_checked_one_by_one_everything_is_told_at_once() -> None:
    assert review.shown({}, Phase.DURING, tells=True) == set(Item) - {Item.OVERALL_FEEDBACK}
    assert review.shown({"during": ["correctness"]}, Phase.DURING, tells=True) == {Item.ANSWERS, Item.CORRECTNESS}


@pytest.mark.parametrize(
    ("hidden", "at", "closes", "phase"),
    [
        (["just_after"], Phase.JUST_AFTER, False, Phase.LATER),
        (["just_after", "later"], Phase.JUST_AFTER, True, Phase.CLOSED),
        (["just_after", "later"], Phase.LATER, True, Phase.CLOSED),
        (["just_after", "later"], Phase.LATER, False, None),  # a quiz that never closes never comes there
        (["just_after", "later", "closed"], Phase.JUST_AFTER, True, None),
        (["closed"], Phase.CLOSED, True, None),
    ],
)
def test_what_is_hidden_says_when_it_will_be_shown(hidden: list[str], at: Phase, closes: bool, phase: Phase | None) -> None:
    assert review.shown_from({each: ["answers"] for each in hidden}, at, Item.MARKS, closes=closes) is phase


BANDS = [{"from": 0.0, "texts": {"en": "Again"}}, {"from": 0.8, "texts": {"en": "Good"}}, {"from": 1.0, "texts": {"en": "All"}}]


@pytest.mark.parametrize(
    ("share", "text"), [(-0.5, "Again"), (0.0, "Again"), (0.7999, "Again"), (0.8, "Good"), (0.9999, "Good"), (1.0, "All")]
)
def test_a_band_goes_from_its_bound_up_to_the_next(share: float, text: str) -> None:
    assert review.overall_feedback(BANDS, share) == {"en": text}


def test_who_passes_by_a_hair_of_rounding_is_told_what_is_said_to_those_who_pass() -> None:
    assert review.overall_feedback(BANDS, 0.7 + 0.1) == {"en": "Good"}
    assert review.overall_feedback(BANDS, 0.7999999) == {"en": "Good"}


def test_without_a_mark_or_bands_nothing_is_said() -> None:
    assert review.overall_feedback(BANDS, None) == {}
    assert review.overall_feedback([], 1.0) == {}
    assert review.overall_feedback([{"from": 0.5, "texts": {"en": "Half"}}], 0.4) == {}
