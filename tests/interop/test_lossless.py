"""What we write in a format that other programs read too, we read again without any loss."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from lms.interop import content_packages, own_form
from lms.interop.moodle_xml import reader as xml_reader
from lms.interop.moodle_xml import writer as xml_writer
from lms.interop.qti import reader as qti_reader
from lms.interop.qti import writer as qti_writer
from lms.quizzes.bodies import every
from lms.quizzes.bodies.choosing import Choice, SingleChoiceBody
from lms.quizzes.content import QuestionDraft, Texts
from tests.interop.drafts import QUIET
from tests.interop.drafts_of_all_types import drafts_of_all_types
from tests.interop.packages import zipped

FORMATS = {
    "moodle_xml": (xml_reader, xml_writer.write),
    "qti2": (qti_reader, qti_writer.write_2),
    "qti3": (qti_reader, qti_writer.write_3),
}
FEW = settings(QUIET, max_examples=15)
each_format = pytest.mark.parametrize("key", sorted(FORMATS))


@each_format
@pytest.mark.parametrize("kind", sorted(every.BODIES))
def test_any_question_of_any_type_comes_back_as_it_was(key: str, kind: str):
    reader, write = FORMATS[key]

    @FEW
    @given(drafts_of_all_types((kind,)))
    def same(draft: QuestionDraft) -> None:
        again = reader.read(write([draft], language="vi").data, "vi")
        assert [str(problem.message) for problem in again.problems if problem.severity == "error"] == []
        assert again.drafts == (own_form.with_formats(draft),)

    same()


@each_format
def test_it_does_not_matter_in_which_language_the_file_is_read(key: str):
    reader, write = FORMATS[key]
    draft = QuestionDraft("T", "description", every.BODIES["description"](), Texts({"vi": {"stem": "xin chào"}, "en": {"stem": "hello"}}))

    again = reader.read(write([draft], language="vi").data, "en")

    assert again.drafts[0].texts == draft.texts


def question() -> QuestionDraft:
    body = SingleChoiceBody((Choice("a", 1.0), Choice("b", fixed=True)), instruction=True)
    return QuestionDraft("Câu", "single_choice", body, Texts({"vi": {"stem": "Sao?", "a": "một", "b": "hai"}, "en": {"stem": "Why?"}}))


def test_what_somebody_changes_in_the_file_counts_and_not_our_own_data():
    data = xml_writer.write([question()]).data.decode().replace("Sao?", "Vì sao?", 1)

    again = xml_reader.read(data).drafts[0]

    assert again.texts.by_language == {"vi": {"stem": "Vì sao?", "a": "một", "b": "hai"}}


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"type": "nonsense"},
        {"body": {"schema": 1}},
        {"body": None},
        {"texts": {"vi": {"stem": 3}}},
        {"tags": "abc"},
        {"tags": [1]},
        {"category": None},
        {"formats": {"stem": "rtf"}},
        {"default_mark": "x"},
        {"default_mark": float("nan")},
        {"penalty": -1},
        {"name": {}},
    ],
)
def test_own_data_that_are_out_of_shape_are_not_believed(change: dict[str, Any]):
    data = json.loads(own_form.write(question(), None)) | change

    assert own_form.read(json.dumps(data), None, {}) is None


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000])
def test_other_texts_are_no_own_data(text: str):
    assert own_form.read(text, None, {}) is None
    assert own_form.read(own_form.write(question(), None), None, {}) == own_form.with_formats(question())


@pytest.mark.parametrize("version", [qti_writer.VERSION_2, qti_writer.VERSION_3])
def test_the_parts_of_an_item_stand_in_the_order_of_the_standard(version: qti_writer.Version):
    written = qti_writer.write([question()], version=version)
    package = content_packages.open_package(written.data)
    item = package.xml("q0001/item.xml")
    prefix = "qti-" if version.is_third else ""
    names = [etree.QName(each).localname for each in item]

    assert etree.QName(item).namespace == version.namespace
    order = (
        ["qti-response-declaration", "qti-outcome-declaration", "qti-outcome-declaration", "qti-item-body", "qti-response-processing"]
        if prefix
        else ["responseDeclaration", "outcomeDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"]
    )
    assert names == order
    assert [resource.kind for resource in package.resources] == [version.kind]


def without_own_data(data: bytes) -> bytes:
    """Return a package as another program would understand it."""
    package = content_packages.open_package(data)
    files: dict[str, str | bytes] = {entry.name: package.archive.read(entry.name) for entry in package.archive.entries}
    return zipped({name: content for name, content in files.items() if not name.startswith(f"{own_form.FOLDER}/")})


@pytest.mark.parametrize("module", [qti_writer.write_2, qti_writer.write_3], ids=["qti2", "qti3"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("single_choice", {"choices": [{"key": "a", "fraction": 1.0}, {"key": "b", "fraction": -0.5}, {"key": "c", "fraction": 0.5}]}),
        ("multiple_choice", {"choices": [{"key": "a", "fraction": 0.5}, {"key": "b", "fraction": 0.5}, {"key": "c", "fraction": -1.0}]}),
        ("multiple_choice", {"choices": [{"key": "a", "fraction": 1.0}, {"key": "b"}, {"key": "c"}], "scoring": "all_or_nothing"}),
        ("true_false", {"right": False}),
        ("short_answer", {"answers": [{"key": "a", "pattern": "Huế"}, {"key": "b", "pattern": "Vinh", "fraction": 0.5}]}),
        ("numerical", {"answers": [{"key": "a", "value": "3.5", "tolerance": "0.5"}]}),
        ("matching", {"pairs": [{"key": "a", "answer": "x1"}, {"key": "b", "answer": "x2"}], "answers": ["x1", "x2", "x3"]}),
        (
            "matching",
            {"pairs": [{"key": "a", "answer": "x1"}, {"key": "b", "answer": "x2"}], "answers": ["x1", "x2"], "scoring": "all_or_nothing"},
        ),
        ("ordering", {"items": [{"key": "a"}, {"key": "b"}, {"key": "c"}]}),
        ("ordering", {"items": [{"key": "a"}, {"key": "b"}, {"key": "c"}], "rule": "all_or_nothing"}),
        (
            "cloze",
            {
                "gaps": [
                    {"key": "1", "kind": "SHORTANSWER", "weight": 3, "words": [{"key": "1a", "pattern": "x"}]},
                    {"key": "2", "kind": "MULTICHOICE", "choices": [{"key": "2a", "fraction": 1.0}, {"key": "2b"}]},
                ]
            },
        ),
        ("essay", {"lines": 7}),
        ("description", {}),
    ],
)
def test_other_programs_find_a_question_that_is_scored_the_same(module: Any, kind: str, body: dict[str, Any]):
    made = every.body_from_json(kind, {"schema": 1, **body})
    stem = "<p>Câu? {#1} {#2}</p>" if kind == "cloze" else "<p>Câu?</p>"
    texts = {"stem": stem, **{key: f"<p>{key}</p>" for key in every.keys_of(made)}}
    draft = own_form.with_formats(QuestionDraft("T", kind, made, Texts({"vi": texts}), default_mark=0.0 if kind == "description" else 2.0))
    written = module([draft], language="vi")

    again = qti_reader.read(without_own_data(written.data), "vi").drafts[0]

    assert (again.type, again.default_mark, again.texts.of("stem")) == (kind, draft.default_mark, stem)
    assert _scoring(again.body) == _scoring(made)


def _scoring(body: Any) -> Any:
    """What decides about marks, whatever the texts and the shuffling."""
    data = every.body_to_json(replace(body, hints=()) if hasattr(body, "hints") else body)
    return {
        name: data[name] for name in data if name in ("choices", "scoring", "right", "answers", "pairs", "items", "rule", "lines", "gaps")
    }
