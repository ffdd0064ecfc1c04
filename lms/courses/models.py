"""Courses and their versions; a published version never changes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model


class Course(Model):
    """A course through all its versions."""

    __tablename__ = "courses_course"
    __table_args__ = (CheckConstraint("audience IN ('staff', 'pupils')", name="audience"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str]  # printed: CB1
    audience: Mapped[str]
    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit.id"))  # none: built in
    created_at: Mapped[datetime]

    versions: Mapped[list["Version"]] = relationship(back_populates="course", order_by="Version.number")


class Version(Model):
    """One state of a course; learners keep the one they began."""

    __tablename__ = "courses_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("state IN ('draft', 'published', 'retired')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses_course.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    title: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    outcomes: Mapped[dict[str, Any]]  # language -> list
    languages: Mapped[list[Any]]
    grades: Mapped[list[Any]]
    periods: Mapped[int]  # tiết of 45 minutes
    valid_months: Mapped[int | None]
    as_of: Mapped[date]  # the day up to which the law in it was looked at
    read_aloud: Mapped[bool] = mapped_column(default=False, server_default=false())  # its lessons offer to be listened to
    needed: Mapped[int | None]  # so many of the activities that count complete it; none: all
    content_hash: Mapped[str]
    origin: Mapped[dict[str, Any] | None]  # the installation it was brought from, see courses.sharing.packing; none: made here
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    course: Mapped[Course] = relationship(back_populates="versions")
    sections: Mapped[list["Section"]] = relationship(back_populates="version", order_by="Section.position")


class Section(Model):
    """A part of a course."""

    __tablename__ = "courses_section"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("courses_version.id"))
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[dict[str, Any]]

    version: Mapped[Version] = relationship(back_populates="sections")
    activities: Mapped[list["Activity"]] = relationship(back_populates="section", order_by="Activity.position")


class Activity(Model):
    """Something to do in a course: read a page, take a quiz; its key is stable through versions."""

    __tablename__ = "courses_activity"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("courses_version.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("courses_section.id"))
    key: Mapped[str]
    position: Mapped[int]  # through the whole course
    kind: Mapped[str]  # page, quiz
    required: Mapped[bool] = mapped_column(default=True)
    minutes: Mapped[int]
    title: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    completion: Mapped[list[Any] | None]  # when it is done, see courses.completion; none: as is usual of its kind
    available: Mapped[dict[str, Any] | None]  # when it may be done, see courses.availability; none: always
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())  # not even its title is shown before it may be done

    section: Mapped[Section] = relationship(back_populates="activities")


class CourseFile(Model):
    """A file that a version was made of: its texts as they were written, and its pictures."""

    __tablename__ = "courses_file"
    __table_args__ = (UniqueConstraint("version_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("courses_version.id"))
    path: Mapped[str]  # in the folder of the course: pictures/lock.svg
    file_id: Mapped[int] = mapped_column(ForeignKey("core_file.id"), index=True)


class PageText(Model):
    """The text of a page in one language: what was written, and the HTML made of it."""

    __tablename__ = "courses_page_text"
    __table_args__ = (UniqueConstraint("activity_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("courses_activity.id"))
    language: Mapped[str]
    source: Mapped[str]
    html: Mapped[str]
    head: Mapped[dict[str, Any]]  # lead, outcomes, sources


class ReviewNote(Model):
    """A word about a draft: that it waits for a reviewer, what one thinks of it, or that it may be published.  Rows are only added."""

    __tablename__ = "courses_review_note"
    __table_args__ = (
        CheckConstraint("what IN ('asked', 'comment', 'sent_back', 'approved')", name="what"),
        CheckConstraint("what IN ('asked', 'approved') OR text <> ''", name="text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("courses_version.id"), index=True)
    what: Mapped[str]
    activity_key: Mapped[str] = mapped_column(default="")  # what it is about; "": the whole course
    text: Mapped[str] = mapped_column(default="")
    content_hash: Mapped[str]  # of the draft as it was then
    by_account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    at: Mapped[datetime]


class Amendment(Model):
    """An article of a law says something else from a day on; what cites it is marked, and a short course may tell what is new."""

    __tablename__ = "courses_amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]  # "116/2025/QH15 Đ16.5"
    from_day: Mapped[date]
    note: Mapped[dict[str, Any]]  # what changed, by language
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses_course.id"))  # offered to who learnt the former wording
    by_account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]  # it was a mistake


class AmendmentMark(Model):
    """A lesson of a version, looked at before the day of an amendment, cites what it amends."""

    __tablename__ = "courses_amendment_mark"
    __table_args__ = (UniqueConstraint("amendment_id", "version_id", "activity_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("courses_amendment.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("courses_version.id"), index=True)
    activity_key: Mapped[str]


class Sender(Model):
    """Another installation whose key somebody here compared with its people; what it signs is known from then on."""

    __tablename__ = "courses_sender"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]  # as it called itself then
    address: Mapped[str]
    by_account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    compared_at: Mapped[datetime]
