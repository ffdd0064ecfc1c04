"""What of an attempt is shown to its learner, and when; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lms.quizzes import grading
from lms.quizzes.timing import OPEN, State

JUST_AFTER = timedelta(minutes=2)


class Phase(StrEnum):
    """How far an attempt is, as far as showing is concerned."""

    DURING = "during"  # also overdue: it was not handed in yet
    JUST_AFTER = "just_after"
    LATER = "later"  # while the quiz is open
    CLOSED = "closed"


class Item(StrEnum):
    """What can be shown of an attempt."""

    ANSWERS = "answers"
    CORRECTNESS = "correctness"
    MARKS = "marks"
    FULL_MARKS = "full_marks"
    FEEDBACK = "feedback"  # of what was chosen
    GENERAL_FEEDBACK = "general_feedback"  # of the question, whatever was chosen
    RIGHT_ANSWER = "right_answer"
    OVERALL_FEEDBACK = "overall_feedback"


# People are here to learn: once it is handed in, everything is shown.
_DEFAULTS: Mapping[Phase, frozenset[Item]] = {
    Phase.DURING: frozenset({Item.ANSWERS, Item.FULL_MARKS}),
    Phase.JUST_AFTER: frozenset(Item),
    Phase.LATER: frozenset(Item),
    Phase.CLOSED: frozenset(Item),
}


def phase(state: State, finished_at: datetime | None, now: datetime, closes_at: datetime | None) -> Phase:
    """Return the phase that an attempt is in; closing comes before "just after", also seconds after handing in."""
    if state in OPEN:
        return Phase.DURING
    if closes_at and now >= closes_at:
        return Phase.CLOSED
    if finished_at and now < finished_at + JUST_AFTER:
        return Phase.JUST_AFTER
    return Phase.LATER


def shown(settings: Mapping[str, Sequence[str]], at: Phase, *, tells: bool = False) -> frozenset[Item]:
    """Return the items shown in a phase; ``settings`` hold lists of items by phase, a phase left out has the defaults.

    Whoever answers always sees the own answers, and never what the whole is worth.
    Where the behaviour tells how it went before the attempt is over (``tells``), the
    default is to tell everything about a question that is finished.
    """
    defaults = frozenset(Item) if tells else _DEFAULTS[at]
    chosen = frozenset(Item(item) for item in settings[at]) if at in settings else defaults
    if at is Phase.DURING:
        return (chosen | {Item.ANSWERS}) - {Item.OVERALL_FEEDBACK}
    return chosen


def shown_from(settings: Mapping[str, Sequence[str]], at: Phase, item: Item, *, closes: bool) -> Phase | None:
    """Return the first phase after this one in which an item is shown; None: in none that comes.  A quiz that never closes has no last phase."""
    coming = [each for each in Phase if closes or each is not Phase.CLOSED]
    return next((each for each in coming[coming.index(at) + 1 :] if item in shown(settings, each)), None)


def overall_feedback(bands: Sequence[Mapping[str, Any]], share: float | None) -> Mapping[str, str]:
    """Return the texts by language of the band that a share falls in: from its own ``from``, below that of the next.

    A bound is reached as a pass is, so that whoever passes at 80 % is told what is said from 80 % on.
    """
    if share is None:
        return {}
    reached = [band for band in bands if grading.reaches(max(share, 0.0), pass_share=band["from"])]
    texts: Mapping[str, str] = max(reached, key=lambda band: float(band["from"]))["texts"] if reached else {}
    return texts
