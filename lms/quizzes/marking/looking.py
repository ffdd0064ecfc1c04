"""An attempt as those see it who look after its learner: everything, with what is right."""

from dataclasses import dataclass

from lms.quizzes import queries, queries_files, question_types, showing
from lms.quizzes.content import Texts
from lms.quizzes.grading import ALMOST_ZERO
from lms.quizzes.marking import queue
from lms.quizzes.models.attempt import Response
from lms.quizzes.review import Item
from lms.quizzes.showing import Shown, Verdict


@dataclass(frozen=True)
class Told:
    """A question of an attempt with everything that can be said of it."""

    response: Response
    type: str
    shown: Shown
    verdict: Verdict
    can_be_marked: bool
    changed_why: str  # the reason of a mark that was given in place of another


def told(attempt_id: int, language: str) -> list[Told]:
    """Return all questions of an attempt, in order, whatever its learner may see of them now."""
    found, asked = [], queries.asked(attempt_id)
    marks = queue.last_marks([each.response.id for each in asked if each.response.marked_at])
    desks = queries_files.desks([each.response for each in asked])
    for each in asked:
        question_type = question_types.get(each.type)
        shown, verdict = showing.tell(
            question_type,
            question_type.read_body(each.body),
            Texts.from_json(each.texts),
            order=each.response.order,
            slot=each.response.slot,
            response=each.response.answer or {},
            items=frozenset(Item),
            language=language,
            desk=desks[each.response.id],
        )
        why = str(marks.get(each.response.id, {}).get("reason", ""))
        can_be_marked = question_type.asks and each.response.max_mark > ALMOST_ZERO
        found.append(Told(each.response, each.type, shown, verdict, can_be_marked, why))
    return found
