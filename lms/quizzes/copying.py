"""Quizzes of a draft that begin as a copy of another, and that are taken out of it."""

from typing import Any

from sqlalchemy import inspect

from lms.core.db import Model, session
from lms.courses.models import Activity
from lms.quizzes.models.quiz import Quiz, QuizSection, Slot


def copy(quiz: Quiz, activity: Activity) -> Quiz:
    """Return a quiz of another activity with the same settings, sections and slots; exceptions for people stay behind."""
    made = Quiz(**_values(quiz, "id", "activity_id"), activity_id=activity.id)
    session.add(made)
    session.flush()
    sections: dict[int | None, int | None] = {None: None}
    for section in quiz.sections:
        twin = QuizSection(**_values(section, "id", "quiz_id"), quiz_id=made.id)
        session.add(twin)
        session.flush()
        sections[section.id] = twin.id
    for slot in quiz.slots:
        session.add(Slot(**_values(slot, "id", "quiz_id", "section_id"), quiz_id=made.id, section_id=sections[slot.section_id]))
    session.flush()
    return made


def remove(quiz: Quiz) -> None:
    """Delete a quiz that nobody can have taken, because its course is a draft."""
    for row in (*quiz.slots, *quiz.sections):
        session.delete(row)
        session.flush()
    session.delete(quiz)
    session.flush()


def _values(row: Model, *without: str) -> dict[str, Any]:
    """Return what a row says; what it does not say stays unsaid, because a JSON column knows two kinds of nothing."""
    values = {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs if column.key not in without}
    return {name: value for name, value in values.items() if value is not None}
