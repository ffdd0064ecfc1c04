"""What pages of quizzes send."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.quizzes import showing
from lms.quizzes.shape import WrongShape

_LONGEST_KEY = 64


@dataclass(frozen=True)
class SavedChange:
    """What autosave sends: an answer, or a flag; ``known`` is how many answers it knows to be saved."""

    slot: int
    key: str | None
    known: int = 0
    response: dict[str, Any] | None = None
    flagged: bool | None = None


def read_change(data: Any) -> SavedChange:
    """Read the JSON that autosave.js sends.  Raises WrongShape."""
    if not isinstance(data, dict):
        raise WrongShape("request", "an object is needed")
    slot, key, response, flagged = _count(data, "slot"), data.get("key"), data.get("response"), data.get("flagged")
    if key is not None and not (isinstance(key, str) and 0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise WrongShape("key", f"a text of at most {_LONGEST_KEY} letters is needed")
    if isinstance(flagged, bool) and response is None:
        return SavedChange(slot, key, flagged=flagged)
    if not isinstance(response, dict):
        raise WrongShape("response", "an object is needed")
    # The sender counts the answer that it sends.
    return SavedChange(slot, key, known=_count(data, "sequence") - 1, response=response)


def read_fields(form: MultiDict[str, str], slot: int) -> dict[str, list[str]]:
    """Return what a page sent for a slot, by the names of the fields without the prefix of the slot."""
    prefix = showing.prefix_of(slot)
    return {name.removeprefix(prefix): values for name, values in form.lists() if name.startswith(prefix)}


def _count(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000:
        return value
    raise WrongShape(name, "a number from 1 is needed")
