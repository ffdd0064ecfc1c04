"""The dated tree of units; posts of staff; classes and places of pupils; roles at units."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import Person
from lms.core.db import Model


class Dated:
    """Columns of a fact about the world: when it is true, when we learnt it, what it replaces."""

    from_day: Mapped[date]
    until_day: Mapped[date | None]  # half open: the first day on which it is no longer true
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None]  # account
    replaced_at: Mapped[datetime | None]


class UnitKind(Model):
    """What kinds of units there are; kinds are data, because laws change them."""

    __tablename__ = "schools_unit_kind"

    code: Mapped[str] = mapped_column(primary_key=True)  # bo, so, cum, quan_huyen, phuong_xa, dac_khu, truong, to
    title: Mapped[dict[str, Any]]
    position: Mapped[int]
    is_school: Mapped[bool] = mapped_column(default=False)


class Unit(Model):
    """An office or school; lives for ever, its names and parents are dated."""

    __tablename__ = "schools_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind_code: Mapped[str] = mapped_column(ForeignKey("schools_unit_kind.code"))
    stage: Mapped[str | None]  # of schools: mn, th, thcs, thpt, lien_cap, gdtx
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)

    kind: Mapped[UnitKind] = relationship()
    names: Mapped[list["UnitName"]] = relationship(back_populates="unit", order_by="UnitName.from_day")


class UnitName(Dated, Model):
    """What a unit is called during some time."""

    __tablename__ = "schools_unit_name"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        Index("ix_schools_unit_name_unit", "unit_id", "from_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"))
    name: Mapped[str]
    short_name: Mapped[str]
    sort_key: Mapped[str]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit_name.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit_event.id"))

    unit: Mapped[Unit] = relationship(back_populates="names")


class UnitParent(Dated, Model):
    """Under what a unit stands during some time; a top unit has no parent. No row: it is not open."""

    __tablename__ = "schools_unit_parent"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        CheckConstraint("relation IN ('administrative', 'professional')", name="relation"),
        Index("ix_schools_unit_parent_unit", "unit_id", "relation", "from_day"),
        Index("ix_schools_unit_parent_parent", "parent_id", "relation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit.id"))
    relation: Mapped[str] = mapped_column(default="administrative")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit_parent.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit_event.id"))


class UnitReach(Model):
    """Which units stand under which on today's map, itself included; derived from the dated parents."""

    __tablename__ = "schools_unit_reach"

    ancestor_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"), primary_key=True, index=True)
    depth: Mapped[int]


class UnitEvent(Model):
    """Something that happened to units on a day, by some legal act."""

    __tablename__ = "schools_unit_event"
    __table_args__ = (
        CheckConstraint("kind IN ('opened', 'closed', 'renamed', 'moved', 'merged', 'split', 'level_abolished', 'undone')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    day: Mapped[date]
    legal_act: Mapped[str]
    details: Mapped[dict[str, Any]]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit_event.id"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None]


class Position(Model):
    """What staff can be in a unit: manager, teacher, page administrator, ..."""

    __tablename__ = "schools_position"

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[dict[str, Any]]
    position: Mapped[int]


class Post(Dated, Model):
    """A person works in a unit in some position during some time."""

    __tablename__ = "schools_post"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        Index("ix_schools_post_person", "person_id", "from_day"),
        Index("ix_schools_post_unit", "unit_id", "until_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"))
    position_code: Mapped[str] = mapped_column(ForeignKey("schools_position.code"))
    department: Mapped[str] = mapped_column(default="")  # tổ chuyên môn
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("schools_post.id"))

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


class SchoolClass(Model):
    """A class of a school in one school year."""

    __tablename__ = "schools_class"
    __table_args__ = (UniqueConstraint("unit_id", "school_year", "name"), CheckConstraint("grade BETWEEN 0 AND 12", name="grade"))

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"))
    school_year: Mapped[str]  # "2026-2027"
    name: Mapped[str]  # "6A2"
    grade: Mapped[int]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)

    unit: Mapped[Unit] = relationship()


class Place(Dated, Model):
    """A pupil sits in a class during some time."""

    __tablename__ = "schools_place"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
        Index("ix_schools_place_person", "person_id", "from_day"),
        Index("ix_schools_place_class", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("schools_class.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("schools_place.id"))

    person: Mapped[Person] = relationship()
    school_class: Mapped[SchoolClass] = relationship()


class Role(Model):
    """What an account may do at a unit and everything below it, during some time."""

    __tablename__ = "schools_role"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "unit_id", "from_day"),
        CheckConstraint(
            "role IN ('administrator', 'officer', 'head_teacher', 'roster_keeper', 'author', 'teacher', 'pupil', 'auditor')",
            name="role",
        ),
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    role: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    granted_by_id: Mapped[int | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)

    unit: Mapped[Unit] = relationship()
