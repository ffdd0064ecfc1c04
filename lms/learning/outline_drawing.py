"""The outline beside a step.  Only what is done differs from reader to reader: the rest is drawn once for each version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from lms.core import i18n
from lms.core.shelf import Shelf
from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.learning import shown
from lms.learning.queries import Visit

STATES = ("done", "now", "closed", "")
HIDDEN = "hidden"
DrawRow = Callable[[str, str, str], str]  # of title, url and state


@dataclass(frozen=True)
class DrawnPart:
    """A section with its rows as the macro ``outline`` of web/learning.html takes them."""

    title: str
    rows: Markup


@dataclass(frozen=True)
class _Part:
    """A section with the key of each step and how its row is drawn in each state."""

    title: str
    rows: tuple[tuple[str, Mapping[str, str]], ...]


# About 30 KB for a course of 20 lessons in a language.
_drawn: Shelf[tuple[_Part, ...]] = Shelf(200)


def draw(visit: Visit, now: Step, *, course_url: str, row: DrawRow) -> list[DrawnPart]:
    """Return the outline for a person who stands at ``now``; ``row`` draws one step, in the language that texts come out in."""
    key = (visit.outline, i18n.language(), course_url)
    parts = _drawn.get(key)
    if parts is None:
        parts = _parts(visit.outline, course_url, row)
        _drawn.put(key, parts)
    states = _states(visit, now)
    drawn = [
        DrawnPart(part.title, Markup("".join([rows[states.get(key, "")] for key, rows in part.rows if states.get(key) != HIDDEN])))
        for part in parts
    ]
    return [part for part in drawn if part.rows]


def _states(visit: Visit, now: Step) -> dict[str, str]:
    """Return the state of each step that is not simply to come, by its key."""
    states = dict.fromkeys(visit.progress.done_keys, "done") | {now.key: "now"}
    if visit.outline.has_conditions:
        for step in visit.outline.steps:
            if step.key not in states and not visit.shows(step):
                states[step.key] = HIDDEN
            elif step.key not in states and not visit.is_open(step):
                states[step.key] = "closed"
    return states


def _parts(outline: Outline, course_url: str, row: DrawRow) -> tuple[_Part, ...]:
    return tuple(
        _Part(
            shown.part_title(outline, part),
            tuple(
                (step.key, {state: str(row(shown.step_title(outline, step), f"{course_url}/{step.key}", state)) for state in STATES})
                for step in part.steps
            ),
        )
        for part in outline.parts
    )
