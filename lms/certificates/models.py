"""Certificates: frozen facts about a person, and the history of their state."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model

STATES = "('valid', 'superseded', 'revoked')"


class Issuer(Model):
    """The body in whose name certificates are given."""

    __tablename__ = "certificates_issuer"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"), unique=True)
    code: Mapped[str] = mapped_column(unique=True)  # short, printed in the serial number
    name: Mapped[str]
    parent_name: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    signer_title: Mapped[str] = mapped_column(default="")
    signer_name: Mapped[str] = mapped_column(default="")


class Series(Model):
    """The last serial number that an issuer gave in a year; the row lock gives each number once."""

    __tablename__ = "certificates_series"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("certificates_issuer.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class Certificate(Model):
    """What was stated about a person on a day; survives the course, the unit and the account."""

    __tablename__ = "certificates_certificate"
    __table_args__ = (
        UniqueConstraint("issuer_id", "year", "number"),
        # One certificate in force per person, source and cycle; a corrected one supersedes it.
        Index(
            "uq_certificates_certificate_cycle",
            "person_id",
            "source",
            "cycle",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("certificates_issuer.id"))
    year: Mapped[int]
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(unique=True)  # with check digit
    code: Mapped[str] = mapped_column(unique=True)  # not guessable; opens the public page
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_person.id"), index=True)  # none after erasure
    source: Mapped[str]  # "programme:1"
    cycle: Mapped[int]
    facts: Mapped[dict[str, Any]]
    facts_schema: Mapped[int] = mapped_column(default=1)
    facts_hash: Mapped[str]
    state: Mapped[str] = mapped_column(default="valid")
    issued_on: Mapped[date]  # from the evidence, not from the clock of the job
    valid_until: Mapped[date | None]  # half open
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificates_certificate.id"))
    created_at: Mapped[datetime]


class StateChange(Model):
    """A change of a certificate's state, with its reason."""

    __tablename__ = "certificates_state_change"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates_certificate.id"), index=True)
    state: Mapped[str]
    reason: Mapped[str]
    by_account_id: Mapped[int | None]
    at: Mapped[datetime]
