"""What learners confirmed, and what of a video they watched."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model


class Acknowledgement(Model):
    """Somebody confirmed to have read an edition of a document; a later edition is confirmed by a row of its own.

    It belongs to the person and the course, not to the enrolment: what was confirmed
    stays confirmed when a version or a cycle begins anew.
    """

    __tablename__ = "materials_acknowledgement"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "activity_key", "edition", "sha256"),
        Index("ix_materials_acknowledgement_activity", "course_id", "activity_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses_course.id"))
    activity_key: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("courses_version.id"))
    edition: Mapped[str]
    sha256: Mapped[str]  # of the file that was shown
    at: Mapped[datetime]
    by_account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))


class Watched(Model):
    """Which parts of a video were played in an enrolment, merged; evidence of the condition "watched"."""

    __tablename__ = "materials_watched"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_key"),
        CheckConstraint("share >= 0 AND share <= 1", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("learning_enrolment.id"))
    activity_key: Mapped[str]
    ranges: Mapped[list[Any]]  # [[0.0, 12.5], [30.0, 60.0]] in seconds
    share: Mapped[float]
    at_second: Mapped[float]  # where the learner was last
    updated_at: Mapped[datetime]
