"""What every behaviour can do."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar

from lms.quizzes import grading
from lms.quizzes.behaviours.progress import Given, Progress, Stage, Tried
from lms.quizzes.bodies.every import Body
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.content import LazyText, Response
from lms.quizzes.grading import Grade
from lms.quizzes.review import Item
from lms.quizzes.types.kind import QuestionType

# Of a question that is still being answered.
ASKING = frozenset({Item.ANSWERS, Item.FULL_MARKS})


class Act(StrEnum):
    """What a learner can do with a question besides answering it; also the kind of the step."""

    CHECK = "check"
    AGAIN = "again"


@dataclass(frozen=True)
class Question:
    """What a behaviour must know of a question; ``penalty`` is the share of the mark that a wrong try costs."""

    type: QuestionType[Any]
    body: Body
    penalty: float = 0.0

    @property
    def hints(self) -> Sequence[Hint]:
        return self.type.hints(self.body)

    def grade(self, response: Response) -> Grade:
        return self.type.grade(self.body, response)

    def complete(self, response: Response) -> bool:
        return self.type.complete(self.body, response)


class Behaviour(ABC):
    """One way to work on a question.  No state: one instance serves all questions.

    Acts take a progress and return the one after it; one that is not among
    ``acts`` is never asked for.  What a question is worth is worked out from the
    progress and the last answer alone.
    """

    key: ClassVar[str]
    label: ClassVar[LazyText]
    lowest: ClassVar[float] = -1.0  # fraction; a single choice may cost something
    highest: ClassVar[float] = 1.0
    finishes: ClassVar[bool] = False  # a question can be over before the attempt is
    tells: ClassVar[bool] = False  # what is right can be seen before the attempt is over
    certain: ClassVar[bool] = False  # asks how sure one is

    def takes_answers(self, progress: Progress) -> bool:
        """Say whether another answer can be saved now."""
        return progress.stage is Stage.OPEN

    def acts(self, question: Question, progress: Progress) -> frozenset[Act]:
        """Return what can be done now besides answering."""
        return frozenset()

    def check(self, question: Question, progress: Progress, given: Given) -> Progress:
        """Return the progress after an answer that is whole was checked; without such an act it stays."""
        return progress

    def again(self, question: Question, progress: Progress, given: Given) -> tuple[Progress, Given]:
        """Return the progress after "Try again", and what is left of the answer; without such an act both stay."""
        return progress, given

    @abstractmethod
    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        """Return what the question is worth if nothing more happens; its fraction is from ``lowest`` to ``highest``."""

    def so_far(self, question: Question, progress: Progress, given: Given) -> Grade | None:
        """Return what is settled while the attempt is open; None: nothing."""
        return self.finish(question, progress, given) if progress.stage is Stage.DONE else None

    def shown(self, progress: Progress, items: frozenset[Item]) -> frozenset[Item]:
        """Return what may be shown of a question while the attempt is open; ``items`` are those that the quiz would show."""
        return items if progress.stage is Stage.DONE else items & ASKING

    def tries(self, question: Question) -> int:
        """Return how many tries a question gives; 0 where they are not counted."""
        return 0

    def hint(self, question: Question, progress: Progress) -> int | None:
        """Return the number of the hint that the learner has earned by now, from 1; None: there is none to see."""
        return None


def tried(progress: Progress, given: Given, stage: Stage) -> Progress:
    """Return the progress with one more answer that was checked."""
    return replace(progress, stage=stage, tried=(*progress.tried, Tried(dict(given.response), given.certainty)))


def penalised(grade: Grade, cost: float) -> Grade:
    """Return a grade less what former tries cost, never below 0; its state says how the answer itself was."""
    return replace(grade, fraction=grading.settled(max((grade.fraction or 0.0) - cost, 0.0)))
