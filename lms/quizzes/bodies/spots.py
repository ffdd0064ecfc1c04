"""The body of questions in which spots of a picture are marked."""

from dataclasses import dataclass
from enum import StrEnum

from lms.quizzes.bodies.parts import Hint


class Outline(StrEnum):
    """The form of a spot, and what its numbers are, in units of the picture with 0, 0 at its top left."""

    CIRCLE = "circle"  # x, y of the middle, radius
    RECTANGLE = "rectangle"  # x, y of two opposite corners
    POLYGON = "polygon"  # x, y of each corner, three or more


class SpotScoring(StrEnum):
    """How marks become a fraction."""

    PROPORTIONAL = "proportional"  # spots found, less the false marks, over all spots
    ALL_OR_NOTHING = "all_or_nothing"  # all spots and no false mark


class Pointing(StrEnum):
    """How the picture is marked; a list of all places by name is always there besides, for those who cannot see it."""

    FREE = "free"  # anywhere: nothing in the picture tells where the places are
    PLACES = "places"  # the places are drawn and numbered, and chosen


@dataclass(frozen=True)
class Spot:
    """A place of the picture that has a name; one that is not ``right`` is there to be told from those that are."""

    key: str
    outline: Outline
    numbers: tuple[float, ...]
    right: bool = True


@dataclass(frozen=True)
class HotSpotBody:
    """A picture, text ``picture``, ``width`` by ``height`` units large, and places in it."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    scoring: SpotScoring = SpotScoring.PROPORTIONAL
    pointing: Pointing = Pointing.FREE
    most_marks: int = 0  # 0: as many as one likes
    shuffle: bool = True  # the list of places
    show_count: bool = False
    hints: tuple[Hint, ...] = ()
