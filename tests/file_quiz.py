"""Puts two essays that take files into the quiz of a draft of a course, and publishes it: python -m tests.file_quiz SLUG, on the site of the environment."""

import sys

from sqlalchemy import func, select

from lms.app import create_app
from lms.core import db
from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.quizzes import drafting
from lms.quizzes.bank import storing
from lms.quizzes.bodies.writing import Criterion, EssayBody, EssayEditor, Level
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.types.essay import Essay
from tests.factories_quizzes import publish

RUBRIC = (Criterion("c1", (Level("l1"), Level("l2", 2.0))),)
BODIES = (
    EssayBody(lines=4, attachments=2, attachment_types="image,.pdf", attachment_bytes=1_048_576, rubric=RUBRIC),
    EssayBody(EssayEditor.NO_TEXT, required=False, attachments=1, attachments_required=1),
)
WORDS = {
    "vi": {"stem": "Kể lại, kèm ảnh chụp màn hình.", "c1": "Dấu hiệu", "l1": "Chưa nêu", "l2": "Nêu đủ"},
    "en": {"stem": "Tell it, with a picture of the screen.", "c1": "Signs", "l1": "None", "l2": "All of them"},
}


def draft(number: int, body: EssayBody) -> QuestionDraft:
    keys = ("stem", "c1", "l1", "l2") if body.rubric else ("stem",)
    texts = Texts({code: {key: words[key] for key in keys} for code, words in WORDS.items()})
    return QuestionDraft(f"Bài luận {number}", "essay", body, texts, id_number=f"file-{number}")


def main() -> None:
    """Put both into the quiz, behind what is there, and publish its course."""
    with create_app().app_context(), db.transaction():
        quiz = session.scalars(
            select(Quiz)
            .join(Activity, Activity.id == Quiz.activity_id)
            .join(Version, Version.id == Activity.version_id)
            .join(Course, Course.id == Version.course_id)
            .where(Course.slug == sys.argv[1])
        ).one()
        prepared = [drafting.prepare(draft(number, body), Essay()) for number, body in enumerate(BODIES, start=1)]
        assert all(each.is_usable for each in prepared), [str(problem.message) for each in prepared for problem in each.problems]
        last = session.scalar(select(func.max(Slot.number)).where(Slot.quiz_id == quiz.id)) or 0
        for number, stored in enumerate(storing.store([each.draft for each in prepared], unit_id=None, into=("files",)), start=last + 1):
            session.add(
                Slot(
                    quiz_id=quiz.id, number=number, page=number, question_id=stored.question_id, version_number=stored.number, max_mark=1.0
                )
            )
        session.flush()
        publish(quiz)


if __name__ == "__main__":
    main()
