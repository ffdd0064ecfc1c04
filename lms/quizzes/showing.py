"""A question as its reader sees it: texts in one language, in the order of one attempt; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from lms.core.i18n import DEFAULT, gettext
from lms.courses import law
from lms.quizzes.bodies.arranging import MatchingBody
from lms.quizzes.bodies.every import Body
from lms.quizzes.bodies.numbers import NumericalBody, Unit, UnitInput
from lms.quizzes.content import Response, Texts
from lms.quizzes.grading import Grade, GradeState
from lms.quizzes.review import Item
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, Sketch
from lms.quizzes.types.kind import QuestionType

_ONE_PARAGRAPH = re.compile(r"\s*<p>((?:(?!</?p\b).)*)</p>\s*", re.S)


@dataclass(frozen=True)
class Option:
    """A choice, or an answer to choose for a pair; ``plain`` is for where no HTML can stand."""

    key: str
    html: Markup
    plain: str
    checked: bool = False
    state: str = ""  # of a review: right, wrong
    feedback: Markup = Markup("")


@dataclass(frozen=True)
class PairShown:
    """One row of a matching question."""

    key: str
    html: Markup
    chosen: str  # key of an answer
    chosen_text: str
    state: str = ""
    feedback: Markup = Markup("")


@dataclass(frozen=True)
class Shown:
    """Everything that the template of a question type needs; ``template`` draws it."""

    type: str
    stem: Markup
    options: tuple[Option, ...] = ()
    pairs: tuple[PairShown, ...] = ()
    text: str = ""
    unit: str = ""
    units: tuple[Unit, ...] = ()
    unit_input: UnitInput = UnitInput.NONE
    sketch: Sketch | None = None  # of a type that draws itself

    @property
    def template(self) -> str:
        return f"quizzes/types/{self.type}.html"


@dataclass(frozen=True)
class Verdict:
    """What a review tells beside the question; fields not meant to be shown now are empty."""

    state: str = ""  # of GradeState
    feedbacks: tuple[Markup, ...] = ()  # of what was chosen or typed, where it is not beside the choice
    general: Markup = Markup("")
    right_answer: str = ""


def ask(
    question_type: QuestionType[Body], body: Body, texts: Texts, *, order: Sequence[str], response: Response, language: str = DEFAULT
) -> Shown:
    """Return the question with the answer that was saved, and nothing that tells what is right."""
    return _shown(question_type, body, texts, order=order, response=response, language=language)


def tell(
    question_type: QuestionType[Body],
    body: Body,
    texts: Texts,
    *,
    order: Sequence[str],
    response: Response,
    items: frozenset[Item],
    language: str = DEFAULT,
) -> tuple[Shown, Verdict]:
    """Return the question as answered, with as much of the truth as the review may show."""
    grade = question_type.grade(body, response)
    parts = grade.parts if Item.CORRECTNESS in items else {}
    feedback_of = grade.parts if Item.FEEDBACK in items else {}
    shown = _shown(question_type, body, texts, order=order, response=response, language=language, parts=parts, feedback_of=feedback_of)
    combined = _combined(grade, texts, language) if Item.FEEDBACK in items else []
    beside = (
        [_html(texts, f"{key}.feedback", language) for key in feedback_of] if not (shown.options or shown.pairs or shown.sketch) else []
    )
    return shown, Verdict(
        state=grade.state if Item.CORRECTNESS in items else "",
        feedbacks=tuple(each for each in (*beside, *combined) if each),
        general=_html(texts, "feedback", language) if Item.GENERAL_FEEDBACK in items else Markup(""),
        right_answer=question_type.describe(body, texts, question_type.right_answer(body), language)
        if Item.RIGHT_ANSWER in items and question_type.gradable
        else "",
    )


def _shown(
    question_type: QuestionType[Body],
    body: Body,
    texts: Texts,
    *,
    order: Sequence[str],
    response: Response,
    language: str,
    parts: Mapping[str, GradeState] | None = None,
    feedback_of: Iterable[str] = (),
) -> Shown:
    parts, feedback_of = parts or {}, set(feedback_of)
    sketch = question_type.draw(body, Drawing(texts, language, order, response, parts, frozenset(feedback_of)))
    if sketch is not None:
        return Shown(question_type.key, sketch.stem, sketch=sketch)

    def option(key: str, *, checked: bool = False) -> Option:
        text = _unwrapped(_html(texts, key, language)) or _own_word(key)
        feedback = _html(texts, f"{key}.feedback", language) if key in feedback_of else Markup("")
        return Option(key, text, wording.plain(str(text)), checked, _state(parts.get(key)), feedback)

    chosen = {response.get("choice"), *response.get("choices", ())}
    stem = _html(texts, "stem", language)
    if isinstance(body, MatchingBody):
        given = response.get("pairs", {})
        answers = [key for key in order if key in body.answers] or list(body.answers)
        named = {key: wording.plain(texts.of(key, language)) for key in answers}
        pair_keys = {pair.key for pair in body.pairs}
        rows = [key for key in order if key in pair_keys] or [pair.key for pair in body.pairs]
        return Shown(
            question_type.key,
            stem,
            options=tuple(option(key) for key in answers),
            pairs=tuple(
                PairShown(
                    key,
                    _unwrapped(_html(texts, key, language)),
                    given.get(key, ""),
                    named.get(given.get(key, ""), ""),
                    _state(parts.get(key)),
                    _html(texts, f"{key}.feedback", language) if key in feedback_of else Markup(""),
                )
                for key in rows
            ),
        )
    if isinstance(body, NumericalBody):
        return Shown(
            question_type.key,
            stem,
            text=response.get("text", ""),
            unit=response.get("unit", ""),
            units=body.units,
            unit_input=body.unit_input,
        )
    choices = [choice.key for choice in getattr(body, "choices", ())] or (["true", "false"] if question_type.key == "true_false" else [])
    # A choice that came later than the attempt is shown too, at the end.
    in_order = [key for key in order if key in choices] + [key for key in choices if key not in order]
    return Shown(
        question_type.key,
        stem,
        options=tuple(option(key, checked=key in chosen) for key in in_order),
        text=response.get("text", ""),
    )


def _html(texts: Texts, key: str, language: str) -> Markup:
    # Texts were cleaned when they came into the bank.
    return Markup(texts.of(key, language))


def _unwrapped(text: Markup) -> Markup:
    """Return a text that is one paragraph without it: it stands in a label, where no paragraph can."""
    found = _ONE_PARAGRAPH.fullmatch(text)
    return Markup(found[1]) if found else text


def _own_word(key: str) -> Markup:
    """Return our word for a choice without a text: those of true/false questions have none."""
    return Markup(escape({"true": gettext("True"), "false": gettext("False")}.get(key, key)))


def _state(part: GradeState | None) -> str:
    return {GradeState.RIGHT: "right", GradeState.WRONG: "wrong"}.get(part, "") if part else ""


_COMBINED = {
    GradeState.RIGHT: "feedback.right",
    GradeState.PARTIAL: "feedback.partial",
    GradeState.WRONG: "feedback.wrong",
    GradeState.GAVE_UP: "feedback.wrong",
}


def _combined(grade: Grade, texts: Texts, language: str) -> list[Markup]:
    key = _COMBINED.get(grade.state)
    return [_html(texts, key, language)] if key else []


def law_reference(written: str, language: str) -> str:
    """Return how an article is written out; one that the register does not know stays as it is."""
    try:
        return law.register().reference(written).written(language)
    except law.UnknownReferenceError:
        return written
