"""Attempts: their slots with the latest acknowledged answer, and every step, append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model
from lms.learning.models import Enrolment
from lms.quizzes.models.quiz import Quiz

_OPEN = text("state IN ('in_progress', 'overdue')")


class Attempt(Model):
    """One try of one learner at a quiz."""

    __tablename__ = "quizzes_attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        # One unfinished attempt per learner and quiz: starting twice gives the same one.
        Index("uq_quizzes_attempt_open", "enrolment_id", "quiz_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("state IN ('in_progress', 'overdue', 'finished', 'abandoned')", name="state"),
        CheckConstraint("source IN ('online', 'paper', 'classroom')", name="source"),
        Index("ix_quizzes_attempt_check", "check_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("learning_enrolment.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="in_progress")
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    check_at: Mapped[datetime | None]  # when a job must look at it
    finished_at: Mapped[datetime | None]
    mark: Mapped[float | None]
    max_mark: Mapped[float]
    share: Mapped[float | None]
    passed: Mapped[bool | None]
    graded_at: Mapped[datetime | None]  # when the last mark that was missing was given
    reached_page: Mapped[int] = mapped_column(default=0)  # where one is, if there is no way back; 0: one may go to and fro
    source: Mapped[str] = mapped_column(default="online")
    entered_by_account_id: Mapped[int | None]  # who brought in what was written on paper
    reopened_at: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    responses: Mapped[list["Response"]] = relationship(back_populates="attempt", order_by="Response.slot")


class Response(Model):
    """A slot of an attempt: the question version it got, the latest acknowledged answer, its grade."""

    __tablename__ = "quizzes_response"
    __table_args__ = (
        UniqueConstraint("attempt_id", "slot"),
        CheckConstraint("certainty BETWEEN 1 AND 3", name="certainty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quizzes_attempt.id"))
    slot: Mapped[int]  # 1 is the first shown
    question_version_id: Mapped[int] = mapped_column(ForeignKey("quizzes_question_version.id"), index=True)
    page: Mapped[int]
    section: Mapped[int | None]  # number of the section that it stood in when the attempt began
    after_previous: Mapped[bool] = mapped_column(default=False)  # cannot be answered before the former one is finished
    max_mark: Mapped[float]
    order: Mapped[list[Any]]  # keys of the choices as shown
    flagged: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(default=0)  # how many answers were acknowledged
    answer: Mapped[dict[str, Any] | None]
    answered: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime | None]
    fraction: Mapped[float | None]
    state: Mapped[str] = mapped_column(default="todo")
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of the behaviour: tries, best so far, what was checked
    certainty: Mapped[int | None]  # 1 to 3, where it is asked
    comment: Mapped[str] = mapped_column(default="")  # of whoever marked it
    marked_by_account_id: Mapped[int | None]
    marked_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship(back_populates="responses")


class Step(Model):
    """One acknowledged answer or act in a slot; never changed."""

    __tablename__ = "quizzes_step"
    __table_args__ = (UniqueConstraint("response_id", "sequence"), UniqueConstraint("response_id", "client_key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("quizzes_response.id"))
    sequence: Mapped[int]
    kind: Mapped[str]  # save, check, again, finish, grade, comment, regrade
    data: Mapped[dict[str, Any]]
    client_key: Mapped[str | None]  # made by the browser: the same request twice is one step
    at: Mapped[datetime]


class Attachment(Model):
    """A file that a learner added to an answer."""

    __tablename__ = "quizzes_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("quizzes_response.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("core_file.id"))
    name: Mapped[str]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
