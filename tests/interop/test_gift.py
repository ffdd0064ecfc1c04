"""GIFT as people write it."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from lms.interop.gift import reader, writer
from lms.interop.question_files import Category, Fractions
from lms.quizzes.bodies.arranging import MatchingBody, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.content import QuestionDraft, TextFormat, Texts

SAMPLE = (Path(__file__).parent.parent / "samples" / "questions.gift").read_bytes()


def one(text: str) -> QuestionDraft:
    result = reader.read(text)
    assert [str(problem.message) for problem in result.problems] == []
    assert len(result.drafts) == 1
    return result.drafts[0]


def texts(draft: QuestionDraft) -> dict[str, str]:
    return dict(draft.texts.by_language["vi"])


def test_the_sample_is_read_and_every_question_is_accounted_for():
    result = reader.read(SAMPLE)

    assert result.counts == {
        "single_choice": 1,
        "multiple_choice": 1,
        "true_false": 2,
        "short_answer": 1,
        "numerical": 1,
        "matching": 1,
        "ordering": 1,
        "essay": 1,
        "description": 1,
    }
    assert result.unsupported == {}
    assert [(problem.severity, problem.position) for problem in result.problems] == [("error", 41), ("error", 43)]
    assert {draft.category for draft in result.drafts} == {("An toàn số", "Mật khẩu")}
    assert sum(result.found.values()) == 12


def test_a_single_choice_with_everything():
    draft = reader.read(SAMPLE).drafts[0]

    assert (draft.name, draft.id_number, draft.tags, draft.position) == ("Mật khẩu mạnh", "mk-01", ("mật khẩu", "lớp 6"), 6)
    assert draft.body == SingleChoiceBody((Choice("a", 1.0), Choice("b", 0.0), Choice("c", 0.5)))
    assert texts(draft)["c.feedback"] == "Ngắn quá."
    assert (draft.formats["a"], draft.formats["feedback"]) == (TextFormat.HTML, TextFormat.MARKDOWN)


def test_without_an_equals_sign_several_may_be_ticked_and_an_empty_line_inside_does_no_harm():
    assert reader.read(SAMPLE).drafts[1].body == MultipleChoiceBody((Choice("a", 0.5), Choice("b", 0.5), Choice("c", -1.0)))


def test_text_after_the_answers_makes_a_gap():
    draft = reader.read(SAMPLE).drafts[3]

    assert texts(draft)["stem"] == "OTP là mật khẩu dùng _____ rồi bỏ."
    assert draft.body == ShortAnswerBody((TextAnswer("a", "một lần", 1.0), TextAnswer("b", "1 lần", 0.5), TextAnswer("c", "*", 0.0)))


def test_numbers_ranges_and_any_other_number():
    assert reader.read(SAMPLE).drafts[4].body == NumericalBody(
        (
            NumericalAnswer("a", 1.0, value=Decimal(116)),
            NumericalAnswer("b", 0.5, low=Decimal(110), high=Decimal(120)),
            NumericalAnswer("c", 0.0),
        )
    )


def test_an_answer_of_two_pairs_is_one_and_one_of_no_pair_distracts():
    assert reader.read(SAMPLE).drafts[5].body == MatchingBody((Pair("a", "x1"), Pair("b", "x2"), Pair("c", "x1")), ("x1", "x2", "x3"))


@pytest.mark.parametrize(
    ("answers", "right", "feedback"),
    [
        ("T", True, {}),
        ("false", False, {}),
        ("TRUE#sai rồi", True, {"false.feedback": "sai rồi"}),
        ("TRUE#sai#đúng", True, {"false.feedback": "sai", "true.feedback": "đúng"}),
        ("FALSE#sai#đúng", False, {"true.feedback": "sai", "false.feedback": "đúng"}),
        ("FALSE# #đúng####chung", False, {"false.feedback": "đúng", "feedback": "chung"}),
    ],
)
def test_the_first_feedback_of_true_or_false_is_for_the_wrong_choice(answers, right, feedback):
    draft = one(f"Câu{{{answers}}}")

    assert draft.body == TrueFalseBody(right)
    assert {key: text for key, text in texts(draft).items() if key != "stem"} == feedback


def test_escaped_characters_are_themselves():
    draft = one(r"::A\:\:B::1 \= 1 \{x\} \~ \# C\\D \alpha\nE {=a\=b\#c ~d\~e}")

    assert draft.name == "A::B"
    assert texts(draft) == {"stem": "1 = 1 {x} ~ # C\\D \\alpha\nE", "a": "a=b#c", "b": "d~e"}


def test_a_question_without_a_name_is_called_by_its_beginning():
    assert one("[html]<p>Vì   sao\ntrời xanh?</p>{}").name == "Vì sao trời xanh?"
    assert len(one("từ " * 60 + "{}").name) <= 80


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_change_nothing(encoding, line_end):
    data = SAMPLE.decode().replace("\n", line_end).encode(encoding)

    assert reader.read(data) == reader.read(SAMPLE)


def test_decomposed_letters_are_composed():
    assert texts(one("Mâ\u0323t kha\u0302\u0309u?{}"))["stem"] == "Mật khẩu?"


def test_another_encoding_is_refused_with_its_line():
    result = reader.read("Câu một{T}\n\nCâu hai{T}".encode() + b"\n\xd0 ")

    assert (result.drafts, [problem.position for problem in result.problems]) == ((), [4])
    assert "UTF-8" in str(result.problems[0].message)


def test_a_grade_that_moodle_does_not_know_is_refused_or_rounded():
    text = "::Lạ::?{~%33%a ~%66.66667%b}"

    strict, nearest = reader.read(text), reader.read(text, fractions=Fractions.NEAREST)

    assert (strict.drafts, strict.has_errors) == ((), True)
    assert "0.33" in str(strict.problems[0].message)
    assert nearest.drafts[0].body == MultipleChoiceBody((Choice("a", 0.3333333), Choice("b", 0.6666667)))
    assert [problem.severity for problem in nearest.problems] == ["warning"]


@pytest.mark.parametrize(
    "text",
    [
        "Thiếu {=a",
        "Thừa =a}",
        "Hai lần {T} rồi {F}",
        "Một {~a}",
        "Số {#abc}",
        "Số {#1,234}",
        "Ghép {=a->b =c}",
        "Ghép {=a-> =c->d}",
        "Số {#=}",
    ],
)
def test_what_cannot_be_understood_is_an_error_and_not_guessed(text):
    result = reader.read(text)

    assert (result.drafts, [problem.severity for problem in result.problems]) == ((), ["error"])
    assert result.found == {"unreadable": 1}


def test_a_broken_question_does_not_swallow_the_next():
    result = reader.read("::Một::Hỏng {=a ~b\n\n::Hai::Tốt {T}\n// question: 3\n::Ba::Tốt {F}")

    assert [draft.name for draft in result.drafts] == ["Hai", "Ba"]


def test_what_gift_cannot_carry_is_told():
    draft = QuestionDraft(
        name="Có hình",
        type="single_choice",
        body=SingleChoiceBody((Choice("a", 1.0), Choice("b", fixed=True)), shuffle=False),
        texts=Texts({"vi": {"stem": "?", "a": "A", "b": "B", "hint.1": "gợi ý"}, "en": {"stem": "?"}}),
        formats={},
        default_mark=2.0,
        files={"a.png": b"1"},
    )

    result = writer.write([draft], [Category(("A",), info="về A")])

    assert len(result.problems) == 2
    assert str(result.problems[1].message).endswith(
        ": một số chi tiết của phần trả lời, điểm, các tệp kèm theo, gợi ý, thiết lập trộn lựa chọn, phần tiếng Anh."
    )


def test_what_gift_cannot_say_at_all_is_left_out_and_told():
    draft = QuestionDraft("Mũi tên", "short_answer", ShortAnswerBody((TextAnswer("a", "a->b"),)), Texts({"vi": {"stem": "?"}}))

    result = writer.write([draft])

    assert (result.data, [problem.severity for problem in result.problems]) == (b"", ["error"])


@pytest.mark.parametrize(
    "text",
    ["x {" + "~a" * 100_000 + "}", "// " + "[id:" * 200_000, "dòng\n" * 200_000, "{\n" * 100_000, "<!--" * 200_000, "\\" * 300_000],
)
def test_hostile_files_are_read_in_passable_time(text):
    began = time.process_time()

    reader.read(text)

    assert time.process_time() - began < 10
