"""make_...: what is marked, and by whom."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Person
from lms.core import clock
from lms.core.db import session
from lms.courses import authoring
from lms.quizzes.bodies import every
from lms.quizzes.bodies.writing import EssayBody
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import Category, Question, QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from tests.factories import save
from tests.factories_courses import draft
from tests.factories_quizzes import RIGHT, Edit, answer, finished, hand_in, make_attempt, quiz_activity, responses


def make_quiz_for_pupils(edit: Edit | None = None, **settings: object) -> Quiz:
    """A course for pupils of the secondary school with the quiz of ``quiz_activity``, edited before it is published."""
    return finished(authoring.import_draft(draft(quiz_activity(**settings), audience="pupils", grades=(6, 7, 8, 9))), edit)


def make_essay(quiz: Quiz, name: str = "bai-luan", *, max_mark: float = 4.0, **body: Any) -> QuestionVersion:
    """Let a quiz that is a draft ask for an essay after all other questions."""
    category = session.scalars(select(Category).order_by(Category.id)).first()
    assert category is not None
    question = save(Question(category_id=category.id, created_at=clock.now()))
    texts = {"stem": "<p>Kể một lần em nhận ra tin giả.</p>", "grader_info": "<p>Cần nêu dấu hiệu.</p>", **body.pop("texts", {})}
    version = save(
        QuestionVersion(
            question_id=question.id,
            number=1,
            type="essay",
            name=name,
            body=every.body_to_json(EssayBody(**body)),
            texts={"vi": texts},
            content_hash=name,
            created_at=clock.now(),
        )
    )
    last = max(session.scalars(select(Slot.number).where(Slot.quiz_id == quiz.id)))
    save(Slot(quiz_id=quiz.id, number=last + 1, page=last + 1, question_id=question.id, max_mark=max_mark))
    return version


def essay_of(attempt: Attempt) -> Response:
    """Return the answer of an attempt to its essay."""
    return session.scalars(
        select(Response)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Response.attempt_id == attempt.id, QuestionVersion.type == "essay")
        .execution_options(populate_existing=True)
    ).one()


def write_essay(person: Person, quiz: Quiz, text: str = "Tin ấy giả.", given: Sequence[object] = RIGHT) -> Attempt:
    """Let somebody answer everything and hand it in."""
    attempt = make_attempt(person, quiz)
    essay = essay_of(attempt)
    for response in responses(attempt):
        if response.id == essay.id:
            answer(attempt, response.slot, {"text": text})
        else:
            number = int(session.get_one(QuestionVersion, response.question_version_id).name.removeprefix("q"))
            answer(attempt, response.slot, given[number - 1])
    hand_in(attempt)
    return attempt
