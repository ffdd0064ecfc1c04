"""A quiz as a learner would meet it, put together with other lots each time; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Any

from lms.core import i18n
from lms.quizzes import putting_together, question_types, showing
from lms.quizzes.content import Texts
from lms.quizzes.editing import slots
from lms.quizzes.editing.queries import QuizPlace
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Slot
from lms.quizzes.showing import Shown


@dataclass(frozen=True)
class Asked:
    """A question of the preview; ``number`` is 0 where there is nothing to answer."""

    slot: int
    number: int
    shown: Shown
    max_mark: float
    name: str
    heading: Mapping[str, Any]  # of the section that begins here


def pages(place: QuizPlace, person_id: int, lot: int) -> list[list[Asked]]:
    """Return the questions page by page; the same lot gives the same ones.  Raises NotEnoughQuestions."""
    random = Random(lot)
    chosen = putting_together.choose(place.quiz, person_id, random)
    headings = {section.id: section.headings for section in slots.sections_of(place.quiz.id)}
    asked: list[tuple[int, Asked]] = []
    number, section = 0, None
    for slot, version in chosen:
        question_type = question_types.get(version.type)
        number += question_type.asks
        heading = headings.get(slot.section_id or 0, {}) if slot.section_id != section else {}
        section = slot.section_id
        order = question_type.shuffle_order(question_type.read_body(version.body), random)
        asked.append((slot.page, _asked(slot, version, order, number if question_type.asks else 0, heading)))
    return [[each for _page, each in together] for _page, together in groupby(asked, key=lambda pair: pair[0])]


def _asked(slot: Slot, version: QuestionVersion, order: Sequence[Any], number: int, heading: Mapping[str, Any]) -> Asked:
    question_type = question_types.get(version.type)
    shown = showing.ask(
        question_type,
        question_type.read_body(version.body),
        Texts.from_json(version.texts),
        slot=slot.number,
        order=order,
        response={},
        language=i18n.language(),
    )
    return Asked(slot.number, number, shown, slot.max_mark, version.name, heading)
