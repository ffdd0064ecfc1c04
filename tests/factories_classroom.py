"""make_...: quizzes for pupils, and runs of them with a class."""

from lms.courses import authoring
from lms.quizzes.classroom import running
from lms.quizzes.models.classroom import ClassSession
from lms.quizzes.models.quiz import Quiz
from lms.schools.models import SchoolClass
from tests.factories_courses import draft
from tests.factories_quizzes import Edit, finished, quiz_activity


def make_pupils_quiz(*before: str, grades: tuple[int, ...] = (6, 7), edit: Edit | None = None, **settings: object) -> Quiz:
    """A course for pupils with these pages and a quiz of four questions at its end."""
    version = authoring.import_draft(draft(*(before or ("bai-1", "bai-2")), quiz_activity(**settings), audience="pupils", grades=grades))
    return finished(version, edit)


def make_run(school_class: SchoolClass, quiz: Quiz | None = None, *, by: int = 1) -> ClassSession:
    return running.begin(quiz or make_pupils_quiz(), school_class, by=by)
