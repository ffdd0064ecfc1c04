"""Moodle XML as Moodle and others write it."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from lms.interop.moodle_xml import reader, writer
from lms.interop.question_files import Category, Fractions
from lms.quizzes.bodies.arranging import MatchingBody, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody, Unit, UnitGrading, UnitInput
from lms.quizzes.bodies.parts import Hint, Numbering
from lms.quizzes.bodies.writing import Criterion, EssayBody, EssayEditor, Level
from lms.quizzes.content import QuestionDraft, TextFormat, Texts

SAMPLE = (Path(__file__).parent.parent / "samples" / "questions.moodle.xml").read_bytes()
DRAFTS = {draft.name: draft for draft in reader.read(SAMPLE).drafts}


def question(kind: str, inside: str) -> str:
    return f'<quiz><question type="{kind}"><name><text>N</text></name>{inside}</question></quiz>'


def test_every_question_of_the_sample_is_accounted_for():
    result = reader.read(SAMPLE)

    assert result.found == {"multichoice": 2, "numerical": 1, "truefalse": 1, "essay": 1, "matching": 1, "calculated": 2}
    assert result.unsupported == {"calculated": 2}
    assert [(problem.severity, problem.position, problem.question) for problem in result.problems] == [
        ("warning", 8, "Hai hình cùng tên"),
        ("warning", 67, "Tính"),
        ("warning", 68, "Tính nữa"),
        ("error", 73, "Điểm lạ"),
    ]
    assert result.categories == (Category(("An toàn số", "Ảnh / video"), "Câu hỏi có **hình**", TextFormat.MARKDOWN, "anh"),)
    assert {draft.category for draft in result.drafts} == {("An toàn số", "Ảnh / video")}


def test_two_files_of_one_name_are_both_kept():
    draft = DRAFTS["Hai hình cùng tên"]

    assert draft.files == {"hinh 1.png": b"\x00\x01\x02", "hinh 1-2.png": b"\x03\x04\x05"}
    assert draft.texts.of("a") == '<img src="@@PLUGINFILE@@/hinh%201.png" alt="thật">'
    assert draft.texts.of("b") == '<img src="@@PLUGINFILE@@/hinh%201-2.png" alt="giả">'


def test_all_settings_of_a_choice_are_kept():
    draft = DRAFTS["Hai hình cùng tên"]

    assert draft.body == SingleChoiceBody(
        (Choice("a", 1.0), Choice("b", 0.0)), shuffle=False, numbering=Numbering.CAPITALS, hints=(Hint(clear_wrong=True),)
    )
    assert (draft.default_mark, draft.penalty, draft.hidden, draft.id_number, draft.tags) == (2.0, 0.5, True, "hinh-1", ("hình", "lớp 8"))
    assert (draft.texts.of("hint.1"), draft.texts.of("feedback.right")) == ("Nhìn bóng.", "Giỏi!")
    assert (draft.texts.of("a.feedback"), draft.formats["a.feedback"]) == ("x < y", TextFormat.PLAIN)


def test_units_are_kept():
    assert DRAFTS["Đo"].body == NumericalBody(
        (NumericalAnswer("a", 1.0, value=Decimal(1500), tolerance=Decimal("0.5")), NumericalAnswer("b", 0.0)),
        units=(Unit("u1", "m"), Unit("u2", "km", Decimal("0.001"))),
        unit_input=UnitInput.SELECT,
        unit_grading=UnitGrading.OF_RESPONSE,
        unit_penalty=0.2,
    )
    assert DRAFTS["Đo"].formats["a.feedback"] == TextFormat.MOODLE


def test_true_and_false_may_come_in_any_order_and_language():
    assert DRAFTS["Ngược"].body == TrueFalseBody(False)
    assert DRAFTS["Ngược"].texts.of("false.feedback") == "Đúng"

    foreign = reader.read(
        question("truefalse", "<answer fraction='0'><text>Đúng</text></answer><answer fraction='100'><text>Sai</text></answer>")
    )

    assert (foreign.drafts[0].body, len(foreign.problems)) == (TrueFalseBody(False), 1)


def test_an_essay_is_kept_for_later():
    assert DRAFTS["Viết"].body == EssayBody(EssayEditor.PLAIN, required=False, lines=5, attachments=2, most_words=200)
    assert (DRAFTS["Viết"].texts.of("grader_info"), DRAFTS["Viết"].texts.of("template")) == ("Chấm ý chính.", "Mở bài:")


ESSAY = """<questiontext format="html"><text><![CDATA[<p>Viết</p>]]></text></questiontext>
<defaultgrade>2.0</defaultgrade><penalty>0</penalty><hidden>0</hidden><idnumber></idnumber>
<responseformat>editorfilepicker</responseformat><responserequired>1</responserequired><responsefieldlines>10</responsefieldlines>
<minwordlimit>50</minwordlimit><maxwordlimit></maxwordlimit><attachments>3</attachments><attachmentsrequired>1</attachmentsrequired>
<maxbytes>512000</maxbytes><filetypeslist>.docx,web_image,.py</filetypeslist>
<graderinfo format="html"><text><![CDATA[<p>Ý chính</p>]]></text></graderinfo>
<responsetemplate format="html"><text><![CDATA[<p>Mở bài</p>]]></text></responsetemplate>"""


def test_everything_that_moodle_says_about_an_essay_comes_in_and_goes_out_again():
    first = reader.read(question("essay", ESSAY))
    written = writer.write(first.drafts)
    again = reader.read(written.data)

    assert first.drafts[0].body == EssayBody(
        EssayEditor.EDITOR_FILES,
        lines=10,
        attachments=3,
        attachments_required=1,
        least_words=50,
        attachment_types=".docx,web_image,.py",
        attachment_bytes=512_000,
    )
    assert (first.problems, written.problems, again.drafts) == ((), (), first.drafts)
    assert b"antoanso" not in written.data
    for said in ("<maxbytes>512000<", "<filetypeslist>.docx,web_image,.py<", "<attachmentsrequired>1<", "<attachments>3<"):
        assert said.encode() in written.data


def test_a_rubric_which_moodle_has_no_place_for_comes_back_to_us_and_is_named_as_lost():
    rubric = (Criterion("c1", (Level("l1"), Level("l2", 2.0))),)
    texts = {"stem": "<p>?</p>", "c1": "<p>Dấu hiệu</p>", "l1": "<p>Chưa</p>", "l2": "<p>Đủ</p>"}
    draft = QuestionDraft(
        "N", "essay", EssayBody(rubric=rubric, show_rubric=False), Texts({"vi": texts}), formats=dict.fromkeys(texts, TextFormat.HTML)
    )

    written = writer.write([draft])

    assert reader.read(written.data).drafts == (draft,)
    assert [problem.severity for problem in written.problems] == ["warning"]


def test_answers_that_read_the_same_are_one_and_distractors_come_last():
    assert DRAFTS["Ghép"].body == MatchingBody((Pair("a", "x1"), Pair("b", "x2"), Pair("c", "x1")), ("x1", "x2", "x3"))
    assert DRAFTS["Ghép"].texts.of("x3") == "bắt nạt"


def test_the_sample_is_the_same_after_writing_and_reading():
    first = reader.read(SAMPLE)

    written = writer.write(first.drafts, first.categories)
    again = reader.read(written.data)

    assert (again.drafts, again.categories, again.problems, written.problems) == (first.drafts, first.categories, (), ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends_change_nothing(encoding, line_end):
    data = SAMPLE.decode().replace("\n", line_end).encode(encoding)

    assert reader.read(data) == reader.read(SAMPLE) == reader.read(SAMPLE.decode())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("không phải XML", 1),
        ("<quiz>\n<question>\n</quiz>", 3),
        ("<quiz>\n&tệ;</quiz>", 2),
        ("<html></html>", 1),
        ("<quiz>" + "<a>" * 300 + "</a>" * 300 + "</quiz>", 1),
    ],
)
def test_what_is_no_moodle_xml_is_refused_with_a_line(text, line):
    result = reader.read(text)

    assert (result.drafts, [(problem.severity, problem.position) for problem in result.problems]) == ((), [("error", line)])


BOMB = """<?xml version="1.0"?>
<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>
<quiz><question type="essay"><name><text>&c;</text></name></question></quiz>"""
THEFT = (
    '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><name><text>&x;</text></name></question></quiz>'
)


@pytest.mark.parametrize("text", [BOMB, THEFT, '<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/x.dtd"><quiz/>'])
def test_a_document_type_is_refused(text):
    result = reader.read(text)

    assert (result.drafts, [problem.severity for problem in result.problems]) == ((), ["error"])
    assert "DOCTYPE" in str(result.problems[0].message)


@pytest.mark.parametrize(
    "file",
    [
        '<file name="../../etc/passwd" encoding="base64">AAAA</file>',
        '<file name="" encoding="base64">AAAA</file>',
        '<file name="a.png" encoding="base64">not base64!</file>',
        '<file name="a.png" encoding="hex">00</file>',
    ],
)
def test_a_file_that_cannot_be_kept_is_told(file):
    result = reader.read(question("essay", f"<questiontext><text>?</text>{file}</questiontext>"))

    assert result.drafts[0].files == {}
    assert [problem.severity for problem in result.problems] == ["warning"]


def test_settings_that_make_no_sense_are_told_and_take_their_default():
    inside = (
        "<questiontext format='word'><text>?</text></questiontext><defaultgrade>viel</defaultgrade><penalty>inf</penalty>"
        "<answernumbering>xyz</answernumbering><answer fraction='100'><text>a</text></answer><answer fraction='0'><text>b</text></answer>"
    )

    result = reader.read(question("multichoice", inside))

    assert (result.drafts[0].default_mark, result.drafts[0].penalty) == (1.0, 0.3333333)
    assert len(result.problems) == 4


@pytest.mark.parametrize(
    ("kind", "inside"),
    [
        ("truefalse", "<answer fraction='100'><text>true</text></answer>"),
        ("numerical", "<answer fraction='100'><text>abc</text></answer>"),
        ("numerical", "<answer fraction='100'><text>1e999999999</text></answer>"),
        ("matching", "<subquestion><text>a</text><answer><text></text></answer></subquestion>"),
        ("multichoice", "<answer fraction='nan'><text>a</text></answer>"),
    ],
)
def test_a_question_that_cannot_be_understood_is_an_error(kind, inside):
    result = reader.read(question(kind, inside), fractions=Fractions.NEAREST)

    assert (result.drafts, [problem.severity for problem in result.problems]) == ((), ["error"])


def test_html_that_was_left_unescaped_is_kept():
    result = reader.read(question("essay", "<questiontext format='html'><text>Một <b>hai</b> ba</text></questiontext>"))

    assert result.drafts[0].texts.of("stem") == "Một <b>hai</b> ba"


def test_what_moodle_xml_cannot_carry_is_told():
    draft = QuestionDraft(
        name="Khoảng",
        type="numerical",
        body=NumericalBody((NumericalAnswer("a", low=Decimal(1), high=Decimal(4)),)),
        texts=Texts({"vi": {"stem": "?"}, "en": {"stem": "?"}}),
        formats={"stem": TextFormat.HTML},
    )

    result = writer.write([draft])

    assert str(result.problems[0].message).endswith(": một số chi tiết của phần trả lời, phần tiếng Anh.")
    others = reader.read_as(etree.fromstring(result.data)[0], "vi")
    assert others is not None
    assert others.body == NumericalBody((NumericalAnswer("a", value=Decimal("2.5"), tolerance=Decimal("1.5")),))
    assert reader.read(result.data).drafts[0].body == draft.body


def test_an_unused_file_is_written_too():
    draft = QuestionDraft(
        "N", "essay", EssayBody(), Texts({"vi": {"stem": "?"}}), {"stem": TextFormat.HTML}, files={"thư mục/a.bin": b"\xff"}
    )

    assert reader.read(writer.write([draft]).data).drafts == (draft,)


def test_a_multiple_choice_is_told_from_a_single_one():
    answers = "<answer fraction='50'><text>a</text></answer><answer fraction='50'><text>b</text></answer>"

    bodies = [
        reader.read(question("multichoice", f"<single>{word}</single>{answers}")).drafts[0].body for word in ("false", "0", "true", "1")
    ]

    assert [type(body) for body in bodies] == [MultipleChoiceBody] * 2 + [SingleChoiceBody] * 2


def test_a_large_file_is_read_in_passable_time():
    many = "".join(f"<question type='truefalse'><name><text>{number}</text></name></question>" for number in range(5_000))
    began = time.process_time()

    result = reader.read(f"<quiz>{many}</quiz>")

    assert len(result.problems) == 5_000
    assert time.process_time() - began < 10
