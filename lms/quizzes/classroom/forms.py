"""What the pages of classroom mode send."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from werkzeug.datastructures import MultiDict


class Act(StrEnum):
    """What the teacher pressed under a question."""

    KEEP = "keep"  # the hands that were counted
    SHOW = "show"
    BACK = "back"
    NEXT = "next"
    END = "end"  # to the list of who was there


@dataclass(frozen=True)
class Press:
    """A press of a button, with the hands that stood in the fields."""

    act: Act
    position: int
    hands: dict[str, int]


def read_press(form: MultiDict[str, str], votes: Collection[str], *, position: int) -> Press:
    """Return what was pressed; a number that is none counts as no hand."""
    act = form.get("act", "")
    return Press(
        Act(act) if act in list(Act) else Act.KEEP,
        form.get("position", position, type=int),
        {key: number for key in votes if (number := _number(form.get(f"hands.{key}", ""))) > 0},
    )


def read_present(form: MultiDict[str, str], known: Collection[int]) -> set[int]:
    """Return which of the pupils of the class were ticked."""
    ticked = {int(value) for value in form.getlist("present") if value.isascii() and value.isdigit()}
    return ticked & set(known)


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
