"""What the pages of a course show of it: its outline with the state of each step (pure)."""

from dataclasses import dataclass

from lms.core.i18n import localised
from lms.courses.outline import Outline, Part
from lms.courses.steps import Step
from lms.learning.queries import Visit

# Drawings of web/drawings.html, one after the other where a step names none.
DRAWINGS = ("footprints", "lock", "true-or-false", "kind-words", "game", "picture", "robot", "lantern")


@dataclass(frozen=True)
class ShownStep:
    """A step as the outline shows it; state is "done", "now", "closed" or "", ``waits_for`` why it is closed."""

    title: str
    url: str
    state: str
    step: Step
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownPart:
    """A section of a course as the outline shows it."""

    title: str
    items: tuple[ShownStep, ...]


def outline(visit: Visit, *, course_url: str) -> list[ShownPart]:
    """Return the parts of a course with the state of each step for a person."""
    now = visit.progress.now
    parts = [
        ShownPart(
            part_title(visit.outline, part),
            tuple(
                ShownStep(
                    step_title(visit.outline, step),
                    f"{course_url}/{step.key}",
                    state(visit, step, now),
                    step,
                    tuple(visit.why_closed(step)),
                )
                for step in part.steps
                if visit.shows(step)
            ),
        )
        for part in visit.outline.parts
    ]
    return [part for part in parts if part.items]


def part_title(outline: Outline, part: Part) -> str:
    """Return the title of a section with its number, where there are several: "4 · Consent"."""
    title = localised(part.title)
    return f"{part.number} · {title}" if len(outline.parts) > 1 else title


def step_title(outline: Outline, step: Step) -> str:
    """Return the title with the number that the page of a lesson says above it: "4.2 Consent"; pupils count plainly."""
    title = localised(step.title)
    if step.kind != "page":
        return title
    return f"{step.number}. {title}" if outline.audience == "pupils" else f"{step.label} {title}"


def state(visit: Visit, step: Step, now: Step | None) -> str:
    """Return how a step stands for a person: "now", "done", "closed" or ""."""
    if now is not None and step.key == now.key:
        return "now"
    if step.key in visit.progress.done_keys:
        return "done"
    return "" if visit.is_open(step) else "closed"


def drawing(step: Step) -> str:
    """Return which drawing stands for a step."""
    wanted = step.settings.get("drawing")
    return wanted if wanted in DRAWINGS else DRAWINGS[(step.number - 1) % len(DRAWINGS)]
