"""Persons, their identifiers and accounts, links that let them in once, and sessions that ended."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import names
from lms.core.db import Model


class Person(Model):
    """A person is one row for life; accounts, posts, results and certificates point at it."""

    __tablename__ = "accounts_person"
    __table_args__ = (
        CheckConstraint("gender IN ('F', 'M')", name="gender"),
        Index("ix_accounts_person_name_birth", "search_key", "birth_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_name: Mapped[str]  # họ và tên đệm
    given_name: Mapped[str]  # tên
    sort_key: Mapped[str]
    search_key: Mapped[str]  # folded full name
    birth_date: Mapped[date | None]
    gender: Mapped[str | None]  # only for the salutation (cô, thầy; Ông, Bà)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_person.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)
    created_at: Mapped[datetime]

    account: Mapped["Account | None"] = relationship(back_populates="person")

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()

    def rename(self, name: names.Name) -> None:
        """Give the person a name, and the keys to sort and find it by."""
        self.family_name, self.given_name = name.family, name.given
        self.sort_key = names.sort_key(name.family, name.given)
        self.search_key = names.fold(name.full)


class Identifier(Model):
    """A number by which other systems know a person; only its keyed hash and last characters are kept."""

    __tablename__ = "accounts_identifier"
    __table_args__ = (
        UniqueConstraint("kind", "scope", "hash"),
        CheckConstraint("kind IN ('staff_code', 'learner_code', 'sector_code', 'personal_id', 'external')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    kind: Mapped[str]
    scope: Mapped[str]  # "" nation-wide; a school's own codes are unique in that school: its unit code
    hash: Mapped[str]
    last_characters: Mapped[str]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)


class Account(Model):
    """How a person signs in."""

    __tablename__ = "accounts_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), unique=True)
    username: Mapped[str] = mapped_column(unique=True)  # lower case
    email: Mapped[str | None] = mapped_column(unique=True)  # lower case
    password_hash: Mapped[str | None]  # none until the first password is set through a link or card
    must_change: Mapped[bool] = mapped_column(default=False)
    session_epoch: Mapped[int] = mapped_column(default=0)  # a higher number ends every session
    language: Mapped[str] = mapped_column(default="vi")
    disabled: Mapped[bool] = mapped_column(default=False)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("core_import.id"), index=True)
    created_at: Mapped[datetime]
    last_signin_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="account")


class Link(Model):
    """A secret that lets its holder do one thing once: activate, reset, sign in with a card."""

    __tablename__ = "accounts_link"
    __table_args__ = (CheckConstraint("purpose IN ('activate', 'reset', 'card')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"), index=True)
    purpose: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class EndedSession(Model):
    """A session that somebody ended by signing out: a copy of its cookie opens nothing any more."""

    __tablename__ = "accounts_ended_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # made at sign-in, known only to the signed cookie
    ended_at: Mapped[datetime] = mapped_column(index=True)
