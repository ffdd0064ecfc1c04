"""Essays: what is asked of a text, and what of it a person has to mark."""

import pytest

from lms.quizzes import showing
from lms.quizzes.bodies.writing import Criterion, EssayBody, EssayEditor, Level
from lms.quizzes.content import Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.types import wording
from lms.quizzes.types.essay import Essay, count_words

ESSAY = Essay()
TEXTS = Texts({"vi": {"stem": "Kể lại", "template": "<p>Mở bài:</p><p>Thân bài:</p>"}})


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("An toàn  số\nlà gì?", 5), ("một - hai", 2), ("… ! ?", 0), ("3,5 điểm", 2)],
)
def test_words_are_what_stands_between_spaces(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("body", "response", "said"),
    [
        (EssayBody(least_words=3), {"text": "hai từ"}, "Xin viết ít nhất 3 từ; hiện mới có 2."),
        (EssayBody(most_words=1), {"text": "hai từ"}, "Xin viết nhiều nhất 1 từ; hiện có 2."),
        (EssayBody(attachments=2, attachments_required=1), {"text": "một"}, "Xin nộp ít nhất 1 tệp; hiện có 0."),
        (EssayBody(attachments=2, required=True), {"files": ["4"]}, "Xin viết cả câu trả lời."),
        (EssayBody(attachments=2, required=False), {"files": ["4"]}, "None"),
        (EssayBody(least_words=1, most_words=2), {"text": "hai từ"}, "None"),
    ],
)
def test_the_learner_is_told_what_is_still_missing(body: EssayBody, response: dict[str, object], said: str) -> None:
    assert str(ESSAY.trouble(body, response)) == said


def test_what_was_written_waits_for_a_person_and_nothing_gives_nothing() -> None:
    grades = [ESSAY.grade(EssayBody(), each).state for each in ({}, {"text": "một"}, {"files": ["4"]})]

    assert grades == [GradeState.GAVE_UP, GradeState.NEEDS_MARKING, GradeState.NEEDS_MARKING]


def test_no_page_says_which_files_belong_to_an_answer() -> None:
    raw = {"text": ["Bài\r\nlàm "], "files": ["12", "3"]}

    assert ESSAY.clean(EssayBody(attachments=-1), raw) == {"text": "Bài\nlàm"}
    assert ESSAY.clean(EssayBody(editor=EssayEditor.NO_TEXT, attachments=1), raw) == {}
    assert ESSAY.beside({"text": "x", "files": ["3"]}) == {"files": ["3"]}


def test_a_template_stands_in_the_field_until_something_was_written() -> None:
    def text(response: dict[str, object]) -> object:
        return showing.ask(ESSAY, EssayBody(), TEXTS, slot=1, order=[], response=response).sketch.text  # type: ignore[attr-defined, arg-type]

    assert (text({}), text({"text": "của em"})) == ("Mở bài:\nThân bài:", "của em")
    assert wording.lines("<p>một<br>hai &amp; ba</p><p></p>") == "một\nhai & ba"


@pytest.mark.parametrize(
    "body",
    [
        EssayBody(least_words=5, most_words=4),
        EssayBody(attachments=1, attachments_required=2),
        EssayBody(editor=EssayEditor.NO_TEXT),
        EssayBody(rubric=(Criterion("stem1", (Level("a", 1.0),)),)),
        EssayBody(rubric=(Criterion("c", (Level("a"), Level("b"))),)),
    ],
)
def test_what_cannot_be_answered_or_marked_is_an_error(body: EssayBody) -> None:
    texts = Texts({"vi": {"stem": "?", "stem1": "1", "a": "A", "b": "B", "c": "C"}})

    assert [problem.severity for problem in ESSAY.check(body, texts)] == ["error"]
