"""What time does to an attempt, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.quizzes import timing
from lms.quizzes.timing import LATENESS, Change, Reason, Refusal, Rules, State, Try, WhenExpired

START = datetime(2026, 10, 5, 3, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=30)
ENDS = START + LIMIT
GRACE = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
LATE = ENDS + LATENESS

SUBMIT = Rules(limit=LIMIT)
GRACEFUL = Rules(limit=LIMIT, grace=GRACE, when_expired=WhenExpired.GRACE)
ABANDON = Rules(limit=LIMIT, when_expired=WhenExpired.ABANDON)


@pytest.mark.parametrize(
    ("rules", "ends"),
    [
        (Rules(), None),
        (Rules(limit=LIMIT), ENDS),
        (Rules(closes_at=START + SECOND), START + SECOND),
        (Rules(limit=LIMIT, closes_at=START + SECOND), START + SECOND),
        (Rules(limit=LIMIT, closes_at=ENDS + SECOND), ENDS),
    ],
)
def test_an_attempt_ends_with_its_limit_or_with_the_quiz(rules: Rules, ends: datetime | None) -> None:
    assert timing.ends_at(rules, START) == ends


@pytest.mark.parametrize(
    ("state", "now", "ends", "taken"),
    [
        (State.IN_PROGRESS, ENDS - SECOND, ENDS, True),
        (State.IN_PROGRESS, ENDS, ENDS, True),
        (State.IN_PROGRESS, LATE, ENDS, True),  # sent in time, arrived late
        (State.IN_PROGRESS, LATE + SECOND, ENDS, False),
        (State.IN_PROGRESS, LATE + timedelta(days=9), None, True),
        (State.OVERDUE, ENDS + SECOND, ENDS, False),
        (State.FINISHED, START, ENDS, False),
        (State.ABANDONED, START, None, False),
    ],
)
def test_answers_are_taken_until_the_time_is_over(state: State, now: datetime, ends: datetime | None, taken: bool) -> None:
    assert timing.takes_answers(state, now, ends) is taken


@pytest.mark.parametrize(
    ("now", "ends", "is_up"),
    [
        (ENDS - 3 * SECOND, ENDS, False),
        (ENDS - 2 * SECOND, ENDS, True),
        (LATE, ENDS, True),
        (LATE, ENDS + LIMIT, False),
        (LATE, None, False),
    ],
)
def test_a_page_whose_clock_ran_out_is_believed_when_the_time_is_up(now: datetime, ends: datetime | None, is_up: bool) -> None:
    assert timing.is_up(now, ends) is is_up


@pytest.mark.parametrize(
    ("rules", "state", "now", "change"),
    [
        (SUBMIT, State.IN_PROGRESS, ENDS, None),
        (SUBMIT, State.IN_PROGRESS, LATE, None),
        (SUBMIT, State.IN_PROGRESS, LATE + SECOND, Change(State.FINISHED, ENDS)),
        (SUBMIT, State.IN_PROGRESS, LATE + timedelta(days=3), Change(State.FINISHED, ENDS)),
        (GRACEFUL, State.IN_PROGRESS, LATE, None),
        (GRACEFUL, State.IN_PROGRESS, LATE + SECOND, Change(State.OVERDUE, None)),
        (GRACEFUL, State.IN_PROGRESS, LATE + GRACE, Change(State.OVERDUE, None)),
        (GRACEFUL, State.IN_PROGRESS, LATE + GRACE + SECOND, Change(State.ABANDONED, ENDS)),  # no job ran in between
        (GRACEFUL, State.OVERDUE, LATE + GRACE, None),
        (GRACEFUL, State.OVERDUE, LATE + GRACE + SECOND, Change(State.ABANDONED, ENDS)),
        (ABANDON, State.IN_PROGRESS, LATE, None),
        (ABANDON, State.IN_PROGRESS, LATE + SECOND, Change(State.ABANDONED, ENDS)),
        (SUBMIT, State.FINISHED, LATE + SECOND, None),
        (SUBMIT, State.ABANDONED, LATE + SECOND, None),
    ],
)
def test_time_alone_changes_an_attempt(rules: Rules, state: State, now: datetime, change: Change | None) -> None:
    assert timing.by_time(rules, state, now, ENDS) == change


@pytest.mark.parametrize(
    ("rules", "state", "now", "change"),
    [
        (SUBMIT, State.IN_PROGRESS, START + SECOND, Change(State.FINISHED, START + SECOND)),
        (SUBMIT, State.IN_PROGRESS, LATE, Change(State.FINISHED, LATE)),
        (SUBMIT, State.IN_PROGRESS, LATE + SECOND, Change(State.FINISHED, ENDS)),
        (GRACEFUL, State.IN_PROGRESS, LATE + GRACE, Change(State.FINISHED, LATE + GRACE)),
        (GRACEFUL, State.OVERDUE, LATE + GRACE, Change(State.FINISHED, LATE + GRACE)),
        (GRACEFUL, State.OVERDUE, LATE + GRACE + SECOND, Change(State.ABANDONED, ENDS)),
        (ABANDON, State.IN_PROGRESS, LATE, Change(State.FINISHED, LATE)),
        (ABANDON, State.IN_PROGRESS, LATE + SECOND, Change(State.ABANDONED, ENDS)),
    ],
)
def test_handing_in_gives_the_same_as_a_job_would_have(rules: Rules, state: State, now: datetime, change: Change) -> None:
    assert timing.by_hand(rules, state, now, ENDS) == change


def test_without_an_end_handing_in_is_always_possible() -> None:
    later = START + timedelta(days=400)
    assert timing.by_hand(Rules(), State.IN_PROGRESS, later, None) == Change(State.FINISHED, later)
    assert timing.by_time(Rules(), State.IN_PROGRESS, later, None) is None


@pytest.mark.parametrize(
    ("state", "when"),
    [(State.IN_PROGRESS, LATE), (State.OVERDUE, LATE + GRACE), (State.FINISHED, None), (State.ABANDONED, None)],
)
def test_somebody_looks_when_the_time_is_over(state: State, when: datetime | None) -> None:
    assert timing.check_at(GRACEFUL, state, ENDS) == when


ONE = Try(START, START + timedelta(minutes=5))
HANDED_IN_LATE = Try(START, START + timedelta(hours=2))
DELAY = timedelta(hours=1)
CLOSES = START + timedelta(days=1)


@pytest.mark.parametrize(
    ("rules", "now", "tries", "refusal"),
    [
        (Rules(), START, [], None),
        (Rules(), START, [ONE] * 50, None),
        (Rules(opens_at=START), START - SECOND, [], Refusal(Reason.NOT_OPEN, START)),
        (Rules(opens_at=START), START, [], None),
        (Rules(closes_at=CLOSES), CLOSES - SECOND, [], None),
        (Rules(closes_at=CLOSES), CLOSES, [], Refusal(Reason.CLOSED)),
        (Rules(tries=2), START, [ONE], None),
        (Rules(tries=2), START, [ONE, ONE], Refusal(Reason.USED_UP)),
        (Rules(delay=DELAY), ONE.ended_at + DELAY - SECOND, [ONE], Refusal(Reason.WAIT, ONE.ended_at + DELAY)),
        (Rules(delay=DELAY), ONE.ended_at + DELAY, [ONE], None),
        # After the second try, and only then, the later wait counts: none given is the first one, nothing is nothing.
        (Rules(delay=DELAY), ONE.ended_at + SECOND, [ONE, ONE], Refusal(Reason.WAIT, ONE.ended_at + DELAY)),
        (Rules(delay=DELAY, later_delay=timedelta(0)), ONE.ended_at + SECOND, [ONE, ONE], None),
        (Rules(later_delay=DELAY), ONE.ended_at + SECOND, [ONE], None),
        (Rules(later_delay=DELAY), ONE.ended_at + SECOND, [ONE, ONE], Refusal(Reason.WAIT, ONE.ended_at + DELAY)),
        # The wait is counted from the end of the time, not from a late hand-in.
        (Rules(delay=DELAY, limit=LIMIT), ENDS + DELAY, [HANDED_IN_LATE], None),
        (Rules(delay=DELAY, closes_at=ONE.ended_at + DELAY), ONE.ended_at + SECOND, [ONE], Refusal(Reason.CANNOT_WAIT)),
    ],
)
def test_when_the_next_attempt_may_begin(rules: Rules, now: datetime, tries: list[Try], refusal: Refusal | None) -> None:
    assert timing.refusal(rules, now, tries) == refusal
