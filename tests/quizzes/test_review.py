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


BANDS = [{"from": 0.0, "texts": {"en": "Again"}}, {"from": 0.8, "texts": {"en": "Good"}}, {"from": 1.0, "texts": {"en": "All"}}]


@pytest.mark.parametrize(
    ("share", "text"), [(-0.5, "Again"), (0.0, "Again"), (0.7999, "Again"), (0.8, "Good"), (0.9999, "Good"), (1.0, "All")]
)
def test_a_band_goes_from_its_bound_up_to_the_next(share: float, text: str) -> None:
    assert review.overall_feedback(BANDS, share) == {"en": text}


def test_without_a_mark_or_bands_nothing_is_said() -> None:
    assert review.overall_feedback(BANDS, None) == {}
    assert review.overall_feedback([], 1.0) == {}
    assert review.overall_feedback([{"from": 0.5, "texts": {"en": "Half"}}], 0.4) == {}
