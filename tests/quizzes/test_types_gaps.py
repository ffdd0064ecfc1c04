"""Questions whose places to answer stand inside the text: embedded answers, select missing words, drag words."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.quizzes import cloze_text, drafting, gap_words, showing
from lms.quizzes.bodies.gaps import ClozeBody, DragWord, DragWordsBody, GapSelectBody, Word, WordGap
from lms.quizzes.bodies.numbers import Separators
from lms.quizzes.bodies.words import Marks
from lms.quizzes.content import InvalidResponse, QuestionDraft, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.review import Item
from lms.quizzes.types import gap_pieces
from lms.quizzes.types.cloze import Cloze
from lms.quizzes.types.drag_words import DragWords
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.gap_select import GapSelect
from lms.quizzes.types.kind import QuestionType

TEXT = (
    "<p>Thủ đô là {2:MCS:=Hà Nội#Đúng.~%-50%Huế#Chưa.}, số gọi là {1:NM:=111:0.5~%50%113}.</p>"
    "<p>Chọn {3:MR:=a~=b~c} và viết {1:SA:=đúng~%50%đ*~*#Xem lại.}.</p>"
)
CLOZE, SELECT, DRAG = Cloze(), GapSelect(), DragWords()


def cloze(text: str = TEXT, **settings: Any) -> tuple[ClozeBody, Texts]:
    found = cloze_text.parse(text)
    assert found.problems == ()
    return ClozeBody(found.gaps, **settings), Texts({"vi": {"stem": found.stem, **found.texts}})


def words(stem: str, *texts: str, groups: tuple[int, ...] = ()) -> tuple[tuple[Word, ...], tuple[WordGap, ...], Texts]:
    found = tuple(Word(gap_words.key_of(number), (groups or (1,) * len(texts))[number - 1]) for number in range(1, len(texts) + 1))
    own = {"stem": stem, **{word.key: text for word, text in zip(found, texts, strict=True)}}
    found = gap_words.paired(found, own)
    return found, gap_words.gaps_of(stem, found), Texts({"vi": own})


def select(stem: str, *texts: str, groups: tuple[int, ...] = ()) -> tuple[GapSelectBody, Texts]:
    found, gaps, own = words(stem, *texts, groups=groups)
    return GapSelectBody(found, gaps), own


def drag(stem: str, *texts: str, reusable: frozenset[int] = frozenset()) -> tuple[DragWordsBody, Texts]:
    found, gaps, own = words(stem, *texts)
    dragged = (DragWord(word.key, word.group, word.same_as, index in reusable) for index, word in enumerate(found, start=1))
    return DragWordsBody(tuple(dragged), gaps), own


def complaints(kind: QuestionType, body: Any, texts: Texts) -> list[tuple[str, str]]:
    with in_language("en"):
        return [(str(problem.severity), str(problem.message)) for problem in kind.check(body, texts)]


# --- embedded answers


def test_the_mark_is_the_mean_of_the_gaps_by_their_weights():
    body, _ = cloze()
    right = CLOZE.right_answer(body)["gaps"]

    def fraction(**gaps: Mapping[str, Any]) -> float | None:
        return CLOZE.grade(body, {"gaps": {key.removeprefix("g"): each for key, each in gaps.items()}}).fraction

    assert fraction(g1=right["1"], g2=right["2"], g3=right["3"], g4=right["4"]) == 1.0
    assert fraction(g1={"choice": "1a"}) == 2 / 7
    assert fraction(g2={"text": "111,4"}) == 1 / 7
    assert fraction(g2={"text": "113"}) == 0.5 / 7
    assert fraction(g3={"choices": ["3a"]}) == 1.5 / 7
    assert fraction(g3={"choices": ["3a", "3c"]}) == 0.0
    assert fraction(g4={"text": "đẹp"}) == 0.5 / 7
    assert fraction(g1={"choice": "1b"}) == -1 / 7


def test_a_gap_tells_how_it_went_and_what_feedback_it_earned():
    body, _ = cloze()

    grade = CLOZE.grade(body, {"gaps": {"1": {"choice": "1b"}, "2": {"text": "113"}, "3": {"choices": ["3a", "3b"]}, "4": {"text": "x"}}})

    assert dict(grade.parts) == {
        **{"1": GradeState.WRONG, "1b": GradeState.WRONG, "2": GradeState.PARTIAL, "2b": GradeState.PARTIAL},
        **{"3": GradeState.RIGHT, "3a": GradeState.RIGHT, "3b": GradeState.RIGHT, "4": GradeState.WRONG, "4c": GradeState.WRONG},
    }


def test_a_response_is_whole_when_every_gap_is():
    body, _ = cloze()
    right = CLOZE.right_answer(body)

    def trouble(gaps: Mapping[str, Any]) -> str:
        with in_language("en"):
            return str(CLOZE.trouble(body, {"gaps": gaps}) or "")

    assert (CLOZE.complete(body, right), CLOZE.trouble(body, {})) == (True, None)
    assert trouble({"1": {"choice": "1a"}}) == "Please fill in every gap."
    assert trouble({**right["gaps"], "2": {"text": "mười"}}) == "Gap 2: This is not a number. Write digits, for example 12 or 3,5."


def test_the_settings_of_all_words_and_numbers_are_heeded():
    text = "{1:SA:=Hà Nội} {1:NM:=1234}"
    loose, _ = cloze(text, marks=Marks.IGNORE_ALL, separators=Separators.POINT)
    strict, _ = cloze(text)
    response = {"gaps": {"1": {"text": "ha noi"}, "2": {"text": "1,234"}}}

    assert [CLOZE.grade(body, response).fraction for body in (loose, strict)] == [1.0, 0.5]
    assert [CLOZE.complete(body, response) for body in (loose, strict)] == [True, False]


def test_capitals_matter_where_the_kind_says_so():
    body, _ = cloze("{1:SA:=OTP} {1:SAC:=OTP}")

    assert CLOZE.grade(body, {"gaps": {"1": {"text": "otp"}, "2": {"text": "otp"}}}).fraction == 0.5


def test_the_fields_of_a_form_and_json_give_the_same_response():
    body, _ = cloze()
    form = {"1.choice": ["1a"], "2.text": [" 111 "], "3.choices": ["3b", "3a"], "4.text": [""], "sequence": ["1"]}

    response = CLOZE.clean(body, form)

    assert response == {"gaps": {"1": {"choice": "1a"}, "2": {"text": "111"}, "3": {"choices": ["3a", "3b"]}}}
    assert CLOZE.clean(body, response) == response
    assert CLOZE.clean(body, {"1.choice": [], "2.text": []}) == {}


@pytest.mark.parametrize(
    "raw",
    [
        {"gaps": {"9": {"choice": "1a"}}},
        {"gaps": [1]},
        {"gaps": {"1": "1a"}},
        {"gaps": {"1": {"choice": "2a"}}},
        {"1.choice": "3a"},
        {"3.choices": ["3z"]},
        {"2.text": "1" * 1001},
    ],
)
def test_what_no_gap_can_take_is_refused(raw: Mapping[str, Any]):
    with pytest.raises(InvalidResponse):
        CLOZE.clean(cloze()[0], raw)


def test_parts_are_the_same_for_every_response_and_add_up_to_its_worth():
    body, _ = cloze()
    response = {"gaps": {"1": {"choice": "1b"}, "3": {"choices": ["3a"]}}}

    parts = CLOZE.parts_of(body, response)

    assert list(parts) == list(CLOZE.parts_of(body, {})) == ["1", "2", "3", "4"]
    assert sum(part.fraction * part.weight for part in parts.values()) == pytest.approx(CLOZE.grade(body, response).fraction)
    assert CLOZE.count_right(body, CLOZE.right_answer(body)) == (4, 4)
    assert CLOZE.count_right(body, response) == (0, 4)


def test_a_hint_clears_the_gaps_that_are_wrong():
    body, _ = cloze()
    response = {"gaps": {"1": {"choice": "1b"}, "2": {"text": "111"}, "4": {"text": "sai"}}}

    assert CLOZE.without_wrong(body, response) == {"gaps": {"2": {"text": "111"}}}
    assert CLOZE.without_wrong(body, {"gaps": {"4": {"text": "sai"}}}) == {}


def test_only_what_the_kind_shuffles_is_shuffled():
    body, _ = cloze("{1:MC:=a~b~c~d~e} {1:MCS:=a~b~c~d~e}")

    orders = {tuple(CLOZE.shuffle_order(body, Random(seed))) for seed in range(20)}

    assert {order[:5] for order in orders} == {("1a", "1b", "1c", "1d", "1e")}
    assert len({order[5:] for order in orders}) > 10


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{1:MC:=a}", "Gap 1: There must be at least two choices."),
        ("{1:MC:%50%a~b}", "Gap 1: One choice must be worth 100 % of the mark."),
        ("{1:MR:a~b}", "Gap 1: At least one choice must be right."),
        ("{1:SA:%50%a}", "Gap 1: One answer must be worth 100 % of the mark."),
        ("{1:NM:%200%1~=2}", "Gap 1: A choice is worth between -100 % and 100 % of the mark."),
        ("{0:SA:=a}", "At least one gap must have a weight above zero."),
    ],
)
def test_a_gap_that_cannot_be_graded_is_named(text: str, complaint: str):
    assert complaints(CLOZE, *cloze(text)) == [("error", complaint)]


def test_every_gap_stands_once_in_the_text_of_every_language():
    body, texts = cloze("{1:SA:=a} {1:SA:=b}")
    english = Texts({**texts.by_language, "en": {"stem": '{#2} <img alt="{#1}"> {#2} {#7}'}})

    assert complaints(CLOZE, body, english) == [
        ("error", "Gap 1 is not in the text."),
        ("error", "The text names a gap 7 that is not there."),
        ("error", "Gap 2 is in the text twice."),
    ]


def test_gaps_are_counted_as_the_reader_sees_them_and_keep_their_keys():
    body, texts = cloze("Trước {1:SA:=a}, sau {1:SA:=b}.")
    both = Texts({**texts.by_language, "en": {"stem": "After {#2}, before {#1}."}})
    response = {"gaps": {"1": {"text": "x"}, "2": {"text": "y"}}}

    assert [CLOZE.describe(body, both, response, code) for code in ("vi", "en")] == ["1. x; 2. y", "1. y; 2. x"]
    assert [gap.key for gap in CLOZE.draw(body, Drawing(both, "en")).gaps] == ["2", "1"]


# --- pieces of text


def test_a_place_inside_of_a_tag_is_no_gap():
    html = '<p title="{#1} > {#2}">a {#3}<img alt="x"> b</p>'

    assert gap_pieces.split(html, cloze_text.PLACE) == (['<p title="{#1} > {#2}">a ', '<img alt="x"> b</p>'], ["3"])


@given(some.lists(some.sampled_from(["{#1}", "<p>", "</p>", "<b", ">", '"', "'", "a", "{", "<"])).map("".join))
def test_pieces_and_places_are_the_text_again(html: str):
    texts, marks = gap_pieces.split(html, cloze_text.PLACE)

    assert "".join(text + (f"{{#{marks[index]}}}" if index < len(marks) else "") for index, text in enumerate(texts)) == html


def test_what_a_bank_stores_is_clean_around_the_gaps_and_keeps_them():
    text = "<p onclick='x()'>Một {1:MC:=&lt;b&gt;hai&lt;/b&gt;~<script>ba</script>bốn} <script>{1:SA:=a}</script></p>"
    found = cloze_text.parse(text)
    draft = QuestionDraft("N", "cloze", ClozeBody(found.gaps), Texts({"vi": {"stem": found.stem, **found.texts}}))

    prepared = drafting.prepare(draft, CLOZE)

    assert prepared.draft.texts.by_language["vi"] == {"stem": "<p>Một {#1} </p>", "1a": "<b>hai</b>", "1b": "bốn"}
    with in_language("en"):
        assert [str(problem.message) for problem in prepared.problems] == ["Gap 2 is not in the text."]


# --- select and drag


def test_each_gap_counts_the_same():
    body, _ = select("[[1]] [[2]] [[3]]", "a", "b", "c")

    assert SELECT.grade(body, {"gaps": {"g1": "w1", "g2": "w3"}}).fraction == 1 / 3
    assert dict(SELECT.grade(body, {"gaps": {"g1": "w1", "g2": "w3"}}).parts) == {"g1": GradeState.RIGHT, "g2": GradeState.WRONG}
    assert SELECT.without_wrong(body, {"gaps": {"g1": "w1", "g2": "w3"}}) == {"gaps": {"g1": "w1"}}


def test_a_gap_offers_the_words_of_its_group():
    body, _ = select("[[1]] [[3]]", "a", "b", "c", "d", groups=(1, 1, 2, 2))

    assert SELECT.clean(body, {"gaps.g1": ["w2"], "gaps.g3": ["w4"]}) == {"gaps": {"g1": "w2", "g3": "w4"}}
    with pytest.raises(InvalidResponse):
        SELECT.clean(body, {"gaps.g1": ["w3"]})


def test_words_that_read_the_same_are_as_right_as_each_other():
    body, texts = drag("[[1]] và [[2]]", "cái", "<b>cái</b>", "con")

    assert DRAG.grade(body, {"gaps": {"g1": "w2", "g2": "w1"}}).fraction == 1.0
    assert (body.words[1].same_as, complaints(DRAG, body, texts)) == ("w1", [])


def test_a_word_that_is_right_twice_has_two_gaps():
    body, texts = drag("[[1]] [[2]] [[1]]", "a", "b", "c")

    assert body.gaps == (WordGap("g1", "w1"), WordGap("g2", "w2"), WordGap("g1x2", "w1"))
    assert DRAG.grade(body, DRAG.right_answer(body)).fraction == 1.0
    assert DRAG.complete(body, DRAG.right_answer(body))
    assert complaints(DRAG, body, texts) == [("warning", "Word 1 is right in 2 gaps, so it can be placed as often. Let it be used again.")]


def test_a_word_goes_into_one_gap_unless_it_may_be_used_again():
    once, _ = drag("[[1]] [[2]]", "a", "b", "c")
    again, _ = drag("[[1]] [[2]]", "a", "b", "c", reusable=frozenset({3}))
    response = {"gaps": {"g1": "w3", "g2": "w3"}}

    assert [DRAG.complete(body, response) for body in (once, again)] == [False, True]
    assert str(DRAG.trouble(once, {"gaps": {"g1": "w1"}})) == str(
        SELECT.trouble(select("[[1]] [[2]]", "a", "b")[0], {"gaps": {"g1": "w1"}})
    )


@pytest.mark.parametrize(
    ("stem", "complaint"),
    [
        ("Không có gì", ("error", "There is no gap in the text. Write [[1]] where the first word is right.")),
        ("[[1]] [[9]]", ("error", "The text has the gap [[9]], but there is no word 9.")),
        ("[[0]] [[1]]", ("error", "The text has the gap [[0]], but there is no word 0.")),
    ],
)
def test_a_gap_without_a_word_is_named(stem: str, complaint: tuple[str, str]):
    assert complaint in complaints(SELECT, *select(stem, "a", "b"))


def test_a_number_may_be_left_out_among_the_words():
    body, texts = select("[[1]] [[3]]", "a", "b", "c")
    without = GapSelectBody(tuple(word for word in body.words if word.key != "w2"), body.gaps)

    assert complaints(SELECT, without, Texts({"vi": {key: text for key, text in texts.by_language["vi"].items() if key != "w2"}})) == []


def test_a_group_of_one_word_and_a_group_without_a_number_are_named():
    body, texts = select("[[1]] [[2]]", "a", "b", "c", groups=(1, 2, 99))

    assert complaints(SELECT, body, texts) == [
        ("error", "A group is a number from 1 to 20."),
        ("warning", "Group 1 has one word only: there is nothing to choose."),
        ("warning", "Group 2 has one word only: there is nothing to choose."),
    ]


def test_tidying_finds_the_gaps_in_the_text_as_it_is_now():
    body, texts = select("[[1]]", "a", "b", "a")
    changed = Texts({"vi": {**texts.by_language["vi"], "stem": '<p>[[2]] <img alt="[[1]]"> [[03]]</p>'}})

    tidied, _ = SELECT.tidy(body, changed)

    assert tidied.gaps == (WordGap("g2", "w2"), WordGap("g3", "w3"))
    assert [word.same_as for word in tidied.words] == ["", "", "w1"]


def test_a_translation_may_have_the_gaps_in_another_order_but_must_have_all():
    body, texts = select("Trước [[1]], sau [[2]].", "a", "b")
    both = Texts({**texts.by_language, "en": {"stem": "After [[2]], before [[1]].", "w1": "A", "w2": "B"}})
    less = Texts({**texts.by_language, "en": {"stem": "After [[2]].", "w1": "A", "w2": "B"}})

    assert complaints(SELECT, body, both) == []
    assert complaints(SELECT, body, less) == [("error", "The text does not have the same gaps in every language.")]
    assert SELECT.describe(body, both, SELECT.right_answer(body), "en") == "1. B; 2. A"


def test_a_word_that_was_deleted_counts_as_wrong_and_is_told():
    body, texts = select("[[1]] [[2]]", "a", "b")
    old = {"gaps": {"g1": "w9", "g7": "w1"}}

    assert (SELECT.grade(body, old).fraction, SELECT.complete(body, old)) == (0.0, False)
    with in_language("en"):
        assert SELECT.describe(body, texts, old) == "1. [a choice that was deleted]"
        assert SELECT.draw(body, Drawing(texts, response=old)).gaps[0].answer == "[a choice that was deleted]"


# --- for all of them

SAMPLES = [
    (CLOZE, *cloze()),
    (SELECT, *select("[[1]] [[3]] [[1]]", "a", "b", "c", "d", groups=(1, 1, 2, 2))),
    (DRAG, *drag("[[1]] [[2]] [[1]]", "a", "b", "a")),
]


def responses(kind: QuestionType, body: Any) -> some.SearchStrategy[Mapping[str, Any]]:
    """Return anything that a page can send for these gaps."""
    if isinstance(body, ClozeBody):
        fields = {}
        for gap in body.gaps:
            keys = [choice.key for choice in gap.choices]
            texts = some.sampled_from(["111", "112", "113", "1.234", "đúng", "đ", "x", ""]) | some.text(max_size=4)
            name = "choices" if gap.kind.is_several else "choice" if gap.kind.is_one_of else "text"
            fields[f"{gap.key}.{name}"] = some.lists(some.sampled_from(keys), max_size=3) if keys else texts.map(lambda text: [text])
        return some.fixed_dictionaries({}, optional=fields)
    offered = {gap.key: [word.key for word in body.words if word.group == group_of(body, gap)] for gap in body.gaps}
    return some.fixed_dictionaries(
        {}, optional={f"gaps.{key}": some.lists(some.sampled_from(keys), max_size=1) for key, keys in offered.items()}
    )


def group_of(body: Any, gap: WordGap) -> int:
    return next(word.group for word in body.words if word.key == gap.word)


@pytest.mark.parametrize(("kind", "body", "texts"), SAMPLES, ids=["cloze", "select", "drag"])
def test_any_response_is_worth_between_minus_one_and_one_and_no_response_is_none(kind: QuestionType, body: Any, texts: Texts):
    @given(responses(kind, body))
    def holds(raw: Mapping[str, Any]) -> None:
        response = kind.clean(body, raw)
        grade = kind.grade(body, response)
        assert grade.fraction is not None
        assert -1.0 <= grade.fraction <= 1.0
        assert (grade.state is GradeState.GAVE_UP) == kind.empty(response) == (kind.describe(body, texts, response) == "")
        assert sum(part.fraction * part.weight for part in kind.parts_of(body, response).values()) == pytest.approx(grade.fraction)
        left = kind.without_wrong(body, response)
        assert kind.clean(body, left) == kind.without_wrong(body, left) == left

    holds()
    assert kind.grade(body, kind.right_answer(body)).fraction == 1.0


@pytest.mark.parametrize(("kind", "body", "texts"), SAMPLES, ids=["cloze", "select", "drag"])
def test_a_page_names_each_gap_and_brings_back_what_was_answered(app: Flask, kind: QuestionType, body: Any, texts: Texts):
    right = kind.right_answer(body)
    shown = showing.ask(kind, body, texts, slot=3, order=kind.shuffle_order(body, Random(1)), response=right)

    with app.test_request_context(), in_language("en"):
        page = get_template_attribute(shown.template, "ask")(shown)

    count = len(shown.sketch.gaps)
    assert [f'aria-label="Gap {number} of {count}' in page for number in range(1, count + 1)] == [True] * count
    assert page.count(" selected") + page.count(" checked") + page.count('value="111"') + page.count('value="đúng"') == sum(
        len(own.get("choices", [1])) if isinstance(own, Mapping) else 1 for own in right["gaps"].values()
    )


@pytest.mark.parametrize(("kind", "body", "texts"), SAMPLES, ids=["cloze", "select", "drag"])
def test_a_review_tells_no_more_than_it_may(app: Flask, kind: QuestionType, body: Any, texts: Texts):
    def told(*items: Item, response: Mapping[str, Any]) -> str:
        with app.test_request_context(), in_language("en"):
            shown, verdict = showing.tell(kind, body, texts, slot=3, order=[], response=response, items=frozenset(items))
            assert verdict.right_answer == ""
            return str(get_template_attribute(shown.template, "tell")(shown, 3))

    wrong = {"cloze": {"gaps": {"1": {"choice": "1b"}}}, "gap_select": {"gaps": {"g1": "w2"}}, "drag_words": {"gaps": {"g1": "w2"}}}[
        kind.key
    ]

    bare = told(Item.ANSWERS, response=wrong)
    assert [word in bare for word in ("Right", "Not quite", "Right answer", "Chưa.")] == [False] * 4
    assert ("(Not quite)" in told(Item.CORRECTNESS, response=wrong)) is True
    assert told(Item.RIGHT_ANSWER, response=wrong).count("Right answer:") == len(body.gaps)
    assert ("Chưa." in told(Item.FEEDBACK, response=wrong)) == (kind is CLOZE)
    assert "Right answer:" not in told(Item.RIGHT_ANSWER, Item.CORRECTNESS, response=kind.right_answer(body))


def test_a_page_shows_words_as_text_and_never_as_commands(app: Flask):
    body, texts = drag("[[1]]", "&lt;script&gt;x&lt;/script&gt;", "b")
    shown = showing.ask(DRAG, body, texts, slot=1, order=[], response={})

    with app.test_request_context():
        page = get_template_attribute(shown.template, "ask")(shown)

    assert ("<script>" in page, page.count("&lt;script&gt;x&lt;/script&gt;")) == (False, 2)


def test_a_number_field_is_as_wide_as_its_answers_but_not_exactly():
    body, texts = cloze("{1:SA:=a~=ab} {1:SA:=abcdefghi} {1:NM:=1} {1:SA:=%s}" % ("x" * 99))

    assert [gap.size for gap in CLOZE.draw(body, Drawing(texts)).gaps] == [8, 16, 8, 40]
    assert body.gaps[2].numbers[0].value == Decimal(1)
