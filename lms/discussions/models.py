"""What people wrote in the discussions of courses, and what others reported."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Person
from lms.core.db import Model
from lms.courses.models import Course


class Contribution(Model):
    """Something that somebody wrote: the beginning of a thread, or a reply to one."""

    __tablename__ = "discussions_contribution"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'shown', 'hidden', 'withdrawn')", name="state"),
        CheckConstraint("state <> 'hidden' OR reason <> ''", name="reason"),
        Index("ix_discussions_contribution_thread", "course_id", "activity_key", "thread_id"),
        Index("ix_discussions_contribution_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses_course.id"))
    activity_key: Mapped[str]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("discussions_contribution.id"), index=True)  # none: it begins one
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    text: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")  # why it is hidden, told to its author
    written_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    decided_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    course: Mapped[Course] = relationship()


class Report(Model):
    """Somebody thinks that a moderator should look at a contribution."""

    __tablename__ = "discussions_report"
    __table_args__ = (UniqueConstraint("contribution_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("discussions_contribution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"))
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
