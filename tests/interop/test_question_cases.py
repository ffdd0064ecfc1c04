"""Question files of other projects, against what is known of them.

They lie beside the project and are not part of it; without them these tests
step aside.
"""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lms.core.i18n import in_language
from lms.interop.gift import reader as gift_reader
from lms.interop.gift import writer as gift_writer
from lms.interop.moodle_xml import reader as xml_reader
from lms.interop.moodle_xml import writer as xml_writer
from lms.interop.question_files import Fractions, ReadResult
from lms.quizzes.bodies.arranging import MatchingBody
from lms.quizzes.bodies.choosing import TrueFalseBody
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.words import ShortAnswerBody
from lms.quizzes.content import QuestionDraft

CASES = Path(__file__).parents[3] / "shared" / "cases"
FORMATS = {"gift": (gift_reader, gift_writer), "moodle_xml": (xml_reader, xml_writer)}

# The reference parser takes the first feedback as that for "true".  Moodle, its documentation and the
# exported files among the cases give it to the wrong choice, which for a true statement is "false".
DIFFERS_FROM_REFERENCE = {("peg_TFTwoFeedback", 1), ("peg_TFTwoFeedback", 2)}


def cases() -> list[Any]:
    listed = CASES / "EXPECT.json"
    if not listed.exists():
        return [pytest.param("", {}, marks=pytest.mark.skip(reason="the cases of other projects are not here"))]
    files = json.loads(listed.read_text())["files"]
    folders = tuple(f"{folder}/" for folder in FORMATS)
    chosen = [each for each in files if each["path"].startswith(folders) and not each["path"].endswith(".json")]
    return [pytest.param(each["path"], each["expected"], id=each["path"]) for each in chosen]


def parts(path: str) -> tuple[bytes, ModuleType, ModuleType]:
    return (CASES / path).read_bytes(), *FORMATS[path.split("/")[0]]


@pytest.mark.parametrize(("path", "expected"), cases())
def test_a_case_is_read_as_expected(path: str, expected: dict[str, Any]):
    data, reader, _writer = parts(path)
    result: ReadResult = reader.read(data)

    assert sum(result.found.values()) == expected["questions"]
    assert result.found == expected["by_type"]
    supported = sum(count for kind, count in result.found.items() if kind not in result.unsupported)
    refused = sum(problem.severity == "error" for problem in result.problems)
    assert len(result.drafts) == supported - refused
    assert [category.source for category in result.categories] == expected.get("categories", [])
    for kind, count in expected.get("unsupported_types", {}).items():
        assert result.unsupported[kind] == count
    if "imported" in expected:
        assert len(result.drafts) == expected["imported"]
    if "category_idnumbers" in expected:
        assert [category.id_number for category in result.categories] == expected["category_idnumbers"]
    if "multichoice_with_several_answers" in expected:
        assert result.counts["multiple_choice"] == expected["multichoice_with_several_answers"]
    if "tags" in expected:
        assert [list(draft.tags) for draft in result.drafts] == expected["tags"]
    if "idnumbers" in expected:
        assert [draft.id_number for draft in result.drafts] == expected["idnumbers"]
    if "embedded_files" in expected and not result.unsupported:
        files = {name: content for draft in result.drafts for name, content in draft.files.items()}
        assert sorted(files) == expected["embedded_file_names"]
        assert sum(map(len, files.values())) == expected["embedded_bytes"]
    if "hints" in expected and not result.unsupported:
        assert sum(len(getattr(draft.body, "hints", ())) for draft in result.drafts) == expected["hints"]
    _compare_titles(result, expected)
    _compare_answers(result, expected)


def _compare_titles(result: ReadResult, expected: dict[str, Any]) -> None:
    # Titles are listed up to 80 letters, only where the file gives one, also of types that we do not read.
    names = [draft.name for draft in result.drafts] + [problem.question for problem in result.problems]
    wanted = expected.get("titles_first5", [])
    assert [title for title in wanted if title.strip() not in [name[:80].strip() for name in names]] == []


def _compare_answers(result: ReadResult, expected: dict[str, Any]) -> None:
    if "answers_per_question" not in expected or result.unsupported or result.has_errors:
        return
    counts = []
    for draft in result.drafts:
        body = draft.body
        rows = getattr(body, "choices", ()) or (getattr(body, "answers", ()) if not isinstance(body, MatchingBody) else ())
        rows = rows or getattr(body, "items", ())
        counts.append(2 if isinstance(body, TrueFalseBody) else len(rows))
    assert counts == expected["answers_per_question"]


@pytest.mark.parametrize(("path", "expected"), cases())
def test_a_case_is_the_same_after_writing_and_reading(path: str, expected: dict[str, Any]):
    data, reader, writer = parts(path)
    first: ReadResult = reader.read(data, fractions=Fractions.NEAREST)

    written = writer.write(first.drafts, first.categories)
    again: ReadResult = reader.read(written.data)

    assert (again.drafts, again.categories, again.problems, written.problems) == (first.drafts, first.categories, (), ())


@pytest.mark.parametrize(("path", "expected"), cases())
def test_a_case_keeps_its_questions_across_the_formats(path: str, expected: dict[str, Any]):
    data, reader, _writer = parts(path)
    read = reader.read(data, fractions=Fractions.NEAREST).drafts
    # GIFT has no gaps in a text; test_gap_cases.py sees that this is told.
    drafts = [draft for draft in read if draft.type in gift_reader.TYPES]
    other_reader, other_writer = FORMATS["gift" if path.startswith("moodle_xml") else "moodle_xml"]

    again = other_reader.read(other_writer.write(drafts).data)

    assert [(draft.name, draft.type, draft.texts.of("stem")) for draft in again.drafts] == [
        (draft.name, draft.type, draft.texts.of("stem")) for draft in drafts
    ]


@pytest.mark.skipif(not CASES.exists(), reason="the cases of other projects are not here")
def test_a_grade_that_moodle_does_not_know_is_named_or_rounded():
    data, reader, _writer = parts("moodle_xml/error_invalid_grades.xml")

    strict, nearest = reader.read(data), reader.read(data, fractions=Fractions.NEAREST)

    assert (len(strict.drafts), len(nearest.drafts)) == (0, 1)
    with in_language("en"):
        assert "grade 0.33 of “Question with invalid grades : x > 1 & x < 2”" in str(strict.problems[0].message)
    assert [choice.fraction for choice in nearest.drafts[0].body.choices] == [-0.5, 0.3333333, 0.3333333, -0.5, 0.3333333]


def reference_parses() -> list[Any]:
    found = sorted((CASES / "gift").glob("peg_*.json"))
    missing = pytest.param(Path(), marks=pytest.mark.skip(reason="the cases of other projects are not here"))
    return [pytest.param(path, id=path.stem) for path in found] or [missing]


@pytest.mark.parametrize("path", reference_parses())
def test_a_file_is_read_as_the_reference_parser_does(path: Path):
    reference = json.loads(path.read_text())
    result = gift_reader.read(path.with_suffix(".gift").read_bytes())

    categories = [each["title"] for each in reference if each["type"] == "Category"]
    questions = [each for each in reference if each["type"] != "Category"]
    assert [category.source for category in result.categories] == categories
    assert len(result.drafts) == len(questions)
    for index, (draft, question) in enumerate(zip(result.drafts, questions, strict=True)):
        assert {"Short": "short_answer", "TF": "true_false", "MC": "choice"}.get(question["type"], question["type"].lower()) in draft.type
        if question["title"]:
            assert draft.name == question["title"]
        assert (draft.id_number, list(draft.tags)) == (question["id"] or "", question["tags"] or [])
        assert _text(draft, "stem") == _reference_text(question["stem"])
        assert _text(draft, "feedback") == _reference_text(question.get("globalFeedback"))
        if (path.stem, index) not in DIFFERS_FROM_REFERENCE:
            assert _answers(draft) == _reference_answers(question)


def _squeeze(text: str) -> str:
    """Return the text without line ends, and without the space that the reference puts after a gap."""
    return " ".join(text.split()).replace("_____ .", "_____.")


def _text(draft: QuestionDraft, key: str) -> tuple[str, str] | None:
    text = draft.texts.of(key)
    return (str(draft.formats[key]), _squeeze(text)) if text else None


def _reference_text(node: dict[str, str] | None) -> tuple[str, str] | None:
    return (node["format"], _squeeze(node["text"])) if node and node["text"] else None


def _answers(draft: QuestionDraft) -> Any:
    body = draft.body
    if isinstance(body, TrueFalseBody):
        return body.right, _text(draft, "true.feedback"), _text(draft, "false.feedback")
    if isinstance(body, MatchingBody):
        pairs = [(_text(draft, pair.key), draft.texts.of(pair.answer)) for pair in body.pairs]
        used = {pair.answer for pair in body.pairs}
        return pairs + [(None, draft.texts.of(key)) for key in body.answers if key not in used]
    if isinstance(body, ShortAnswerBody):
        return [(each.fraction, _squeeze(each.pattern), _text(draft, f"{each.key}.feedback")) for each in body.answers]
    if isinstance(body, NumericalBody):
        return [(each.fraction, _number(each), _text(draft, f"{each.key}.feedback")) for each in body.answers]
    choices = getattr(body, "choices", ())
    return [(each.fraction, _text(draft, each.key), _text(draft, f"{each.key}.feedback")) for each in choices]


def _number(answer: NumericalAnswer) -> Any:
    if answer.low is not None and answer.high is not None:
        return float(answer.low), float(answer.high)
    return "*" if answer.value is None else (float(answer.value), float(answer.tolerance))


def _reference_answers(question: dict[str, Any]) -> Any:
    if question["type"] == "TF":
        return question["isTrue"], _reference_text(question["trueFeedback"]), _reference_text(question["falseFeedback"])
    if question["type"] == "Matching":
        return [(_reference_text(pair["subquestion"]), pair["subanswer"]) for pair in question["matchPairs"]]
    choices = question.get("choices", [])
    if isinstance(choices, dict):  # one number without a list around it
        choices = [{"isCorrect": True, "weight": None, "text": choices, "feedback": None}]
    return [(_reference_fraction(each), _reference_answer(question, each["text"]), _reference_text(each["feedback"])) for each in choices]


def _reference_fraction(choice: dict[str, Any]) -> float:
    if choice["weight"] is None:
        return 1.0 if choice["isCorrect"] else 0.0
    return round(choice["weight"] / 100, 7)


def _reference_answer(question: dict[str, Any], text: dict[str, Any]) -> Any:
    if question["type"] == "Short":
        return _squeeze(text["text"])
    if question["type"] != "Numerical":
        return _reference_text(text)
    if text.get("type") == "high-low":
        return float(text["numberLow"]), float(text["numberHigh"])
    return (float(text["number"]), float(text.get("range", 0))) if "number" in text else "*"
