"""Bringing questions into the bank: plan, apply, undo."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.core import imports
from lms.core.db import session
from lms.core.imports import NotApplied, NotPlanned
from lms.core.models import Import
from lms.interop.gift import reader as gift
from lms.interop.moodle_xml import reader as moodle_xml
from lms.quizzes import drafting, formats
from lms.quizzes.bank import importing
from lms.quizzes.bank.importing import InUse, NothingToImport, TooManyQuestions
from lms.quizzes.bank.storing import Fate
from lms.quizzes.content import TextFormat
from lms.quizzes.models.bank import Category, Question, QuestionTag, QuestionVersion
from tests.cast import Cast
from tests.factories_quizzes import VI, hand_in, make_attempt, make_quiz, publish

ROOT = Path(__file__).parent.parent.parent
CASES = ROOT.parent / "shared" / "cases"

pytestmark = pytest.mark.usefixtures("database")


def plan(text: str = VI, *, unit_id: int | None = None, into: tuple[str, ...] = ("Kho",)) -> Import:
    data = text.encode()
    made = importing.preview(gift.read(data, "vi"), format_key="gift", language="vi", unit_id=unit_id, into=into)
    return importing.keep(made, unit_id=unit_id, file_name="cau-hoi.gift", data=data, by=None)


def brought_in(text: str = VI, **more: object) -> Import:
    row = plan(text, **more)  # type: ignore[arg-type]
    importing.apply(row, by=None)
    return row


def sizes() -> tuple[int, int, int, int]:
    counted = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Category, Question, QuestionVersion, QuestionTag)]
    return counted[0], counted[1], counted[2], counted[3]


def test_a_plan_changes_nothing_and_says_what_would_happen() -> None:
    row = plan()

    assert sizes() == (0, 0, 0, 0)
    assert (row.state, row.kind, dict(importing.counts(row.plan))) == ("planned", "questions", {"new": 4})
    json.dumps(row.plan)


def test_applying_brings_everything_in_and_points_back() -> None:
    row = brought_in()

    assert sizes() == (1, 4, 4, 1)
    assert (row.state, row.result["new"] if row.result else None) == ("applied", 4)
    question = session.scalars(select(Question).where(Question.id_number == "q1")).one()
    assert (question.import_id, [tag.tag for tag in question.tags]) == (row.id, ["law 116/2025/QH15 Đ7"])
    version = question.versions[0]
    assert (version.number, version.state, version.type, version.name) == (1, "ready", "single_choice", "q1")
    assert version.texts["vi"]["a"] == "Hà Nội"


def test_the_same_content_again_makes_no_new_version() -> None:
    brought_in()

    row = brought_in()

    assert dict(importing.counts(row.plan)) == {"unchanged": 4}
    assert sizes() == (1, 4, 4, 1)


def test_changed_content_makes_a_new_version_of_the_same_question() -> None:
    brought_in()

    row = brought_in(VI.replace("Huế là cố đô.", "Huế từng là kinh đô."))

    assert dict(importing.counts(row.plan)) == {"new_version": 1, "unchanged": 3}
    question = session.scalars(select(Question).where(Question.id_number == "q1")).one()
    assert [version.number for version in question.versions] == [1, 2]


def test_a_question_without_an_id_is_known_by_its_content() -> None:
    text = "::Tên:: Đúng không? {TRUE}"
    brought_in(text)

    assert dict(importing.counts(brought_in(text).plan)) == {"unchanged": 1}
    assert dict(importing.counts(brought_in("::Tên:: Đúng thật không? {TRUE}").plan)) == {"new": 1}


def test_twice_in_one_file_is_once_in_the_bank() -> None:
    row = brought_in("::Tên:: Đúng không? {TRUE}\n\n::Tên:: Đúng không? {TRUE}")

    assert dict(importing.counts(row.plan)) == {"new": 1, "unchanged": 1}
    assert sizes()[1:3] == (1, 1)


def test_undoing_takes_everything_out_again() -> None:
    row = brought_in()

    importing.undo(row, by=None)

    assert (row.state, sizes()) == ("undone", (0, 0, 0, 0))


def test_undoing_a_change_leaves_the_earlier_version_and_its_tags() -> None:
    brought_in()
    row = brought_in(VI.replace("Huế là cố đô.", "Huế từng là kinh đô.").replace("[tag:law 116/2025/QH15 Đ7]", "[tag:khác]"))

    importing.undo(row, by=None)

    question = session.scalars(select(Question).where(Question.id_number == "q1")).one()
    assert [version.number for version in question.versions] == [1]
    assert [tag.tag for tag in question.tags] == ["law 116/2025/QH15 Đ7"]
    assert sizes() == (1, 4, 4, 1)


def test_what_was_answered_cannot_be_undone(cast: Cast) -> None:
    quiz = make_quiz(published=False)
    course = session.scalars(select(Category.name)).one()
    row = brought_in(VI.replace("Huế là cố đô.", "Huế từng là kinh đô."), into=(course,))
    # The quiz has the first versions of the others; of ours it asks one.
    quiz.slots[0].version_number = 2
    session.flush()
    hand_in(make_attempt(cast.persons["teacher"], publish(quiz)))

    with pytest.raises(InUse, match="1"):
        importing.undo(row, by=None)


def test_what_was_changed_since_cannot_be_undone() -> None:
    first = brought_in()
    brought_in(VI.replace("Huế là cố đô.", "Huế từng là kinh đô."))

    with pytest.raises(InUse, match="1"):
        importing.undo(first, by=None)


def test_each_step_is_taken_once() -> None:
    row = brought_in()
    with pytest.raises(NotPlanned):
        importing.apply(row, by=None)
    with pytest.raises(NotPlanned):
        imports.cancel(row)

    importing.undo(row, by=None)
    with pytest.raises(NotApplied):
        importing.undo(row, by=None)


def test_a_file_without_a_usable_question_is_not_applied() -> None:
    with pytest.raises(NothingToImport):
        importing.apply(plan("// nothing here\n"), by=None)


def test_a_question_with_an_error_stays_out_and_says_why() -> None:
    row = brought_in("::a:: Hai chẵn? {TRUE}\n\n::b:: Chọn một {~%50%Hai ~Ba}\n")

    assert dict(importing.counts(row.plan)) == {"new": 1, "refused": 1}
    refused = next(item for item in row.plan["items"] if item["fate"] == Fate.REFUSED)
    assert [problem["severity"] for problem in refused["problems"]] == ["error", "warning"]
    assert all(set(problem["message"]) == {"vi", "en"} for problem in refused["problems"])
    assert sizes()[1] == 1


def test_too_many_questions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_QUESTIONS", 3)
    with pytest.raises(TooManyQuestions):
        plan()


def test_banks_of_units_are_apart(cast: Cast) -> None:
    brought_in()
    row = brought_in(unit_id=cast.units["school_a"].id)

    assert dict(importing.counts(row.plan)) == {"new": 4}
    assert sorted(category.unit_id or 0 for category in session.scalars(select(Category))) == [0, cast.units["school_a"].id]


@pytest.mark.parametrize(
    ("text", "text_format", "html"),
    [
        ("5 < 7 & <b>x</b>", TextFormat.PLAIN, "5 &lt; 7 &amp; &lt;b&gt;x&lt;/b&gt;"),
        ("a\nb", TextFormat.PLAIN, "a<br>b"),
        ("a\nb", TextFormat.MOODLE, "a<br>\nb"),
        ("**a** <script>x</script>", TextFormat.MARKDOWN, "<p><strong>a</strong> &lt;script&gt;x&lt;/script&gt;</p>"),
        ("<p onclick='x()'>a<script>x</script></p>", TextFormat.HTML, "<p>a</p>"),
        ("<a href='javascript:x()'>a</a>", TextFormat.MOODLE, None),
    ],
)
def test_texts_become_clean_html(text: str, text_format: TextFormat, html: str | None) -> None:
    made = drafting.as_html(text, text_format)
    assert "javascript" not in made
    if html is not None:
        assert made == html


@pytest.mark.skipif(not CASES.is_dir(), reason="the public test files are not here")
@pytest.mark.parametrize(
    "path",
    [*sorted((CASES / "gift").glob("*.gift")), *sorted((CASES / "moodle_xml").glob("*.xml"))] if CASES.is_dir() else [],
    ids=lambda path: path.name,
)
def test_every_public_file_can_be_planned_applied_repeated_and_undone(path: Path) -> None:
    data = path.read_bytes()
    form = formats.recognise(data)
    assert form.key == path.parent.name
    reader = {"gift": gift, "moodle_xml": moodle_xml}[form.key]

    def planned() -> Import:
        made = importing.preview(reader.read(data, "en"), format_key=form.key, language="en", unit_id=None, into=("Tệp",))
        return importing.keep(made, unit_id=None, file_name=path.name, data=data, by=None)

    row = planned()
    if not any(item["fate"] != Fate.REFUSED for item in row.plan["items"]):
        with pytest.raises(NothingToImport):
            importing.apply(row, by=None)
        return
    importing.apply(row, by=None)
    before = sizes()
    again = planned()
    assert set(importing.counts(again.plan)) <= {"unchanged", "refused"}
    importing.apply(again, by=None)
    assert sizes() == before
    importing.undo(again, by=None)
    importing.undo(row, by=None)
    assert sizes() == (0, 0, 0, 0)


@pytest.mark.parametrize("data", [b"MZ\x90\x00\x03", b"\x89PNG\r\n\x1a\n\x00", b"PK\x03\x04\x14\x00", b"", b"   \n", b"\xff\xfe\x00"])
def test_what_is_no_text_is_no_file_of_questions(data: bytes) -> None:
    with pytest.raises(formats.UnknownFormat):
        formats.recognise(data)
