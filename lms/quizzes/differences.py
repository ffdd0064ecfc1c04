"""What overrides and extra time make of the rules of a quiz for one learner; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes.timing import Rules

# What may differ from person to person; everything else of a quiz is the same for all.
FIELDS = ("opens_at", "closes_at", "time_limit_seconds", "attempts_allowed", "grace_seconds", "password")
_MOMENTS = ("opens_at", "closes_at")
_NEVER_WITHOUT = "grace_seconds"


class WrongChange(Invalid):
    code = "wrong_change"
    message = lazy_('"{name}" cannot be changed to this for some learners only.')


@dataclass(frozen=True)
class Differing:
    """What applies to one learner besides the quiz itself: the changes for units and classes, the own ones, extra time."""

    of_groups: tuple[Mapping[str, Any], ...] = ()
    of_person: Mapping[str, Any] | None = None
    multiplier: float = 1.0  # of every time limit and every time of grace


def read(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored changes with moments as moments; None means "no limit".  Raises WrongChange."""
    return {name: _value(name, value) for name, value in changes.items()}


def write(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes as they are stored.  Raises WrongChange."""
    stored = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in changes.items()}
    read(stored)
    return stored


def apply(rules: Rules, differing: Differing) -> Rules:
    """Return the rules of one learner, field by field.

    What is changed for the person comes before what is changed for groups, and that
    before the quiz.  Of several groups the kindest counts: the earliest opening, the
    latest closing, the longest limit, the most attempts, and "no limit" before any;
    the password of each of them works (Moodle: quiz_update_effective_access).

    Extra time stretches limit and grace, wherever they come from.  Closing dates stay.
    """
    own = read(differing.of_person or {})
    groups = [read(each) for each in differing.of_groups]
    changed: dict[str, Any] = {}
    for name in FIELDS:
        if name in own:
            changed[name] = _KINDEST[name]([own[name]])
        elif values := [each[name] for each in groups if name in each]:
            changed[name] = _KINDEST[name](values)
    return _stretched(_with(rules, changed), differing.multiplier)


def _with(rules: Rules, changed: Mapping[str, Any]) -> Rules:
    values: dict[str, Any] = {name: changed[name] for name in _MOMENTS if name in changed}
    if "time_limit_seconds" in changed:
        seconds = changed["time_limit_seconds"]
        values["limit"] = timedelta(seconds=seconds) if seconds else None
    if "attempts_allowed" in changed:
        values["tries"] = changed["attempts_allowed"] or 0
    if "grace_seconds" in changed:
        values["grace"] = timedelta(seconds=changed["grace_seconds"])
    if "password" in changed:
        values["passwords"] = changed["password"]
    return replace(rules, **values) if values else rules


def _stretched(rules: Rules, multiplier: float) -> Rules:
    if multiplier <= 1.0:
        return rules
    return replace(
        rules,
        limit=timedelta(seconds=round(rules.limit.total_seconds() * multiplier)) if rules.limit else None,
        grace=timedelta(seconds=round(rules.grace.total_seconds() * multiplier)),
    )


def _earliest(values: Sequence[Any]) -> Any:
    return None if None in values else min(values)


def _most(values: Sequence[Any]) -> Any:
    # 0 attempts, like none at all, means: as often as one likes.
    return None if any(not value for value in values) else max(values)


def _all_of_them(values: Sequence[Any]) -> tuple[str, ...]:
    return () if None in values else tuple(dict.fromkeys(values))


_KINDEST: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "opens_at": _earliest,
    "closes_at": _most,
    "time_limit_seconds": _most,
    "attempts_allowed": _most,
    "grace_seconds": max,
    "password": _all_of_them,
}


def _value(name: str, value: Any) -> Any:
    if name not in FIELDS or (value is None and name == _NEVER_WITHOUT):
        raise WrongChange(name=name)
    if value is None:
        return None
    if name in _MOMENTS:
        return _moment(name, value)
    if name == "password":
        if not isinstance(value, str) or not value:
            raise WrongChange(name=name)
        return value
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise WrongChange(name=name)
    return value


def _moment(name: str, value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise WrongChange(name=name) from error
    if moment.tzinfo is None:
        raise WrongChange(name=name)
    return moment
