"""The text of embedded answers: what Moodle reads is read, what it would silently take for text is named."""

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.quizzes import cloze_text
from lms.quizzes.bodies.choosing import Choice
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.gaps import Gap, GapKind
from lms.quizzes.bodies.numbers import NumericalAnswer
from lms.quizzes.bodies.words import TextAnswer

ALIASES = {
    GapKind.LIST: ("MULTICHOICE", "MC"),
    GapKind.LIST_SHUFFLED: ("MULTICHOICE_S", "MCS"),
    GapKind.DOWN: ("MULTICHOICE_V", "MCV"),
    GapKind.DOWN_SHUFFLED: ("MULTICHOICE_VS", "MCVS"),
    GapKind.ACROSS: ("MULTICHOICE_H", "MCH"),
    GapKind.ACROSS_SHUFFLED: ("MULTICHOICE_HS", "MCHS"),
    GapKind.SEVERAL: ("MULTIRESPONSE", "MR"),
    GapKind.SEVERAL_SHUFFLED: ("MULTIRESPONSE_S", "MRS"),
    GapKind.SEVERAL_ACROSS: ("MULTIRESPONSE_H", "MRH"),
    GapKind.SEVERAL_ACROSS_SHUFFLED: ("MULTIRESPONSE_HS", "MRHS"),
    GapKind.WORD: ("SHORTANSWER", "SA", "MW"),
    GapKind.WORD_CASE: ("SHORTANSWER_C", "SAC", "MWC"),
    GapKind.NUMBER: ("NUMERICAL", "NM"),
}


def said(text: str) -> list[tuple[int | None, str]]:
    """Return the complaints about a text, with their lines."""
    with in_language("en"):
        return [(problem.position, str(problem.message)) for problem in cloze_text.parse(text).problems]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in ALIASES.items() for name in names])
def test_every_name_that_moodle_knows_is_read_in_any_case(kind: GapKind, name: str):
    text = "Hai cộng hai: {1:%s:=4~5}"

    assert [cloze_text.parse(text % word).gaps[0].kind for word in (name, name.lower())] == [kind, kind]
    assert set(ALIASES) == set(GapKind)


def test_layout_shuffling_and_case_are_in_the_name():
    told = {kind: (kind.is_list, kind.is_across, kind.is_shuffled, kind.minds_case) for kind in GapKind}

    assert [kind for kind, each in told.items() if each[0]] == [GapKind.LIST, GapKind.LIST_SHUFFLED]
    assert [kind.value for kind, each in told.items() if each[1]] == [kind.value for kind in GapKind if "_H" in kind]
    assert [kind.value for kind, each in told.items() if each[2]] == [kind.value for kind in GapKind if kind.endswith("S")]
    assert [kind for kind, each in told.items() if each[3]] == [GapKind.WORD_CASE]


def test_weights_stand_before_the_name_and_are_one_when_left_out():
    found = cloze_text.parse("{3:SA:=a} {:SA:=b} {0:SA:=c} {012:SA:=d}")

    assert [gap.weight for gap in found.gaps] == [3, 1, 0, 12]
    assert found.stem == "{#1} {#2} {#3} {#4}"


def test_what_an_answer_is_worth_stands_before_it():
    found = cloze_text.parse("{1:SA:=a~%50%b~%33,33333%c~%-100%d~e~ = f ~%0%=g}")

    assert [(word.pattern, word.fraction) for word in found.gaps[0].words] == [
        *(("a", 1.0), ("b", 0.5), ("c", 0.3333333), ("d", -1.0), ("e", 0.0), ("f", 1.0), ("=g", 0.0)),
    ]


def test_feedback_stands_behind_an_answer_and_may_hold_a_hash_itself():
    found = cloze_text.parse("{1:MC:=a#Đúng #1~b# Chưa\nđúng. }")

    assert found.texts == {"1a": "a", "1a.feedback": "Đúng #1", "1b": "b", "1b.feedback": "Chưa\nđúng."}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\}b", "a}b"),
        (r"a\~b", "a~b"),
        (r"a\#b", "a#b"),
        (r"a\/b", "a/b"),
        (r"a\"b", 'a"b'),
        (r"a\\b", "a\\b"),
        (r"C:\new", r"C:\new"),
        ("a&#125;b", "a}b"),
        ("a&#x7e;b", "a~b"),
        ("&amp;#1085;", "н"),
        ("&eacute;&nbsp;a", "é\u00a0a"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("AT&T", "AT&T"),
        ("{x", "{x"),
    ],
)
def test_signs_with_a_meaning_are_written_with_a_backslash_or_as_entities(written: str, meant: str):
    found = cloze_text.parse(f"{{1:SA:={written}#{written}}}")

    assert (found.gaps[0].words[0].pattern, found.texts["1a.feedback"]) == (meant, meant)


def test_the_shares_of_several_right_choices_add_up_to_one():
    def worth(text: str) -> list[float]:
        return [choice.fraction for choice in cloze_text.parse(text).gaps[0].choices]

    assert worth("{1:MR:=a~=b~c~d}") == [0.5, 0.5, -0.5, -0.5]
    assert worth("{1:MR:=a~b}") == [1.0, -1.0]
    assert worth("{1:MR:%100%a~%50%b~%0%c}") == [0.6666667, 0.3333333, 0.0]
    assert worth("{1:MR:%100%a~%100%b~%-50%c}") == [0.5, 0.5, -0.5]
    assert worth("{1:MR:%33.33333%a~%33.33333%b~%33.33333%c~%-100%d}") == [0.3333333, 0.3333333, 0.3333333, -1.0]
    assert worth("{1:MC:=a~%50%b~c}") == [1.0, 0.5, 0.0]


def test_numbers_have_a_tolerance_and_either_decimal_sign():
    found = cloze_text.parse("{1:NM:=3,14:0.01~%50%-2e3~*#Chưa đúng.}")

    assert found.gaps[0].numbers == (
        NumericalAnswer("1a", 1.0, value=Decimal("3.14"), tolerance=Decimal("0.01")),
        NumericalAnswer("1b", 0.5, value=Decimal(-2000)),
        NumericalAnswer("1c", 0.0),
    )


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("", 1, "There is no gap in the text. Write one as {1:SHORTANSWER:=…}."),
        ("Một\nhai {x} {1}", 1, "There is no gap in the text. Write one as {1:SHORTANSWER:=…}."),
        ("Một\nhai {1:SA:=a", 2, "The gap {1:SA:… is not closed: a } is missing."),
        ("{1:SA:=a\n{1:SA:=b}", 1, "The gap {1:SA:… is not closed: a } is missing."),
        ("\n\n{1:MC:=a~}", 3, "An answer of this gap is empty. Write it, or take out a ~."),
        ("{1:SA:}", 1, "An answer of this gap is empty. Write it, or take out a ~."),
        ("{1:SA:=#Đúng}", 1, "An answer of this gap is empty. Write it, or take out a ~."),
        ("{1 :MC:=a~b}", 1, "A gap begins like {1:MC:, without spaces and with a colon; here stands {1 :MC:."),
        ("{1:MC=a~b}", 1, "A gap begins like {1:MC:, without spaces and with a colon; here stands {1:MC."),
        ("{1:NM:=mười}", 1, "“mười” is not a number. Write 12, 12:0.5 for 12 give or take a half, or * for any."),
        ("{1:NM:=1 000}", 1, "“1 000” is not a number. Write 12, 12:0.5 for 12 give or take a half, or * for any."),
        ("{1001:SA:=a}", 1, "A gap has a weight of at most 1000."),
        ("{#1} {1:SA:=a}", 1, "“{#1}” stands for a gap and cannot be part of the text."),
    ],
)
def test_a_broken_text_is_refused_with_the_line_and_what_to_do(text: str, line: int, complaint: str):
    assert said(text) == [(line, complaint)]


def test_a_kind_that_nobody_knows_is_named_with_those_there_are():
    (line, complaint), *more = said("a\n{1:MULTICOICE:=b}")

    assert (line, more) == (2, [])
    assert complaint.startswith("“MULTICOICE” is no kind of gap. There are MULTICHOICE, MULTICHOICE_S,")


def test_all_that_is_broken_is_told_at_once_and_the_lines_of_the_others_are_known():
    found = cloze_text.parse("{1:SA:=a}\n{1:SA:=}\n{1:XY:=b}\n{1:SA:=c}")

    assert [problem.position for problem in found.problems] == [2, 3]
    assert found.lines == {"1": 1, "2": 4}


def test_a_text_is_written_as_it_is_read():
    text = "{2:MULTICHOICE_S:=a\\}#\\#1~%50%b~%0%=c} và {1:MULTIRESPONSE:=x~=y~z} và {1:NUMERICAL:=2:0.5~%50%3}"
    found = cloze_text.parse(text)

    assert cloze_text.write(found.stem, found.gaps, found.texts) == text


PLAIN = some.text(some.sampled_from("aếĐ0 \n~=#{}:\\%&;\"'/*<>.,-!") | some.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
WORDS = PLAIN.map(str.strip).filter(bool)
STEM = PLAIN.filter(lambda text: "{" not in text)
FRACTION = some.sampled_from([1.0, 0.5, 0.3333333, 0.1666667, 0.0, -0.25, -1.0])
NUMBER = some.decimals(-1000, 1000, places=3, allow_nan=False)


@some.composite
def embedded(draw: Any) -> cloze_text.Embedded:
    """Return a text with gaps such as the syntax can say."""
    stem, gaps, texts = draw(STEM), [], {}
    for index in range(draw(some.integers(1, 4))):
        key, kind = str(index + 1), draw(some.sampled_from(GapKind))
        worth = _several(draw) if kind.is_several else draw(some.lists(FRACTION, min_size=1, max_size=4))
        keys = [f"{key}{key_at(place)}" for place in range(len(worth))]
        gap = Gap(key, kind, draw(some.integers(0, 9)))
        rows = list(zip(keys, worth, strict=True))
        if kind.is_word:
            gap = Gap(key, kind, gap.weight, words=tuple(TextAnswer(each, draw(WORDS), fraction) for each, fraction in rows))
        elif kind is GapKind.NUMBER:
            numbers = (NumericalAnswer(each, fraction, value=draw(NUMBER), tolerance=abs(draw(NUMBER))) for each, fraction in rows)
            gap = Gap(key, kind, gap.weight, numbers=tuple(numbers))
        else:
            gap = Gap(key, kind, gap.weight, choices=tuple(Choice(each, fraction) for each, fraction in rows))
            texts |= {each: draw(WORDS) for each in keys}
        texts |= {f"{each}.feedback": text for each in keys if (text := draw(PLAIN).strip())}
        gaps.append(gap)
        stem += f"{{#{key}}}{draw(STEM)}"
    return cloze_text.Embedded(stem, tuple(gaps), texts)


def _several(draw: Any) -> list[float]:
    """Return fractions whose positive ones add up to 1."""
    right = draw(some.integers(1, 3))
    wrong = draw(some.lists(some.sampled_from([0.0, -0.5, -1.0, -round(1 / right, 7)]), max_size=2))
    return [round(1 / right, 7)] * right + wrong


def test_a_wrong_choice_that_begins_like_a_worth_keeps_what_it_takes_back():
    choices = (Choice("1a", 1.0), Choice("1b", -1.0))
    wanted = cloze_text.Embedded("{#1}", (Gap("1", GapKind.SEVERAL, 1, choices=choices),), {"1a": "0", "1b": "="})

    again = cloze_text.parse(cloze_text.write(wanted.stem, wanted.gaps, wanted.texts))

    assert (again.gaps, again.texts) == (wanted.gaps, wanted.texts)


@given(embedded())
def test_any_gaps_are_the_same_after_writing_and_reading(wanted: cloze_text.Embedded):
    again = cloze_text.parse(cloze_text.write(wanted.stem, wanted.gaps, wanted.texts))

    assert [str(problem.message) for problem in again.problems] == []
    assert (again.stem, again.gaps, again.texts) == (wanted.stem, wanted.gaps, wanted.texts)


@given(
    some.lists(some.sampled_from(["{", "}", "1", ":", "MC", "SA:", "NM:", "=", "~", "#", "%50%", "\\", "&#", ";", "a", "\n"])).map("".join)
)
def test_no_text_breaks_the_reader_and_what_it_reads_is_read_again(text: str):
    found = cloze_text.parse(text)

    if not found.problems:
        again = cloze_text.parse(cloze_text.write(found.stem, found.gaps, found.texts))
        assert (again.stem, again.gaps, again.texts, again.problems) == (found.stem, found.gaps, found.texts, ())


@pytest.mark.parametrize(
    "text", ["{1:SA:=a" * 5_000, "{1:SA:=" + "\\" * 100_000, "{1:MC:" + "~%" * 50_000 + "}", "{1:SA:=a#" + "&#" * 50_000 + "}"]
)
def test_a_long_broken_text_is_read_in_passable_time(text: str):
    began = time.process_time()

    cloze_text.parse(text)

    assert time.process_time() - began < 5
