"""When an attempt ends, what time alone does to it, and when the next one may begin; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from unicodedata import normalize

# What was sent in time may arrive this much later; until then time alone changes nothing.
LATENESS = timedelta(seconds=20)
CLOCKS_DIFFER = timedelta(seconds=2)  # that of a page and ours


class State(StrEnum):
    """What an attempt is at."""

    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"  # the time is over, and it can still be handed in, but no longer answered
    FINISHED = "finished"
    ABANDONED = "abandoned"  # never handed in; counts as a try and has no mark


OPEN = (State.IN_PROGRESS, State.OVERDUE)


class WhenExpired(StrEnum):
    """What becomes of an attempt whose time is over before it was handed in."""

    SUBMIT = "submit"  # it is handed in as it stands
    GRACE = "grace"  # it can be handed in for a while, but not answered
    ABANDON = "abandon"


@dataclass(frozen=True)
class Rules:
    """What a quiz says about time and tries."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    limit: timedelta | None = None
    grace: timedelta = timedelta(0)  # only with WhenExpired.GRACE
    delay: timedelta = timedelta(0)  # from the end of a try to the next
    later_delay: timedelta | None = None  # after the second try and later ones; None: the same
    tries: int = 0  # 0: as many as one likes
    when_expired: WhenExpired = WhenExpired.SUBMIT
    passwords: tuple[str, ...] = ()  # any of them lets a learner begin; none: nothing is asked


@dataclass(frozen=True)
class Change:
    """What an attempt becomes; ``at`` is the moment on which it ended, None when it has not."""

    state: State
    at: datetime | None


def ends_at(rules: Rules, started_at: datetime) -> datetime | None:
    """Return when the time of an attempt is over: its limit or the closing of the quiz, what comes first."""
    ends = [moment for moment in (started_at + rules.limit if rules.limit else None, rules.closes_at) if moment]
    return min(ends, default=None)


def check_at(rules: Rules, state: State, ends: datetime | None) -> datetime | None:
    """Return when somebody must look whether time has changed the attempt; None: never."""
    if ends is None or state not in OPEN:
        return None
    return ends + LATENESS + (rules.grace if state is State.OVERDUE else timedelta(0))


def takes_answers(state: State, now: datetime, ends: datetime | None) -> bool:
    """Say whether an answer that arrives now counts."""
    return state is State.IN_PROGRESS and (ends is None or now <= ends + LATENESS)


def is_up(now: datetime, ends: datetime | None) -> bool:
    """Say whether a page whose clock ran out is right; clocks may differ a little (Moodle: QUIZ_MIN_TIME_TO_CONTINUE)."""
    return ends is not None and now >= ends - CLOCKS_DIFFER


def by_time(rules: Rules, state: State, now: datetime, ends: datetime | None) -> Change | None:
    """Return what time alone makes of an attempt; None when it stays as it is.

    The moment that counts as its end does not depend on how soon somebody
    looked: it is the end of the time, not the minute in which a job ran.
    """
    due = check_at(rules, state, ends)
    if due is None or ends is None or now <= due:
        return None
    if state is State.IN_PROGRESS and rules.when_expired is WhenExpired.SUBMIT:
        return Change(State.FINISHED, ends)
    if state is State.IN_PROGRESS and rules.when_expired is WhenExpired.GRACE and now <= due + rules.grace:
        return Change(State.OVERDUE, None)
    return Change(State.ABANDONED, ends)


def by_hand(rules: Rules, state: State, now: datetime, ends: datetime | None) -> Change:
    """Return what an open attempt becomes when its learner hands it in.

    Handing in while it may still be handed in gives this moment.  Later than that
    it becomes what time alone has made of it, whether a job was there first or not.
    """
    overdue = state is State.OVERDUE or rules.when_expired is WhenExpired.GRACE
    if ends is None or now <= ends + LATENESS + (rules.grace if overdue else timedelta(0)):
        return Change(State.FINISHED, now)
    return by_time(rules, state, now, ends) or Change(State.FINISHED, now)


def opens_with(rules: Rules, password: str) -> bool:
    """Say whether a learner who typed this may begin; letters that look the same are the same."""
    typed = normalize("NFC", password).strip()
    # All of them are compared, so that the time it takes tells nothing.
    fits = [compare_digest(normalize("NFC", each).strip().encode(), typed.encode()) for each in rules.passwords]
    return not fits or any(fits)


class Reason(StrEnum):
    """Why no new attempt may begin."""

    NOT_OPEN = "not_open"
    CLOSED = "closed"
    USED_UP = "used_up"
    WAIT = "wait"
    CANNOT_WAIT = "cannot_wait"  # one would have to wait until after the closing


@dataclass(frozen=True)
class Refusal:
    """``until`` is when the quiz opens, or the wait is over."""

    reason: Reason
    until: datetime | None = None

    @property
    def is_final(self) -> bool:
        """Say whether waiting does not help."""
        return self.reason in (Reason.CLOSED, Reason.USED_UP, Reason.CANNOT_WAIT)


@dataclass(frozen=True)
class Try:
    """An attempt that is over; an abandoned one counts like any other."""

    started_at: datetime
    ended_at: datetime


def refusal(rules: Rules, now: datetime, tries: Sequence[Try]) -> Refusal | None:
    """Return why a learner with these former tries, in order, may not begin another one now; None: go ahead.

    The wait is counted from the end of the last try, also when it was abandoned:
    its end is the moment on which its time was over.
    """
    if rules.opens_at and now < rules.opens_at:
        return Refusal(Reason.NOT_OPEN, rules.opens_at)
    if rules.closes_at and now >= rules.closes_at:
        return Refusal(Reason.CLOSED)
    if rules.tries and len(tries) >= rules.tries:
        return Refusal(Reason.USED_UP)
    delay = rules.delay if len(tries) < 2 or rules.later_delay is None else rules.later_delay
    if not tries or not delay:
        return None
    last = tries[-1]
    # Who handed in late must not wait longer for it.
    ended = min(last.ended_at, last.started_at + rules.limit) if rules.limit else last.ended_at
    free = ended + delay
    if now >= free:
        return None
    if rules.closes_at and free >= rules.closes_at:
        return Refusal(Reason.CANNOT_WAIT)
    return Refusal(Reason.WAIT, free)
