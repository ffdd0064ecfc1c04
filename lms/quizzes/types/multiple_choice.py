"""Choose all that fit."""

from collections.abc import Mapping
from itertools import combinations
from random import Random
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.choosing import MultipleChoiceBody, Scoring
from lms.quizzes.content import InvalidResponse, Problem, Response, Texts
from lms.quizzes.grading import Grade, GradeState
from lms.quizzes.types.choosing import ChoosingSketch, check_choices, draw_choices, name_choices, order_choices
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.kind import QuestionType, error, many_texts, warning
from lms.quizzes.types.on_paper import OnPaper

_MOST_TO_TRY = 12  # choices: 4,095 ways to tick
_ROUNDING = 0.01  # three times 33.33333 % is as good as 100 %


class MultipleChoice(QuestionType[MultipleChoiceBody]):
    """Response: ``{"choices": ["a", "c"]}``, sorted; never an empty list."""

    key = "multiple_choice"
    ticks_many = True
    label = lazy_("Multiple choice")

    def check(self, body: MultipleChoiceBody, texts: Texts) -> list[Problem]:
        problems = check_choices(body.choices, texts)
        full = sum(choice.fraction for choice in body.choices if choice.fraction > 0)
        if full == 0:
            problems.append(error(lazy_("At least one choice must be right.")))
        elif body.scoring is Scoring.CLAMPED and abs(full - 1.0) > _ROUNDING:
            problems.append(error(lazy_("The right choices must add up to 100 % of the mark.")))
        if body.scoring is Scoring.CLAMPED and self._everything(body) > _ROUNDING:
            problems.append(warning(lazy_("Somebody who ticks every choice earns marks. Give wrong choices a minus.")))
        return problems

    def grade(self, body: MultipleChoiceBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        chosen = set(response["choices"])
        parts = {
            choice.key: GradeState.RIGHT if choice.fraction > 0 else GradeState.WRONG for choice in body.choices if choice.key in chosen
        }
        return grading.grade(self._fraction(body, chosen), parts)

    def count_right(self, body: MultipleChoiceBody, response: Response) -> tuple[int, int] | None:
        """Return nothing when more is ticked than there are right choices: the number would only help to untick."""
        chosen, right = set(response.get("choices", ())), self._right(body)
        return (len(chosen & right), len(right)) if len(chosen) <= len(right) else None

    def without_wrong(self, body: MultipleChoiceBody, response: Response) -> Response:
        """Take the wrong ticks away, but not from somebody who ticked more than there are right choices."""
        chosen, right = response.get("choices", ()), self._right(body)
        if len(chosen) > len(right):
            return response
        kept = [key for key in chosen if key in right]
        return {"choices": kept} if kept else {}

    def guess_fraction(self, body: MultipleChoiceBody) -> float | None:
        """Return the mean of all ways to tick something, each as likely as the others; not for very many choices."""
        if len(body.choices) > _MOST_TO_TRY:
            return None
        keys = [choice.key for choice in body.choices]
        ways = [self._fraction(body, set(some)) for number in range(1, len(keys) + 1) for some in combinations(keys, number)]
        return sum(ways) / len(ways) if ways else None

    def right_answer(self, body: MultipleChoiceBody) -> Response:
        right = sorted(choice.key for choice in body.choices if choice.fraction > 0)
        return {"choices": right} if right else {}

    def describe(self, body: MultipleChoiceBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        return name_choices(body.choices, response.get("choices", ()), texts, language)

    def votes(self, body: MultipleChoiceBody) -> tuple[str, ...]:
        return tuple(choice.key for choice in body.choices)

    def on_paper(self, body: MultipleChoiceBody, drawing: Drawing) -> OnPaper:
        return OnPaper(choices=tuple(option.html for option in self.draw(body, drawing).options))

    def shuffle_order(self, body: MultipleChoiceBody, random: Random) -> list[str]:
        return order_choices(body.choices, random, shuffle=body.shuffle)

    def draw(self, body: MultipleChoiceBody, drawing: Drawing) -> ChoosingSketch:
        return draw_choices([choice.key for choice in body.choices], drawing.response.get("choices", ()), drawing)

    def clean(self, body: MultipleChoiceBody, raw: Mapping[str, Any]) -> Response:
        chosen = set(many_texts(raw, "choices"))
        if not chosen <= {choice.key for choice in body.choices}:
            raise InvalidResponse()
        return {"choices": sorted(chosen)} if chosen else {}

    def _right(self, body: MultipleChoiceBody) -> set[str]:
        return {choice.key for choice in body.choices if choice.fraction > 0}

    def _fraction(self, body: MultipleChoiceBody, chosen: set[str]) -> float:
        right = self._right(body)
        if body.scoring is Scoring.ALL_OR_NOTHING:
            return 1.0 if chosen == right else 0.0
        if body.scoring is Scoring.PROPORTIONAL:
            # As in the Open University's multiple response: a wrong tick takes a right one back.
            ticked, wrong = len(chosen & right), len(chosen - right)
            return max(min(ticked, len(right) - wrong), 0) / len(right) if right else 0.0
        earned = sum(choice.fraction for choice in body.choices if choice.key in chosen)
        return min(max(earned, 0.0), 1.0)

    def _everything(self, body: MultipleChoiceBody) -> float:
        wrong = any(choice.fraction <= 0 for choice in body.choices)
        return sum(choice.fraction for choice in body.choices) if wrong else 0.0
