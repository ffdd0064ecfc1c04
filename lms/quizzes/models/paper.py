"""Quizzes on paper: what was printed, and whose sheet was brought in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model
from lms.quizzes.models.quiz import Quiz


class Paper(Model):
    """A quiz as it was printed, in one or several variants; never changed, because sheets of it lie on desks."""

    __tablename__ = "quizzes_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"), index=True)
    language: Mapped[str]
    variants: Mapped[list[Any]]  # lms/quizzes/paper/layout.py
    by_account_id: Mapped[int | None]
    created_at: Mapped[datetime]

    quiz: Mapped[Quiz] = relationship()


class PaperSheet(Model):
    """The sheet of one person: which variant, and the attempt that came of it."""

    __tablename__ = "quizzes_paper_sheet"
    # Bringing in a sheet again corrects it.
    __table_args__ = (UniqueConstraint("paper_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("quizzes_paper.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    variant: Mapped[str]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quizzes_attempt.id"), unique=True)
    written: Mapped[str]  # as it was typed: A C BD 1,5
    entered_by_account_id: Mapped[int | None]
    entered_at: Mapped[datetime]
