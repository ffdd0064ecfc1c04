"""The editors: opening and reading a question gives the same question, for every type."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.core.i18n import LANGUAGES
from lms.courses import catalogue
from lms.quizzes import kind, question_types
from lms.quizzes.bank import storing
from lms.quizzes.bank.editors import frame, parts, source
from lms.quizzes.bank.editors.every import EDITORS
from lms.quizzes.bodies.arranging import Item, MatchingBody, OrderingBody, OrderRule, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.every import Body
from lms.quizzes.bodies.gaps import ClozeBody, DragWord, DragWordsBody, Gap, GapKind, GapSelectBody, Word, WordGap
from lms.quizzes.bodies.messages import Decision, Look, MessageBody, MessageKind, MessagePart
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody, Separators, Unit, UnitGrading, UnitInput
from lms.quizzes.bodies.parts import Hint, Numbering
from lms.quizzes.bodies.spots import HotSpotBody, Outline, Pointing, Spot, SpotScoring
from lms.quizzes.bodies.words import Marks, ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import Criterion, DescriptionBody, EssayBody, EssayEditor, Level
from lms.quizzes.content import QuestionDraft, Severity, Texts
from tests.factories_quizzes import CB1, PICTURE

pytestmark = pytest.mark.usefixtures("app")

HINTS = (Hint(clear_wrong=True), Hint(show_count=True))
BODIES: dict[str, Body] = {
    "single_choice": SingleChoiceBody(
        (Choice("a", 1.0), Choice("b", 0.3333333), Choice("c", -0.25, fixed=True)), False, Numbering.ROMAN, True, True, HINTS
    ),
    "multiple_choice": MultipleChoiceBody((Choice("a", 0.5), Choice("b", 0.5), Choice("c")), Scoring.PROPORTIONAL, hints=HINTS),
    "true_false": TrueFalseBody(right=False, hints=HINTS),
    "short_answer": ShortAnswerBody((TextAnswer("a", "mật khẩu*"), TextAnswer("b", "*", 0.0)), True, Marks.IGNORE_ALL, HINTS),
    "numerical": NumericalBody(
        (
            NumericalAnswer("a", 1.0, Decimal("3.10"), Decimal("0.1"), relative=True),
            NumericalAnswer("b", 0.5, low=Decimal(2), high=Decimal("4.5")),
            NumericalAnswer("c", 0.0),
        ),
        Separators.COMMA,
        (Unit("u1", "km"), Unit("u2", "m", Decimal(1000))),
        UnitInput.SELECT,
        UnitGrading.OF_RESPONSE,
        0.25,
        units_left=True,
        hints=HINTS,
    ),
    "matching": MatchingBody((Pair("a", "d"), Pair("b", "d"), Pair("c", "e")), ("d", "e", "f"), False, True, HINTS),
    "ordering": OrderingBody(
        (Item("a"), Item("b"), Item("c")), OrderRule.LONGEST_ORDERED, 2, True, True, Numbering.DIGITS, False, True, HINTS
    ),
    "cloze": ClozeBody(
        (
            Gap("1", GapKind.LIST, 2, (Choice("1a", 1.0), Choice("1b"))),
            Gap("2", GapKind.WORD, 1, words=(TextAnswer("2a", "Hà Nội"), TextAnswer("2b", "Ha Noi", 0.5))),
            Gap("3", GapKind.NUMBER, 1, numbers=(NumericalAnswer("3a", 1.0, Decimal(12), Decimal("0.5")),)),
        ),
        Marks.IGNORE_TONES,
        hints=HINTS,
    ),
    "gap_select": GapSelectBody((Word("w1"), Word("w2"), Word("w3", 2)), (WordGap("g1", "w1"), WordGap("g3", "w3")), hints=HINTS),
    "drag_words": DragWordsBody((DragWord("w1", reusable=True), DragWord("w2")), (WordGap("g1", "w1"),), hints=HINTS),
    "hot_spot": HotSpotBody(
        200,
        100,
        (Spot("a", Outline.CIRCLE, (20.0, 30.5, 10.0)), Spot("b", Outline.RECTANGLE, (100.0, 10.0, 150.0, 60.0), right=False)),
        SpotScoring.ALL_OR_NOTHING,
        Pointing.PLACES,
        2,
        hints=HINTS,
    ),
    "message_inspection": MessageBody(
        MessageKind.EMAIL,
        (MessagePart("a", sign=True, weight=2.0), MessagePart("b", look=Look.LINK)),
        (Decision("d", 1.0), Decision("e", 0.25)),
        0.5,
        0.25,
        hints=HINTS,
    ),
    "essay": EssayBody(
        EssayEditor.PLAIN,
        False,
        8,
        3,
        1,
        50,
        200,
        HINTS,
        (Criterion("a", (Level("b"), Level("c", 2.5))), Criterion("d", (Level("e", 1.0), Level("f")))),
        False,
        "pdf image",
        512_000,
    ),
    "description": DescriptionBody(),
}


# Where the text holds the places to answer, or may have no formatting.
STEMS = {
    "cloze": {"stem": "Một {#1} hai <em>ba</em> {#2} và {#3}.", "1a": "x", "1b": "y ~ z"},
    "hot_spot": {"picture": '<img src="data:image/png;base64,AAAA" alt="lá cờ">'},
    "gap_select": {"stem": "Một [[1]] hai <em>ba</em> [[3]]."},
    "drag_words": {"stem": "Một [[1]]."},
    "message_inspection": {
        "message.body": "Xin <strong>chào</strong> [[a]] và [[b]]",
        "message.sender": "Ngân hàng",
        "a": "gấp",
        "b": "ở đây",
        "b.target": "http://a-b_c.vn/x",
    },
}


def draft(type_key: str) -> QuestionDraft:
    keys = ["stem", "feedback", "hint.1", "hint.2", "a", "b", "c", "d", "e", "f", "a.feedback", "b.feedback"]
    used = ["stem", "feedback"] if type_key == "description" else keys
    if type_key == "true_false":
        used = keys[:4]
    if type_key == "essay":
        used = [*keys[:10], "template", "grader_info"]
    if type_key in ("short_answer", "numerical"):
        used = [*keys[:4], "a.feedback", "b.feedback"]
    if type_key in ("single_choice", "multiple_choice", "ordering"):
        used = [*keys[:7], "a.feedback", "b.feedback"]
    if type_key == "message_inspection":
        used = [*keys[:6], "b.target", "d", "e", "a.feedback", "b.feedback", "d.feedback", "message.sender", "message.body"]
    if type_key in ("gap_select", "drag_words"):
        used = [*keys[:4], *(word.key for word in BODIES[type_key].words)]  # type: ignore[union-attr]
    if type_key == "hot_spot":
        used = [*keys[:6], "a.feedback", "b.feedback", "picture"]
    if type_key == "cloze":
        used = [*keys[:4], "1a", "1b", "1a.feedback", "2b.feedback"]
    texts = {code: {key: f"{code} <strong>{key}</strong> &lt; 3" for key in used} for code in ("vi", "en", "fr")}
    for own in texts.values():
        own |= STEMS.get(type_key, {})
    return QuestionDraft(
        "Tên",
        type_key,
        BODIES[type_key],
        Texts(texts),
        tags=("law 116/2025/QH15 Đ7", "mật khẩu"),
        id_number="x1",
        default_mark=2.5,
        penalty=0.1,
    )


def through(of: QuestionDraft) -> frame.Written:
    """Open a draft in its editor and read it at once."""
    editor = EDITORS[of.type]
    values = frame.opened(of, editor, LANGUAGES)
    return frame.read(values, editor, question_types.get(of.type), LANGUAGES, files=of.files, before=of)


@pytest.mark.parametrize("type_key", BODIES)
def test_what_nobody_changed_is_the_same_question(type_key: str) -> None:
    before = draft(type_key)

    written = through(before)

    assert [each for each in written.complaints if each.severity is Severity.ERROR] == []
    assert (written.draft.body, written.draft.texts) == (before.body, before.texts)
    assert storing.content_hash(written.draft) == storing.content_hash(before)
    assert (written.draft.tags, written.draft.id_number) == (before.tags, before.id_number)


def test_every_type_has_an_editor() -> None:
    assert [each.key for each in question_types.known() if each.key not in EDITORS] == []


def test_every_question_of_the_catalogue_can_be_opened_and_saved_without_a_change() -> None:
    course = catalogue.load(CB1)
    quizzes = [activity for activity in course.activities if activity.kind == "quiz"]
    prepared = [each for quiz in quizzes for each in kind._questions(quiz).prepared]

    assert len(prepared) > 10
    for each in prepared:
        assert storing.content_hash(through(each.draft).draft) == storing.content_hash(each.draft), each.draft.name


@example("[[\\\\<")
@given(st.text(alphabet=st.sampled_from("ab *_<>/&`#-1.\n[]()!\\\"'ắđ"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_text_that_was_written_comes_back_as_something_that_means_the_same(written: str) -> None:
    made = source.to_html(written)

    assert source.to_html(source.to_source(made)) == made


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("Thủ đô của Việt Nam là gì?", "Thủ đô của Việt Nam là gì?"),
        ("<p>Một</p>\n<p>Hai <strong>ba</strong></p>", "Một\n\nHai **ba**"),
        ("<p>Một</p>", "<p>Một</p>"),
        ("<table><tbody><tr><td>1</td></tr></tbody></table>", "<table><tbody><tr><td>1</td></tr></tbody></table>"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_simple_texts_are_shown_as_markdown(html: str, shown: str) -> None:
    assert source.to_source(html) == shown


def test_what_is_wrong_is_said_at_its_field() -> None:
    editor = EDITORS["single_choice"]
    values = frame.start(editor) | {
        "choices.0.text.vi": "Hà Nội",
        "choices.1.fraction": "mười",
        "default_mark": "0",
        "laws": "1/2000/QH1 Đ1",
    }

    written = frame.read(values, editor, question_types.get("single_choice"), LANGUAGES, files={})

    assert {each.name for each in written.complaints} >= {"stem.vi", "choices.1.fraction", "choices.1.text.vi", "default_mark", "laws"}
    assert not written.is_usable


def test_rows_come_go_and_move_with_all_that_is_in_them() -> None:
    values = {"items.count": "2", "items.0.key": "a", "items.0.text.vi": "một", "items.1.key": "b", "items.1.text.vi": "hai", "name": "x"}

    swapped = parts.moved_row(values, "items", 1, -1)
    assert (swapped["items.0.text.vi"], swapped["items.1.key"], swapped["name"]) == ("hai", "a", "x")
    assert parts.moved_row(values, "items", 0, -1) == values
    assert parts.row_count(parts.with_row(values, "items"), "items") == 3
    assert parts.without_row(values, "items", 0) == {"items.count": "1", "items.0.key": "b", "items.0.text.vi": "hai", "name": "x"}


def test_a_new_row_gets_a_key_that_no_other_row_ever_had() -> None:
    before = draft("single_choice")
    editor = EDITORS["single_choice"]
    values = parts.with_row(frame.opened(before, editor, LANGUAGES), "choices") | {"choices.3.text.vi": "mới"}

    written = frame.read(values, editor, question_types.get("single_choice"), LANGUAGES, files={}, before=before)

    assert [choice.key for choice in written.draft.body.choices] == ["a", "b", "c", "d"]  # type: ignore[union-attr]


def test_a_deleted_row_takes_its_texts_with_it_in_every_language() -> None:
    before = draft("single_choice")
    editor = EDITORS["single_choice"]
    values = parts.without_row(frame.opened(before, editor, LANGUAGES), "choices", 1)

    written = frame.read(values, editor, question_types.get("single_choice"), LANGUAGES, files={}, before=before)

    assert {key for texts in written.draft.texts.by_language.values() for key in texts if key.startswith("b")} == set()


def test_a_question_without_a_name_is_called_as_it_begins() -> None:
    written = through(replace(draft("description"), name=""))

    assert written.draft.name == "vi stem < 3"


def test_two_files_of_one_name_keep_both() -> None:
    values, first = frame.with_file({}, "a.png", "0" * 64)
    values, again = frame.with_file(values, "a.png", "0" * 64)
    values, second = frame.with_file(values, "a.png", "1" * 64)

    assert (first, again, second) == ("a.png", "a.png", "a-2.png")
    shown = frame.with_file_shown({"stem.vi": "Đây:"}, EDITORS["true_false"], "vi", "a.png", "lá [cờ]", PICTURE)
    assert shown["stem.vi"] == "Đây:\n\n![lá (cờ)](@@PLUGINFILE@@/a.png)"
    picture = frame.with_file_shown({"picture.vi": "cũ"}, EDITORS["hot_spot"], "vi", "a.png", "lá cờ", PICTURE)
    assert picture == {"picture.vi": "![lá cờ](@@PLUGINFILE@@/a.png)", "width": "1", "height": "1"}


def essay(**fields: str) -> frame.Written:
    """Read the form of an essay in which this was written."""
    editor = EDITORS["essay"]
    values = (
        frame.start(editor) | {"stem.vi": "Kể lại", "attachments": "2"} | {name.replace("__", "."): value for name, value in fields.items()}
    )
    return frame.read(values, editor, question_types.get("essay"), LANGUAGES, files={})


def test_a_rubric_is_written_in_the_browser_criterion_by_criterion() -> None:
    written = essay(
        rubric__count="2",
        rubric__0__text__vi="Dấu hiệu",
        rubric__0__levels__count="3",
        rubric__0__levels__0__text__vi="Chưa nêu",
        rubric__0__levels__1__text__vi="Nêu đủ",
        rubric__0__levels__1__points="2,5",
        rubric__1__levels__count="2",
    )

    (criterion,) = written.draft.body.rubric  # type: ignore[union-attr]
    texts = written.draft.texts.by_language["vi"]
    assert [each for each in written.complaints if each.severity is Severity.ERROR] == []
    assert [(texts[level.key], level.points) for level in criterion.levels] == [("Chưa nêu", 0.0), ("Nêu đủ", 2.5)]
    assert texts[criterion.key] == "Dấu hiệu"


def test_rows_in_a_row_move_and_go_without_the_others() -> None:
    values = {
        "rubric.count": "2",
        "rubric.0.text.vi": "một",
        "rubric.0.levels.count": "1",
        "rubric.0.levels.0.text.vi": "a",
        "rubric.1.text.vi": "hai",
        "rubric.1.levels.count": "2",
        "rubric.1.levels.0.text.vi": "b",
        "rubric.1.levels.1.text.vi": "c",
    }

    swapped = parts.moved_row(parts.moved_row(values, "rubric.1.levels", 0, 1), "rubric", 1, -1)
    less = parts.without_row(swapped, "rubric.0.levels", 0)

    assert [swapped[f"rubric.0.levels.{index}.text.vi"] for index in range(2)] == ["c", "b"]
    assert (swapped["rubric.0.text.vi"], swapped["rubric.1.levels.0.text.vi"]) == ("hai", "a")
    assert (less["rubric.0.levels.count"], less["rubric.0.levels.0.text.vi"], less["rubric.1.levels.count"]) == ("1", "b", "1")


def test_kinds_and_size_of_files_are_ticked_and_written() -> None:
    body = essay(takes_image="1", types=".pdf docx", largest="2,5", show_rubric="").draft.body

    assert (body.attachment_types, body.attachment_bytes, body.show_rubric) == ("image,.pdf,.docx", 2_621_440, False)  # type: ignore[union-attr]
    said = [each.name for each in essay(largest="50").complaints]
    assert said == ["largest"]
