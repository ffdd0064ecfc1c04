"""Reading what came of a survey: only groups that are large enough."""

from dataclasses import dataclass

from sqlalchemy import func, select

from lms.core.db import session
from lms.courses.steps import Step
from lms.surveys import items
from lms.surveys.items import Tally
from lms.surveys.models import Sheet


@dataclass(frozen=True)
class Results:
    """What was answered; ``shown`` sheets are counted, ``waiting`` wait until there are enough of them."""

    shown: int
    waiting: int
    tallies: list[Tally]


def results(course_id: int, step: Step) -> Results:
    """Return the results of a survey.  Two statements."""
    where = (Sheet.course_id == course_id, Sheet.activity_key == step.key)
    answers = session.scalars(select(Sheet.answers).where(*where, Sheet.shown).order_by(Sheet.id)).all()
    waiting = session.scalar(select(func.count()).where(*where, Sheet.shown.is_(False))) or 0
    return Results(len(answers), waiting, items.tallies(items.read(step.settings), answers))
