"""A question in front of one learner: how it behaves, how far it is, and the last answer; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.quizzes.behaviours import every
from lms.quizzes.behaviours.kind import Act, Behaviour, Question
from lms.quizzes.behaviours.progress import Given, Progress
from lms.quizzes.grading import Grade
from lms.quizzes.review import Item
from lms.quizzes.types.kind import QuestionType


@dataclass(frozen=True)
class Work:
    """What the row of a response says, made ready to ask and to act on."""

    behaviour: Behaviour
    question: Question
    progress: Progress
    given: Given

    @property
    def takes_answers(self) -> bool:
        return self.behaviour.takes_answers(self.progress)

    @property
    def acts(self) -> frozenset[Act]:
        return self.behaviour.acts(self.question, self.progress)

    @property
    def hint(self) -> int | None:
        return self.behaviour.hint(self.question, self.progress)

    def shown(self, items: frozenset[Item]) -> frozenset[Item]:
        return self.behaviour.shown(self.progress, items)

    def so_far(self) -> Grade | None:
        return self.behaviour.so_far(self.question, self.progress, self.given)

    def finish(self) -> Grade:
        return self.behaviour.finish(self.question, self.progress, self.given)


def work(
    question_type: QuestionType[Any],
    body: object,
    *,
    penalty: float,
    progress: object,
    answer: Mapping[str, Any] | None,
    certainty: int | None,
) -> Work:
    """Return the work on a question from the columns of its version and of its response.  Raises WrongShape."""
    known = Progress.from_json(progress)
    question = Question(question_type, question_type.read_body(body), penalty)
    return Work(every.get(known.behaviour, question_type), question, known, Given(answer or {}, certainty))
