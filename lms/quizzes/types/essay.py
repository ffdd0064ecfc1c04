"""A longer text that a person marks; kept when imported, so that nothing is lost."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.writing import EssayBody
from lms.quizzes.content import InvalidResponse, Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, TextSketch, draw_text
from lms.quizzes.types.kind import QuestionType, check_texts, one_text

_LONGEST = 100_000


class Essay(QuestionType[EssayBody]):
    """Response: ``{"text": "..."}``."""

    key = "essay"
    label = lazy_("Essay")
    gradable = False

    def check(self, body: EssayBody, texts: Texts) -> list[Problem]:
        return check_texts(texts)

    def grade(self, body: EssayBody, response: Response) -> Grade:
        return grading.GAVE_UP if self.empty(response) else grading.NEEDS_MARKING

    def right_answer(self, body: EssayBody) -> Response:
        return {}

    def describe(self, body: EssayBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        return wording.plain(response.get("text", ""))

    def draw(self, body: EssayBody, drawing: Drawing) -> TextSketch:
        return draw_text(drawing)

    def clean(self, body: EssayBody, raw: Mapping[str, Any]) -> Response:
        text = unicodedata.normalize("NFC", one_text(raw, "text")).replace("\r\n", "\n").replace("\x00", "").strip()
        if len(text) > _LONGEST:
            raise InvalidResponse(lazy_("This text is too long."))
        return {"text": text} if text else {}
