"""make_...: what is marked, and by whom."""

from lms.courses import authoring
from lms.quizzes.models.quiz import Quiz
from tests.factories_courses import draft
from tests.factories_quizzes import quiz_activity, quiz_of


def make_quiz_for_pupils(**settings: object) -> Quiz:
    """A course for pupils of the secondary school with the quiz of ``quiz_activity``."""
    return quiz_of(authoring.publish(authoring.import_draft(draft(quiz_activity(**settings), audience="pupils", grades=(6, 7, 8, 9)))))
