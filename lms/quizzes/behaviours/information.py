"""A text to read between questions: nothing to answer, nothing to earn."""

from lms.core.i18n import lazy_
from lms.quizzes import grading
from lms.quizzes.behaviours.kind import Behaviour, Question
from lms.quizzes.behaviours.progress import Given, Progress
from lms.quizzes.grading import Grade


class Information(Behaviour):
    """Takes no answers and has no grade."""

    key = "information"
    label = lazy_("Only to read")

    def takes_answers(self, progress: Progress) -> bool:
        return False

    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        return grading.NOT_GRADED
