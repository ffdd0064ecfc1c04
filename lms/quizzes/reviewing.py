"""An attempt that is over, as its learner may see it now: question by question, with as much of the truth as the quiz tells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lms.quizzes import attempt_pages, grading, queries, queries_files, question_types, review, showing
from lms.quizzes.behaviours.every import OF_QUIZZES
from lms.quizzes.behaviours.kind import Behaviour
from lms.quizzes.content import Texts
from lms.quizzes.grading import GradeState, Marked
from lms.quizzes.queries import Asked, Sitting
from lms.quizzes.review import Item, Phase
from lms.quizzes.showing import Shown, Verdict
from lms.quizzes.timing import State
from lms.quizzes.types.drawing import FileDesk


@dataclass(frozen=True)
class Told:
    """One question of a review; ``number`` is 0 where there was nothing to answer, ``heading`` stands above the first of a section."""

    slot: int
    number: int
    heading: str
    shown: Shown
    verdict: Verdict
    laws: Sequence[str]
    mark: float | None
    full_mark: float | None
    comment: str
    tries: int  # how often it was checked, where that can be more than once
    certainty: int | None


def items_now(sitting: Sitting, now: datetime) -> frozenset[Item]:
    """Return what may be shown of an attempt at this moment; what was never handed in was never graded."""
    at = review.phase(sitting.state, sitting.attempt.finished_at, now, sitting.rules.closes_at)
    items = review.shown(sitting.quiz.review, at)
    return items & {Item.ANSWERS} if sitting.state is State.ABANDONED else items


def shown_from(sitting: Sitting, item: Item, now: datetime) -> Phase | None:
    """Return the phase in which something that is hidden now will be shown; None: in none."""
    at = review.phase(sitting.state, sitting.attempt.finished_at, now, sitting.rules.closes_at)
    return review.shown_from(sitting.quiz.review, at, item, closes=sitting.rules.closes_at is not None)


def told(sitting: Sitting, items: frozenset[Item], language: str) -> list[Told]:
    """Return the questions of an attempt, in order.  The number of statements does not grow with them."""
    asked = queries.asked(sitting.attempt.id)
    rows = [(each.response, each.type) for each in asked]
    headings = attempt_pages.headings_of(sitting, rows, language)
    numbers = attempt_pages.numbered(sitting, rows, str)
    tags = queries.law_tags([each.question_id for each in asked]) if Item.GENERAL_FEEDBACK in items else {}
    desks = queries_files.desks([each.response for each in asked])
    found: list[Told] = []
    section: int | None = None
    for each, place in zip(asked, numbers, strict=True):
        heading = headings.get(place.section, "") if place.section != section else ""
        section = place.section
        laws = [showing.law_reference(tag, language) for tag in tags.get(each.question_id, [])]
        found.append(replace(_told(each, items, language, desks[each.response.id]), number=place.number, heading=heading, laws=laws))
    return found


def accuracy(sitting: Sitting) -> float | None:
    """Return the share of right answers, whatever was said about being sure; None where that was not asked.

    One statement, and only where certainty is asked.
    """
    behaviour: Behaviour | None = OF_QUIZZES.get(sitting.quiz.behaviour)
    if behaviour is None or not behaviour.certain:
        return None
    marked = [
        Marked(
            work.question.grade(work.progress.tried[-1].response if work.progress.tried else work.given.response).fraction,
            each.response.max_mark,
        )
        for each in queries.asked(sitting.attempt.id)
        if (work := attempt_pages.work_on(each)).question.type.asks
    ]
    return grading.share(grading.total(marked), possible=grading.possible(marked))


def _told(asked: Asked, items: frozenset[Item], language: str, desk: FileDesk) -> Told:
    row, work = asked.response, attempt_pages.work_on(asked)
    question_type = question_types.get(asked.type)
    shown, verdict = showing.tell(
        question_type,
        work.question.body,
        Texts.from_json(asked.texts),
        slot=row.slot,
        order=row.order,
        response=row.answer or {},
        items=items,
        language=language,
        desk=desk,
    )
    return Told(
        slot=row.slot,
        number=0,
        heading="",
        shown=shown,
        # What was settled counts, also by a person, and not what grading would say today.
        verdict=replace(verdict, state=row.state if Item.CORRECTNESS in items and row.state != GradeState.NOT_GRADED else ""),
        laws=(),
        mark=row.fraction * row.max_mark if Item.MARKS in items and row.fraction is not None and row.max_mark else None,
        full_mark=row.max_mark if Item.FULL_MARKS in items and row.max_mark else None,
        comment=row.comment if Item.FEEDBACK in items else "",
        tries=len(work.progress.tried) if work.behaviour.tells else 0,
        certainty=row.certainty if work.behaviour.certain and row.answered else None,
    )
