"""Reads around making quizzes and looking after them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.quizzes.bank.queries import Units
from lms.quizzes.editing import rules
from lms.quizzes.models.bank import Category, Question, QuestionTag
from lms.quizzes.models.quiz import Quiz, Slot
from lms.web.signin import Actor

_MOST_TAGS = 300


@dataclass(frozen=True)
class QuizPlace:
    """A quiz and the course that it stands in."""

    quiz: Quiz
    activity: Activity
    version: Version
    course: Course

    @property
    def is_draft(self) -> bool:
        """Say whether nobody learns from it yet, so that everything can still be changed."""
        return self.version.published_at is None


@dataclass(frozen=True)
class QuizLine:
    """A quiz in the list of quizzes."""

    quiz_id: int
    title: Mapping[str, str]
    slug: str
    code: str
    course_title: Mapping[str, str]
    version: int
    state: str
    audience: str
    slots: int


def place(quiz_id: int) -> QuizPlace | None:
    """Return a quiz with its course.  One statement."""
    row = session.execute(_placed(select(Quiz, Activity, Version, Course)).where(Quiz.id == quiz_id)).first()
    return QuizPlace(*row) if row else None


def quizzes(actor: Actor, *, audience: str = "", units: Sequence[int] = (), slug: str = "") -> list[QuizLine]:
    """Return the quizzes that somebody makes or looks after, by course, the newest version first.  One statement.

    With an audience only those for it; with units only those meant for people there;
    with a slug only those of one course.
    """
    slots = select(func.count(Slot.id)).where(Slot.quiz_id == Quiz.id).scalar_subquery()
    is_looked_after = and_(rules.overridable(actor), Version.state != "draft")
    conditions: list[ColumnElement[bool]] = [is_looked_after if audience else or_(rules.writable(actor), is_looked_after)]
    if audience:
        conditions.append(Course.audience == audience)
    if slug:
        conditions.append(Course.slug == slug)
    if units:
        conditions.append(or_(Course.owner_unit_id.is_(None), Course.owner_unit_id.in_(rules.above(units))))
    rows = session.execute(
        _placed(
            select(
                Quiz.id, Activity.title, Course.slug, Course.code, Version.title.label("course_title"), Version.number, Version.state,
                Course.audience, slots.label("slots"),
            )
        )
        .where(*conditions)
        .order_by(Course.code, Course.id, Version.number.desc(), Activity.position)
    )  # fmt: skip
    return [QuizLine(*row) for row in rows]


def _placed(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.join(Activity, Activity.id == Quiz.activity_id)
        .join(Version, Version.id == Activity.version_id)
        .join(Course, Course.id == Version.course_id)
    )


def slot_count(quiz_id: int) -> int:
    """Return how many questions a quiz asks.  One statement."""
    return session.scalar(select(func.count(Slot.id)).where(Slot.quiz_id == quiz_id)) or 0


def visible_questions(question_ids: Collection[int], units: Units) -> set[int]:
    """Return those of the questions that who writes for these units may put into a quiz.  One statement."""
    return set(
        session.scalars(
            select(Question.id).join(Category, Category.id == Question.category_id).where(Question.id.in_(question_ids), units.sees())
        )
    )


def tags(units: Units) -> list[str]:
    """Return the tags of the questions that who writes for these units sees, to choose from.  One statement."""
    return list(
        session.scalars(
            select(QuestionTag.tag)
            .join(Question, Question.id == QuestionTag.question_id)
            .join(Category, Category.id == Question.category_id)
            .where(units.sees())
            .distinct()
            .order_by(QuestionTag.tag)
            .limit(_MOST_TAGS)
        )
    )
