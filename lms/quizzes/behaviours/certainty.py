"""Say how sure you are: being right and sure earns more, being wrong and sure costs much."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lms.core.i18n import lazy_
from lms.quizzes import grading
from lms.quizzes.behaviours.deferred import Deferred
from lms.quizzes.behaviours.immediate import Immediate, checked
from lms.quizzes.behaviours.kind import Question
from lms.quizzes.behaviours.progress import Given, Progress
from lms.quizzes.content import InvalidResponse
from lms.quizzes.grading import Grade, GradeState
from lms.quizzes.types.kind import one_text

LEAST, MOST = 1, 3
WHEN_RIGHT = {1: 1.0, 2: 2.0, 3: 3.0}  # times the fraction
WHEN_WRONG = {1: 0.0, 2: -2.0, 3: -6.0}


def read_certainty(raw: Mapping[str, Any]) -> int | None:
    """Read how sure somebody is, from what a page sent; None when it was not said.  Raises InvalidResponse."""
    said = one_text(raw, "certainty")
    if not said:
        return None
    if said not in {str(each) for each in WHEN_RIGHT}:
        raise InvalidResponse()
    return int(said)


def weighed(grade: Grade, certainty: int | None) -> Grade:
    """Return a grade as certainty-based marking counts it (A. R. Gardner-Medwin); who does not say is the least sure.

    An answer that was not given is neither right nor wrong: it earns and costs nothing.
    """
    if grade.state is GradeState.GAVE_UP or grade.fraction is None:
        return grade
    sure = certainty or LEAST
    if grading.state_of(grade.fraction) is GradeState.WRONG:
        return replace(grade, fraction=WHEN_WRONG[sure])
    return replace(grade, fraction=WHEN_RIGHT[sure] * grade.fraction)


class Certainty(Deferred):
    """Graded at the end, weighed by how sure one was."""

    key = "certainty"
    label = lazy_("With certainty: marks after handing in")
    lowest = WHEN_WRONG[MOST]
    highest = WHEN_RIGHT[MOST]
    certain = True

    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        return weighed(super().finish(question, progress, given), given.certainty)


class CertaintyImmediate(Immediate):
    """Each question can be checked once, weighed by how sure one was."""

    key = "certainty_immediate"
    label = lazy_("With certainty: each question can be checked once")
    lowest = WHEN_WRONG[MOST]
    highest = WHEN_RIGHT[MOST]
    certain = True

    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        return weighed(super().finish(question, progress, given), checked(progress, given).certainty)
