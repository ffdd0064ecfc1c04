"""Enrolments and the best result in each activity."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Person
from lms.core.db import Model
from lms.courses.models import Version


class Enrolment(Model):
    """A person takes a version of a course; a later cycle is a new row."""

    __tablename__ = "learning_enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle"),
        CheckConstraint("state IN ('active', 'completed', 'cancelled')", name="state"),
        # With the person, so that somebody is found among a hundred thousand in the same version.
        Index("ix_learning_enrolment_version", "version_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses_course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("courses_version.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="active")
    source: Mapped[str]  # rule, self, teacher, import
    enrolled_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    active_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    last_activity_key: Mapped[str | None]  # where to resume
    done: Mapped[int] = mapped_column(default=0)  # required activities done
    required: Mapped[int] = mapped_column(default=0)  # required activities in all

    person: Mapped[Person] = relationship()
    version: Mapped[Version] = relationship()
    results: Mapped[list["Result"]] = relationship(back_populates="enrolment")


class Result(Model):
    """The best outcome of one enrolment in one activity."""

    __tablename__ = "learning_result"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_key"),
        CheckConstraint("share IS NULL OR (share >= 0 AND share <= 1)", name="share"),
        CheckConstraint("state IN ('started', 'completed', 'passed', 'failed')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("learning_enrolment.id"))
    activity_key: Mapped[str]
    state: Mapped[str]
    share: Mapped[float | None]  # of the full mark, 0.0 to 1.0
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    source: Mapped[str]  # view, quiz, classroom, scorm, lti, attendance, recognised, override
    evidence: Mapped[str | None]  # "attempt:7"
    reason: Mapped[str | None]  # of an override
    met: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # condition -> moment since when, see courses.completion

    enrolment: Mapped[Enrolment] = relationship(back_populates="results")


class Decision(Model):
    """Somebody decided about one activity of one learner: ticked it, granted it in a single case, or took that back.

    Rows are added and never changed; the last one counts.
    """

    __tablename__ = "learning_decision"
    __table_args__ = (
        CheckConstraint("kind IN ('marked', 'granted', 'taken_back')", name="kind"),
        CheckConstraint("kind = 'marked' OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("learning_enrolment.id"), index=True)
    activity_key: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]
    by_account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    at: Mapped[datetime]
