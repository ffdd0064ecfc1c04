"""Who is obliged: rules against what a person is on a day (pure)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol


class Dated(Protocol):
    """Something that is true from a day until (not including) another, None for open."""

    @property
    def from_day(self) -> date: ...
    @property
    def until_day(self) -> date | None: ...


class Audience(Protocol):
    """What of a rule says whom it is for; empty lists mean everybody of the programme's audience."""

    @property
    def positions(self) -> Collection[str]: ...
    @property
    def grades(self) -> Collection[int]: ...
    @property
    def unit_kinds(self) -> Collection[str]: ...
    @property
    def stages(self) -> Collection[str]: ...


class Post(NamedTuple):
    """A post held: the position, and the kind and school level of its unit ("" for an office)."""

    position: str
    unit_kind: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Facts:
    """What a person is on a day: posts held, grade of the class, and the units around.

    ``units`` are those of the posts and of the class with all units above them.
    """

    posts: frozenset[Post] = field(default=frozenset())
    grade: int | None = None
    units: frozenset[int] = field(default=frozenset())

    @property
    def positions(self) -> frozenset[str]:
        return frozenset(each.position for each in self.posts)


def obliged(audience: str, rule: Audience, facts: Facts, *, owner_unit_id: int | None = None) -> bool:
    """Return whether a rule of a programme for "staff" or "pupils" obliges a person with these facts.

    A programme owned by a unit is for that unit and everything below it.
    """
    if owner_unit_id is not None and owner_unit_id not in facts.units:
        return False
    if audience == "staff":
        return any(covers_post(rule, each) for each in facts.posts)
    return facts.grade is not None and covers_grade(rule, facts.grade)


def covers_post(rule: Audience, post: Post) -> bool:
    """Return whether the rule names a post: its position, the kind of its unit and the level of its school."""
    return covers_position(rule, post.position) and covers_unit(rule, post.unit_kind, post.stage)


def covers_unit(rule: Audience, unit_kind: str, stage: str) -> bool:
    """Return whether the rule is for units of this kind and schools of this level; where it names none, for all."""
    return (not rule.unit_kinds or unit_kind in rule.unit_kinds) and (not rule.stages or stage in rule.stages)


def covers_position(rule: Audience, position: str) -> bool:
    """Return whether the rule names this position of staff, or names none and so means all."""
    return not rule.positions or position in rule.positions


def covers_grade(rule: Audience, grade: int) -> bool:
    """Return whether the rule names this grade of pupils, or names none and so means all."""
    return not rule.grades or grade in rule.grades


def holds_on(dated: Dated, day: date) -> bool:
    """Return whether something with days (half open) is true on a day."""
    return dated.from_day <= day and (dated.until_day is None or day < dated.until_day)
