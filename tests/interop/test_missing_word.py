"""Missing words as Moodle reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.interop.missing_word import reader
from lms.quizzes.bodies.choosing import Choice, SingleChoiceBody
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.content import QuestionDraft
from tests.interop.drafts import ALPHABET, QUIET


def one(text: str) -> QuestionDraft:
    result = reader.read(text)
    assert [str(problem.message) for problem in result.problems] == []
    assert len(result.drafts) == 1
    return result.drafts[0]


def test_words_to_choose_from_may_stand_on_several_lines():
    draft = one("Không đưa {=mã\nOTP ~họ tên\n~tên trường} cho ai.")

    assert draft.body == SingleChoiceBody((Choice("a", 1.0), Choice("b"), Choice("c")))
    assert draft.texts.by_language["vi"] == {"stem": "Không đưa _____ cho ai.", "a": "mã OTP", "b": "họ tên", "c": "tên trường"}


def test_weights_and_feedback_are_kept():
    draft = one("Mật khẩu mạnh là {=dài#Đúng. ~75%lạ#Gần đúng. ~ngắn#Sai.}")

    assert draft.body == SingleChoiceBody((Choice("a", 1.0), Choice("b", 0.75), Choice("c")))
    assert [draft.texts.of(f"{key}.feedback") for key in "abc"] == ["Đúng.", "Gần đúng.", "Sai."]


def test_a_single_word_is_an_answer_to_type():
    assert one("Thủ đô là {=Hà Nội}.").body == ShortAnswerBody((TextAnswer("a", "Hà Nội", 1.0),))


def test_escaped_characters_are_themselves():
    assert one(r"Chọn {=a\~b\#c ~d\=e}").texts.of("a") == "a~b#c"


@pytest.mark.parametrize(
    "text", ["Không có ngoặc", "Thiếu {=a ~b", "Rỗng {}", "Hai {=a ~b} lần {=c ~d}", "Điểm {=a ~33%b}", "Trống {=#x ~b}"]
)
def test_what_cannot_be_understood_is_an_error_and_not_guessed(text):
    result = reader.read(f"\n{text}")

    assert (result.drafts, [(problem.severity, problem.position) for problem in result.problems]) == ((), [("error", 2)])
    assert result.found == {"unreadable": 1}


def test_empty_lines_part_the_questions():
    result = reader.read("Một {=a ~b}.\n\n\nHai {=c ~d}.\r\n\r\nBa {=e ~f}.".encode())

    assert [(draft.position, draft.texts.of("stem")) for draft in result.drafts] == [(1, "Một _____."), (4, "Hai _____."), (6, "Ba _____.")]
    assert result.found == {"multichoice": 3}


def test_only_what_gift_could_not_say_is_recognised():
    assert [reader.fits(text.encode()) for text in ("a {=b ~50%c}", "a {=b ~%50%c}", "::x::a {=b ~50%c}", "a {=b ~c}")] == [
        True,
        False,
        False,
        False,
    ]


@QUIET
@given(some.lists(some.sampled_from(["{", "}", "=", "~", "#", "75%", "\n", "\n\n"]) | ALPHABET, max_size=40).map("".join))
def test_no_text_breaks_the_reader(text):
    result = reader.read(text)

    assert len(result.drafts) + sum(problem.severity == "error" for problem in result.problems) == result.questions
