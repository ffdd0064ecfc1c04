"""What is in a course, counted and cited: for the table of the catalogue, and for whoever follows a change of the law (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lms.courses.law import Reference

_MARKUP = re.compile(r"\[\[[^\[\]]*\]\]|!?\[([^\[\]]*)\]\([^()]*\)|^\s*(?:[-*+]|\d+[.)]|>|#+)\s+|\[[ xX]\]|[*_`|]{1,3}|^:::.*$")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_LOOSE = re.compile(r"\s+([.,;:!?])")
_WORD = re.compile(r"\S*\w\S*")
_STARTS = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|>|#|\||$)")


@dataclass(frozen=True)
class Citation:
    """A place in the law that a text rests on; ``sentence`` is what it says there, ``where`` text, law, source or question."""

    file: str
    line: int
    where: str
    sentence: str
    reference: Reference
    as_of: date | None  # None: as the course says


@dataclass(frozen=True)
class Content:
    """How much of what is in an activity in one language, and what it cites."""

    words: int = 0
    lessons: int = 0
    checks: int = 0
    questions: int = 0
    inspections: int = 0
    citations: tuple[Citation, ...] = ()

    def __add__(self, other: "Content") -> "Content":
        return Content(
            self.words + other.words,
            self.lessons + other.lessons,
            self.checks + other.checks,
            self.questions + other.questions,
            self.inspections + other.inspections,
            self.citations + other.citations,
        )


def plain(text: str) -> str:
    """Return the words of Markdown without what they look like."""
    lines = (_MARKUP.sub(lambda found: found[1] or "", line.replace("::", " ")) for line in text.split("\n"))
    # What is taken out before a full stop leaves its space.
    return _LOOSE.sub(r"\1", " ".join(" ".join(lines).split()))


def words(text: str) -> int:
    """Count the words of Markdown; in Vietnamese each syllable is one."""
    return len(_WORD.findall(plain(text)))


def passages(lines: Sequence[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """Yield the lines that belong together as one text: a paragraph, a point of a list, a row; each with its line."""
    gathered: list[str] = []
    start = first
    for number, line in enumerate(lines, start=first):
        if gathered and _STARTS.match(line):
            yield start, " ".join(gathered)
            gathered = []
        if line.strip():
            start = start if gathered else number
            gathered.append(line.strip())
    if gathered:
        yield start, " ".join(gathered)


def sentence_around(text: str, place: int) -> str:
    """Return the sentence of a text in which a place is."""
    start = 0
    for end in [*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]:
        if place < end:
            return plain(text[start:end])
        start = end
    return plain(text[start:])
