"""The order of a course: sections and what stands in them, in one list that can be rearranged; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What stands in the list."""

    SECTION = "section"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class Element:
    """A section or an activity, by its id."""

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.id}"


def read(words: Iterable[str]) -> list[Element] | None:
    """Return the list that a page sent as "section-1", "activity-4"; None when a word makes no sense."""
    found = []
    for word in words:
        kind, _, number = word.partition("-")
        if kind not in (Kind.SECTION, Kind.ACTIVITY) or not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        found.append(Element(Kind(kind), int(number)))
    return found


def moved(elements: Sequence[Element], of: Element, by: int) -> list[Element]:
    """Return the list with one thing moved up (-1) or down (1); a section takes along what stands in it.

    An activity moves past one neighbour, also into the next section.  Nothing stands
    above the first section, and what would go beyond an end stays.
    """
    if of not in elements:
        return list(elements)
    if of.kind is Kind.SECTION:
        blocks = _blocks(elements)
        place = next(index for index, block in enumerate(blocks) if block[0] == of)
        other = place + by
        if 0 <= other < len(blocks):
            blocks[place], blocks[other] = blocks[other], blocks[place]
        return [element for block in blocks for element in block]
    rest = list(elements)
    place = rest.index(of)
    other = place + by
    # The first line is a section, and stays it.
    if 1 <= other < len(rest):
        rest[place], rest[other] = rest[other], rest[place]
    return rest


def _blocks(elements: Sequence[Element]) -> list[list[Element]]:
    blocks: list[list[Element]] = []
    for element in elements:
        if element.kind is Kind.SECTION:
            blocks.append([element])
        else:
            blocks[-1].append(element)
    return blocks


def is_whole(elements: Sequence[Element], known: Iterable[Element]) -> bool:
    """Return whether a list that was sent has everything of the course once, and begins with a section."""
    return bool(elements) and elements[0].kind is Kind.SECTION and sorted(map(str, elements)) == sorted(map(str, known))
