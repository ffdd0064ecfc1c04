"""What follows from what was met in an activity (pure): which conditions a happening meets, and the state they lead to."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from lms.courses.completion import ACKNOWLEDGED, ATTENDED, CHECKS, GRANTED, MARKED, PASSED, REACHED, READ, SUBMITTED, VIEWED, WATCHED
from lms.courses.steps import Step

_BY_SOURCE = {
    "opened": (VIEWED,),
    "checks": (VIEWED, CHECKS),
    "view": (VIEWED, READ),
    # A class or a meeting went through it together with somebody who asked the checks.
    "classroom": (VIEWED, READ, CHECKS),
    "watched": (VIEWED, WATCHED),
    "acknowledged": (VIEWED, READ, ACKNOWLEDGED),
    "survey": (VIEWED, SUBMITTED),
    "posted": (VIEWED, SUBMITTED),
    "quiz": (SUBMITTED,),
    "attendance": (VIEWED, READ, CHECKS, ATTENDED),
    "marked": (MARKED,),
    "recognised": (GRANTED,),
    "override": (GRANTED,),
}


def met_by(step: Step, source: str, share: float | None, passed: bool | None) -> Collection[str]:
    """Return the conditions of a step that a happening meets."""
    if source in ("recognised", "override", "marked"):
        return _BY_SOURCE[source]
    if passed is None:
        return _BY_SOURCE.get(source, (VIEWED, READ, SUBMITTED))
    # Tries that are used up without one of them handed in meet nothing.
    submitted = (SUBMITTED,) if passed or share is not None else ()
    reached = (REACHED,) if step.rule.reaches(share) else ()
    return (*submitted, *reached, PASSED) if passed else (*submitted, *reached)


def with_more(met: Mapping[str, Any], conditions: Collection[str], moment: datetime) -> dict[str, Any]:
    """Return what is met once these conditions are, too; what was met earlier keeps its moment."""
    known = dict(met)
    for condition in conditions:
        before = known.get(condition)
        if before is None or moments({condition: before})[condition] > moment:
            known[condition] = moment.astimezone(UTC).isoformat()
    return known


def moments(met: Mapping[str, Any]) -> dict[str, datetime]:
    """Return since when each condition is met, from how it is kept."""
    read = {name: datetime.fromisoformat(said) for name, said in met.items() if said}
    # Rows from before conditions were kept come without a zone from SQLite; they are in UTC.
    return {name: moment if moment.tzinfo else moment.replace(tzinfo=UTC) for name, moment in read.items()}


def state(step: Step, met: Mapping[str, Any]) -> tuple[str, datetime | None]:
    """Return the state of an activity, started, completed or passed, and since when it is done."""
    known = moments(met)
    done_at = step.rule.done_at(known)
    if done_at is None:
        return "started", None
    has_passed = PASSED in known or (GRANTED in known and PASSED in step.rule.asked)
    return ("passed" if has_passed else "completed"), done_at


def missing(step: Step, met: Mapping[str, Any]) -> list[str]:
    """Return the conditions of an activity that are not met yet."""
    return step.rule.missing(moments(met))
