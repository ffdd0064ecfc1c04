"""An attempt as those see it who look after its learner: everything, with what is right."""

from dataclasses import dataclass

from lms.quizzes import queries, question_types, showing
from lms.quizzes.content import Texts
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


def told(attempt_id: int, language: str) -> list[Told]:
    """Return all questions of an attempt, in order, whatever its learner may see of them now."""
    found = []
    for each in queries.asked(attempt_id):
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
        )
        found.append(Told(each.response, each.type, shown, verdict))
    return found
