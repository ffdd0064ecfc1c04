"""Items and packages of QTI 2 and 3 as other programs write them, and as nobody should."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.interop.qti import reader
from lms.quizzes.bodies.choosing import Choice, SingleChoiceBody
from lms.quizzes.bodies.gaps import DragWord, DragWordsBody, WordGap
from lms.quizzes.bodies.spots import HotSpotBody, Outline, Pointing, Spot
from lms.quizzes.bodies.writing import EssayBody, EssayEditor
from lms.quizzes.content import QuestionDraft
from tests.interop.drafts import QUIET
from tests.interop.packages import choice_item, package_of, zipped

SAMPLE_3 = (Path(__file__).parent.parent / "samples" / "question.qti3.xml").read_bytes()
PICTURE = b"\x89PNG\r\n\x1a\n0"


def one(data: bytes | str, *, warnings: int = 0) -> QuestionDraft:
    result = reader.read(data)
    assert [str(problem.message) for problem in result.problems if problem.severity == "error"] == []
    assert (len(result.drafts), len(result.problems)) == (1, warnings)
    return result.drafts[0]


def test_an_item_of_version_2_is_a_question_and_its_prompt_follows_the_text():
    draft = one(choice_item("Tiêu đề"))

    assert draft.name == "Tiêu đề"
    assert draft.body == SingleChoiceBody((Choice("a", 1.0), Choice("b", 0.0, fixed=True)))
    assert draft.texts.by_language["vi"] == {"stem": "<p>Câu hỏi?</p><p>Chọn:</p>", "a": "Đáp án", "b": "Khác"}


def test_the_sample_of_version_3_is_read_with_its_feedback():
    draft = one(SAMPLE_3)

    assert (draft.name, draft.type, draft.default_mark) == ("Mã OTP", "multiple_choice", 2.0)
    assert draft.texts.of("feedback.right") == "<p>Đúng rồi.</p>"
    assert [reader.fits_3(SAMPLE_3), reader.fits_2(SAMPLE_3)] == [True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends_change_nothing(encoding, line_end):
    data = choice_item("Mật khẩu").replace("\n", line_end).encode(encoding)

    assert one(data) == one(choice_item("Mật khẩu"))
    assert reader.fits_2(data) is True


@pytest.mark.parametrize(
    "head", ["<!-- made by hand -->", '<?xml-stylesheet href="a.css"?>', '<!DOCTYPE assessmentItem SYSTEM "http://127.0.0.1:9/x.dtd">']
)
def test_what_may_stand_before_the_item_is_no_hindrance(head):
    text = choice_item("T").replace("?>\n", f"?>{head}\n", 1)

    assert one(text).name == "T"
    assert reader.fits_2(text.encode()) is True


def test_prefixes_of_namespaces_and_names_of_letters_do_not_matter():
    text = choice_item("T", first="hai&nbsp;chữ &mdash; &lt;b&gt;")
    prefixed = text.replace("<assessmentItem xmlns=", "<qti:assessmentItem xmlns:qti=").replace(
        "</assessmentItem>", "</qti:assessmentItem>"
    )
    for name in (
        "responseDeclaration",
        "outcomeDeclaration",
        "itemBody",
        "responseProcessing",
        "choiceInteraction",
        "simpleChoice",
        "prompt",
        "value",
    ):
        prefixed = prefixed.replace(f"<{name}", f"<qti:{name}").replace(f"</{name}", f"</qti:{name}")
    prefixed = prefixed.replace("<correctResponse>", "<qti:correctResponse>").replace("</correctResponse>", "</qti:correctResponse>")

    assert one(prefixed) == one(text)
    assert one(text).texts.of("a") == "hai\u00a0chữ — &lt;b&gt;"


def test_pictures_of_a_package_are_kept_under_names_of_their_own():
    body = '<p><img src="../anh/a%20b.png" alt="một"/><object data="a b.png" type="image/png">hai</object></p>'
    data = package_of({"items/i.xml": choice_item("T", body=body)}, others={"anh/a b.png": PICTURE, "items/a b.png": PICTURE + b"2"})

    draft = one(data)

    assert draft.files == {"a b.png": PICTURE, "a b-2.png": PICTURE + b"2"}
    assert draft.texts.of("stem").startswith(
        '<p><img src="@@PLUGINFILE@@/a%20b.png" alt="một"><img src="@@PLUGINFILE@@/a%20b-2.png" alt="hai"></p>'
    )


def test_what_is_missing_or_lies_elsewhere_is_told_and_its_words_stay():
    body = '<p><img src="x.png" alt="hình"/><img src="https://example.org/y.png" alt="xa"/></p>'
    draft = one(package_of({"i.xml": choice_item("T", body=body)}), warnings=2)

    assert draft.texts.of("stem").startswith('<p>[hình]<a href="https://example.org/y.png">xa</a></p>')


def test_a_formula_stays_readable():
    body = """<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><msup><mi>x</mi>
        <mn>2</mn></msup></mfrac><mo>&lt;</mo><msqrt><mn>2</mn></msqrt></math></p>"""

    assert one(choice_item("T", body=body)).texts.of("stem").startswith("<p>(a + 1)/(x<sup>2</sup>) &lt; √2</p>")


def test_a_feedback_goes_to_the_answers_after_which_it_is_shown():
    feedback = '<modalFeedback outcomeIdentifier="SCORE" identifier="x" showHide="show">Lạc</modalFeedback>'

    draft = one(choice_item("T", feedback=feedback), warnings=1)

    assert "feedback" not in draft.texts.by_language["vi"]


def test_an_essay_keeps_its_notes_for_those_who_mark():
    text = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="e" title="Bài luận" adaptive="false" timeDependent="false">
        <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/><itemBody><rubricBlock view="scorer"><p>Cần ba ý.</p>
        </rubricBlock><extendedTextInteraction responseIdentifier="RESPONSE" expectedLines="7" format="plain"><prompt>Viết.</prompt>
        </extendedTextInteraction></itemBody></assessmentItem>"""
    draft = one(text)

    assert draft.body == EssayBody(EssayEditor.PLAIN, lines=7)
    assert draft.texts.by_language["vi"] == {"stem": "Viết.", "grader_info": "<p>Cần ba ý.</p>"}


PLACES = """<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><object type="image/png" data="a.png" width="200" height="100">Thư</object>
    <hotspotChoice identifier="A" shape="circle" coords="50,50,10" hotspotLabel="người gửi"/>
    <hotspotChoice identifier="B" shape="rect" coords="100,10,190,90"/></hotspotInteraction>"""


def with_places() -> str:
    before, _, rest = choice_item("T").partition("<choiceInteraction")
    return before + PLACES + rest.partition("</choiceInteraction>")[2]


def test_places_of_a_picture_are_spots_to_choose():
    draft = one(package_of({"i.xml": with_places()}, others={"a.png": PICTURE}))

    spots = (Spot("a", Outline.CIRCLE, (50.0, 50.0, 10.0)), Spot("b", Outline.RECTANGLE, (100.0, 10.0, 190.0, 90.0), right=False))
    assert draft.body == HotSpotBody(200, 100, spots, pointing=Pointing.PLACES, most_marks=1, shuffle=False)
    assert draft.texts.of("picture") == '<img src="@@PLUGINFILE@@/a.png" alt="Thư" width="200" height="100">'
    assert [draft.texts.of(key) for key in "ab"] == ["người gửi", "B"]


def test_a_question_without_its_picture_is_hidden_until_it_has_one():
    draft = one(with_places(), warnings=2)

    assert (draft.hidden, draft.files) == (True, {})


def test_areas_to_point_at_are_spots():
    text = with_places().replace("hotspotInteraction", "selectPointInteraction").replace('baseType="identifier"', 'baseType="point"')
    areas = (
        '<areaMapping defaultValue="0"><areaMapEntry shape="circle" coords="50,50,10" mappedValue="1"/></areaMapping></responseDeclaration>'
    )
    text = (
        text.replace("<value>A</value>", "<value>50 50</value>")
        .replace("</responseDeclaration>", areas)
        .replace("match_correct", "map_response_point")
    )
    draft = one(package_of({"i.xml": text}, others={"a.png": PICTURE}))

    assert draft.body == HotSpotBody(200, 100, (Spot("a", Outline.CIRCLE, (50.0, 50.0, 10.0)),), most_marks=1)


def test_words_to_drag_into_gaps():
    text = """<assessmentItem identifier="i" title="T"><responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair">
        <correctResponse><value>W1 G2</value><value>W2 G1</value></correctResponse><mapping><mapEntry mapKey="W1 G2" mappedValue="1"/>
        <mapEntry mapKey="W2 G1" mappedValue="1"/></mapping></responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single"
        baseType="float"/><itemBody><gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="W1" matchMax="1">mã</gapText>
        <gapText identifier="W2" matchMax="0">OTP</gapText><p>Không đưa <gap identifier="G1"/>, đó là <gap identifier="G2"/>.</p>
        </gapMatchInteraction></itemBody><responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>
        </assessmentItem>"""
    draft = one(text)

    assert draft.texts.by_language["vi"] == {"stem": "<p>Không đưa [[2]], đó là [[1]].</p>", "w1": "mã", "w2": "OTP"}
    assert draft.body == DragWordsBody((DragWord("w1"), DragWord("w2", reusable=True)), (WordGap("g2", "w2"), WordGap("g1", "w1")))


def test_interactions_that_we_do_not_have_are_named():
    text = choice_item("T").replace("choiceInteraction", "drawingInteraction")
    result = reader.read(text)

    assert (result.drafts, result.found, result.unsupported, result.questions) == ((), {"drawing": 1}, {"drawing": 1}, 1)
    assert [(problem.severity, problem.question) for problem in result.problems] == [("warning", "T")]


def test_a_text_that_several_items_share_stands_before_each():
    shared = '<assessmentStimulus identifier="s" title="S"><stimulusBody><p>Đọc thư: <img src="a.png" alt="thư"/></p></stimulusBody></assessmentStimulus>'
    item = choice_item("T").replace("<itemBody>", '<assessmentStimulusRef identifier="s" href="../chung/s.xml"/><itemBody>', 1)

    draft = one(package_of({"cau/i.xml": item}, others={"chung/s.xml": shared, "chung/a.png": PICTURE}))

    assert draft.texts.of("stem").startswith('<div><p>Đọc thư: <img src="@@PLUGINFILE@@/a.png" alt="thư"></p></div><p>Câu hỏi?</p>')
    assert draft.files == {"a.png": PICTURE}
    assert one(item, warnings=1).texts.of("stem").startswith("<p>Câu hỏi?</p>")


def test_a_package_that_would_grow_without_measure_is_not_opened():
    result = reader.read(zipped({"imsmanifest.xml": "<manifest/>", "to.bin": bytes(201_000_000)}))

    assert (result.drafts, [problem.severity for problem in result.problems]) == ((), ["error"])


def test_one_broken_item_of_a_package_does_not_keep_out_the_others():
    result = reader.read(package_of({"a.xml": choice_item("Một"), "b.xml": choice_item("Hai")[:-20], "c.xml": choice_item("Ba")}))

    assert [draft.name for draft in result.drafts] == ["Một", "Ba"]
    assert [problem.severity for problem in result.problems] == ["error"]


def test_a_package_inside_of_a_folder_and_without_types_is_read():
    manifest = '<manifest><resources><resource identifier="r" type="webcontent" href="i.xml"><file href="i.xml"/></resource></resources></manifest>'

    assert one(zipped({"goi/imsmanifest.xml": manifest, "goi/i.xml": choice_item("T")})).name == "T"


def test_items_that_only_a_test_names_are_read_in_its_order():
    test = '<assessmentTest identifier="t" title="T"><testPart><assessmentSection><assessmentItemRef href="../q/2.xml"/><assessmentItemRef href="../q/1.xml"/></assessmentSection></testPart></assessmentTest>'
    manifest = '<manifest><resources><resource type="imsqti_test_xmlv2p1" href="t/test.xml"><file href="t/test.xml"/></resource></resources></manifest>'
    data = zipped({"imsmanifest.xml": manifest, "t/test.xml": test, "q/1.xml": choice_item("Một"), "q/2.xml": choice_item("Hai")})

    assert [draft.name for draft in reader.read(data).drafts] == ["Hai", "Một"]


BOMB = """<?xml version="1.0"?><!DOCTYPE assessmentItem [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<assessmentItem identifier="i" title="&b;"><itemBody><p>x</p></itemBody></assessmentItem>"""
THEFT = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem identifier="i" title="T"><itemBody>&x;</itemBody></assessmentItem>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB.encode(),
        THEFT.encode(),
        package_of({"i.xml": BOMB}),
        zipped({"../imsmanifest.xml": "<manifest/>"}),
        zipped({"imsmanifest.xml": "<manifest/>", "/etc/passwd": "x"}),
        zipped({"imsmanifest.xml": "<manifest>"}),
        zipped({"imsmanifest.xml": "<manifest/>"}),
        zipped({"a.xml": choice_item("T")}),
        package_of({"i.xml": choice_item("T")})[:-30],
        package_of({"thieu.xml": choice_item("T")}).replace(b"thieu.xml", b"khong.xml", 1),
        b"PK\x03\x04",
        b"",
        b"<quiz/>",
        b"<assessmentTest/>",
    ],
)
def test_hostile_and_broken_files_are_refused_with_a_sentence(data):
    result = reader.read(data)

    assert result.drafts == ()
    assert [problem.severity for problem in result.problems] == ["error"]
    assert all(str(problem.message) for problem in result.problems)


def test_a_path_out_of_the_package_opens_nothing():
    draft = one(package_of({"i.xml": choice_item("T", body='<p><img src="../../../../etc/passwd" alt="x"/></p>')}), warnings=1)

    assert draft.files == {}


def test_markup_that_could_do_harm_is_not_kept():
    body = '<p onclick="x()">a<script>alert(1)</script><iframe src="https://example.org"/></p>'

    assert "script" not in one(choice_item("T", body=body), warnings=1).texts.of("stem")
    assert "onclick" not in one(choice_item("T", body=body), warnings=1).texts.of("stem")


@pytest.mark.parametrize("many", [9, 12, 60])
def test_items_of_many_choices_are_read_in_passable_time(many):
    choices = "".join(f'<simpleChoice identifier="C{number}">{number}</simpleChoice>' for number in range(many))
    right = "".join(f"<value>C{number}</value>" for number in range(0, many, 2))
    text = choice_item("T").replace('cardinality="single" baseType="identifier"', 'cardinality="multiple" baseType="identifier"')
    text = (
        text.replace('<simpleChoice identifier="A">Đáp án</simpleChoice>', choices)
        .replace("<value>A</value>", right)
        .replace('maxChoices="1"', "")
    )
    began = time.process_time()

    draft = one(text)

    assert draft.type == "multiple_choice"
    assert time.process_time() - began < 5


@QUIET
@given(
    some.lists(
        some.sampled_from(["<p>", "</p>", "<choiceInteraction>", "</itemBody>", "<match>", "&", "&x;", "]]>", "a", 'x="1"']), max_size=12
    ).map("".join)
)
def test_no_text_breaks_the_reader(text):
    result = reader.read(choice_item("T", body=text))

    assert len(result.drafts) + sum(problem.severity == "error" for problem in result.problems) == 1


@QUIET
@given(some.binary(max_size=80))
def test_no_bytes_break_the_reader(data):
    reader.read(data)
    reader.read(b"PK\x03\x04" + data)
