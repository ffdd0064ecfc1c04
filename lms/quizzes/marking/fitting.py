"""Whether answers to one version of a question can be marked by another; pure."""

from enum import StrEnum
from typing import Any

from lms.quizzes.bodies.every import Body
from lms.quizzes.types.kind import QuestionType


class Trouble(StrEnum):
    """Why an answer keeps the mark that it has."""

    TYPE = "type"  # the question became one of another type
    KEYS = "keys"  # what learners saw is not the same as what there is now
    BY_HAND = "by_hand"  # a person gave the mark
    CHANGED = "changed"  # something happened to the answer after it was worked out


def misfit(question_type: QuestionType[Any], old: Body, new: Body, *, old_type: str, new_type: str) -> Trouble | None:
    """Return why answers to the old version cannot be marked by the new one; None: they can.

    Moodle asks for the same number of choices; here choices have keys that stay
    when a text is mended, so the same choices are asked for.  What learners never
    saw, such as the words that count as right, may change freely.
    """
    if old_type != new_type:
        return Trouble.TYPE
    return None if question_type.shown_keys(old) == question_type.shown_keys(new) else Trouble.KEYS
