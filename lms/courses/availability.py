"""When an activity may be done: AND, OR and NOT of what was done, marks, days and whom it is for (pure).

As it stands in course.yaml and in ``courses_activity.available``: one condition,

    {done: l1-1}   {section: m1}   {passed: quiz}   {share: {of: quiz, least: 0.5}}
    {from: 2026-12-01}   {until: 2027-05-31}   {positions: [manager]}   {grades: [6, 7]}

or several: ``{all: [...]}``, ``{any: [...]}``, ``{not: ...}``, one inside the other as deep as one likes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.core.i18n import gettext

DEEPEST = 20  # nobody understands more, and reading must end


class WrongConditionError(ValueError):
    """What is written is no condition; the sentence says why."""


@dataclass(frozen=True)
class Done:
    """An activity is done."""

    key: str


@dataclass(frozen=True)
class SectionDone:
    """Everything in a section that counts is done."""

    key: str


@dataclass(frozen=True)
class Passed:
    """An activity is passed: a quiz, that is."""

    key: str


@dataclass(frozen=True)
class Reached:
    """At least this share of the full mark was got in an activity, 0.0 to 1.0."""

    key: str
    least: float


@dataclass(frozen=True)
class From:
    """Not before this day."""

    day: date


@dataclass(frozen=True)
class Until:
    """Not after this day."""

    day: date


@dataclass(frozen=True)
class Positions:
    """Whoever holds one of these positions; codes of ``schools_position``."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Grades:
    """Pupils of these grades."""

    grades: tuple[int, ...]


@dataclass(frozen=True)
class All:
    """All of these."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one of these."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The contrary."""

    of: "Condition"


Leaf = Done | SectionDone | Passed | Reached | From | Until | Positions | Grades
Condition = Leaf | All | AnyOf | Not
AUDIENCE = (Positions, Grades)

# What a leaf is for somebody: true, false, or None where that is not known (yet).
Look = Callable[[Leaf], bool | None]


def read(data: Any, depth: int = 0) -> Condition:
    """Return the condition that is written; raises WrongConditionError with a sentence."""
    if depth > DEEPEST:
        raise WrongConditionError(gettext("The conditions are nested too deep."))
    if not isinstance(data, Mapping) or len(data) != 1:
        raise WrongConditionError(
            gettext("A condition is one name with its value, such as {done: l1-1}; several stand in a list under all or any.")
        )
    ((name, value),) = data.items()
    if name in ("all", "any"):
        if not isinstance(value, list) or not value:
            raise WrongConditionError(gettext("Under {name} there is a list of conditions.", name=name))
        inner = tuple(read(each, depth + 1) for each in value)
        return All(inner) if name == "all" else AnyOf(inner)
    if name == "not":
        return Not(read(value, depth + 1))
    reader = _LEAVES.get(name)
    if reader is None:
        raise WrongConditionError(
            gettext('There is no condition "{name}". Names are {names}.', name=name, names=", ".join([*_LEAVES, "all", "any", "not"]))
        )
    return reader(value)


def written(condition: Condition) -> dict[str, Any]:
    """Return how a condition is written; ``read`` gives it back."""
    match condition:
        case All(of):
            return {"all": [written(each) for each in of]}
        case AnyOf(of):
            return {"any": [written(each) for each in of]}
        case Not(inner):
            return {"not": written(inner)}
        case Done(key):
            return {"done": key}
        case SectionDone(key):
            return {"section": key}
        case Passed(key):
            return {"passed": key}
        case Reached(key, least):
            return {"share": {"of": key, "least": least}}
        case From(day):
            return {"from": day.isoformat()}
        case Until(day):
            return {"until": day.isoformat()}
        case Positions(codes):
            return {"positions": list(codes)}
        case Grades(grades):
            return {"grades": list(grades)}


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Give what a condition is made of, in order."""
    match condition:
        case All(of) | AnyOf(of):
            for each in of:
                yield from leaves(each)
        case Not(inner):
            yield from leaves(inner)
        case leaf:
            yield leaf


def value(condition: Condition, look: Look) -> bool | None:
    """Return whether a condition holds: None when that hangs on what is not known (Kleene's logic of three values)."""
    match condition:
        case All(of):
            found = [value(each, look) for each in of]
            return False if False in found else None if None in found else True
        case AnyOf(of):
            found = [value(each, look) for each in of]
            return True if True in found else None if None in found else False
        case Not(inner):
            turned = value(inner, look)
            return None if turned is None else not turned
        case leaf:
            return look(leaf)


def _key(of: Any) -> str:
    if not isinstance(of, str) or not of:
        raise WrongConditionError(gettext("A condition names an activity by its key."))
    return of


def _share(data: Any) -> Reached:
    least = data.get("least") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or set(data) != {"of", "least"} or isinstance(least, bool) or not isinstance(least, int | float):
        raise WrongConditionError(gettext("Write {share: {of: quiz, least: 0.5}}."))
    if not 0 < least <= 1:
        raise WrongConditionError(gettext("A share is more than 0 and at most 1: 0.5 is half of the marks."))
    return Reached(_key(data["of"]), float(least))


def _day(data: Any) -> date:
    if isinstance(data, date):
        return data
    try:
        return date.fromisoformat(data)
    except (TypeError, ValueError):
        raise WrongConditionError(gettext('"{day}" is no day. Write it so: 2026-12-01.', day=data)) from None


def _positions(data: Any) -> Positions:
    if not isinstance(data, list) or not data or not all(isinstance(each, str) and each for each in data):
        raise WrongConditionError(gettext("Under positions there is a list of codes, such as [manager, teacher]."))
    return Positions(tuple(data))


def _grades(data: Any) -> Grades:
    if (
        not isinstance(data, list)
        or not data
        or any(isinstance(each, bool) or not isinstance(each, int) or not 0 <= each <= 12 for each in data)
    ):
        raise WrongConditionError(gettext("Under grades there is a list of numbers, such as [6, 7]."))
    return Grades(tuple(data))


_LEAVES: dict[str, Callable[[Any], Leaf]] = {
    "done": lambda data: Done(_key(data)),
    "section": lambda data: SectionDone(_key(data)),
    "passed": lambda data: Passed(_key(data)),
    "share": _share,
    "from": lambda data: From(_day(data)),
    "until": lambda data: Until(_day(data)),
    "positions": _positions,
    "grades": _grades,
}
