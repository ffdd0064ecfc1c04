"""What differs for some learners: overrides of a quiz, and more time in all of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Model

_OPEN = text("replaced_at IS NULL")


def _one_open(target: str) -> Index:
    """One override for each quiz and person, class or unit; former ones stay as history."""
    return Index(f"uq_quizzes_override_{target}", "quiz_id", f"{target}_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)


class Override(Model):
    """What a quiz allows to one person, one class, or the staff of one unit instead of its own settings."""

    __tablename__ = "quizzes_override"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN class_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
        _one_open("person"),
        _one_open("class"),
        _one_open("unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes_quiz.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("schools_class.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("schools_unit.id"), index=True)
    changes: Mapped[dict[str, Any]]  # only the settings that differ; null: no limit
    reason: Mapped[str]
    by_account_id: Mapped[int | None]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class ExtraTime(Model):
    """More time for one person in every quiz; no reason of health is kept."""

    __tablename__ = "quizzes_extra_time"
    __table_args__ = (
        CheckConstraint("multiplier > 1 AND multiplier <= 4", name="multiplier"),
        CheckConstraint("until_day IS NULL OR until_day > from_day", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    multiplier: Mapped[float]  # of every time limit: 1.5 is half as long again
    reason: Mapped[str]
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    by_account_id: Mapped[int | None]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
