"""Quizzes: settings, sections, and slots that hold questions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model


class Quiz(Model):
    """The quiz of one activity."""

    __tablename__ = "quizzes_quiz"
    __table_args__ = (
        CheckConstraint("pass_share >= 0 AND pass_share <= 1", name="pass_share"),
        CheckConstraint("grading_method IN ('highest', 'average', 'first', 'last')", name="grading_method"),
        CheckConstraint("when_expired IN ('submit', 'grace', 'abandon')", name="when_expired"),
        CheckConstraint("navigation IN ('free', 'sequential')", name="navigation"),
        CheckConstraint(
            "behaviour IN ('deferred', 'immediate', 'interactive', 'adaptive', 'adaptive_no_penalty', 'certainty', 'certainty_immediate')",
            name="behaviour",
        ),
        CheckConstraint("maximum > 0", name="maximum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("courses_activity.id"), unique=True)
    pass_share: Mapped[float]  # 0.0 to 1.0
    attempts_allowed: Mapped[int] = mapped_column(default=0)  # 0: as often as one likes
    time_limit_seconds: Mapped[int | None]
    grace_seconds: Mapped[int] = mapped_column(default=0)
    delay_seconds: Mapped[int] = mapped_column(default=0)  # from the end of the first attempt to the second
    later_delay_seconds: Mapped[int | None]  # between later ones; none: as after the first
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    when_expired: Mapped[str] = mapped_column(default="submit")
    behaviour: Mapped[str] = mapped_column(default="deferred")
    grading_method: Mapped[str] = mapped_column(default="highest")
    shuffle_questions: Mapped[bool] = mapped_column(default=False)
    shuffle_answers: Mapped[bool] = mapped_column(default=True)
    navigation: Mapped[str] = mapped_column(default="free")  # sequential: no way back
    maximum: Mapped[float] = mapped_column(default=10.0)  # the scale on which the grade is shown
    password: Mapped[str | None]  # asked before an attempt begins; whoever runs the quiz reads it out
    builds_on_last: Mapped[bool] = mapped_column(default=False)  # an attempt begins with the answers of the last
    classroom: Mapped[bool] = mapped_column(default=False)  # everybody in the same order; the teacher moves on
    review: Mapped[dict[str, Any]]  # phase -> items shown; {} means the defaults
    feedback: Mapped[list[Any]]  # overall feedback by band

    slots: Mapped[list["Slot"]] = relationship(back_populates="quiz", order_by="Slot.number")
    sections: Mapped[list["QuizSection"]] = relationship(back_populates="quiz", order_by="QuizSection.number")


class QuizSection(Model):
    """Slots under one heading, asked in their order or shuffled."""

    __tablename__ = "quizzes_section"
    __table_args__ = (UniqueConstraint("quiz_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"))
    number: Mapped[int]
    headings: Mapped[dict[str, Any]]  # language -> text; {} for none
    shuffle: Mapped[bool] = mapped_column(default=False)

    quiz: Mapped[Quiz] = relationship(back_populates="sections")


class Slot(Model):
    """A place in a quiz: a fixed question, or a rule to draw one by."""

    __tablename__ = "quizzes_slot"
    __table_args__ = (UniqueConstraint("quiz_id", "number"), CheckConstraint("(question_id IS NULL) <> (draw IS NULL)", name="one_source"))

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"))
    number: Mapped[int]
    page: Mapped[int] = mapped_column(default=1)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes_section.id"), index=True)
    after_previous: Mapped[bool] = mapped_column(default=False)  # cannot be answered before the former one is finished
    question_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes_question.id"))
    version_number: Mapped[int | None]  # none: the latest that is ready
    draw: Mapped[dict[str, Any] | None]
    max_mark: Mapped[float] = mapped_column(default=1.0)

    quiz: Mapped[Quiz] = relationship(back_populates="slots")
