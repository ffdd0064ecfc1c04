"""Everything that a unit page shows, worked out once: the page, its print and its Excel file are drawn from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from babel.numbers import format_decimal

from lms.core import clock
from lms.core.db import month_later
from lms.core.i18n import language, lazy_
from lms.reports import coverage, ledger, persons, queries
from lms.reports.aims import Aim, Due, Goal, planned
from lms.reports.coverage import Reading
from lms.reports.ledger import Figure
from lms.reports.persons import Line
from lms.reports.queries import Frame, Place

# A list that nobody renewed for so long is said to be old.
OLD_LIST_DAYS = 60
# So large a share exempt, and so many, is worth a second look.
MANY_EXEMPT_SHARE, MANY_EXEMPT = 0.10, 5
TREND_MONTHS = 8
MOST_NAMED = 200
MOST_IN_TREE = 60
MONTHS = (
    lazy_("Jan"),
    lazy_("Feb"),
    lazy_("Mar"),
    lazy_("Apr"),
    lazy_("May"),
    lazy_("Jun"),
    lazy_("Jul"),
    lazy_("Aug"),
    lazy_("Sep"),
    lazy_("Oct"),
    lazy_("Nov"),
    lazy_("Dec"),
)
SORTS = ("name", "share", "missing", "change", "exempt", "note")


@dataclass(frozen=True)
class Row:
    """A unit right below, or the unit itself in the total row."""

    place: Place
    figure: Figure
    before: Figure
    note: str  # "", no_list, nobody, old_list, many_exempt, complete
    list_age: int | None  # days

    @property
    def change(self) -> float | None:
        """How much the share grew since the day of comparison, in points of per cent."""
        if self.figure.share is None or self.before.share is None:
            return None
        return (self.figure.share - self.before.share) * 100

    @property
    def points(self) -> str:
        """The change as one writes it: +10,8."""
        change = round(self.change or 0, 1)
        sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else ""
        return sign + str(format_decimal(abs(change), "0.0", locale=language()))


@dataclass(frozen=True)
class Branch:
    """A unit in the tree of the margin."""

    place: Place
    figure: Figure
    is_current: bool
    below: tuple["Branch", ...] = ()


@dataclass(frozen=True)
class Point:
    """A month of the trend: the figure at its end, in the last one at the day of the page."""

    month: date
    figure: Figure
    planned: float | None

    @property
    def name(self) -> str:
        return f"{self.month.month}/{self.month.year}"

    @property
    def label(self) -> str:
        return str(MONTHS[self.month.month - 1])

    @property
    def share(self) -> float:
        return self.figure.share or 0.0

    @property
    def have(self) -> int:
        return self.figure.trained

    @property
    def of(self) -> int:
        return self.figure.obliged


@dataclass(frozen=True)
class Overview:
    """A unit on a day; ``missing`` are the persons still to be trained, of a school only."""

    unit: Place
    day: date
    compared_with: date
    aim: Aim | None
    aims: Sequence[Aim]
    goal: Goal | None
    due: Due | None
    total: Row
    rows: Sequence[Row] = ()
    stages: Sequence[str] = ()
    tree: Sequence[Branch] = ()
    points: Sequence[Point] = ()
    missing: Sequence[Line] = ()
    more_missing: bool = False
    too_many_pending: bool = False
    chain: Sequence[Place] = field(default_factory=tuple)

    @property
    def figure(self) -> Figure:
        return self.total.figure

    @property
    def to_target(self) -> int:
        return self.figure.to_target(self.goal.share) if self.goal else 0

    @property
    def goal_passed(self) -> bool:
        """Whether the day of the goal is behind us."""
        return self.goal is not None and self.goal.day < self.day

    @property
    def with_list(self) -> int:
        """How many units below have anybody in their list."""
        return sum(1 for row in self.rows if not row.figure.is_empty)

    @property
    def is_future(self) -> bool:
        return self.day > clock.today()

    @property
    def counted_elsewhere(self) -> int:
        """How many more the units below have together than the total: persons with posts in two of them (below zero: in the office itself)."""
        return sum(row.figure.obliged for row in self.rows) - self.figure.obliged


@dataclass(frozen=True)
class Wish:
    """What the reader of a page asked for."""

    day: date
    compare: date | None = None
    stage: str = ""
    sort: str = "missing"
    descending: bool = True
    programme: str = ""


def look_at(frame: Frame, wish: Wish, visible: Sequence[int]) -> Overview:
    """Work out the page of a unit; ``visible`` are the units at which the reader may see coverage, with all below.

    Five statements with the frame: programmes, figures, what is not folded yet,
    and for a school its persons.
    """
    aims = queries.aims(wish.day)
    aim = next((aim for aim in aims if aim.slug == wish.programme), aims[0] if aims else None)
    compared_with = wish.compare or month_later(wish.day, -1)
    if aim is None:
        return Overview(frame.unit, wish.day, compared_with, None, aims, None, None, Row(frame.unit, Figure(), Figure(), "", None))
    chain = visible_chain(frame, visible)
    shown = {place.id: place for place in (*chain, *_siblings(frame, chain), *frame.children)}
    reading = coverage.figures(list(shown), aim.duty, [wish.day, compared_with], course_of=frame.unit.id)
    rows = [_row(place, reading, wish.day, compared_with) for place in frame.children]
    missing, more = persons.lines(frame.unit.id, aim, wish.day, state="missing", most=MOST_NAMED) if frame.unit.is_school else ([], False)
    return Overview(
        unit=frame.unit,
        day=wish.day,
        compared_with=compared_with,
        aim=aim,
        aims=aims,
        goal=aim.goal_on(wish.day),
        due=aim.due_on(wish.day),
        total=_row(frame.unit, reading, wish.day, compared_with),
        rows=_sorted([row for row in rows if wish.stage in ("", row.place.stage)], wish),
        stages=sorted({place.stage for place in frame.children if place.stage}),
        tree=_tree(frame, chain, reading, wish.day),
        points=_points(aim, reading, reading.figures[frame.unit.id, wish.day], wish.day),
        missing=missing,
        more_missing=more,
        too_many_pending=reading.too_many_pending,
        chain=chain,
    )


def visible_chain(frame: Frame, visible: Sequence[int]) -> tuple[Place, ...]:
    """Return the way down to the unit from the highest one that the reader may see."""
    start = next((number for number, place in enumerate(frame.chain) if place.id in visible), len(frame.chain) - 1)
    return tuple(frame.chain[start:])


def _siblings(frame: Frame, chain: Sequence[Place]) -> tuple[Place, ...]:
    return frame.siblings if len(chain) > 1 else (frame.unit,)


def _row(place: Place, reading: Reading, day: date, compared_with: date) -> Row:
    figure = reading.figures[place.id, day]
    age = (day - place.list_day).days if place.list_day and place.list_day <= day else None
    return Row(place, figure, reading.figures[place.id, compared_with], _note(place, figure, age), age)


def _note(place: Place, figure: Figure, list_age: int | None) -> str:
    """Return what is to be said of the data behind a figure; of offices only that nothing is there."""
    if figure.is_empty:
        return "nobody" if list_age is not None or not place.is_school else "no_list"
    if figure.exempt >= MANY_EXEMPT and (figure.exempt_share or 0) > MANY_EXEMPT_SHARE:
        return "many_exempt"
    if not place.is_school:
        return ""
    if list_age is not None and list_age > OLD_LIST_DAYS:
        return "old_list"
    return "complete" if list_age is not None else ""


def _sorted(rows: list[Row], wish: Wish) -> list[Row]:
    """Sort as asked; units without a list come first when one looks for what is missing, else last."""
    keys: Mapping[str, object] = {
        "share": lambda row: row.figure.share or 0,
        "missing": lambda row: row.figure.missing,
        "change": lambda row: row.change or 0,
        "exempt": lambda row: row.figure.exempt_share or 0,
        "note": lambda row: row.note,
    }
    rows = sorted(rows, key=lambda row: row.place.sort_key, reverse=wish.sort == "name" and wish.descending)
    if wish.sort != "name":
        rows = sorted(rows, key=keys[wish.sort], reverse=wish.descending)  # type: ignore[call-overload]
    return sorted(rows, key=lambda row: row.figure.is_empty, reverse=wish.sort == "missing" and wish.descending)


def _tree(frame: Frame, chain: Sequence[Place], reading: Reading, day: date) -> tuple[Branch, ...]:
    """Return the units above that the reader may see, around the present one its siblings, at the top its children."""

    def branch(place: Place, below: tuple[Branch, ...] = ()) -> Branch:
        return Branch(place, reading.figures[place.id, day], place.id == frame.unit.id, below)

    if len(chain) == 1:
        return (branch(frame.unit, tuple(branch(child) for child in frame.children[:MOST_IN_TREE])),)
    shown = [place for place in frame.siblings if place.id == frame.unit.id or len(frame.siblings) <= MOST_IN_TREE]
    inner = tuple(branch(place) for place in shown)
    for place in reversed(chain[:-1]):
        inner = (branch(place, inner),)
    return inner


def _points(aim: Aim, reading: Reading, now: Figure, day: date) -> tuple[Point, ...]:
    """Return the months up to the day, from the first on in which somebody was obliged, with the path to the goal."""
    goal = aim.goal_on(day)
    # The path starts from what was true when the goal began to count, so that it asks for a steady pace from there.
    anchor = aim.anchor_of(goal) if goal else day
    start = Goal(anchor, _at_end_of(ledger.month_of(anchor), reading).share or 0.0)

    def point(month: date, figure: Figure, on: date) -> Point:
        return Point(month, figure, planned(start, goal, on) if goal else None)

    first = ledger.month_of(day)
    months = [ledger.month_of(month_later(first, -number)) for number in range(TREND_MONTHS - 1, 0, -1)]
    points = [point(month, _at_end_of(month, reading), month_later(month, 1) - timedelta(days=1)) for month in months]
    return tuple(each for each in (*points, point(first, now, day)) if each.figure.obliged)


def _at_end_of(month: date, reading: Reading) -> Figure:
    known = [each for each in reading.months if each <= month]
    return reading.months[max(known)] if known else Figure()
