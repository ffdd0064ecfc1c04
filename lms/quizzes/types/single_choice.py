"""Choose one: the fraction of the chosen one counts, also below zero."""

from collections.abc import Mapping
from random import Random
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.choosing import SingleChoiceBody
from lms.quizzes.content import InvalidResponse, Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types.choosing import ChoosingSketch, check_choices, draw_choices, name_choices, order_choices
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.kind import QuestionType, error, one_text
from lms.quizzes.types.on_paper import OnPaper


class SingleChoice(QuestionType[SingleChoiceBody]):
    """Response: ``{"choice": "a"}``."""

    key = "single_choice"
    label = lazy_("Single choice")

    def check(self, body: SingleChoiceBody, texts: Texts) -> list[Problem]:
        problems = check_choices(body.choices, texts)
        if body.choices and max(choice.fraction for choice in body.choices) < 1.0:
            problems.append(error(lazy_("One choice must be worth 100 % of the mark.")))
        return problems

    def grade(self, body: SingleChoiceBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        for choice in body.choices:
            if choice.key == response["choice"]:
                return grading.grade(choice.fraction, {choice.key: grading.state_of(choice.fraction)})
        return grading.grade(0.0)

    def guess_fraction(self, body: SingleChoiceBody) -> float:
        return sum(choice.fraction for choice in body.choices) / len(body.choices)

    def right_answer(self, body: SingleChoiceBody) -> Response:
        best = max(body.choices, key=lambda choice: choice.fraction)
        return {"choice": best.key}

    def describe(self, body: SingleChoiceBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        chosen = [response["choice"]] if response else []
        return name_choices(body.choices, chosen, texts, language)

    def votes(self, body: SingleChoiceBody) -> tuple[str, ...]:
        return tuple(choice.key for choice in body.choices)

    def on_paper(self, body: SingleChoiceBody, drawing: Drawing) -> OnPaper:
        return OnPaper(choices=tuple(option.html for option in self.draw(body, drawing).options))

    def shuffle_order(self, body: SingleChoiceBody, random: Random) -> list[str]:
        return order_choices(body.choices, random, shuffle=body.shuffle)

    def draw(self, body: SingleChoiceBody, drawing: Drawing) -> ChoosingSketch:
        return draw_choices([choice.key for choice in body.choices], set(drawing.response.values()), drawing)

    def clean(self, body: SingleChoiceBody, raw: Mapping[str, Any]) -> Response:
        chosen = one_text(raw, "choice")
        if not chosen:
            return {}
        if chosen not in {choice.key for choice in body.choices}:
            raise InvalidResponse()
        return {"choice": chosen}
