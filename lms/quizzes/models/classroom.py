"""A quiz that a class does together on one screen: hands are counted, nobody's answer is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model
from lms.quizzes.models.quiz import Quiz
from lms.schools.models import SchoolClass

_OPEN = text("state = 'open'")


class ClassSession(Model):
    """One run of a quiz with one class; the teacher moves on."""

    __tablename__ = "quizzes_class_session"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'finished', 'stopped')", name="state"),
        CheckConstraint("position >= 1", name="position"),
        # Beginning twice, also by a double click, gives the same run.
        Index("uq_quizzes_class_session_open", "quiz_id", "class_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("schools_class.id"), index=True)
    by_account_id: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")
    position: Mapped[int] = mapped_column(default=1)  # the question on the screen, from 1
    shown: Mapped[bool] = mapped_column(default=False)  # whether its answer is on the screen too
    version_ids: Mapped[list[Any]]  # of the questions, in the order in which they are asked
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship()
    school_class: Mapped[SchoolClass] = relationship()


class ClassCount(Model):
    """How many hands went up for a choice; whose they were is not known."""

    __tablename__ = "quizzes_class_count"
    __table_args__ = (CheckConstraint("hands >= 0 AND hands <= 500", name="hands"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("quizzes_class_session.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)  # of a choice
    hands: Mapped[int]


class ClassPresence(Model):
    """A pupil who was there: the only thing that a run says about a person."""

    __tablename__ = "quizzes_class_presence"

    session_id: Mapped[int] = mapped_column(ForeignKey("quizzes_class_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), primary_key=True, index=True)
