"""A question as its reader sees it: texts in one language, in the order of one attempt; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lms.core.i18n import DEFAULT
from lms.courses import law
from lms.quizzes.bodies.every import Body
from lms.quizzes.content import Response, Texts
from lms.quizzes.grading import Grade, GradeState
from lms.quizzes.review import Item
from lms.quizzes.types.drawing import NO_FILES, Drawing, FileDesk, Sketch
from lms.quizzes.types.kind import QuestionType


@dataclass(frozen=True)
class Shown:
    """Everything that the template of a question type needs.

    The name and the id of each field begin with ``prefix``, so that several
    questions can stand on a page.
    """

    type: str
    prefix: str
    sketch: Sketch

    @property
    def template(self) -> str:
        return f"quizzes/types/{self.type}.html"

    @property
    def stem(self) -> Markup:
        return self.sketch.stem


@dataclass(frozen=True)
class Verdict:
    """What a review tells beside the question; fields not meant to be shown now are empty."""

    state: str = ""  # of GradeState
    feedbacks: tuple[Markup, ...] = ()  # of what was chosen or typed, where it is not beside the choice
    general: Markup = Markup("")
    right_answer: str = ""


def prefix_of(slot: int) -> str:
    """Return what the names of the fields of a slot begin with."""
    return f"q{slot}-"


def ask(
    question_type: QuestionType[Body],
    body: Body,
    texts: Texts,
    *,
    slot: int,
    order: Sequence[str],
    response: Response,
    language: str = DEFAULT,
    desk: FileDesk = NO_FILES,
) -> Shown:
    """Return the question with the answer that was saved, and nothing that tells what is right."""
    sketch = question_type.draw(body, Drawing(texts, language, order, response, desk=desk))
    return Shown(question_type.key, prefix_of(slot), sketch)


def tell(
    question_type: QuestionType[Body],
    body: Body,
    texts: Texts,
    *,
    slot: int,
    order: Sequence[str],
    response: Response,
    items: frozenset[Item],
    language: str = DEFAULT,
    desk: FileDesk = NO_FILES,
) -> tuple[Shown, Verdict]:
    """Return the question as answered, with as much of the truth as the review may show."""
    grade = question_type.grade(body, response)
    parts = grade.parts if Item.CORRECTNESS in items else {}
    feedback_of = frozenset(grade.parts) if Item.FEEDBACK in items else frozenset()
    reveals = Item.RIGHT_ANSWER in items
    drawing = Drawing(texts, language, order, response, parts, feedback_of, reveals, desk)
    shown = Shown(question_type.key, prefix_of(slot), question_type.draw(body, drawing))
    combined = _combined(grade, drawing) if Item.FEEDBACK in items else []
    return shown, Verdict(
        state=grade.state if Item.CORRECTNESS in items else "",
        feedbacks=tuple(each for each in (*shown.sketch.below, *combined) if each),
        general=drawing.html("feedback") if Item.GENERAL_FEEDBACK in items else Markup(""),
        right_answer=question_type.describe(body, texts, question_type.right_answer(body), language)
        if reveals and question_type.gradable and not shown.sketch.shows_right_answer
        else "",
    )


_COMBINED = {
    GradeState.RIGHT: "feedback.right",
    GradeState.PARTIAL: "feedback.partial",
    GradeState.WRONG: "feedback.wrong",
    GradeState.GAVE_UP: "feedback.wrong",
}


def _combined(grade: Grade, drawing: Drawing) -> list[Markup]:
    key = _COMBINED.get(grade.state)
    return [drawing.html(key)] if key else []


def law_reference(written: str, language: str) -> str:
    """Return how an article is written out; one that the register does not know stays as it is."""
    try:
        return law.register().reference(written).written(language)
    except law.UnknownReferenceError:
        return written
