"""Tables that belong to no subject: imports, journal, audit, jobs, files."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model


class Import(Model):
    """One file that somebody brought in: its plan, and what came of it; rows it made point here."""

    __tablename__ = "core_import"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'applied', 'undone', 'cancelled')", name="state"),
        Index("ix_core_import_unit", "unit_id", "kind", "applied_at"),  # how old a unit's list is
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # people, units, questions, ...
    unit_id: Mapped[int | None]  # the unit it is for; no key, because core knows no units
    file_name: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(default="planned")
    plan: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    by_account_id: Mapped[int | None]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class JournalEntry(Model):
    """A note that new facts about a person or a unit were recorded; followers read it behind a cursor."""

    __tablename__ = "core_journal"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]  # person, unit
    ref_id: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(index=True)


class Cursor(Model):
    """How far a follower has read the journal."""

    __tablename__ = "core_cursor"

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    moved_at: Mapped[datetime]


class AuditEntry(Model):
    """Who did what to what; each entry carries the hash of the former one."""

    __tablename__ = "core_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None]  # None: the system or the command line
    action: Mapped[str]
    subject: Mapped[str]  # "unit:12"
    details: Mapped[dict[str, Any]]
    former_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class Job(Model):
    """Work to be done later; the truth about it, whoever runs it."""

    __tablename__ = "core_job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        UniqueConstraint("kind", "period"),
        Index("ix_core_job_next", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    period: Mapped[str | None]  # periodic work: one row per kind and minute, whoever is first
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    done_parts: Mapped[int] = mapped_column(default=0)
    all_parts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class File(Model):
    """The bytes of a stored file, once, however often it is used; who uses it gives it a name.

    They lie in the database, so that they come and go with the transaction and the
    backup, and several machines see the same.
    """

    __tablename__ = "core_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]  # by what is in it, not by its name
    size: Mapped[int]  # bytes
    content: Mapped[bytes] = mapped_column(deferred=True)
    created_at: Mapped[datetime]


class Mark(Model):
    """A small fact about this installation, such as the state of the demo."""

    __tablename__ = "core_mark"
    __table_args__ = (Index("ix_core_mark_name", "name", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    value: Mapped[dict[str, Any]]


class SigningKey(Model):
    """A key with which this installation signs; one of each purpose is in use, older ones stay so that they can be checked."""

    __tablename__ = "core_signing_key"
    __table_args__ = (
        Index(
            "ix_core_signing_key_in_use",
            "purpose",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]  # courses
    public_key: Mapped[str] = mapped_column(unique=True)  # 32 bytes in base64
    sealed: Mapped[str]  # the private half, see core.signing
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
