"""The coverage ledger: changes per unit and day, their monthly sums, and what each person contributed."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model


class CoverageChange(Model):
    """On this day the numbers of obliged, trained and exempt staff of a unit, and all below it, change by this.

    Rows are only added to: what was recorded on a past day stays, so that any
    figure can be given as it was known then.
    """

    __tablename__ = "reports_coverage_change"
    # The key is the way every page reads; without a row id the rows lie in its order.
    __table_args__ = {"sqlite_with_rowid": False}

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"), primary_key=True)
    position_code: Mapped[str] = mapped_column(primary_key=True)  # "" for all positions: a person with two posts counts once there
    day: Mapped[date] = mapped_column(primary_key=True)
    recorded_on: Mapped[date] = mapped_column(primary_key=True)
    obliged: Mapped[int]
    trained: Mapped[int]
    exempt: Mapped[int]


class CoverageMonth(Model):
    """The sum of all changes of a month as known now, so that a page need not add up years of days."""

    __tablename__ = "reports_coverage_month"
    __table_args__ = {"sqlite_with_rowid": False}

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"), primary_key=True)
    position_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    obliged: Mapped[int]
    trained: Mapped[int]
    exempt: Mapped[int]


class CoverageContribution(Model):
    """What the ledger holds of one person now, so that new facts post only the difference."""

    __tablename__ = "reports_coverage_contribution"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), primary_key=True, index=True)
    changes: Mapped[list[Any]]  # [[unit, position, day as date.toordinal(), obliged, trained, exempt], ...]
    known_on: Mapped[date]  # the day up to which the ledger has what we learnt about the person


class CoverageSeen(Model):
    """A note that the ledger took in while older transactions were unfinished; on PostgreSQL it must not be taken twice."""

    __tablename__ = "reports_coverage_seen"

    note_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of the journal
