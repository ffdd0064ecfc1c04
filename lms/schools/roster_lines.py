"""What an import would do with each row, as it is kept in the plan."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal, get_args

from lms.core import names
from lms.schools.roster_sheet import Problem

Fate = Literal["error", "new", "moved", "changed", "missing", "same"]
FATES: tuple[Fate, ...] = get_args(Fate)
SCHEMA = 1


@dataclass(frozen=True)
class HashedCode:
    """A number of a person, as far as we keep it."""

    kind: str
    scope: str
    hash: str
    last: str


@dataclass(frozen=True)
class Change:
    """What would be different: the field, before and after, as codes or text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One person of the plan; ``number`` names the line in the plan, ``row`` the row in the file."""

    number: int
    fate: Fate
    sheet: str
    row: int | None
    family: str
    given: str
    birth_date: date | None = None
    gender: str | None = None
    email: str | None = None
    positions: tuple[str, ...] = ()
    department: str | None = None
    class_name: str = ""
    codes: tuple[HashedCode, ...] = ()
    problems: tuple[Problem, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    person_id: int | None = None
    changes: tuple[Change, ...] = ()
    from_units: tuple[int, ...] = ()
    released: bool = True  # whether a move also ends the posts at the former units

    @property
    def full_name(self) -> str:
        return f"{self.family} {self.given}".strip()

    @property
    def search_key(self) -> str:
        return names.fold(self.full_name)

    def failed(self, code: str, field_: str, value: str = "") -> "Line":
        """Return the line as an error."""
        return replace(self, fate="error", problems=(*self.problems, Problem(code, field_, "", value)))


def to_json(line: Line) -> dict[str, Any]:
    """Return the line as the plan keeps it; what is empty is left out."""
    plain = asdict(line)
    plain["birth_date"] = line.birth_date.isoformat() if line.birth_date else None
    return {key: value for key, value in plain.items() if value not in (None, (), [], {}, "") or key == "department"}


def from_json(plain: Mapping[str, Any]) -> Line:
    """Return the line that the plan keeps."""
    values = dict(plain)
    if values.get("birth_date"):
        values["birth_date"] = date.fromisoformat(values["birth_date"])
    values["codes"] = tuple(HashedCode(**code) for code in values.get("codes", ()))
    values["problems"] = tuple(Problem(**problem) for problem in values.get("problems", ()))
    values["changes"] = tuple(Change(**change) for change in values.get("changes", ()))
    for key in ("positions", "from_units"):
        values[key] = tuple(values.get(key, ()))
    values = {"row": None, "sheet": "", "family": ""} | values
    return Line(**values)
