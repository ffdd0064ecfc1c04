"""Making a quiz ready for printing: the same questions in each variant, in another order."""

from collections.abc import Sequence
from random import Random

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.quizzes import putting_together, question_types
from lms.quizzes.content import Texts
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.paper import Paper
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.paper import layout
from lms.quizzes.paper.layout import Place, Variant
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.on_paper import LETTERS


class NotForPaper(Conflict):
    code = "not_for_paper"
    message = lazy_("These questions cannot be printed, because they are answered on a screen only: {names}. Nothing was made.")


def prepare(quiz: Quiz, *, variants: int, language: str, by: int | None, random: Random | None = None) -> Paper:
    """Put a quiz together for paper and keep it; the first variant has the order of the quiz.

    Every variant asks the same questions, so that nobody has an easier sheet.  Raises
    putting_together.NotEnoughQuestions, and NotForPaper.
    """
    random = random or Random()
    chosen = putting_together.choose(quiz, None, random)
    if strange := [version.name for _slot, version in chosen if not _is_printable(version, language)]:
        raise NotForPaper(names=", ".join(f"“{name}”" for name in strange[:5]))
    made = [_variant(LETTERS[number], chosen, quiz, random, mixed=number > 0) for number in range(variants)]
    paper = Paper(quiz_id=quiz.id, language=language, variants=layout.to_json(made), by_account_id=by, created_at=clock.now())
    session.add(paper)
    session.flush()
    audit.record("paper.prepared", f"paper:{paper.id}", account_id=by, quiz=quiz.id, variants=variants)
    return paper


def _variant(code: str, chosen: Sequence[tuple[Slot, QuestionVersion]], quiz: Quiz, random: Random, *, mixed: bool) -> Variant:
    places = [
        Place(
            version.id,
            putting_together.full_mark(slot, version),
            tuple(_order(version, random, mixed=mixed and quiz.shuffle_answers)),
        )
        for slot, version in chosen
    ]
    if mixed:
        random.shuffle(places)
    return Variant(code, tuple(places))


def _order(version: QuestionVersion, random: Random, *, mixed: bool) -> Sequence[str]:
    question_type = question_types.get(version.type)
    body = question_type.read_body(version.body)
    votes = question_type.votes(body)
    # What is not voted on is mixed by its type: pairs and things to put in order never stand as the author wrote them.
    return votes if votes and not mixed else question_type.shuffle_order(body, random)


def _is_printable(version: QuestionVersion, language: str) -> bool:
    question_type = question_types.get(version.type)
    return question_type.on_paper(question_type.read_body(version.body), Drawing(Texts.from_json(version.texts), language)) is not None
