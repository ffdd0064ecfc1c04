"""Messages as text: what is read, what is refused with line and cure, and that nothing is lost on the way out and in."""

import re
from dataclasses import replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.interop.gift import writer as gift_writer
from lms.interop.message_text import reader, writer
from lms.interop.moodle_xml import writer as xml_writer
from lms.interop.question_files import normalise
from lms.quizzes import drafting
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.messages import LEADING, Decision, Look, MessageBody, MessageKind, MessagePart
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.types import wording
from lms.quizzes.types.message_inspection import MessageInspection
from tests.interop.drafts import ALPHABET, QUIET, TEXT

SAMPLE = """# a comment
id: otp
name: Tin đòi mã OTP
tags: law 116/2025/QH15 Đ7.2.đ; lừa đảo
kind: sms
from: [[sign sender: NH BÌNH AN]]
date: 21:47
signs: 70%
alarm: 25 %

--- question
Mẹ vừa nhận một tin.

--- message
[[fine hello: Kính chào quý khách.]]

Bấm vào [[sign *2 site: binhan.example -> http://binhan-xacminh.example/otp]]
rồi [[sign: nhập mã OTP]].

--- attachments
sign macro: Thong-bao.docm -> Word, có macro

--- decisions
call 100%: Tự gọi số in trên thẻ
reply 30%: Trả lời tin
  để hỏi lại
open: Bấm vào

--- why
sender: Tên người gửi
  giả được.
call: Đúng.

--- feedback
Ngân hàng **không** hỏi OTP.
"""


def test_a_message_is_read_with_its_parts_decisions_and_reasons():
    result = reader.read(SAMPLE)

    (draft,) = result.drafts
    texts = draft.texts.by_language["vi"]
    assert result.problems == ()
    assert draft.body == MessageBody(
        MessageKind.SMS,
        (
            MessagePart("a", sign=True),
            MessagePart("hello"),
            MessagePart("macro", sign=True, look=Look.ATTACHMENT),
            MessagePart("sender", sign=True),
            MessagePart("site", sign=True, look=Look.LINK, weight=2.0),
        ),
        (Decision("call", 1.0), Decision("reply", 0.3), Decision("open")),
        signs_share=0.7,
        alarm_cost=0.25,
    )
    assert (draft.id_number, draft.name, draft.tags) == ("otp", "Tin đòi mã OTP", ("law 116/2025/QH15 Đ7.2.đ", "lừa đảo"))
    assert texts["message.sender"] == "[[sender]]"
    assert texts["message.body"] == "[[hello]]\n\nBấm vào [[site]]\nrồi [[a]]."
    assert (texts["site"], texts["site.target"]) == ("binhan.example", "http://binhan-xacminh.example/otp")
    assert (texts["macro"], texts["macro.target"]) == ("Thong-bao.docm", "Word, có macro")
    assert (texts["reply"], texts["sender.feedback"]) == ("Trả lời tin\nđể hỏi lại", "Tên người gửi\ngiả được.")


def test_a_file_holds_several_messages_and_one_that_is_wrong_does_not_hold_up_the_others():
    text = f"{SAMPLE}\n====\nkind: sms\nname: hỏng\n\n--- question\nGì?\n\n====\n{SAMPLE.replace('id: otp', 'id: otp2')}"

    result = reader.read(text)

    assert [draft.id_number for draft in result.drafts] == ["otp", "otp2"]
    assert {problem.question for problem in result.problems} == {"hỏng"}
    assert result.found == {"message_inspection": 2, "unreadable": 1}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("kind: sms", "kind: fax", 5, "The kind of message is “fax”. Write kind: email, sms, chat or web."),
        ("date: 21:47", "dat: 21:47", 7, "The header “dat” is not known."),
        ("date: 21:47", "um 21 Uhr 47", 7, "“um 21 Uhr 47” is no line of a header."),
        ("date: 21:47", "kind: sms", 7, "The header “kind” is there twice. Leave one of them out."),
        ("signs: 70%", "signs: viel", 8, "“signs: viel” is no number. Write it like 60%."),
        ("[[fine hello:", "[[hello:", 15, "“[[hello]]” says neither sign nor fine."),
        ("[[fine hello:", "[[fine Xin:", 15, "“Xin” cannot be a key."),
        ("[[fine hello:", "[[fine site:", 17, "The key “site” is used twice. Choose another one."),
        ("Kính chào quý khách.]]", " ]]", 15, "The mark “fine hello” has no text."),
        ("[[sign: nhập", "[[sign button: nhập", 18, "“nhập mã OTP” is a link without a target. Write -> and where it leads."),
        ("sign macro: Thong", "Thong", 21, "Write an attachment as"),
        ("call 100%:", "call 1x%:", 24, "“call 1x%: Tự gọi số in trên thẻ” has no key."),
        ("open: Bấm vào", "reply: Bấm vào", 27, "The key “reply” is used twice. Choose another one."),
        ("  giả được.", "giả được.", 31, "“giả được.” has no key. Write “key: text”"),
        ("sender: Tên", "sendr: Tên", 30, "“sendr” is explained, but it is neither marked in the message nor a decision. Correct the key."),
        ("--- feedback", "--- fedback", 34, "The section “fedback” is not known."),
        ("--- question", "--- ask", 1, "The section “--- question” is missing or empty."),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_cure(old, new, line, said):
    with in_language("en"):
        problems = [(problem.position, str(problem.message)) for problem in reader.read(SAMPLE.replace(old, new, 1)).problems]

    assert any(position == line and message.startswith(said) for position, message in problems), problems


def test_its_own_text_is_the_same_after_writing_and_reading():
    (draft,) = reader.read(SAMPLE).drafts

    written = writer.write([draft])

    assert written.problems == ()
    assert reader.read(written.data).drafts == (draft,)


def test_the_files_are_told_apart_by_what_is_in_them():
    assert reader.fits(SAMPLE.encode())
    assert reader.fits(SAMPLE.encode("utf-16"))
    assert not reader.fits("::Câu 1:: Loại gì? {=kind: sms ~b}".encode())
    assert not reader.fits(b"\xff\xff\x00")


LINE = some.text(ALPHABET, max_size=20).map(lambda text: escape(wording.tidy(normalise(text)), quote=False))
KEY = re.compile(r"\[\[|\]\]")


@some.composite
def messages(draw) -> QuestionDraft:
    """Return a message such as the bank holds."""
    texts = {"stem": draw(TEXT.filter(str.strip)), "feedback": draw(TEXT), "message.ask": draw(TEXT)}
    parts, marks = [], []
    for index in range(draw(some.integers(1, 4))):
        key = key_at(index)
        look = draw(some.sampled_from(Look))
        parts.append(MessagePart(key, draw(some.booleans()), look, draw(some.sampled_from([1.0, 0.5, 2.0]))))
        texts[key] = draw(LINE.filter(bool))
        texts[f"{key}.feedback"] = draw(TEXT)
        if look in LEADING or (look is Look.ATTACHMENT and draw(some.booleans())):
            texts[f"{key}.target"] = draw(LINE.filter(bool))
        if look is not Look.ATTACHMENT or draw(some.booleans()):
            marks.append(f"[[{key}]]")
    words = draw(some.lists(TEXT.filter(lambda text: not KEY.search(text)), min_size=len(marks), max_size=len(marks)))
    texts["message.sender"] = draw(LINE.filter(lambda text: text and not KEY.search(text)))
    texts["message.body"] = (
        "<p>" + " ".join(f"{word.replace('<', '&lt;')} {mark}" for word, mark in zip(words, marks, strict=True)) + "…</p>"
    )
    texts |= {"yes": draw(TEXT.filter(str.strip)), "no": draw(TEXT.filter(str.strip)), "no.feedback": draw(TEXT), "hint.1": draw(TEXT)}
    return QuestionDraft(
        name=draw(LINE.filter(bool)),
        type="message_inspection",
        body=MessageBody(
            draw(some.sampled_from(MessageKind)),
            tuple(parts),
            (Decision("yes", 1.0), Decision("no", draw(some.sampled_from([0.0, 0.25])))),
            signs_share=draw(some.sampled_from([0.6, 0.5, 1.0])),
            alarm_cost=draw(some.sampled_from([0.5, 0.0])),
            shuffle=draw(some.booleans()),
            show_count=draw(some.booleans()),
            hints=(Hint(clear_wrong=draw(some.booleans())),),
        ),
        texts=Texts({"vi": texts}),
        category=draw(some.sampled_from([(), ("An toàn",), ("An toàn", "Ảnh / video")])),
        tags=draw(some.sampled_from([(), ("lừa đảo", "law 116/2025/QH15 Đ7")])),
        id_number=draw(some.sampled_from(["", "q-1"])),
        default_mark=draw(some.sampled_from([1.0, 2.5])),
    )


def ready(draft: QuestionDraft) -> QuestionDraft:
    made = drafting.prepare(draft, MessageInspection()).draft
    return replace(
        made, texts=Texts({code: {key: text for key, text in of.items() if text} for code, of in made.texts.by_language.items()})
    )


def test_any_message_of_the_bank_is_the_same_after_writing_and_reading():
    @QUIET
    @given(messages().map(ready).filter(lambda draft: all(draft.texts.of(key) for key in ("stem", "yes", "no", "message.body"))))
    def same(draft: QuestionDraft) -> None:
        if any(not draft.texts.of(part.key) for part in draft.body.parts):
            return
        written = writer.write([draft])
        assert [str(problem.message) for problem in written.problems] == []
        (again,) = reader.read(written.data).drafts
        assert ready(again) == draft

    same()


def test_no_text_breaks_the_reader():
    pieces = some.sampled_from(
        ["kind: sms", "--- message", "--- why", "--- decisions", "[[sign a: x]]", "[[", "]]", "->", "====", "\n", "a 50%: b", "  "]
    )

    @QUIET
    @given(some.lists(pieces | ALPHABET, max_size=40).map("".join))
    def survives(text: str) -> None:
        result = reader.read(text)
        assert result.drafts or result.problems

    survives()


# Moodle XML carries it beside what Moodle can read, for those who read it here again; GIFT has no place for that.
@pytest.mark.parametrize(("other", "severity"), [(gift_writer, "error"), (xml_writer, "warning")])
def test_other_formats_say_that_other_programs_cannot_have_it(other, severity):
    (draft,) = reader.read(SAMPLE).drafts

    written = other.write([draft])

    assert [problem.severity for problem in written.problems] == [severity]


def test_other_questions_are_reported_as_left_out():
    (draft,) = reader.read(SAMPLE).drafts

    written = writer.write([replace(draft, type="essay"), draft])

    assert [(problem.severity, problem.question) for problem in written.problems] == [("error", "Tin đòi mã OTP")]
    assert len(reader.read(written.data).drafts) == 1
