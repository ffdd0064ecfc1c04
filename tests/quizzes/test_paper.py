"""Quizzes on paper: the same questions in every variant, printed with a key, and brought in by letters."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core import clock, pdf
from lms.core.db import session
from lms.learning.models import Enrolment, Result
from lms.quizzes import question_types
from lms.quizzes.bodies.arranging import Item, MatchingBody, OrderingBody, Pair
from lms.quizzes.bodies.writing import EssayEditor
from lms.quizzes.content import Texts
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.paper import Paper, PaperSheet
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.paper import entering, layout, papers, printing, queries
from lms.quizzes.paper.entering import Entry
from lms.quizzes.paper.layout import Asked, NotUnderstood, Written
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.on_paper import LETTERS
from tests.cast import Cast
from tests.factories_classroom import make_pupils_quiz
from tests.factories_marking import make_essay
from tests.factories_quizzes import rewrite

LETTER = Asked(("a", "b", "c"), many=False, max_mark=1.0)
LETTERS_ = Asked(("a", "b", "c", "d"), many=True, max_mark=2.0)
POINTS = Asked((), many=False, max_mark=1.5)
TEXT = Asked((), many=False, max_mark=0.0, asks=False)


def make_paper(variants: int = 2, seed: int = 7) -> Paper:
    return papers.prepare(make_pupils_quiz(), variants=variants, language="vi", by=None, random=Random(seed))


def enter(paper: Paper, person_id: int, line: str, variant: str = "A") -> dict[int, str]:
    variants = layout.from_json(paper.variants)
    versions = queries.versions({place.version_id for each in variants.values() for place in each.places})
    read, wrong = entering.read_entries([Entry(person_id, variant, line)], variants, versions)
    if not wrong:
        entering.enter(paper, read, at=clock.now(), by=1)
    return wrong


def right_line(paper: Paper, variant: str) -> str:
    """Return the line of somebody who knows everything: the letters of the key, and full points for what is written."""
    printed = printing.printed_variants(paper, rich=False)[variant]
    return " ".join(each.right if each.what.choices else f"{each.max_mark:g}" for each in printed)


def attempt_of(person_id: int) -> Attempt:
    return session.scalars(select(Attempt).join(Enrolment).where(Enrolment.person_id == person_id)).one()


@pytest.mark.parametrize(
    ("line", "asked", "written"),
    [
        ("A", [LETTER], [Written(keys=("a",))]),
        ("b CA  1,5", [LETTER, LETTERS_, POINTS], [Written(keys=("b",)), Written(keys=("c", "a")), Written(points=1.5)]),
        ("- – 0", [LETTER, LETTERS_, POINTS], [Written(), Written(), Written(points=0.0)]),
        ("C 1.25", [TEXT, LETTER, TEXT, POINTS], [Written(), Written(keys=("c",)), Written(), Written(points=1.25)]),
    ],
)
def test_a_line_is_read_question_by_question(line: str, asked: list[Asked], written: list[Written]):
    assert layout.read(line, asked) == written


@pytest.mark.parametrize(
    ("line", "asked"),
    [("A", [LETTER, LETTER]), ("A B", [LETTER]), ("D", [LETTER]), ("AB", [LETTER]), ("AA", [LETTERS_]), ("2", [POINTS]), ("x", [POINTS]),
     ("-1", [POINTS]), ("NaN", [POINTS]), ("1e9", [POINTS]), ("Đ", [LETTER])],
)  # fmt: skip
def test_a_line_that_is_not_understood_is_refused(line: str, asked: list[Asked]):
    with pytest.raises(NotUnderstood):
        layout.read(line, asked)


@given(st.text(max_size=40), st.lists(st.sampled_from([LETTER, LETTERS_, POINTS, TEXT]), min_size=1, max_size=6))
def test_whatever_is_typed_is_understood_or_refused_and_points_stay_within_bounds(line: str, asked: list[Asked]):
    try:
        written = layout.read(line, asked)
    except NotUnderstood:
        return
    assert all(
        set(each.keys) <= set(one.votes) and 0 <= (each.points or 0.0) <= one.max_mark for each, one in zip(written, asked, strict=True)
    )


def test_on_paper_too_a_text_between_questions_earns_nothing(cast: Cast):
    def edit(quiz: Quiz) -> None:
        quiz.slots[0].max_mark = 5.0
        rewrite(quiz.slots[0], type="description", body={"schema": 1})

    paper = papers.prepare(make_pupils_quiz(edit=edit), variants=1, language="vi", by=None)

    assert [place.max_mark for place in layout.from_json(paper.variants)["A"].places] == [0.0, 1.0, 1.0, 1.0]


def test_every_variant_asks_the_same_in_another_order(cast: Cast):
    variants = layout.from_json(make_paper(variants=4).variants)

    assert list(variants) == ["A", "B", "C", "D"]
    assert len({frozenset(place.version_id for place in each.places) for each in variants.values()}) == 1
    assert len({tuple(place.version_id for place in each.places) for each in variants.values()}) > 1


def test_the_sheet_has_the_questions_and_the_key_has_the_letters_as_printed(cast: Cast):
    paper = make_paper()

    sheet = "\n".join(pdf.lines(printing.sheets(paper, "B", title="Bài kiểm tra", unit="THCS Sông Xanh")))
    key = "\n".join(pdf.lines(printing.key(paper, title="Bài kiểm tra", unit="THCS Sông Xanh")))

    for words in ("Thủ đô của Việt Nam là gì?", "Đà Nẵng", "Mã đề", "Họ và tên", "THCS Sông Xanh"):
        assert words in sheet
    assert "Huế là cố đô" not in sheet
    for code in "AB":
        assert f"Mã đề {code}" in key


def test_on_paper_an_essay_says_that_no_file_can_be_handed_in(cast: Cast):
    def edit(quiz: Quiz) -> None:
        make_essay(quiz, attachments=1)
        make_essay(quiz, "chi-tep", editor=EssayEditor.NO_TEXT, attachments=1)

    quiz = make_pupils_quiz(edit=edit)
    paper = papers.prepare(quiz, variants=1, language="vi", by=None, random=Random(7))

    sheet = pdf.lines(printing.sheets(paper, "A", title="Bài kiểm tra", unit="THCS Sông Xanh"))
    lines = [each.what.lines for each in printing.printed_variants(paper, rich=False)["A"] if each.what.note]

    assert ([line for line in sheet if "nộp được tệp" in line], sorted(lines)) == (
        ["Làm bài trên giấy thì không nộp được tệp."] * 2,
        [0, 15],
    )


@pytest.mark.parametrize("variant", ["A", "B"])
def test_who_writes_what_the_key_says_gets_the_full_mark(cast: Cast, variant: str):
    paper, pupil = make_paper(), cast.persons["pupil"].id

    assert enter(paper, pupil, right_line(paper, variant), variant) == {}

    attempt = attempt_of(pupil)
    assert (attempt.share, attempt.passed, attempt.source, attempt.state) == (1.0, True, "paper", "finished")
    result = session.scalars(select(Result).join(Enrolment).where(Enrolment.person_id == pupil)).one()
    assert (result.state, result.share, result.evidence) == ("passed", 1.0, f"attempt:{attempt.id}")


def test_typing_a_sheet_again_corrects_it_and_keeps_what_was_typed_before(cast: Cast):
    paper, pupil = make_paper(), cast.persons["pupil"].id
    enter(paper, pupil, "- - - -")
    assert attempt_of(pupil).share == 0.0

    enter(paper, pupil, right_line(paper, "B"), "B")

    assert attempt_of(pupil).share == 1.0
    assert session.scalars(select(PaperSheet.variant)).all() == ["B"]
    steps = session.scalars(select(Step).join(Response).where(Response.slot == 1).order_by(Step.sequence)).all()
    assert [step.kind for step in steps] == ["grade", "grade"]


def test_a_correction_downwards_does_not_take_a_pass_away(cast: Cast):
    paper, pupil = make_paper(), cast.persons["pupil"].id
    enter(paper, pupil, right_line(paper, "A"))

    enter(paper, pupil, "- - - -")

    assert attempt_of(pupil).share == 0.0
    assert session.scalars(select(Result.state)).all() == ["passed"]


def test_a_line_that_is_wrong_says_who_and_what(cast: Cast):
    paper, pupil = make_paper(), cast.persons["pupil"].id

    assert enter(paper, pupil, "A B") == {pupil: "Có 2 câu trả lời, còn đề có 4 câu hỏi. Câu không trả lời thì ghi dấu -."}
    assert list(enter(paper, pupil, right_line(paper, "A"), "Z")) == [pupil]
    assert session.scalars(select(Attempt)).all() == []


def test_there_are_letters_for_every_variant_and_choice():
    assert len(LETTERS) == 26 > layout.MOST_VARIANTS


def test_the_key_of_what_goes_into_boxes_is_what_stands_there_as_printed(cast: Cast):
    match, order = question_types.get("matching"), question_types.get("ordering")
    pairs = MatchingBody((Pair("p1", "a1"), Pair("p2", "a2")), ("a1", "a2", "a3"))
    items = OrderingBody((Item("a"), Item("b"), Item("c")))
    texts = Texts({"vi": {key: key for key in ("stem", "p1", "p2", "a1", "a2", "a3", "a", "b", "c")}})

    matched = match.on_paper(pairs, Drawing(texts, order=("p2", "p1", "a3", "a2", "a1")))
    ordered = order.on_paper(items, Drawing(texts, order=("c", "a", "b")))

    assert (matched.rows, matched.answers, matched.boxes) == (("p2", "p1"), ("a3", "a2", "a1"), ("B", "C"))
    assert (ordered.rows, ordered.boxes) == (("c", "a", "b"), ("3", "1", "2"))
