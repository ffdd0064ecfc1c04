"""Short answers: wildcards, capitals, and the marks of Vietnamese."""

import unicodedata

import pytest

from lms.quizzes.bodies.words import Marks, ShortAnswerBody, TextAnswer
from lms.quizzes.content import InvalidResponse, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.types import wording
from lms.quizzes.types.short_answer import ShortAnswer

kind = ShortAnswer()
TEXTS = Texts({"vi": {"stem": "Con nào?"}})


def fits(pattern: str, text: str, *, case: bool = False, marks: Marks = Marks.KEEP) -> bool:
    return wording.matches(pattern, text, case=case, marks=marks)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("mật khẩu", "Mật   khẩu ", True),
        ("mật khẩu", "mat khau", False),
        ("*khẩu*", "cái khẩu trang", True),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "acb", False),
        ("ab*ba", "aba", False),
        ("*", "anything", True),
        (r"5 \* 3", "5 * 3", True),
        (r"5 \* 3", "5 x 3", False),
        (r"\*\**", "** and more", True),
        ("2+2", "2+2", True),
        (".*", "abc", False),
        ("it's", "it’s", True),
    ],
)
def test_a_star_stands_for_anything_and_an_escaped_one_for_itself(pattern, text, expected):
    assert fits(pattern, text) is expected


def test_capitals_matter_only_when_asked_for():
    assert fits("Hà Nội", "hà nội")
    assert not fits("Hà Nội", "hà nội", case=True)


def test_composed_and_decomposed_letters_are_the_same():
    assert fits("mật khẩu", unicodedata.normalize("NFD", "mật khẩu"))


@pytest.mark.parametrize(("first", "second"), [("hoà", "hòa"), ("thuý", "thúy"), ("Khoẻ mạnh", "khỏe mạnh"), ("xóa *", "xoá tệp")])
def test_both_ways_to_place_a_tone_are_one_word(first, second):
    assert fits(first, second)


def test_another_tone_is_another_word():
    assert not fits("hoà", "hoá")


@pytest.mark.parametrize(
    ("marks", "text", "expected"),
    [
        (Marks.KEEP, "đường dẫn", True),
        (Marks.KEEP, "đương dân", False),
        (Marks.IGNORE_TONES, "đương dân", True),
        (Marks.IGNORE_TONES, "duong dan", False),
        (Marks.IGNORE_ALL, "duong dan", True),
        (Marks.IGNORE_ALL, "duong dam", False),
    ],
)
def test_marks_are_overlooked_as_far_as_the_author_says(marks, text, expected):
    assert fits("đường dẫn", text, marks=marks) is expected


def test_a_pattern_of_many_stars_is_quick():
    assert not fits("*a" * 200 + "b", "a" * 1000)


def test_the_first_answer_that_fits_decides():
    body = ShortAnswerBody((TextAnswer("a", "ếch", 1.0), TextAnswer("b", "mèo", 0.5), TextAnswer("c", "*", 0.0)))

    grades = [kind.grade(body, {"text": text}) for text in ("Ếch", "mèo", "chó")]

    assert [(grade.fraction, dict(grade.parts)) for grade in grades] == [
        (1.0, {"a": GradeState.RIGHT}),
        (0.5, {"b": GradeState.PARTIAL}),
        (0.0, {"c": GradeState.WRONG}),
    ]
    assert kind.grade(body, {}).state is GradeState.GAVE_UP


def test_an_answer_that_no_pattern_fits_is_wrong():
    assert kind.grade(ShortAnswerBody((TextAnswer("a", "ếch"),)), {"text": "mèo"}).parts == {}


def test_the_right_answer_fits_its_own_pattern():
    body = ShortAnswerBody((TextAnswer("a", "*", 0.0), TextAnswer("b", r"*tường lửa \**", 1.0)))

    assert kind.right_answer(body) == {"text": "tường lửa *"}


def test_typed_text_is_cleaned():
    body = ShortAnswerBody((TextAnswer("a", "x"),))

    assert kind.clean(body, {"text": "  a\u0302\n b\x00 "}) == {"text": "â b"}
    assert kind.clean(body, {"text": " \u200b "}) == {}
    with pytest.raises(InvalidResponse):
        kind.clean(body, {"text": "x" * 1001})


def test_an_answer_that_can_never_be_reached_is_a_warning():
    body = ShortAnswerBody((TextAnswer("a", "*", 0.0), TextAnswer("b", "mèo", 1.0)))

    assert [problem.severity for problem in kind.check(body, TEXTS)] == ["warning"]


def test_an_answer_must_be_worth_everything():
    assert [problem.severity for problem in kind.check(ShortAnswerBody((TextAnswer("a", "x", 0.5),)), TEXTS)] == ["error"]
