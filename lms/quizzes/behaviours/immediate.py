"""Check one question at a time; the first check is final."""

from lms.core.i18n import lazy_
from lms.quizzes.behaviours.kind import Act, Behaviour, Question, tried
from lms.quizzes.behaviours.progress import Given, Progress, Stage
from lms.quizzes.grading import Grade


class Immediate(Behaviour):
    """Whoever does not check is graded at the end, as if checked then."""

    key = "immediate"
    label = lazy_("At once: each question can be checked once")
    finishes = True
    tells = True

    def acts(self, question: Question, progress: Progress) -> frozenset[Act]:
        return frozenset({Act.CHECK}) if progress.stage is Stage.OPEN else frozenset()

    def check(self, question: Question, progress: Progress, given: Given) -> Progress:
        return tried(progress, given, Stage.DONE)

    def finish(self, question: Question, progress: Progress, given: Given) -> Grade:
        return question.grade(checked(progress, given).response)


def checked(progress: Progress, given: Given) -> Given:
    """Return the answer that was checked, else the last one."""
    last = progress.tried[-1] if progress.tried else None
    return Given(last.response, last.certainty) if last else given
