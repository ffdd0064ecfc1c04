"""A page of an attempt: the questions on it as their learner meets them, and the numbers of all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lms.core.i18n import localised
from lms.quizzes import queries, queries_files, question_types, review, showing
from lms.quizzes.asking import Again, Face, face
from lms.quizzes.behaviours.progress import Progress
from lms.quizzes.behaviours.work import Work, work
from lms.quizzes.content import Texts
from lms.quizzes.models.attempt import Response
from lms.quizzes.queries import Asked, Sitting
from lms.quizzes.review import Phase
from lms.quizzes.types.drawing import FileDesk

Rows = Sequence[tuple[Response, str]]


@dataclass(frozen=True)
class Numbered:
    """A question in the navigator; ``number`` is 0 where there is nothing to answer, ``url`` "" where one cannot go."""

    slot: int
    number: int
    page: int
    section: int | None
    url: str
    answered: bool
    flagged: bool
    waits: bool  # for the one before
    current: bool = False


@dataclass(frozen=True)
class Group:
    """The numbers of one section."""

    heading: str
    numbers: Sequence[Numbered]


@dataclass(frozen=True)
class Page:
    """What is drawn; ``before`` and ``after`` are the questions next to those on it."""

    number: int
    heading: str
    faces: Sequence[Face]
    groups: Sequence[Group]
    before: Numbered | None
    after: Numbered | None
    count: int
    saved_at: datetime | None
    laws: Mapping[int, Sequence[str]]


def page(
    sitting: Sitting, rows: Rows, number: int, url_of: Callable[[int], str], language: str, back: Mapping[int, Again] | None = None
) -> Page:
    """Return a page of an attempt; ``back`` says what of it was not saved, and why.

    The number of statements does not grow with the number of questions on it.
    """
    asked = queries.asked(sitting.attempt.id, number)
    desks = queries_files.desks([each.response for each in asked])
    numbers = [replace(each, current=each.page == number) for each in numbered(sitting, rows, url_of)]
    of_slot = {each.slot: each for each in numbers}
    works = [work_on(each) for each in asked]
    items = review.shown(sitting.quiz.review, Phase.DURING, tells=any(each.behaviour.tells for each in works))
    faces = [
        _face(each, its_work, of_slot[each.response.slot], items, language, (back or {}).get(each.response.slot), desks[each.response.id])
        for each, its_work in zip(asked, works, strict=True)
    ]
    tags = queries.law_tags([each.question_id for each in asked]) if any(each.verdict.general for each in faces) else {}
    headings = headings_of(sitting, rows, language)
    return Page(
        number=number,
        heading=headings.get(asked[0].response.section, ""),
        faces=faces,
        groups=grouped(numbers, headings),
        before=next((each for each in reversed(numbers) if each.slot < faces[0].slot), None),
        after=next((each for each in numbers if each.slot > faces[-1].slot), None),
        count=max((each.number for each in numbers), default=0),
        saved_at=last_saved(rows),
        laws={
            each.response.slot: [showing.law_reference(tag, language) for tag in tags.get(each.question_id, [])]
            for each, its_face in zip(asked, faces, strict=True)
            if its_face.verdict.general
        },
    )


def first_open(sitting: Sitting, rows: Rows) -> int:
    """Return the page on which a learner goes on: where one is, or the first with a question to answer."""
    if sitting.attempt.reached_page:
        return sitting.attempt.reached_page
    return next((row.page for row, type_key in rows if not row.answered and question_types.get(type_key).asks), 1)


def numbered(sitting: Sitting, rows: Rows, url_of: Callable[[int], str]) -> list[Numbered]:
    """Return all questions for the navigator; what is only to be read has no number."""
    found: list[Numbered] = []
    count, done_before = 0, True
    reached = sitting.attempt.reached_page
    for row, type_key in rows:
        asks = question_types.get(type_key).asks
        count += asks
        found.append(
            Numbered(
                row.slot,
                count if asks else 0,
                row.page,
                row.section,
                url_of(row.slot) if reached in (0, row.page) else "",
                row.answered,
                row.flagged,
                waits=row.after_previous and not done_before,
            )
        )
        done_before = Progress.from_json(row.progress).is_done
    return found


def grouped(numbers: Sequence[Numbered], headings: Mapping[int | None, str]) -> list[Group]:
    """Return the numbers by section; one group without a heading where there are none."""
    groups: dict[int | None, list[Numbered]] = {}
    for each in numbers:
        groups.setdefault(each.section if headings else None, []).append(each)
    return [Group(headings.get(section, ""), its) for section, its in groups.items()]


def headings_of(sitting: Sitting, rows: Rows, language: str) -> dict[int | None, str]:
    """Return section -> heading, {} for a quiz without sections.  One statement where there are any."""
    if all(row.section is None for row, _type in rows):
        return {}
    return {each.number: localised(each.headings, language) for each in sitting.quiz.sections if each.headings}


def last_saved(rows: Rows) -> datetime | None:
    return max((row.saved_at for row, _type in rows if row.saved_at), default=None)


def work_on(asked: Asked) -> Work:
    """Return the question of a slot, how it behaves and how far it is."""
    response = asked.response
    return work(
        question_types.get(asked.type),
        asked.body,
        penalty=asked.penalty,
        progress=response.progress,
        answer=response.answer,
        certainty=response.certainty,
    )


def _face(
    asked: Asked, its_work: Work, place: Numbered, items: frozenset[review.Item], language: str, back: Again | None, desk: FileDesk
) -> Face:
    row = asked.response
    return face(
        its_work,
        Texts.from_json(asked.texts),
        slot=row.slot,
        number=place.number,
        sequence=row.sequence,
        order=row.order,
        flagged=row.flagged,
        max_mark=row.max_mark,
        items=items,
        language=language,
        again=back,
        waits=place.waits,
        desk=desk,
    )
