"""Reads of the bank, each with its number of statements."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from lms.core import names
from lms.core.db import session
from lms.core.models import File
from lms.courses.models import Activity, Course, Version
from lms.quizzes.models.bank import Category, Question, QuestionFile, QuestionTag, QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.queries import category_with_inner


@dataclass(frozen=True)
class BankRow:
    """A question in the list of the bank, by its latest version."""

    question: Question
    version: QuestionVersion
    category: Category
    tags: tuple[str, ...]
    used_in: int  # quizzes


def _seen_by(units: Select[int]) -> ColumnElement[bool]:
    return or_(Category.unit_id.is_(None), Category.unit_id.in_(units))


def categories(units: Select[int]) -> list[tuple[Category, str, int]]:
    """Return the categories that those who write for these units see, with their path and number of questions, in order."""
    per_category = session.execute(select(Question.category_id, func.count(Question.id)).group_by(Question.category_id))
    counts: dict[int, int] = {row[0]: row[1] for row in per_category}
    rows = session.scalars(select(Category).where(_seen_by(units))).all()
    by_id = {category.id: category for category in rows}

    def path(category: Category) -> str:
        above = by_id.get(category.parent_id) if category.parent_id else None
        return f"{path(above)} / {category.name}" if above else category.name

    listed = [(category, path(category), counts.get(category.id, 0)) for category in rows]
    return sorted(listed, key=lambda each: names.fold(each[1]))


def bank_rows(units: Select[int], *, category_id: int | None, words: str, type_key: str, page: int, most: int) -> tuple[list[BankRow], int]:
    """Return a page of the questions that those who write for these units see, and how many there are in all."""
    newest = (
        select(QuestionVersion.question_id, func.max(QuestionVersion.number).label("number"))
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    latest = aliased(QuestionVersion)
    query = (
        select(Question, latest, Category)
        .join(newest, newest.c.question_id == Question.id)
        .join(latest, (latest.question_id == Question.id) & (latest.number == newest.c.number))
        .join(Category, Category.id == Question.category_id)
        .where(_seen_by(units))
    )
    if category_id is not None:
        query = query.where(Question.category_id.in_(category_with_inner(category_id)))
    if type_key:
        query = query.where(latest.type == type_key)
    query = query.order_by(Category.id, Question.id)
    if words:
        # Without tone marks, in every language: no database of ours folds Vietnamese, and a bank is thousands, not millions.
        wanted = names.fold(words)
        fitting = [row for row in session.execute(query) if wanted in names.fold(_searched(row[0], row[1]))]
        total, shown = len(fitting), fitting[(page - 1) * most : page * most]
    else:
        total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        shown = list(session.execute(query.offset((page - 1) * most).limit(most)))
    ids = [row[0].id for row in shown]
    tags: dict[int, list[str]] = {}
    for tag in session.scalars(select(QuestionTag).where(QuestionTag.question_id.in_(ids)).order_by(QuestionTag.tag)):
        tags.setdefault(tag.question_id, []).append(tag.tag)
    in_quizzes = session.execute(
        select(Slot.question_id, func.count(func.distinct(Slot.quiz_id))).where(Slot.question_id.in_(ids)).group_by(Slot.question_id)
    )
    used = {row[0]: row[1] for row in in_quizzes}
    return [
        BankRow(question, latest_version, category, tuple(tags.get(question.id, ())), used.get(question.id, 0))
        for question, latest_version, category in shown
    ], total


def _searched(question: Question, latest: QuestionVersion) -> str:
    stems = " ".join(str(texts.get("stem", "")) for texts in latest.texts.values())
    return f"{latest.name} {question.id_number or ''} {stems}"


def used_in(question_id: int) -> list[tuple[str, dict[str, str], int]]:
    """Return the quizzes that have a question: code of the course, title of the quiz, number of the course's version.  One statement."""
    rows = session.execute(
        select(Course.code, Activity.title, Version.number)
        .join(Version, Version.course_id == Course.id)
        .join(Activity, Activity.version_id == Version.id)
        .join(Quiz, Quiz.activity_id == Activity.id)
        .join(Slot, Slot.quiz_id == Quiz.id)
        .where(Slot.question_id == question_id)
        .order_by(Course.code, Version.number)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def file_of_a_question(sha256: str) -> int | None:
    """Return the id of a file that some version of a question has; None for any other.  One statement."""
    return session.scalar(select(File.id).join(QuestionFile, QuestionFile.file_id == File.id).where(File.sha256 == sha256).limit(1))
