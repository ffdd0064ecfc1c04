"""What a programme aims at: whom it obliges, by when, and the path there (pure)."""

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

    def anchor_of(self, goal: Goal) -> date:
        """Return the day from which the path to a goal is drawn: the goal before it, else the programme's first day."""
        return max((each.day for each in self.goals if each.day < goal.day), default=self.from_day)


def planned(start: Goal, goal: Goal, day: date) -> float:
    """Return the share that a steady pace from a start to a goal reaches on a day; it never goes down, and is level after the goal."""
    whole = (goal.day - start.day).days
    if day >= goal.day or whole <= 0 or start.share >= goal.share:
        return goal.share
    return start.share + (goal.share - start.share) * max(0, (day - start.day).days) / whole
