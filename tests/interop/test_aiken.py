"""Aiken as Moodle and other programs write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.interop.aiken import reader
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody
from lms.quizzes.content import QuestionDraft
from tests.interop.drafts import ALPHABET, QUIET

SAMPLE = "Mật khẩu nào mạnh?\nA) 123456\nB) trời-mưa-7-con-vịt\nANSWER: B\n\nThủ đô?\nA. Huế\nB. Hà Nội\nC. Vinh\nANSWER: B\n"


def one(text: str) -> QuestionDraft:
    result = reader.read(text)
    assert [str(problem.message) for problem in result.problems] == []
    assert len(result.drafts) == 1
    return result.drafts[0]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_both_ways_to_letter_are_read_in_any_encoding(line_end, encoding):
    data = SAMPLE.replace("\n", line_end).encode(encoding)

    result = reader.read(data)

    assert reader.fits(data) is True
    assert [(draft.name, draft.body) for draft in result.drafts] == [
        ("Mật khẩu nào mạnh?", SingleChoiceBody((Choice("a"), Choice("b", 1.0)))),
        ("Thủ đô?", SingleChoiceBody((Choice("a"), Choice("b", 1.0), Choice("c")))),
    ]
    assert result.found == {"multichoice": 2}


def test_a_question_of_several_lines_and_a_feedback_are_kept():
    draft = one("Đọc kỹ:\nđây là gì?\nA) một\nhai\nB) ba\nANSWER: a\nFEEDBACK: Vì thế.\n")

    assert draft.texts.by_language["vi"] == {"stem": "Đọc kỹ:\nđây là gì?", "a": "một\nhai", "b": "ba", "feedback": "Vì thế."}


def test_a_list_of_letters_makes_a_multiple_choice():
    body = one("Chọn?\nA) x\nB) y\nC) z\nANSWER: A, C").body

    assert body == MultipleChoiceBody((Choice("a", 0.5), Choice("b", -0.5), Choice("c", 0.5)))


def test_a_capital_letter_with_a_point_in_the_question_is_no_choice():
    draft = one("B. Pascal là ai?\nA) nhà toán học\nB) ca sĩ\nANSWER: A")

    assert draft.name == "B. Pascal là ai?"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Câu?\nA) x\nB) y\n", 1),
        ("Câu?\nA) x\nANSWER: A\n", 1),
        ("Câu?\nA) x\nB) y\nANSWER: D\n", 1),
        ("Câu?\nA) x\nC) y\nANSWER: A\n", 1),
        ("A) x\nB) y\nANSWER: A\n", 1),
        ("\n\nCâu?\nA) x\nB) y\nANSWER:\n", 3),
    ],
)
def test_what_cannot_be_understood_is_an_error_with_its_line(text, position):
    result = reader.read(text)

    assert ([draft.name for draft in result.drafts], [problem.position for problem in result.problems]) == ([], [position])
    assert result.questions == 1


@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_question_without_an_answer_does_not_swallow_the_next(gap):
    result = reader.read(f"Một?\nA) x\nB) y\n{gap}Hai?\nA) x\nB) y\nANSWER: A\n")

    assert [draft.name for draft in result.drafts] == ["Hai?"]
    assert [(problem.severity, problem.question) for problem in result.problems] == [("error", "Một?")]


def test_other_texts_are_not_taken_for_aiken():
    assert [reader.fits(data) for data in (b"::a::b{T}", b"<quiz/>", b"ANSWER: A", b"\x89PNG\r\n", b"")] == [False] * 5


@QUIET
@given(
    some.lists(some.sampled_from(["A) ", "B. ", "ANSWER: A", "ANSWER:", "\n", "\n\n", "FEEDBACK: "]) | ALPHABET, max_size=40).map("".join)
)
def test_no_text_breaks_the_reader(text):
    result = reader.read(text)

    assert len(result.drafts) + len(result.problems) == result.questions
