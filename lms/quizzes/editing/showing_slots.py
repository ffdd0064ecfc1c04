"""The list of a quiz as its author sees it: each question with where it comes from, each draw with how many fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from lms.core.db import session
from lms.quizzes import putting_together
from lms.quizzes.editing import slots as slot_service
from lms.quizzes.editing.layout import PAGE_BREAK, Element, Kind
from lms.quizzes.editing.queries import QuizPlace
from lms.quizzes.models.bank import Category, QuestionVersion
from lms.quizzes.models.quiz import QuizSection, Slot
from lms.quizzes.queries_draws import Draw


@dataclass(frozen=True)
class Line:
    """An element of the list with what is said about it; ``number`` counts the questions that ask something or are drawn."""

    element: Element
    number: int = 0
    slot: Slot | None = None
    section: QuizSection | None = None
    version: QuestionVersion | None = None  # of a fixed question, the one that is asked
    versions: tuple[int, ...] = ()  # that can be pinned, the newest first
    draw: Draw | None = None
    category: str = ""
    fit: int = 0
    is_short: bool = False  # nothing can be asked here at the moment
    breaks_after: bool = False
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class Listed:
    """The whole list, and what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    slots: int = 0
    marks: float = 0.0
    short: tuple[int, ...] = ()  # numbers of slots that cannot be served
    breaks: int = 0


def listed(place: QuizPlace) -> Listed:
    """Return the list of a quiz.  The number of statements does not grow with it."""
    slots = putting_together.slots_of(place.quiz.id)
    by_id = {slot.id: slot for slot in slots}
    sections = {section.id: section for section in slot_service.sections_of(place.quiz.id)}
    fixed = putting_together.fixed_versions(slots)
    fits = putting_together.fits_of(slots)
    short = {slot.number for slot in slots if slot.question_id is not None and slot.id not in fixed} | set(putting_together.unserved(slots))
    versions = _ready_versions([slot.question_id for slot in slots if slot.question_id is not None])
    categories = _categories([Draw.read(slot.draw).category_id for slot in slots if slot.draw is not None])
    elements = slot_service.elements_of(place)
    lines = []
    for index, element in enumerate(elements):
        common: dict[str, Any] = {
            "element": element,
            "is_first": index == 0,
            "is_last": index == len(elements) - 1,
            "breaks_after": elements[index + 1 : index + 2] == [PAGE_BREAK],
        }
        if element.kind is Kind.SLOT:
            lines.append(_slot_line(by_id[element.id], common, fixed, fits, short, versions, categories))
        else:
            lines.append(Line(section=sections.get(element.id), **common))
    return Listed(lines, len(slots), putting_together.possible(slots, fixed), tuple(sorted(short)), elements.count(PAGE_BREAK))


def _slot_line(
    slot: Slot,
    common: Mapping[str, Any],
    fixed: Mapping[int, QuestionVersion],
    fits: Mapping[int, Sequence[int]],
    short: set[int],
    versions: Mapping[int, list[int]],
    categories: Mapping[int, str],
) -> Line:
    draw = Draw.read(slot.draw) if slot.draw is not None else None
    return Line(
        number=slot.number,
        slot=slot,
        version=fixed.get(slot.id),
        versions=tuple(versions.get(slot.question_id or 0, ())),
        draw=draw,
        category=categories.get(draw.category_id, "") if draw else "",
        fit=len(fits.get(slot.id, ())),
        is_short=slot.number in short,
        **common,
    )


def _ready_versions(question_ids: Sequence[int]) -> dict[int, list[int]]:
    rows = session.execute(
        select(QuestionVersion.question_id, QuestionVersion.number)
        .where(QuestionVersion.question_id.in_(question_ids), QuestionVersion.state != "draft")
        .order_by(QuestionVersion.number.desc())
    )
    found: dict[int, list[int]] = {}
    for question_id, number in rows:
        found.setdefault(question_id, []).append(number)
    return found


def _categories(category_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(select(Category.id, Category.name).where(Category.id.in_(category_ids)))
    return {row[0]: row[1] for row in rows}
