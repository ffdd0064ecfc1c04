"""The coverage ledger: changes per unit and day, and what each person contributed."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model


class CoverageChange(Model):
    """On this day the numbers of obliged, trained and exempt staff of a unit, and all below it, change by this."""

    __tablename__ = "reports_coverage_change"
    __table_args__ = (
        Index("uq_reports_coverage_change_keys", "programme_id", "unit_id", "position_code", "day", "recorded_on", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("schools_unit.id"))
    position_code: Mapped[str]  # "" for all positions: a person with two posts counts once there
    day: Mapped[date]
    recorded_on: Mapped[date]
    obliged: Mapped[int]
    trained: Mapped[int]
    exempt: Mapped[int]


class CoverageContribution(Model):
    """What the ledger holds of one person now, so that new facts post only the difference."""

    __tablename__ = "reports_coverage_contribution"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes_programme.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), primary_key=True)
    changes: Mapped[list[Any]]  # [[unit, position, day, obliged, trained, exempt], ...]
