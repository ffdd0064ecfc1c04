"""Questions with gaps are the same after writing and reading, as Moodle XML and as cloze text."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.interop.cloze_text import reader as cloze_reader
from lms.interop.cloze_text import writer as cloze_writer
from lms.interop.moodle_xml import reader, writer
from lms.interop.question_files import Category
from lms.quizzes import cloze_text, gap_words
from lms.quizzes.bodies.choosing import SingleChoiceBody
from lms.quizzes.bodies.gaps import ClozeBody, DragWord, DragWordsBody, GapSelectBody, Word
from lms.quizzes.bodies.numbers import Separators
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.bodies.words import Marks
from lms.quizzes.content import QuestionDraft, TextFormat, Texts
from tests.interop.drafts import FORMAT, FULL, LINE, QUIET, TEXT
from tests.interop.test_moodle_xml import question

SAMPLE = (Path(__file__).parent.parent / "samples" / "gaps.moodle.xml").read_bytes()
KINDS = ["cloze", "gap_select", "drag_words"]
# A text of its own gap signs would be a gap, and what stands around one is trimmed at the ends of the whole text.
STEM = TEXT.filter(lambda text: "{" not in text and "[[" not in text and "]]" not in text)
FRACTION = some.sampled_from([1.0, 0.5, 0.3333333, 0.0, -0.25])


@some.composite
def drafts(draw: Any) -> QuestionDraft:
    """Return a question with gaps whose every setting Moodle XML knows."""
    texts: dict[str, str] = {}
    hints = tuple(Hint(draw(some.booleans()), draw(some.booleans())) for _ in range(draw(some.integers(0, 2))))
    kind = draw(some.sampled_from(KINDS))
    body = _cloze(draw, texts, hints) if kind == "cloze" else _words(draw, texts, hints, kind)
    formats = dict.fromkeys(texts, TextFormat.HTML) | {"stem": draw(FORMAT)}
    more = ["feedback", *(f"hint.{number}" for number in range(1, len(hints) + 1))]
    more += [] if kind == "cloze" else ["feedback.right", "feedback.partial", "feedback.wrong"]
    for key in more:
        if text := draw(TEXT):
            texts[key], formats[key] = text, draw(FORMAT)
    return QuestionDraft(
        name=draw(LINE),
        type=kind,
        body=body,
        texts=Texts({"vi": texts}),
        formats=formats,
        category=draw(some.sampled_from([(), ("An toàn", "Ảnh / video")])),
        tags=tuple(draw(some.lists(some.sampled_from(["lớp 6", "mật khẩu"]), unique=True))),
        id_number=draw(some.sampled_from(["", "q-1"])),
        default_mark=draw(some.sampled_from([1.0, 2.5])),
        penalty=draw(some.sampled_from([0.0, 0.3333333])),
        hidden=draw(some.booleans()),
    )


def _cloze(draw: Any, texts: dict[str, str], hints: tuple[Hint, ...]) -> ClozeBody:
    rows = [draw(some.sampled_from(["1:MC", "3:MCVS", "2:SAC", "1:NM", "1:MR"])) for _ in range(draw(some.integers(1, 3)))]
    found = cloze_text.parse("".join(f"{{{row}:=1#x~%50%2~3#y}}" for row in rows))
    own = {key: draw(FULL) for key in found.texts}
    texts |= {"stem": f"!{draw(STEM)}{found.stem}{draw(STEM)}!", **own}
    return ClozeBody(found.gaps, hints=hints)


def _words(draw: Any, texts: dict[str, str], hints: tuple[Hint, ...], kind: str) -> GapSelectBody | DragWordsBody:
    count = draw(some.integers(1, 5))
    texts |= {gap_words.key_of(number): draw(FULL) for number in range(1, count + 1)}
    numbers = draw(some.lists(some.integers(1, count), min_size=1, max_size=4))
    texts["stem"] = "!" + "".join(f"{draw(STEM)}![[{number}]]" for number in numbers)
    groups = [draw(some.integers(1, 3)) for _ in range(count)]
    settings: Any = {"shuffle": draw(some.booleans()), "show_count": draw(some.booleans()), "hints": hints}
    if kind == "gap_select":
        words = gap_words.paired([Word(gap_words.key_of(number), group) for number, group in enumerate(groups, start=1)], texts)
        return GapSelectBody(words, gap_words.gaps_of(texts["stem"], words), **settings)
    drags = [DragWord(gap_words.key_of(number), group, reusable=draw(some.booleans())) for number, group in enumerate(groups, start=1)]
    paired = gap_words.paired(drags, texts)
    return DragWordsBody(paired, gap_words.gaps_of(texts["stem"], paired), **settings)


@QUIET
@given(some.lists(drafts(), max_size=3))
def test_any_question_with_gaps_is_the_same_after_writing_and_reading(questions: list[QuestionDraft]):
    written = writer.write(questions)
    again = reader.read(written.data)

    assert [str(problem.message) for problem in (*again.problems, *written.problems)] == []
    assert list(again.drafts) == questions


def test_the_sample_is_the_same_after_writing_and_reading_with_all_its_settings():
    first = reader.read(SAMPLE)
    written = writer.write(first.drafts)

    assert (first.problems, written.problems, reader.read(written.data).drafts) == ((), (), first.drafts)
    cloze, select, drag = first.drafts
    assert (cloze.default_mark, cloze.id_number, cloze.tags) == (8.0, "dien-1", ("thư",))
    assert isinstance(cloze.body, ClozeBody)
    assert (len(cloze.body.gaps), cloze.body.hints) == (7, (Hint(clear_wrong=True),))
    assert isinstance(select.body, GapSelectBody)
    assert [(word.key, word.group) for word in select.body.words] == [("w1", 1), ("w2", 1), ("w3", 2), ("w4", 2)]
    assert (select.body.shuffle, select.body.show_count, select.body.hints) == (False, True, (Hint(True, True),))
    assert [select.texts.of(f"feedback.{key}") for key in ("right", "partial", "wrong")] == ["Đúng hết.", "Đúng một phần.", "Chưa đúng."]
    assert isinstance(drag.body, DragWordsBody)
    assert ([word.reusable for word in drag.body.words], drag.body.show_count) == ([True, False, False, False], False)


def test_files_of_gaps_stand_with_the_text():
    picture = '<file name="a.png" path="/" encoding="base64">iVBORw0KGgo=</file>'
    inside = f"<questiontext format='html'><text>{{1:MC:=&lt;img src=\"@@PLUGINFILE@@/a.png\"&gt;~b}}</text>{picture}</questiontext>"

    (draft,) = reader.read(question("cloze", inside)).drafts

    assert draft.texts.of("1a") == '<img src="@@PLUGINFILE@@/a.png">'
    assert reader.read(writer.write([draft]).data).drafts == (draft,)
    assert list(draft.files) == ["a.png"]


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("Một\nhai {1:SA:=a", 2, "The gap {1:SA:… is not closed: a } is missing."),
        ("Không có gì", 1, "There is no gap in the text. Write one as {1:SHORTANSWER:=…}."),
    ],
)
def test_a_broken_cloze_is_refused_with_the_line_in_the_file(text: str, line: int, complaint: str):
    result = reader.read(question("cloze", f"<questiontext format='html'><text>{text}</text></questiontext>"))

    with in_language("en"):
        assert [(problem.severity, problem.position, str(problem.message)) for problem in result.problems] == [("error", line, complaint)]
    assert result.drafts == ()


def test_the_mark_of_a_cloze_is_the_sum_of_its_weights_unless_the_file_says_more():
    text = "<questiontext format='html'><text>{3:SA:=a} {1:SA:=b}</text></questiontext>"

    marks = [reader.read(question("cloze", f"{text}{more}")).drafts[0].default_mark for more in ("", "<defaultgrade>2</defaultgrade>")]

    assert marks == [4.0, 2.0]


def test_empty_words_are_left_out_and_their_gaps_go_to_no_other():
    words = "".join(f"<selectoption><text>{text}</text><group>1</group></selectoption>" for text in ("a", "", "c"))
    result = reader.read(question("gapselect", f"<questiontext format='html'><text>[[1]] [[2]] [[3]]</text></questiontext>{words}"))

    (draft,) = result.drafts
    assert (draft.texts.of("stem"), draft.texts.of("w2")) == ("[[1]] [[5]] [[2]]", "c")
    assert isinstance(draft.body, GapSelectBody)
    assert [gap.word for gap in draft.body.gaps] == ["w1", "w2"]


def test_words_are_counted_without_a_break_for_other_programs_and_come_back_as_they_were():
    words = (Word("w1"), Word("w3", same_as="w1"), Word("w4"))
    texts = {"stem": "[[4]] [[1]] [[2]] [[3]]", "w1": "a", "w3": "a", "w4": "b"}
    body = GapSelectBody(words, gap_words.gaps_of(texts["stem"], words))
    draft = QuestionDraft("N", "gap_select", body, Texts({"vi": texts}), dict.fromkeys(texts, TextFormat.HTML))

    written = writer.write([draft])

    assert b"<text>[[3]] [[1]] [[6]] [[2]]</text>" in written.data
    assert (written.problems, reader.read(written.data).drafts) == ((), (draft,))


def test_a_group_that_is_no_number_is_told():
    word = "<dragbox><text>a</text><group>x</group></dragbox>"

    result = reader.read(question("ddwtos", f"<questiontext format='html'><text>[[1]]</text></questiontext>{word}"))

    assert [problem.severity for problem in result.problems] == ["warning"]
    assert isinstance(result.drafts[0].body, DragWordsBody)
    assert result.drafts[0].body.words == (DragWord("w1", 1),)


def test_settings_that_only_we_have_are_told_when_they_are_lost():
    found = cloze_text.parse("{1:SA:=a}")
    body = ClozeBody(found.gaps, marks=Marks.IGNORE_ALL, separators=Separators.COMMA)
    draft = QuestionDraft("N", "cloze", body, Texts({"vi": {"stem": found.stem}}), {"stem": TextFormat.HTML})

    with in_language("en"):
        told = [str(problem.message) for problem in writer.write([draft]).problems]

    assert told == ["Not everything could be written in this format: how capitals and tone marks count, how numbers are written."]


def test_a_cloze_text_holds_one_question_and_says_what_it_leaves_out():
    found = cloze_text.parse("Một {2:SA:=a}")
    one = QuestionDraft(
        "Một _____", "cloze", ClozeBody(found.gaps), Texts({"vi": {"stem": found.stem}}), {"stem": TextFormat.MOODLE}, default_mark=2.0
    )
    other = QuestionDraft("N", "single_choice", SingleChoiceBody(()), Texts({"vi": {"stem": "?"}}))

    written = cloze_writer.write([other, one, one], [Category(("An toàn",))])

    assert written.data.decode() == "Một {2:SHORTANSWER:=a}"
    assert [problem.severity for problem in written.problems] == ["error", "error", "warning"]
    assert cloze_reader.read(written.data).drafts == (one,)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("Một\nhai {1:MC:=a}\n{1:SA:=b}", 2),
        ("Một {0:SA:=a}", 1),
        ("Một {1:SA:=a\n", 1),
        (b"\xff\xfe\x00", 1),
        (b"M\xe9t {1:SA:=a}", 1),
        (b"", 1),
    ],
)
def test_a_cloze_text_with_one_broken_gap_is_refused_as_a_whole(data: bytes | str, line: int):
    result = cloze_reader.read(data)

    assert (result.drafts, result.found) == ((), {})
    assert [(problem.severity, problem.position) for problem in result.problems] == [("error", line)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends_change_nothing(encoding: str, line_end: str):
    text = "Thủ đô là\n{1:SA:=Hà Nội#Đúng\nrồi.}."

    assert cloze_reader.read(text.replace("\n", line_end).encode(encoding)) == cloze_reader.read(text)
    assert cloze_reader.fits(text.encode(encoding))
