"""Questions with gaps in files of other projects, against what is known of them, and what no format but theirs can carry.

The files lie beside the project and are not part of it; without them these tests step aside.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lms.core.i18n import in_language
from lms.interop.cloze_text import reader as cloze_reader
from lms.interop.cloze_text import writer as cloze_writer
from lms.interop.gift import writer as gift_writer
from lms.interop.moodle_xml import reader as xml_reader
from lms.interop.question_files import ReadResult
from lms.quizzes import formats
from lms.quizzes.bodies.gaps import ClozeBody, DragWordsBody, GapSelectBody

CASES = Path(__file__).parents[3] / "shared" / "cases"
XML_KINDS = {ClozeBody: "cloze", GapSelectBody: "gapselect", DragWordsBody: "ddwtos"}


def cases(folder: str) -> list[Any]:
    listed = CASES / "EXPECT.json"
    if not listed.exists():
        return [pytest.param("", {}, marks=pytest.mark.skip(reason="the cases of other projects are not here"))]
    files = [each for each in json.loads(listed.read_text())["files"] if each["path"].startswith(f"{folder}/")]
    if folder == "moodle_xml":
        files = [each for each in files if {*XML_KINDS.values()} & {*each["expected"]["by_type"]}]
    return [pytest.param(each["path"], each["expected"], id=each["path"]) for each in files]


@pytest.mark.parametrize(("path", "expected"), cases("cloze_text"))
def test_a_cloze_text_is_read_as_expected(path: str, expected: dict[str, Any]):
    result: ReadResult = cloze_reader.read((CASES / path).read_bytes())

    assert sum(result.found.values()) == expected["questions"]
    assert dict(result.found) == expected.get("by_type", {})
    assert result.has_errors == expected.get("error", False)
    assert len(result.drafts) == expected["questions"]
    for draft in result.drafts:
        assert isinstance(draft.body, ClozeBody)
        kinds = Counter("multichoice" if gap.kind.is_one_of else "shortanswer" for gap in draft.body.gaps)
        assert (len(draft.body.gaps), kinds) == (expected["subquestions"], expected["sub_by_type"])
        assert cloze_reader.read(cloze_writer.write([draft]).data).drafts == (draft,)


REASONS = {
    "one choice only": "Gap 1: There must be at least two choices.",
    "no embedded answer": "There is no gap in the text. Write one as {1:SHORTANSWER:=…}.",
}


@pytest.mark.parametrize(("path", "expected"), cases("cloze_text"))
def test_a_broken_cloze_text_is_refused_with_its_line_and_a_cure(path: str, expected: dict[str, Any]):
    result = cloze_reader.read((CASES / path).read_bytes())

    with in_language("en"):
        said = [(problem.position, str(problem.message)) for problem in result.problems]
    assert said == ([(1, REASONS[expected["reason"]])] if expected.get("error") else [])


@pytest.mark.parametrize(("path", "expected"), cases("cloze_text"))
def test_a_cloze_text_is_known_by_what_is_in_it(path: str, expected: dict[str, Any]):
    data = (CASES / path).read_bytes()

    assert cloze_reader.fits(data) is (expected.get("reason") != "no embedded answer")


@pytest.mark.skipif(not CASES.exists(), reason="the cases of other projects are not here")
def test_no_file_of_another_format_is_taken_for_a_cloze_text():
    others = [path for folder in ("gift", "aiken", "missingword", "moodle_xml") for path in (CASES / folder).iterdir()]

    assert [path.name for path in others if path.suffix != ".json" and cloze_reader.fits(path.read_bytes())] == []
    assert formats.is_xml((CASES / "moodle_xml" / "qas_cloze.xml").read_bytes())


@pytest.mark.parametrize(("path", "expected"), cases("moodle_xml"))
def test_the_gaps_of_moodle_xml_are_read_as_expected(path: str, expected: dict[str, Any]):
    result = xml_reader.read((CASES / path).read_bytes())

    drafts = [draft for draft in result.drafts if type(draft.body) in XML_KINDS]
    details = [each for each in expected["details_first6"] if each["type"] in XML_KINDS.values()]
    assert [XML_KINDS[type(draft.body)] for draft in drafts] == [each["type"] for each in details]  # type: ignore[index]
    for draft, wanted in zip(drafts, details, strict=True):
        if isinstance(draft.body, ClozeBody):
            assert Counter(gap.kind.value for gap in draft.body.gaps) == wanted["subquestions"]
        elif isinstance(draft.body, GapSelectBody | DragWordsBody):
            assert len(draft.body.words) == wanted["choices"]


@pytest.mark.parametrize(("path", "expected"), cases("moodle_xml"))
def test_gift_says_that_it_cannot_carry_gaps(path: str, expected: dict[str, Any]):
    drafts = [draft for draft in xml_reader.read((CASES / path).read_bytes()).drafts if type(draft.body) in XML_KINDS]

    written = gift_writer.write(drafts)

    assert written.data == b""
    assert [(problem.severity, problem.question) for problem in written.problems] == [("error", draft.name) for draft in drafts]
