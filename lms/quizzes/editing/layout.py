"""The order of a quiz: questions, page breaks and headings in one list that can be rearranged; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What stands in the list."""

    SLOT = "slot"
    SECTION = "section"  # a heading; what follows stands under it
    BREAK = "break"  # what follows stands on the next page


@dataclass(frozen=True)
class Element:
    """Something in the list; a page break has no id."""

    kind: Kind
    id: int = 0

    def __str__(self) -> str:
        return self.kind if self.kind is Kind.BREAK else f"{self.kind}-{self.id}"


PAGE_BREAK = Element(Kind.BREAK)


@dataclass(frozen=True)
class Placed:
    """Where a slot stands: its number in the quiz, its page, and the section, if it is in one."""

    slot_id: int
    number: int
    page: int
    section_id: int | None


def read(words: Iterable[str]) -> list[Element] | None:
    """Return the list that a page sent as "slot-4", "break", "section-1"; None when a word makes no sense."""
    found = []
    for word in words:
        kind, _, number = word.partition("-")
        if word == Kind.BREAK:
            found.append(PAGE_BREAK)
        elif kind in (Kind.SLOT, Kind.SECTION) and number.isascii() and number.isdigit() and len(number) < 10:
            found.append(Element(Kind(kind), int(number)))
        else:
            return None
    return found


def of(slots: Sequence[Placed], sections: Sequence[int]) -> list[Element]:
    """Return the list of a quiz, from its slots in order and the ids of its sections in order."""
    elements: list[Element] = []
    waiting = list(sections)
    page, section = 1, None
    for slot in slots:
        if slot.section_id != section and slot.section_id in waiting:
            place = waiting.index(slot.section_id) + 1
            elements += [Element(Kind.SECTION, each) for each in waiting[:place]]
            waiting, section = waiting[place:], slot.section_id
        elif slot.page != page and elements:
            elements.append(PAGE_BREAK)
        elements.append(Element(Kind.SLOT, slot.slot_id))
        page = slot.page
    return elements + [Element(Kind.SECTION, each) for each in waiting]


def tidy(elements: Iterable[Element]) -> list[Element]:
    """Return the list without page breaks that break nothing: at the ends, doubled, or beside a heading, which begins a page itself."""
    tidied: list[Element] = []
    for element in elements:
        if element == PAGE_BREAK and (not tidied or tidied[-1].kind is not Kind.SLOT):
            continue
        if element.kind is Kind.SECTION and tidied and tidied[-1] == PAGE_BREAK:
            tidied.pop()
        tidied.append(element)
    while tidied and tidied[-1] == PAGE_BREAK:
        tidied.pop()
    return tidied


def placed(elements: Iterable[Element]) -> list[Placed]:
    """Return where each slot stands."""
    found: list[Placed] = []
    page, section = 1, None
    for element in tidy(elements):
        if element.kind is Kind.SLOT:
            found.append(Placed(element.id, len(found) + 1, page, section))
            continue
        page += 1 if found and found[-1].page == page else 0
        section = element.id if element.kind is Kind.SECTION else section
    return found


def moved(elements: Sequence[Element], place: int, by: int) -> list[Element]:
    """Return the list with the element at a place one up (-1) or down (1); at the end nothing moves."""
    there = place + by
    if not (0 <= place < len(elements) and 0 <= there < len(elements)):
        return list(elements)
    changed = list(elements)
    changed[place], changed[there] = changed[there], changed[place]
    return changed


def paged(elements: Iterable[Element], each: int) -> list[Element]:
    """Return the list with so many questions on a page, 0 for all on one; headings begin a page."""
    paged: list[Element] = []
    on_page = 0
    for element in elements:
        if element == PAGE_BREAK:
            continue
        if element.kind is Kind.SECTION:
            on_page = 0
        elif each and on_page == each:
            paged.append(PAGE_BREAK)
            on_page = 0
        paged.append(element)
        on_page += element.kind is Kind.SLOT
    return paged
