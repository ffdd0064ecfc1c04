"""Several tries, a hint after each that was wrong."""

from collections.abc import Sequence
from dataclasses import replace

from lms.core.i18n import lazy_
from lms.quizzes import grading
from lms.quizzes.behaviours.kind import ASKING, Act, Behaviour, Question, penalised, tried
from lms.quizzes.behaviours.progress import Given, Progress, Stage
from lms.quizzes.content import Response
from lms.quizzes.grading import Grade
from lms.quizzes.review import Item

# After a wrong try: how it went, but not what would have been right.
_RESTING = ASKING | {Item.CORRECTNESS, Item.FEEDBACK}


class Interactive(Behaviour):
    """One try more than there are hints; each wrong one costs the penalty.

    Handed in early, the last answer counts as one more try if it was not checked.
    An answer that was checked is never charged twice, and one that is only what a
    hint left of it is no new one.  Of questions with parts that are graded apart,
    each part pays for the tries up to its last change only.
    """

    key = "interactive"
    label = lazy_("Several tries, with hints")
    lowest = 0.0
    finishes = True
    tells = True

    def acts(self, question: Question, progress: Progress) -> frozenset[Act]:
        possible = {Stage.OPEN: {Act.CHECK}, Stage.RESTING: {Act.AGAIN}}
        return frozenset(possible.get(progress.stage, ()))

    def check(self, question: Question, progress: Progress, given: Given) -> Progress:
        right = question.grade(given.response).state is grading.GradeState.RIGHT
        last = len(progress.tried) + 1 >= self.tries(question)
        return tried(progress, given, Stage.DONE if right or last else Stage.RESTING)

    def again(self, question: Question, progress: Progress, given: Given) -> tuple[Progress, Given]:
        return replace(progress, stage=Stage.OPEN), Given(_left(question, progress), given.certainty)

    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        tries = [each.response for each in progress.tried]
        if progress.stage is Stage.OPEN and _is_new(question, progress, given.response):
            tries.append(dict(given.response))
        if not tries:
            return grading.GAVE_UP
        return _worth(question, tries)

    def shown(self, progress: Progress, items: frozenset[Item]) -> frozenset[Item]:
        return items & _RESTING if progress.stage is Stage.RESTING else super().shown(progress, items)

    def tries(self, question: Question) -> int:
        return len(question.hints) + 1

    def hint(self, question: Question, progress: Progress) -> int | None:
        number = len(progress.tried)
        return number if progress.stage is not Stage.DONE and 0 < number <= len(question.hints) else None


def _left(question: Question, progress: Progress) -> Response:
    """Return what the hint leaves of the answer that was tried last."""
    number, response = len(progress.tried), progress.tried[-1].response
    clears = number <= len(question.hints) and question.hints[number - 1].clear_wrong
    return question.type.without_wrong(question.body, response) if clears else response


def _is_new(question: Question, progress: Progress, response: Response) -> bool:
    """Say whether an answer that was not checked counts as a try."""
    if question.type.empty(response):
        return False
    if not progress.tried:
        return True
    known = (progress.tried[-1].response, _left(question, progress))
    return not any(question.type.same(each, response) for each in known)


def _worth(question: Question, tries: Sequence[Response]) -> Grade:
    last = question.grade(tries[-1])
    parts = [question.type.parts_of(question.body, response) for response in tries]
    if not parts[-1]:
        return penalised(last, (len(tries) - 1) * question.penalty)
    earned = 0.0
    for key, part in parts[-1].items():
        changed = max((at for at in range(1, len(parts)) if parts[at][key].fraction != parts[at - 1][key].fraction), default=0)
        earned += part.weight * max(part.fraction - changed * question.penalty, 0.0)
    return replace(last, fraction=grading.settled(earned))
