"""The built-in courses can be taken, and mistakes in a course are named with file, line and cure."""

from pathlib import Path

import pytest
from flask import Flask

from lms.courses import catalogue
from lms.courses.drafts import DraftProblems

LESSON = "---\nlead: Mở đầu.\n---\n\nChữ.\n"
COURSE = """slug: thu
code: T1
title: {vi: Thử, en: Trial}
summary: {vi: Tóm tắt, en: Summary}
audience: staff
periods: 2
valid_months: 12
as_of: 2026-11-23
languages: [vi, en]
sections:
  - key: m1
    title: {vi: Một, en: One}
    activities:
      - {key: l1, kind: page, minutes: 10, file: lessons/1, title: {vi: Bài, en: Lesson}}
"""


@pytest.fixture
def folder(tmp_path: Path, app: Flask) -> Path:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "course.yaml").write_text(COURSE)
    for language in ("vi", "en"):
        (tmp_path / f"lessons/1.{language}.md").write_text(LESSON)
    return tmp_path


def problems(folder: Path) -> list[str]:
    with pytest.raises(DraftProblems) as found:
        catalogue.load(folder)
    return [f"{each.file}:{each.line}" for each in found.value.problems]


@pytest.mark.parametrize("path", catalogue.built_in(), ids=lambda path: path.name)
def test_built_in_courses_have_nothing_to_mend(path: Path, app: Flask) -> None:
    draft = catalogue.load(path)

    assert draft.slug == path.name
    assert all({*activity.texts, *activity.more} == {*draft.languages} for activity in draft.activities)


def test_a_course_is_read(folder: Path) -> None:
    draft = catalogue.load(folder)

    assert (draft.slug, draft.periods, draft.valid_months, draft.languages) == ("thu", 2, 12, ("vi", "en"))
    assert [(each.key, each.kind, each.minutes) for each in draft.activities] == [("l1", "page", 10)]


def test_the_same_content_has_the_same_hash_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    before = catalogue.load(folder).content_hash()
    moved = folder.rename(tmp_path.parent / f"{tmp_path.name}-moved")
    assert catalogue.load(moved).content_hash() == before

    (moved / "lessons/1.vi.md").write_text(LESSON + "\nThêm.\n")
    assert catalogue.load(moved).content_hash() != before


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("audience: staff", "audience: everybody", ["course.yaml:5"]),
        ("as_of: 2026-11-23", "as_of: soon", ["course.yaml:8"]),
        ("slug: thu", "slug: Thử Nghiệm", ["course.yaml:1"]),
        (
            "languages: [vi, en]",
            "languages: [vi, fr]",
            ["course.yaml:3", "course.yaml:4", "course.yaml:9", "course.yaml:12", "course.yaml:14", "course.yaml:14"],
        ),
        ("kind: page", "kind: film", ["course.yaml:14"]),
        ("minutes: 10", "minutes: long", ["course.yaml:14"]),
        ("file: lessons/1", "file: lessons/2", ["course.yaml:14", "course.yaml:14"]),
        ("file: lessons/1", "file: ../secret", ["course.yaml:14"]),
        ("periods: 2", "periods: 2\nprice: 5", ["course.yaml:7"]),
        ("title: {vi: Một, en: One}", "title: {vi: Một}", ["course.yaml:12"]),
        (
            "      - {key: l1",
            "      - {key: l1, kind: page, minutes: 1, file: lessons/1, title: {vi: A, en: B}}\n      - {key: l1",
            ["course.yaml:15"],
        ),
        ("slug: thu", "slug: thu\n  code: [", ["course.yaml:2"]),
        ("minutes: 10", "minutes: 10, completion: [passed]", ["course.yaml:14"]),
        ("minutes: 10", "minutes: 10, completion: read", ["course.yaml:14"]),
        ("minutes: 10", "minutes: 10, available: {dome: l1}", ["course.yaml:14"]),
        ("minutes: 10", "minutes: 10, available: {done: l1}", ["course.yaml:14"]),  # itself
        ("minutes: 10", "minutes: 10, available: {done: l7}", ["course.yaml:14"]),
        ("minutes: 10", "minutes: 10, hidden: sometimes", ["course.yaml:14"]),
        ("periods: 2", "periods: 2\nneeded: 2", ["course.yaml:7"]),
        ("periods: 2", "periods: 2\nneeded: all", ["course.yaml:7"]),
    ],
)
def test_mistakes_are_named_with_their_line(folder: Path, old: str, new: str, places: list[str]) -> None:
    (folder / "course.yaml").write_text(COURSE.replace(old, new, 1))

    assert problems(folder) == places


def test_rules_are_read_and_make_another_version(folder: Path) -> None:
    before = catalogue.load(folder).content_hash()
    rules = "minutes: 10, completion: [read, checks], available: {from: 2026-12-01}, hidden: true"
    (folder / "course.yaml").write_text(COURSE.replace("minutes: 10", rules, 1).replace("periods: 2", "periods: 2\nneeded: 1", 1))

    draft = catalogue.load(folder)

    (one, *_more) = draft.activities
    assert (one.completion, one.available, one.hidden, draft.needed) == (["read", "checks"], {"from": "2026-12-01"}, True, 1)
    assert draft.content_hash() != before


def test_mistakes_in_lessons_are_named_with_their_file(folder: Path) -> None:
    (folder / "lessons/1.en.md").write_text(LESSON + "\n:::case\n")

    assert problems(folder) == ["lessons/1.en.md:7"]


def test_a_folder_without_a_course_says_so(tmp_path: Path) -> None:
    assert problems(tmp_path) == ["course.yaml:1"]


def test_a_file_that_is_not_utf8_says_so(folder: Path) -> None:
    (folder / "lessons/1.vi.md").write_bytes("---\nlead: a\n---\nệ".encode("utf-16"))

    assert problems(folder) == ["lessons/1.vi.md:1"]
