"""How far a learner is with one question: the ``progress`` column; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lms.quizzes import shape
from lms.quizzes.content import Response


class Stage(StrEnum):
    """Whether a question can be answered just now."""

    OPEN = "open"
    RESTING = "resting"  # a wrong try is on the page, to be read, until "Try again"
    DONE = "done"  # nothing more can be changed


@dataclass(frozen=True)
class Given:
    """An answer, and how sure the learner is of it: 1 to 3, None where it is not asked or not said."""

    response: Response = field(default_factory=dict)
    certainty: int | None = None


@dataclass(frozen=True)
class Tried:
    """An answer that was checked."""

    response: dict[str, Any]
    certainty: int | None = None


@dataclass(frozen=True)
class Progress:
    """Which behaviour the question got when the attempt began, and every answer that was checked, in order.

    What a question earns is worked out from this and never stored in it, so that
    grading again with a mended question needs nothing else.
    """

    behaviour: str = "deferred"
    stage: Stage = Stage.OPEN
    tried: tuple[Tried, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.stage is Stage.DONE

    @staticmethod
    def from_json(data: object) -> "Progress":
        """Read the ``progress`` column; ``{}`` is a question that was only asked.  Raises WrongShape."""
        return shape.read(Progress, data, where="progress") if data else _ONLY_ASKED

    def to_json(self) -> dict[str, Any]:
        """Return what the column holds; what says nothing is left out."""
        written: Mapping[str, Any] = shape.write(self)
        plain = shape.write(Progress())
        return {name: value for name, value in written.items() if value != plain[name]}


_ONLY_ASKED = Progress()
