"""Files of other projects, in every format that we only read, against what is known of them.

They lie beside the project and are not part of it; without them these tests step aside.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from lms.app import QUESTION_FORMATS, QUESTION_TYPES
from lms.interop.question_files import ReadResult
from lms.quizzes.bodies.choosing import MultipleChoiceBody, SingleChoiceBody

CASES = Path(__file__).parents[3] / "shared" / "cases"
FOLDERS = ("aiken", "missingword", "cloze_text", "qti12", "qti2", "qti2_scoring", "qti3")

# What is read otherwise than the list says, and why; there should be no other difference.
DIFFERS = {
    ("qti2_scoring/mapping_bounds_upperLower.item.xml", "usable"): "the item has a single choice, and a question here needs two",
    (
        "missingword/question.missingword1.txt",
        "recognised",
    ): "the same words are GIFT, which reads them alike; only the name tells them apart",
    ("qti12/matching.xml", "titles"): "the item has no title, and a question here is called by the beginning of its text",
    ("qti2_scoring/responseProcessing_equalRounded_tolerance.item.xml", "titles"): "the item has no title; its identifier stands in for it",
}


def cases() -> list[Any]:
    listed = CASES / "EXPECT.json"
    if not listed.exists():
        return [pytest.param("", {}, marks=pytest.mark.skip(reason="the cases of other projects are not here"))]
    files = json.loads(listed.read_text())["files"]
    chosen = [each for each in files if each["path"].split("/")[0] in FOLDERS and not each["path"].endswith(".json")]
    return [pytest.param(each["path"], each["expected"], id=each["path"]) for each in chosen]


def key_of(path: str) -> str:
    return path.split("/")[0].replace("qti2_scoring", "qti2")


def read(path: str) -> ReadResult:
    form = next(each for each in QUESTION_FORMATS if each.key == key_of(path))
    return form.read((CASES / path).read_bytes(), "en")


@pytest.mark.parametrize(("path", "expected"), cases())
def test_a_file_is_read_as_expected(path: str, expected: dict[str, Any]):
    result = read(path)

    if expected.get("error"):
        assert (result.drafts, result.has_errors) == ((), True)
        return
    assert result.questions == expected.get("items", expected.get("questions", 1))
    assert result.found == expected.get("interactions", expected.get("by_declared_type", expected.get("by_type")))
    missing = [*expected.get("malformed_files", ()), *expected.get("missing_files", ())]
    assert [name for name in missing if not any(name in str(problem.message) for problem in result.problems)] == []
    _compare_titles(path, result, expected)
    _compare_answers(result, expected)


def _compare_titles(path: str, result: ReadResult, expected: dict[str, Any]) -> None:
    wanted = next((expected[name] for name in ("titles", "titles_first5", "item_titles_first10") if name in expected), None)
    if "title" in expected:
        wanted = [expected["title"]]
    names = [draft.name for draft in result.drafts] if len(result.drafts) == result.questions else None
    if wanted is None or names is None:
        return
    same = [(title or "") == name or bool(title) and name.startswith(title) for title, name in zip(wanted, names, strict=False)]
    assert all(same) is ((path, "titles") not in DIFFERS)


def _compare_answers(result: ReadResult, expected: dict[str, Any]) -> None:
    bodies = [draft.body for draft in result.drafts if isinstance(draft.body, SingleChoiceBody | MultipleChoiceBody)]
    if "options" in expected:
        wanted = expected["options"] if isinstance(expected["options"], list) else [expected["options"]]
        assert [len(body.choices) for body in bodies] == wanted
    if "answers" in expected:
        right = [next(index for index, choice in enumerate(body.choices) if choice.fraction == 1.0) for body in bodies]
        assert ["ABCDEFGH"[place] for place in right] == expected["answers"]
    if "correct" in expected and isinstance(expected["correct"], str):
        draft = result.drafts[0]
        assert [draft.texts.of(choice.key) for choice in bodies[0].choices if choice.fraction == 1.0] == [expected["correct"]]
    if "fractions" in expected:
        assert [round(choice.fraction * 100) for choice in bodies[0].choices] == expected["fractions"]
    if "feedback" in expected:
        assert sum(key.endswith(".feedback") for key in result.drafts[0].texts.by_language["en"]) == expected["feedback"]
    if "sub_by_type" in expected:
        assert len(result.drafts[0].body.gaps) == expected["subquestions"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("path", "expected"), cases())
def test_what_is_read_can_be_used(path: str, expected: dict[str, Any]):
    refused = []
    for draft in read(path).drafts:
        kind = next(each for each in QUESTION_TYPES if each.key == draft.type)
        body, texts = kind.tidy(draft.body, draft.texts)
        refused += [str(problem.message) for problem in kind.check(body, texts) if problem.severity == "error"]

    assert bool(refused) is ((path, "usable") in DIFFERS)


@pytest.mark.parametrize(("path", "expected"), cases())
def test_a_file_is_recognised_by_what_is_in_it(path: str, expected: dict[str, Any]):
    if expected.get("error"):
        return
    data = (CASES / path).read_bytes()
    recognised = next((form.key for form in QUESTION_FORMATS if form.fits(data)), "")

    assert (recognised == key_of(path)) is ((path, "recognised") not in DIFFERS)


@pytest.mark.parametrize(("path", "expected"), cases())
def test_what_we_have_no_type_for_is_named(path: str, expected: dict[str, Any]):
    result = read(path)
    left_out = result.questions - len(result.drafts)

    assert left_out <= sum(problem.severity == "error" for problem in result.problems) + sum(result.unsupported.values())
    assert all(count > 0 for count in result.unsupported.values())
