"""True or false."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from markupsafe import Markup, escape

from lms.core.i18n import DEFAULT, gettext, in_language, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.choosing import TrueFalseBody
from lms.quizzes.content import InvalidResponse, Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types import wording
from lms.quizzes.types.choosing import ChoosingSketch, draw_choices
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.kind import QuestionType, check_texts, one_text
from lms.quizzes.types.on_paper import OnPaper


class TrueFalse(QuestionType[TrueFalseBody]):
    """Response: ``{"choice": "true"}`` or ``{"choice": "false"}``, which are the keys of the texts too."""

    key = "true_false"
    label = lazy_("True or false")

    def check(self, body: TrueFalseBody, texts: Texts) -> list[Problem]:
        return check_texts(texts)

    def grade(self, body: TrueFalseBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        fraction = 1.0 if response["choice"] == self.right_answer(body)["choice"] else 0.0
        return grading.grade(fraction, {response["choice"]: grading.state_of(fraction)})

    def name_part(self, body: TrueFalseBody, texts: Texts, key: str, language: str = DEFAULT) -> str:
        return gettext("True") if key == "true" else gettext("False")

    def guess_fraction(self, body: TrueFalseBody) -> float:
        return 0.5

    def right_answer(self, body: TrueFalseBody) -> Response:
        return {"choice": "true" if body.right else "false"}

    def describe(self, body: TrueFalseBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        if self.empty(response):
            return ""
        if own := wording.plain(texts.of(response["choice"], language)):
            return own
        return _own_word(response["choice"], language)

    def votes(self, body: TrueFalseBody) -> tuple[str, ...]:
        return ("true", "false")

    def on_paper(self, body: TrueFalseBody, drawing: Drawing) -> OnPaper:
        return OnPaper(choices=tuple(option.html for option in self.draw(body, drawing).options))

    def shuffle_order(self, body: TrueFalseBody, random: Random) -> list[str]:
        """True comes first, always: people expect it there."""
        return ["true", "false"]

    def draw(self, body: TrueFalseBody, drawing: Drawing) -> ChoosingSketch:
        sketch = draw_choices(["true", "false"], set(drawing.response.values()), drawing)
        named = (replace(option, html=option.html or Markup(escape(_own_word(option.key, drawing.language)))) for option in sketch.options)
        return replace(sketch, options=tuple(named))

    def clean(self, body: TrueFalseBody, raw: Mapping[str, Any]) -> Response:
        chosen = one_text(raw, "choice")
        if chosen not in ("", "true", "false"):
            raise InvalidResponse()
        return {"choice": chosen} if chosen else {}


def _own_word(key: str, language: str) -> str:
    """Return our word for a choice without a text, as most questions of this type have none."""
    with in_language(language):
        return gettext("True") if key == "true" else gettext("False")
