"""Parts of a video, in seconds: read, joined, measured (pure)."""

import re
from collections.abc import Iterable, Sequence

MOST = 500  # parts in one report
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)-(\d{1,6}(?:\.\d{1,3})?)")
# A player tells its place four times a second or less: parts this close were played through.
GAP = 0.5

Range = tuple[float, float]


class WrongRangesError(ValueError):
    """A report of what was watched cannot be read."""


def read(said: str) -> list[Range]:
    """Return the parts of a report such as "0-12.5,30-60".  Raises WrongRangesError."""
    parts = said.split(",") if said else []
    found = [_PART.fullmatch(each) for each in parts[: MOST + 1]]
    if len(parts) > MOST or not all(found):
        raise WrongRangesError(said[:100])
    return [(float(each[1]), float(each[2])) for each in found if each]


def joined(ranges: Iterable[Sequence[float]], seconds: float) -> list[Range]:
    """Return the same parts within 0 and ``seconds``, in order, without overlaps and without gaps that nobody notices."""
    made: list[Range] = []
    for start, end in sorted((max(each[0], 0.0), min(each[1], seconds)) for each in ranges):
        if end <= start:
            continue
        if made and start <= made[-1][1] + GAP:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def share(ranges: Iterable[Sequence[float]], seconds: float) -> float:
    """Return which share of a video the parts are, 0.0 to 1.0."""
    if seconds <= 0:
        return 0.0
    return min(1.0, sum(end - start for start, end in joined(ranges, seconds)) / seconds)
