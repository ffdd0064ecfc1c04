"""A lesson's text as the fields of a page, and back: nothing is lost on the way."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lms.courses import catalogue, lesson_text
from lms.courses.editing import lesson_fields
from lms.courses.editing.lesson_fields import LessonFields

DAY = date(2026, 10, 5)
LESSONS = sorted(path for folder in catalogue.built_in() for path in (folder / "lessons").glob("*.md"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_every_built_in_lesson_comes_back_the_same(path) -> None:  # type: ignore[no-untyped-def]
    source = path.read_text(encoding="utf-8")

    again = lesson_fields.join(lesson_fields.split(source), DAY)

    assert lesson_text.parse(again).lead == lesson_text.parse(source).lead
    before, after = lesson_text.parse(source), lesson_text.parse(again)
    assert (after.outcomes, after.sources) == (before.outcomes, before.sources)
    assert [(block.name, block.arguments, block.text.strip()) for block in after.blocks] == [
        (block.name, block.arguments, "\n".join(line.rstrip() for line in block.text.split("\n")).strip()) for block in before.blocks
    ]


def test_a_source_without_a_day_has_that_of_the_course() -> None:
    source = lesson_fields.join(LessonFields(lead="Mở", sources="116/2025/QH15 Đ7.2\nKhung năng lực số | 01/09/2026", body="Chữ"), DAY)

    assert yaml.safe_load(source.split("---")[1])["sources"] == [
        {"ref": "116/2025/QH15 Đ7.2", "as_of": DAY},
        {"text": "Khung năng lực số", "as_of": date(2026, 9, 1)},
    ]


@pytest.mark.parametrize("said", ["116/2025/QH15 Đ7.2 | 31/02/2026", "Sổ tay | trang 4"])
def test_what_is_no_day_is_part_of_the_words(said: str) -> None:
    source = lesson_fields.join(LessonFields(lead="Mở", sources=said, body="Chữ"), DAY)

    assert lesson_fields.split(source).sources == f"{said} | 05/10/2026"


@pytest.mark.parametrize(
    "source", ["", "Chỉ có chữ", "---\nlead: [\n---\nChữ", "---\nlead: a\nkhac: b\n---\nChữ", "---\nkhông đóng", "---\n- a\n---\nb"]
)
def test_what_cannot_be_divided_is_all_in_the_text(source: str) -> None:
    assert lesson_fields.split(source) == LessonFields(body=source)


words = st.text(st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n"), max_size=80)


@given(words, words, words)
def test_whatever_is_typed_is_there_again(lead: str, outcomes: str, body: str) -> None:
    source = lesson_fields.join(LessonFields(lead=lead, outcomes=outcomes, body=body), DAY)

    again = lesson_fields.split(source) if source else LessonFields()

    assert again.lead == " ".join(lead.split())
    assert again.outcomes.split("\n") == [" ".join(line.split()) for line in outcomes.splitlines() if line.split()] or not outcomes.strip()


def test_complaints_count_from_the_first_line_of_the_text() -> None:
    fields = LessonFields(lead="Mở", outcomes="Một\nHai", body="Dòng một\n\n:::chec\nhai\n:::")
    source = lesson_fields.join(fields, DAY)

    assert source.split("\n")[lesson_fields.head_lines(fields, DAY)] == "Dòng một"
