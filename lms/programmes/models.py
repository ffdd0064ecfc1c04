"""Programmes with dated rules, targets and deadlines; exemptions; qualifications."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Model


class Programme(Model):
    """Who must be trained in what: a named duty with a legal basis and a period."""

    __tablename__ = "programmes_programme"
    __table_args__ = (CheckConstraint("audience IN ('staff', 'pupils')", name="audience"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, Any]]
    legal_basis: Mapped[dict[str, Any]]
    audience: Mapped[str]
    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit.id"))  # for it and all below; none: everybody
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    certificate: Mapped[bool] = mapped_column(default=True)

    rules: Mapped[list["Rule"]] = relationship(back_populates="programme", order_by="Rule.number")


class Rule(Model):
    """One version of a programme's rule: whom it obliges, which courses fulfil it, for how long.

    With ``further`` courses, so many as ``needed`` of all of them have to be completed.
    """

    __tablename__ = "programmes_rule"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        CheckConstraint("needed > 0", name="needed"),
        CheckConstraint("due_days IS NULL OR due_days > 0", name="due_days"),
        CheckConstraint("renewal_months >= 0", name="renewal_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"))
    number: Mapped[int]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses_course.id"))
    positions: Mapped[list[Any]]  # position codes; empty: all
    grades: Mapped[list[Any]]  # of pupils; empty: all
    unit_kinds: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # of the unit of a post; empty: all
    stages: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # levels of the school of a post; empty: all
    further: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # ids of courses that count as well
    needed: Mapped[int] = mapped_column(default=1, server_default="1")  # of the course and the further ones
    renewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("courses_course.id"))  # a shorter course for those trained before
    valid_months: Mapped[int | None]
    renewal_months: Mapped[int] = mapped_column(default=3, server_default="3")  # before the end from which it may be renewed
    due_days: Mapped[int | None]  # after the post began; none: the deadlines of the programme
    from_day: Mapped[date]
    until_day: Mapped[date | None]

    programme: Mapped[Programme] = relationship(back_populates="rules")

    @property
    def courses(self) -> list[int]:
        """Return the courses that count, the first one first."""
        return [self.course_id, *self.further]


class Target(Model):
    """What share is to be reached by a day."""

    __tablename__ = "programmes_target"
    __table_args__ = (UniqueConstraint("programme_id", "day"), CheckConstraint("share > 0 AND share <= 1", name="share"))

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"))
    day: Mapped[date]
    share: Mapped[float]  # 0.0 to 1.0


class Deadline(Model):
    """A day by which the programme's people are to be trained, or its report handed in."""

    __tablename__ = "programmes_deadline"
    __table_args__ = (UniqueConstraint("programme_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"))
    day: Mapped[date]
    title: Mapped[dict[str, Any]]


class Exemption(Model):
    """A person need not be trained during some time, for a reason that somebody approved."""

    __tablename__ = "programmes_exemption"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        Index("ix_programmes_exemption_person", "person_id", "programme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"))
    reason: Mapped[str]  # on_leave, new, retiring, seconded, medical, other
    note: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("core_file.id"))
    file_name: Mapped[str] = mapped_column(default="", server_default="")
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    approved_by_id: Mapped[int | None]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("programmes_exemption.id"))


# What the evidence of a qualification begins with when training from elsewhere gave it.
ELSEWHERE = "recognition:"


class Recognition(Model):
    """Training that somebody had elsewhere, with its document; it counts when a second person approved it."""

    __tablename__ = "programmes_recognition"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'approved', 'refused')", name="state"),
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        CheckConstraint("(state = 'proposed') = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="reason"),
        Index(
            "uq_programmes_recognition_proposed",
            "person_id",
            "programme_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_programmes_recognition_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    document: Mapped[str]  # what it is called, with its number
    issuer: Mapped[str]
    from_day: Mapped[date]  # the day of the document
    until_day: Mapped[date | None]  # as the document says; none: as long as the programme's rule of that day
    file_id: Mapped[int | None] = mapped_column(ForeignKey("core_file.id"))
    file_name: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")  # of a refusal


class Qualification(Model):
    """A person fulfilled a programme: one row per cycle, valid from a day until a day."""

    __tablename__ = "programmes_qualification"
    __table_args__ = (
        UniqueConstraint("person_id", "programme_id", "cycle"),
        CheckConstraint("state IN ('valid', 'revoked')", name="state"),
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        Index("ix_programmes_qualification_programme", "programme_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"))
    cycle: Mapped[int]
    rule_id: Mapped[int] = mapped_column(ForeignKey("programmes_rule.id"))
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    evidence: Mapped[str]  # "enrolment:12", "recognition:3"
    state: Mapped[str] = mapped_column(default="valid")
    recorded_at: Mapped[datetime]


class QualificationChange(Model):
    """A change of a qualification's state, dated: what was believed before stays known."""

    __tablename__ = "programmes_qualification_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    qualification_id: Mapped[int] = mapped_column(ForeignKey("programmes_qualification.id"), index=True)
    state: Mapped[str]
    reason: Mapped[str]
    by_account_id: Mapped[int | None]
    recorded_at: Mapped[datetime]
