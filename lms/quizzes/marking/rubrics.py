"""Marks from the levels of a rubric; pure."""

from collections.abc import Mapping, Sequence

from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes.bodies.writing import Criterion


class LevelMissing(Invalid):
    code = "level_missing"
    message = lazy_("Choose a level for each criterion.")


def fraction(rubric: Sequence[Criterion], levels: Mapping[str, str]) -> float:
    """Return the share of the full mark, 0.0 to 1.0: points of the chosen levels over those of the best ones.

    ``levels`` maps the key of each criterion to that of its level.  Raises
    LevelMissing when one is not chosen.
    """
    earned = possible = 0.0
    for criterion in rubric:
        points = {level.key: level.points for level in criterion.levels}
        if levels.get(criterion.key) not in points:
            raise LevelMissing()
        earned += points[levels[criterion.key]]
        possible += max(points.values())
    return earned / possible if possible else 0.0
