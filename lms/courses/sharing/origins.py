"""Where a version of a course came from (pure)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_LONGEST = 300


class WrongOriginError(ValueError):
    """What a package says of where it comes from cannot be read."""


@dataclass(frozen=True)
class Origin:
    """An installation that gave a course out: its name and address, the course and version there, its key, and when (ISO 8601)."""

    course: str
    version: int
    name: str
    address: str
    sealed_at: str
    key: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as a package lists it, and as a version keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Origin":
        """Read it again.  Raises WrongOriginError."""
        words = [data.get(name) for name in ("course", "name", "address", "sealed_at", "key")]
        number = data.get("version")
        # What cannot be seen cannot be compared, nor kept by every database.
        if not all(isinstance(word, str) and len(word) <= _LONGEST and word.isprintable() for word in words):
            raise WrongOriginError("course, name, address, sealed_at and key are words that can be read")
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise WrongOriginError("version is a number")
        course, name, address, sealed_at, key = (str(word) for word in words)
        return cls(course, number, name, address, sealed_at, key)
