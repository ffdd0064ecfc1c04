"""A quiz as a learner would meet it, put together with other lots each time; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import select

from lms.core import clock, i18n
from lms.core.db import session
from lms.quizzes import new_attempts, queries, question_types, showing
from lms.quizzes.editing import slots
from lms.quizzes.editing.queries import QuizPlace
from lms.quizzes.models.attempt import Response
from lms.quizzes.models.bank import QuestionVersion
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
    rows = new_attempts.responses(place.quiz, person_id, [], clock.now(), Random(lot))
    ids = {row.question_version_id for row in rows}
    versions = {version.id: version for version in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(ids)))}
    headings = {section.number: section.headings for section in slots.sections_of(place.quiz.id)}
    asked: list[tuple[int, Asked]] = []
    number, section = 0, None
    for row in rows:
        version = versions[row.question_version_id]
        asks = question_types.get(version.type).asks
        number += asks
        heading = headings.get(row.section or 0, {}) if row.section != section else {}
        section = row.section
        asked.append((row.page, _asked(row, version, number if asks else 0, heading)))
    return [[each for _page, each in together] for _page, together in groupby(asked, key=lambda pair: pair[0])]


def _asked(row: Response, version: QuestionVersion, number: int, heading: Mapping[str, Any]) -> Asked:
    question_type = question_types.get(version.type)
    shown = showing.ask(
        question_type,
        question_type.read_body(version.body),
        queries.texts_of(version),
        slot=row.slot,
        order=row.order,
        response={},
        language=i18n.language(),
    )
    return Asked(row.slot, number, shown, row.max_mark, version.name, heading)
