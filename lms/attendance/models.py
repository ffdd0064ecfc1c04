"""Meetings and who was there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Person
from lms.core.db import Model
from lms.courses.models import Course
from lms.schools.models import Unit


class Meeting(Model):
    """A face-to-face or live session of an activity, held by a unit for its people and those below.

    It belongs to the course and the key of the activity, not to one version: who
    learns by an older one is there, too.
    """

    __tablename__ = "attendance_meeting"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'open', 'closed', 'cancelled')", name="state"),
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("periods >= 0", name="periods"),
        Index("ix_attendance_meeting_course", "course_id", "activity_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses_course.id"))
    activity_key: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    periods: Mapped[int]  # tiết of 45 minutes that are credited
    secret: Mapped[str]  # of the codes on its screen
    state: Mapped[str] = mapped_column(default="planned")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    unit: Mapped[Unit] = relationship()


class Presence(Model):
    """A person was at a meeting: signed in by code, or ticked on the list."""

    __tablename__ = "attendance_presence"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"), CheckConstraint("how IN ('code', 'list')", name="how"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("attendance_meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    how: Mapped[str]
    at: Mapped[datetime]
    by_account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))

    person: Mapped[Person] = relationship()
