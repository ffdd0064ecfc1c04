"""What a programme aims at: whom it obliges, by when, and the path there (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.reports.contributions import Duty


@dataclass(frozen=True)
class Goal:
    """A share (0.0 to 1.0) to be reached by a day."""

    day: date
    share: float


@dataclass(frozen=True)
class Due:
    """A day by which people are to be trained."""

    day: date
    title: dict[str, str]


@dataclass(frozen=True)
class Aim:
    """A programme for staff as a unit page needs it."""

    programme_id: int
    slug: str
    title: dict[str, str]
    from_day: date
    course_id: int | None  # of the rule in force, else of the last one
    course_code: str
    course_slug: str
    positions: frozenset[str]  # obliged by that rule; empty: all
    duty: Duty
    goals: tuple[Goal, ...]
    dues: tuple[Due, ...]

    def goal_on(self, day: date) -> Goal | None:
        """Return the goal that people work towards on a day: the next one, or the last when all days have passed."""
        return next((goal for goal in self.goals if goal.day >= day), self.goals[-1] if self.goals else None)

    def due_on(self, day: date) -> Due | None:
        """Return the deadline on or next after a day."""
        return next((due for due in self.dues if due.day >= day), None)

    def planned(self, day: date) -> float:
        """Return the share that should be reached on a day: a straight path from goal to goal."""
        return planned((Goal(self.from_day, 0.0), *self.goals), day)


def planned(knots: Sequence[Goal], day: date) -> float:
    """Return the height of the path through these goals, in order of days; level before the first and after the last."""
    before = knots[0]
    for after in knots:
        if day < after.day:
            whole = (after.day - before.day).days
            return before.share + (after.share - before.share) * ((day - before.day).days / whole if whole else 1.0)
        before = after
    return before.share
