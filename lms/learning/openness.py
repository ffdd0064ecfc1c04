"""Which steps are for a learner, which of them are open, and why the others are not (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lms.core.i18n import _, localised
from lms.courses import availability
from lms.courses.availability import (
    All,
    AnyOf,
    Condition,
    Done,
    From,
    Grades,
    Leaf,
    Not,
    Passed,
    Positions,
    Reached,
    SectionDone,
    Until,
)
from lms.courses.outline import Outline
from lms.courses.steps import Step

# States of a result that count as done.  A failed quiz is not done, however often it was tried.
DONE = frozenset({"completed", "passed"})


@dataclass(frozen=True)
class Audience:
    """Who somebody is as far as conditions ask: positions held today, grade of the class."""

    positions: frozenset[str] = field(default=frozenset())
    grade: int | None = None


@dataclass(frozen=True)
class Standing:
    """How somebody stands in a course on a day: states and shares of the full mark, by activity key."""

    states: Mapping[str, str]
    today: date
    shares: Mapping[str, float] = field(default_factory=dict)
    audience: Audience = field(default_factory=Audience)


def concerns(step: Step, audience: Audience) -> bool:
    """Return whether a step can ever be for somebody: what it waits for may come, who one is does not change for it."""
    return step.available is None or availability.value(step.available, lambda leaf: _is_audience(leaf, audience)) is not False


def is_open(step: Step, standing: Standing, outline: Outline) -> bool:
    """Return whether a step may be done now."""
    return step.available is None or _holds(step.available, standing, outline)


def is_shown(step: Step, standing: Standing, outline: Outline) -> bool:
    """Return whether a learner sees that a step is there."""
    return concerns(step, standing.audience) and (not step.hidden or is_open(step, standing, outline))


def required(outline: Outline, audience: Audience) -> frozenset[str]:
    """Return the keys of the steps that count for somebody."""
    if not outline.has_audiences:
        return outline.required_keys
    return frozenset(step.key for step in outline.steps if step.required and concerns(step, audience))


def needed(outline: Outline, audience: Audience) -> int:
    """Return how many of the steps that count complete the course for somebody."""
    every = len(required(outline, audience))
    return every if outline.needed is None else min(outline.needed, every)


def why_closed(step: Step, standing: Standing, outline: Outline) -> list[str]:
    """Return what a step waits for, each as a sentence; nothing when it is open."""
    return _why(step.available, True, standing, outline) if step.available else []


def _holds(condition: Condition, standing: Standing, outline: Outline) -> bool:
    return availability.value(condition, lambda leaf: _look(leaf, standing, outline)) is True


def _is_audience(leaf: Leaf, audience: Audience) -> bool | None:
    match leaf:
        case Positions(codes):
            return not audience.positions.isdisjoint(codes)
        case Grades(grades):
            return audience.grade in grades
    return None


def _look(leaf: Leaf, standing: Standing, outline: Outline) -> bool:
    match leaf:
        case Done(key):
            return standing.states.get(key) in DONE
        case Passed(key):
            return standing.states.get(key) == "passed"
        case Reached(key, least):
            share = standing.shares.get(key)
            # Who was granted it has no marks.
            return standing.states.get(key) == "passed" if share is None else round(share, 4) >= round(least, 4)
        case SectionDone(key):
            counted = required(outline, standing.audience)
            return all(standing.states.get(step.key) in DONE for step in outline.steps if step.part_key == key and step.key in counted)
        case From(day):
            return standing.today >= day
        case Until(day):
            return standing.today <= day
        case _:
            return bool(_is_audience(leaf, standing.audience))


def _why(condition: Condition, wanted: bool, standing: Standing, outline: Outline) -> list[str]:
    """Return sentences for what hinders a condition from being as it is wanted."""
    if _holds(condition, standing, outline) is wanted:
        return []
    match condition:
        case Not(inner):
            return _why(inner, not wanted, standing, outline)
        case All(of) | AnyOf(of):
            inner_reasons = [reason for each in of for reason in _why(each, wanted, standing, outline)]
            # "Not all of these" asks for one of them, as "any of these" does.
            one_is_enough = isinstance(condition, AnyOf) is wanted
            if one_is_enough and len(inner_reasons) > 1:
                return [_("One of these: {reasons}", reasons=" ".join(inner_reasons))]
            return inner_reasons
        case leaf:
            return [_sentence(leaf, wanted, outline)]


def _sentence(leaf: Leaf, wanted: bool, outline: Outline) -> str:
    match leaf:
        case Done(key):
            title = _title(key, outline)
            return _("First finish “{title}”.", title=title) if wanted else _("Only as long as “{title}” is not done.", title=title)
        case Passed(key):
            title = _title(key, outline)
            return _("First pass “{title}”.", title=title) if wanted else _("Only as long as “{title}” is not passed.", title=title)
        case Reached(key, least):
            title, share = _title(key, outline), round(100 * least)
            if wanted:
                return _("First get at least {share} % in “{title}”.", share=share, title=title)
            return _("Only with less than {share} % in “{title}”.", share=share, title=title)
        case SectionDone(key):
            title = next((localised(part.title) for part in outline.parts if part.key == key), key)
            return _("First finish the section “{title}”.", title=title) if wanted else _("Only before “{title}” is finished.", title=title)
        case From(day):
            said = day.strftime("%d/%m/%Y")
            return _("Open from {day} on.", day=said) if wanted else _("Open only before {day}.", day=said)
        case Until(day):
            said = day.strftime("%d/%m/%Y")
            return _("Open until {day}; that day is over.", day=said) if wanted else _("Open only after {day}.", day=said)
        case Grades(grades):
            said = ", ".join(str(grade) for grade in grades)
            return _("For pupils of grade {grades}.", grades=said) if wanted else _("Not for pupils of grade {grades}.", grades=said)
        case Positions():
            return _("For those who hold another position.") if wanted else _("Not for those who hold your position.")


def _title(key: str, outline: Outline) -> str:
    step = outline.step(key)
    return localised(step.title) if step else key
