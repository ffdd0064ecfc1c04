"""Answer now, learn how it went when the attempt is over."""

from lms.core.i18n import lazy_
from lms.quizzes.behaviours.kind import Behaviour, Question
from lms.quizzes.behaviours.progress import Given, Progress
from lms.quizzes.grading import Grade


class Deferred(Behaviour):
    """The last answer is graded at the end, also one that is not whole."""

    key = "deferred"
    label = lazy_("At the end: marks and feedback after handing in")

    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        return question.grade(given.response)
