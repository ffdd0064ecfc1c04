"""When an activity is done: all the ticked conditions, each of them met once (pure).

What was met stays met, so doing more never completes less.  Time that somebody spent is
no condition: it proves nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.core.i18n import gettext, lazy_
from lms.courses.availability import WrongConditionError

# What can be asked for, in the order in which it is told.
VIEWED, READ, CHECKS, WATCHED, ACKNOWLEDGED, SUBMITTED, REACHED, PASSED, MARKED, ATTENDED = (
    "viewed",
    "read",
    "checks",
    "watched",
    "acknowledged",
    "submitted",
    "share",
    "passed",
    "marked",
    "attended",
)
NAMES: dict[str, Any] = {
    VIEWED: lazy_("opened"),
    READ: lazy_("marked as read by the learner"),
    CHECKS: lazy_("all checks in the text answered"),
    WATCHED: lazy_("watched"),
    ACKNOWLEDGED: lazy_("confirmed by the reader"),
    SUBMITTED: lazy_("handed in"),
    REACHED: lazy_("enough marks"),
    PASSED: lazy_("passed"),
    MARKED: lazy_("ticked by a teacher"),
    ATTENDED: lazy_("attended"),
}
# Met by somebody else's decision, whatever is asked for: recognised, or decided in a single case.
GRANTED = "granted"


@dataclass(frozen=True)
class Rule:
    """What has to be met; ``least`` share of the full mark where "share" is among it, 0.0 to 1.0."""

    asked: tuple[str, ...]
    least: float = 0.0

    def reaches(self, share: float | None) -> bool:
        """Return whether a share of the full mark is as much as is asked for; compared as percentages with two places."""
        return REACHED in self.asked and share is not None and round(share, 4) >= round(self.least, 4)

    def missing(self, met: Mapping[str, datetime]) -> list[str]:
        """Return what is not met yet, in the order of NAMES; nothing when it was granted."""
        return [] if GRANTED in met else [name for name in NAMES if name in self.asked and name not in met]

    def done_at(self, met: Mapping[str, datetime]) -> datetime | None:
        """Return when it was done: when the last condition was met, or it was granted before; None as long as something is missing."""
        if not self.asked or any(name not in met for name in self.asked):
            return met.get(GRANTED)
        by_all = max(met[name] for name in self.asked)
        return min(by_all, met[GRANTED]) if GRANTED in met else by_all


def read(data: Any, possible: Iterable[str], usual: Iterable[str]) -> Rule:
    """Return the rule that is written, a list such as ``[read, checks]`` or ``[submitted, {share: 0.6}]``; None is as usual.

    ``possible`` is what a kind of activity can meet.  Raises WrongConditionError with a sentence.
    """
    if data is None:
        return Rule(tuple(usual))
    possible = tuple(possible)
    if not isinstance(data, list) or not data:
        raise WrongConditionError(gettext("Under completion there is a list, such as [read, checks]."))
    asked, least = [], 0.0
    for each in data:
        name = each
        if isinstance(each, Mapping) and len(each) == 1 and REACHED in each:
            name, least = REACHED, each[REACHED]
            if isinstance(least, bool) or not isinstance(least, int | float) or not 0 < least <= 1:
                raise WrongConditionError(gettext("A share is more than 0 and at most 1: 0.5 is half of the marks."))
        if not isinstance(name, str) or name not in possible or (name == REACHED and not least):
            raise WrongConditionError(
                gettext('"{name}" cannot be asked for here. Possible are {names}.', name=each, names=", ".join(possible))
            )
        asked.append(name)
    return Rule(tuple(dict.fromkeys(asked)), float(least))


def written(rule: Rule) -> list[Any]:
    """Return how a rule is written; ``read`` gives it back."""
    return [{REACHED: rule.least} if name == REACHED else name for name in rule.asked]
