"""A text between questions; there is nothing to answer."""

from collections.abc import Mapping
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.writing import DescriptionBody
from lms.quizzes.content import Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.kind import QuestionType, check_texts
from lms.quizzes.types.on_paper import OnPaper


class Description(QuestionType[DescriptionBody]):
    """Response: always ``{}``."""

    key = "description"
    label = lazy_("Text between questions")
    gradable = False
    asks = False

    def check(self, body: DescriptionBody, texts: Texts) -> list[Problem]:
        return check_texts(texts)

    def complete(self, body: DescriptionBody, response: Response) -> bool:
        return True

    def grade(self, body: DescriptionBody, response: Response) -> Grade:
        return grading.NOT_GRADED

    def right_answer(self, body: DescriptionBody) -> Response:
        return {}

    def describe(self, body: DescriptionBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        return ""

    def on_paper(self, body: DescriptionBody, drawing: Drawing) -> OnPaper:
        return OnPaper()

    def clean(self, body: DescriptionBody, raw: Mapping[str, Any]) -> Response:
        return {}
