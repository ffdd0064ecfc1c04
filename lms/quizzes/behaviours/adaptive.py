"""Check as often as one likes; each further try costs, the best one counts."""

from dataclasses import replace

from lms.core.i18n import lazy_
from lms.quizzes import grading
from lms.quizzes.behaviours.kind import ASKING, Act, Behaviour, Question, penalised, tried
from lms.quizzes.behaviours.progress import Given, Progress, Stage
from lms.quizzes.grading import Grade
from lms.quizzes.review import Item

MOST_TRIES = 100
_CHECKED = ASKING | {Item.CORRECTNESS, Item.FEEDBACK, Item.MARKS}


class Adaptive(Behaviour):
    """Each try is worth its fraction less the penalty of all before it, and the best stays.

    The same answer again is no new try.  At the end the last answer counts as a
    try if it was not checked.
    """

    key = "adaptive"
    label = lazy_("Check as often as one likes; each further try costs marks")
    lowest = 0.0
    tells = True

    def acts(self, question: Question, progress: Progress) -> frozenset[Act]:
        return frozenset({Act.CHECK}) if len(progress.tried) < MOST_TRIES else frozenset()

    def check(self, question: Question, progress: Progress, given: Given) -> Progress:
        return tried(progress, given, Stage.OPEN) if _is_new(question, progress, given) else progress

    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        tries = [each.response for each in progress.tried]
        if not question.type.empty(given.response) and _is_new(question, progress, given):
            tries.append(dict(given.response))
        if not tries:
            return grading.GAVE_UP
        grades = [question.grade(response) for response in tries]
        worth = [penalised(grade, at * self.cost(question)).fraction or 0.0 for at, grade in enumerate(grades)]
        return replace(grades[-1], fraction=max(worth))

    def so_far(self, question: Question, progress: Progress, given: Given) -> Grade | None:
        if not progress.tried:
            return None
        return self.finish(question, progress, Given(progress.tried[-1].response))

    def shown(self, progress: Progress, items: frozenset[Item]) -> frozenset[Item]:
        return items & (_CHECKED if progress.tried else ASKING)

    def cost(self, question: Question) -> float:
        """Return what each former try costs, as a share of the mark."""
        return question.penalty


class AdaptiveNoPenalty(Adaptive):
    """The same without a cost: practice."""

    key = "adaptive_no_penalty"
    label = lazy_("Check as often as one likes, at no cost")

    def cost(self, question: Question) -> float:
        return 0.0


def _is_new(question: Question, progress: Progress, given: Given) -> bool:
    return not progress.tried or not question.type.same(progress.tried[-1].response, given.response)
