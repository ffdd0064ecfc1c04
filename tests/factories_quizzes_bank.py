"""make_...: categories and questions of the bank, for tests."""

from itertools import count

from lms.core import clock, names
from lms.core.db import session
from lms.quizzes.models.bank import Category, Question, QuestionTag, QuestionVersion
from lms.schools.models import Unit
from tests.factories import save

_numbers = count(1)
# The smallest question of each type that is needed.
_BODIES = {
    "true_false": {"schema": 1, "right": True},
    "essay": {"schema": 1},
    "description": {"schema": 1},
}


def make_category(name: str = "Nhóm", parent: Category | None = None, *, unit: Unit | None = None) -> Category:
    return save(Category(name=name, parent_id=parent.id if parent else None, unit_id=unit.id if unit else None))  # type: ignore[no-any-return]


def make_question(
    category: Category, *, tags: tuple[str, ...] = (), versions: tuple[str, ...] = ("ready",), type_key: str = "true_false"
) -> Question:
    """A question, by default true or false; ``versions`` are their states, the first is number 1."""
    number = next(_numbers)
    question = save(Question(category_id=category.id, created_at=clock.now()))
    for place, state in enumerate(versions, start=1):
        save(
            QuestionVersion(
                question_id=question.id,
                number=place,
                state=state,
                type=type_key,
                name=f"Câu {number}",
                body=_BODIES[type_key],
                texts={"vi": {"stem": f"<p>Câu {number} đúng?</p>"}, "en": {"stem": f"<p>Is question {number} right?</p>"}},
                content_hash=f"{number}-{place}",
                search_key=names.fold(f"Câu {number} Câu {number} đúng? Is question {number} right?"),
                created_at=clock.now(),
            )
        )
    session.add_all(QuestionTag(question_id=question.id, tag=tag) for tag in tags)
    session.flush()
    return question  # type: ignore[no-any-return]
