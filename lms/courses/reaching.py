"""Whether a course can be completed at all (pure): what would hinder every learner is told before anybody begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lms.core.i18n import gettext
from lms.courses.availability import Condition, Done, From, Grades, Leaf, Passed, Positions, Reached, SectionDone, Until, leaves, value


@dataclass(frozen=True)
class Reachable:
    """What counts of an activity: where it stands, whether it counts, what can come of it, and when it may be done."""

    key: str
    section: str
    title: str
    required: bool
    has_marks: bool
    available: Condition | None


@dataclass(frozen=True)
class Hindrance:
    """Why something can never be reached; ``key`` of the activity, "" for the whole course."""

    key: str
    reason: str


def hindrances(activities: Sequence[Reachable], needed: int | None, today: date) -> list[Hindrance]:
    """Return why nobody could complete the course; nothing when somebody can.

    Whom a condition is for and days to come are taken to fit, and what must not be
    done yet as not done: only what never can be is told.
    """
    found = [Hindrance(each.key, reason) for each in activities if each.available for reason in _unknown(each, activities)]
    required = sum(each.required for each in activities)
    if needed is not None and needed > required:
        found.append(
            Hindrance(
                "", gettext("{needed} activities are needed to complete it, but only {number} count.", needed=needed, number=required)
            )
        )
    if found:
        return found
    reached = _reached(activities, today)
    return [
        Hindrance(
            each.key,
            gettext("“{title}” can never be done: its conditions wait for each other, or for a day that is over.", title=each.title),
        )
        for each in activities
        if each.key not in reached
    ]


def _unknown(one: Reachable, activities: Iterable[Reachable]) -> Iterable[str]:
    known = {each.key: each for each in activities}
    sections = {each.section for each in activities}
    for leaf in leaves(one.available) if one.available else ():
        match leaf:
            case SectionDone(key) if key not in sections:
                yield gettext("“{title}” waits for the section “{key}”, which is not there.", title=one.title, key=key)
            case Done(key) | Passed(key) | Reached(key, _) if key not in known:
                yield gettext("“{title}” waits for “{key}”, which is not there.", title=one.title, key=key)
            case Passed(key) | Reached(key, _) if not known[key].has_marks:
                yield gettext("“{title}” waits for marks in “{other}”, where there are none.", title=one.title, other=known[key].title)


def _reached(activities: Sequence[Reachable], today: date) -> set[str]:
    """Return what can be done, one thing after the other, until nothing more can."""
    reached: set[str] = set()
    while True:
        more = {each.key for each in activities if each.key not in reached and _can(each, activities, reached, today)}
        if not more:
            return reached
        reached |= more


def _can(one: Reachable, activities: Sequence[Reachable], reached: set[str], today: date) -> bool:
    def look(leaf: Leaf) -> bool | None:
        match leaf:
            case Done(key) | Passed(key) | Reached(key, _):
                return None if key in reached else False
            case SectionDone(key):
                waits = [each.key for each in activities if each.section == key and each.required]
                return None if all(each in reached for each in waits) else False
            case Until(day):
                return None if day >= today else False
            case From() | Positions() | Grades():
                return None

    return one.available is None or value(one.available, look) is not False
