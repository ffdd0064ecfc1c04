"""What a certificate states, frozen (pure)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

SCHEMA = 1


@dataclass(frozen=True)
class Facts:
    """What whoever asks for a certificate knows: what was completed, when, how well.

    Titles are texts by language; ``periods`` are tiết of 45 minutes; ``share``
    is the result of the final quiz, 0.0 to 1.0, or None when there was none.
    """

    programme_title: Mapping[str, str]
    course_code: str
    course_title: Mapping[str, str]
    course_version: int
    periods: int
    started_on: date
    completed_on: date
    share: float | None = None


@dataclass(frozen=True)
class Holder:
    """The person as known on the day of issue."""

    full_name: str
    gender: str | None
    birth_date: date | None
    unit_name: str
    is_minor: bool


@dataclass(frozen=True)
class Body:
    """The issuer as it called itself on the day of issue."""

    name: str
    parent_name: str
    place: str
    signer_title: str
    signer_name: str


@dataclass(frozen=True)
class Statement:
    """Everything that is printed, and nothing else."""

    serial: str
    code: str
    issued_on: date
    valid_until: date | None
    holder: Holder
    achievement: Facts
    issuer: Body
    schema: int = field(default=SCHEMA)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the facts column."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain, ensure_ascii=False))
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Statement":
        """Return the statement of a facts column; raises ValueError for a schema that is not known."""
        if plain.get("schema") != SCHEMA:
            raise ValueError(f"facts of schema {plain.get('schema')!r} cannot be read")
        holder, achievement = dict(plain["holder"]), dict(plain["achievement"])
        holder["birth_date"] = _day(holder["birth_date"])
        achievement["started_on"], achievement["completed_on"] = _day(achievement["started_on"]), _day(achievement["completed_on"])
        return cls(
            serial=plain["serial"],
            code=plain["code"],
            issued_on=date.fromisoformat(plain["issued_on"]),
            valid_until=_day(plain["valid_until"]),
            holder=Holder(**holder),
            achievement=Facts(**achievement),
            issuer=Body(**plain["issuer"]),
        )

    def hash(self) -> str:
        """Return the SHA-256 of the facts in a canonical form."""
        return hash_of(self.to_json())


def hash_of(plain: Mapping[str, Any]) -> str:
    """Return the SHA-256 of facts as stored, in a canonical form."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def initials(full_name: str) -> str:
    """Return a minor's name as the public may see it: N.T.M. for Nguyễn Thị Mai."""
    return "".join(f"{word[0]}." for word in full_name.split())


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
