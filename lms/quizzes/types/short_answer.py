"""A word or a short phrase, compared with patterns."""

from collections.abc import Mapping
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.content import InvalidResponse, Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, TextSketch, draw_text
from lms.quizzes.types.kind import LONGEST_TEXT, QuestionType, check_fractions, check_texts, error, one_text, warning
from lms.quizzes.types.on_paper import OnPaper


class ShortAnswer(QuestionType[ShortAnswerBody]):
    """Response: ``{"text": "what was typed"}``."""

    key = "short_answer"
    label = lazy_("Short answer")

    def check(self, body: ShortAnswerBody, texts: Texts) -> list[Problem]:
        problems = check_texts(texts) + check_fractions([answer.fraction for answer in body.answers])
        if not any(answer.fraction == 1.0 for answer in body.answers):
            problems.append(error(lazy_("One answer must be worth 100 % of the mark.")))
        for answer in body.answers:
            if not wording.tidy(answer.pattern):
                problems.append(error(lazy_("An answer is empty.")))
            elif self._match(body, wording.sample(answer.pattern) or "*") is not answer:
                problems.append(warning(lazy_("The answer “{text}” is never reached: an earlier one fits.", text=answer.pattern)))
        return problems

    def grade(self, body: ShortAnswerBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        answer = self._match(body, response["text"])
        if answer is None:
            return grading.grade(0.0)
        return grading.grade(answer.fraction, {answer.key: grading.state_of(answer.fraction)})

    def shown_keys(self, body: ShortAnswerBody) -> frozenset[str]:
        return frozenset()

    def name_part(self, body: ShortAnswerBody, texts: Texts, key: str, language: str = DEFAULT) -> str:
        return next((answer.pattern for answer in body.answers if answer.key == key), key)

    def guess_fraction(self, body: ShortAnswerBody) -> float:
        return 0.0

    def right_answer(self, body: ShortAnswerBody) -> Response:
        # The author's first one among the best; a bare * would tell nobody anything.
        best = max(body.answers, key=lambda answer: (answer.fraction, bool(wording.sample(answer.pattern))))
        return {"text": wording.sample(best.pattern) or "*"}

    def describe(self, body: ShortAnswerBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        return str(response.get("text", ""))

    def draw(self, body: ShortAnswerBody, drawing: Drawing) -> TextSketch:
        return draw_text(drawing)

    def on_paper(self, body: ShortAnswerBody, drawing: Drawing) -> OnPaper:
        return OnPaper(lines=1)

    def clean(self, body: ShortAnswerBody, raw: Mapping[str, Any]) -> Response:
        text = wording.tidy(one_text(raw, "text"))
        if len(text) > LONGEST_TEXT:
            raise InvalidResponse(lazy_("This answer is too long. A word or a short phrase is enough."))
        return {"text": text} if text else {}

    def _match(self, body: ShortAnswerBody, text: str) -> TextAnswer | None:
        for answer in body.answers:
            if wording.matches(answer.pattern, text, case=body.case, marks=body.marks):
                return answer
        return None
