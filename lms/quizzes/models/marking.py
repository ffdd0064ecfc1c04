"""Marking again, and figures about questions: what was planned, what it changes, what was counted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model

_NOT_DROPPED = text("state <> 'cancelled'")


class Regrade(Model):
    """One time that attempts at a quiz are marked again: first worked out, then put into effect or dropped."""

    __tablename__ = "quizzes_regrade"
    __table_args__ = (
        CheckConstraint("state IN ('computing', 'computed', 'committing', 'committed', 'cancelled')", name="state"),
        # One way back from each, however many press the button.
        Index("uq_quizzes_regrade_undoes", "undoes_id", unique=True, sqlite_where=_NOT_DROPPED, postgresql_where=_NOT_DROPPED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"), index=True)
    state: Mapped[str] = mapped_column(default="computing")
    question_ids: Mapped[list[Any]]  # []: all
    attempt_ids: Mapped[list[Any]]  # those to mark again, fixed when it was planned
    newest: Mapped[bool] = mapped_column(default=True)  # by the newest ready versions; else by those that the quiz asks now
    reason: Mapped[str] = mapped_column(default="")
    by_account_id: Mapped[int | None]
    created_at: Mapped[datetime]
    done_parts: Mapped[int] = mapped_column(default=0)  # attempts worked out, then attempts put into effect
    committed_at: Mapped[datetime | None]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes_regrade.id"))  # goes back to the marks before that one


class RegradeLine(Model):
    """An answer whose mark would change, or whose question cannot be exchanged."""

    __tablename__ = "quizzes_regrade_line"
    __table_args__ = (UniqueConstraint("regrade_id", "response_id"), Index("ix_quizzes_regrade_line_response", "response_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    regrade_id: Mapped[int] = mapped_column(ForeignKey("quizzes_regrade.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quizzes_attempt.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("quizzes_response.id"))
    sequence: Mapped[int]  # of the answer when it was worked out
    old_version_id: Mapped[int] = mapped_column(ForeignKey("quizzes_question_version.id"))
    new_version_id: Mapped[int] = mapped_column(ForeignKey("quizzes_question_version.id"))
    old_fraction: Mapped[float | None]
    old_state: Mapped[str]
    new_fraction: Mapped[float | None]
    new_state: Mapped[str]
    trouble: Mapped[str] = mapped_column(default="")  # why it stays as it is: type, keys, by_hand, changed


class RegradeAttempt(Model):
    """An attempt whose total would change; ``keeps`` says that its learner passed before and keeps the pass."""

    __tablename__ = "quizzes_regrade_attempt"
    __table_args__ = (UniqueConstraint("regrade_id", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    regrade_id: Mapped[int] = mapped_column(ForeignKey("quizzes_regrade.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quizzes_attempt.id"), index=True)
    old_mark: Mapped[float | None]
    new_mark: Mapped[float | None]
    old_passed: Mapped[bool | None]
    new_passed: Mapped[bool | None]
    committed_at: Mapped[datetime | None]


class Statistic(Model):
    """The figures of a quiz and its questions, as they were counted last."""

    __tablename__ = "quizzes_statistic"
    __table_args__ = (UniqueConstraint("quiz_id", "scope"), CheckConstraint("scope IN ('first', 'all')", name="scope"))

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"))
    scope: Mapped[str]  # first attempts, or all
    learners: Mapped[int]
    attempts: Mapped[int]
    figures: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]
