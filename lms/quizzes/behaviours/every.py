"""All behaviours: by name, the one that a question of a quiz gets, and what a question is worth under it."""

from collections.abc import Mapping
from typing import Any

from lms.quizzes.behaviours.adaptive import Adaptive, AdaptiveNoPenalty
from lms.quizzes.behaviours.certainty import Certainty, CertaintyImmediate
from lms.quizzes.behaviours.deferred import Deferred
from lms.quizzes.behaviours.immediate import Immediate
from lms.quizzes.behaviours.information import Information
from lms.quizzes.behaviours.interactive import Interactive
from lms.quizzes.behaviours.kind import Behaviour
from lms.quizzes.behaviours.manual import Manual
from lms.quizzes.behaviours.progress import Progress
from lms.quizzes.types.kind import QuestionType

MANUAL, INFORMATION = Manual(), Information()

# Those that a quiz can have, in the order in which they are offered.
OF_QUIZZES: Mapping[str, Behaviour] = {
    each.key: each for each in (Deferred(), Immediate(), Interactive(), Adaptive(), AdaptiveNoPenalty(), Certainty(), CertaintyImmediate())
}


def get(key: str, question_type: QuestionType[Any]) -> Behaviour:
    """Return how a question of this type behaves in a quiz of this behaviour.

    What has to be marked by a person, and what is only to be read, behave the
    same in every quiz.  A behaviour that is no longer known keeps its answers:
    they are graded at the end.
    """
    if not question_type.asks:
        return INFORMATION
    if not question_type.gradable:
        return MANUAL
    return OF_QUIZZES.get(key) or OF_QUIZZES["deferred"]


def at_start(key: str, question_type: QuestionType[Any]) -> Progress:
    """Return the progress with which a question of an attempt begins."""
    behaviour = get(key, question_type)
    return Progress(behaviour.key) if behaviour.key in OF_QUIZZES else Progress()
