"""The courses that come with the program are whole: each lesson has what a lesson needs, and every law in them is one that was read."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from lms.courses import catalogue, kinds, law, lesson_text
from lms.courses.contents import Content
from lms.courses.drafts import CourseDraft, TextFile
from lms.courses.lesson_text import LessonText

FOLDERS = catalogue.built_in()
NAMES = [folder.name for folder in FOLDERS]
# Courses that are still being written: they have not yet questions enough.  This list only gets shorter.
INCOMPLETE: set[str] = set()
QUESTIONS = {"staff": 40, "pupils": 25}
CHECKS = 2
# Words for what the help panel is for; a lesson that has them ends with the panel.
TOUCHES_ABUSE = re.compile(r"xâm hại|bắt nạt|tống tiền|đe dọa|sexual|bull(?:y|ied)|blackmail|threaten", re.IGNORECASE)
ENOUGH = 12_000  # bytes of a drawing; a page of the youngest has several


@pytest.fixture(scope="module")
def drafts(app: Flask) -> dict[str, CourseDraft]:
    return {folder.name: catalogue.load(folder) for folder in FOLDERS}


@pytest.fixture
def draft(drafts: dict[str, CourseDraft], request: pytest.FixtureRequest) -> CourseDraft:
    return drafts[request.param]


every_course = pytest.mark.parametrize("draft", NAMES, indirect=True)


def texts(draft: CourseDraft) -> Iterator[TextFile]:
    for activity in draft.activities:
        if activity.kind == "page":
            yield from activity.texts.values()


def lessons(draft: CourseDraft) -> Iterator[tuple[str, LessonText]]:
    for text in texts(draft):
        yield text.path, lesson_text.parse(text.text, text.path)


def content(draft: CourseDraft, language: str) -> Content:
    whole = Content()
    for activity in draft.activities:
        whole += kinds.get(activity.kind).content(activity, language)
    return whole


@every_course
def test_each_lesson_has_what_a_lesson_needs(draft: CourseDraft) -> None:
    lacking = []
    for path, lesson in lessons(draft):
        names = [block.name for block in lesson.blocks]
        lacking += [f"{path}: {number} checks" for number in [names.count("check")] if number < CHECKS]
        lacking += [f"{path}: no {name}" for name in ("case", "today") if name not in names]
        lacking += [f"{path}: no {name}" for name in ("outcomes", "sources") if not getattr(lesson, name)]

    assert lacking == []


@every_course
def test_a_lesson_says_the_same_in_both_languages(draft: CourseDraft) -> None:
    shapes: dict[str, dict[str, object]] = {}
    for path, lesson in lessons(draft):
        name, language, _ending = path.rsplit(".", 2)
        checks = [re.findall(r"^[-*]\s+\[([ xX])\]", block.text, re.MULTILINE) for block in lesson.blocks if block.name == "check"]
        shapes.setdefault(name, {})[language] = ([block.name for block in lesson.blocks if block.name], checks, len(lesson.outcomes))

    assert [name for name, by_language in shapes.items() if len({str(shape) for shape in by_language.values()}) > 1] == []


@every_course
def test_there_are_questions_enough_to_draw_from(draft: CourseDraft) -> None:
    counts = {language: (each.questions, each.inspections) for language in draft.languages for each in [content(draft, language)]}

    assert len(set(counts.values())) == 1, counts
    is_enough = counts["vi"][0] >= QUESTIONS[draft.audience]
    assert is_enough or draft.slug in INCOMPLETE, f"{counts} questions and messages, {QUESTIONS[draft.audience]} questions are needed"


def test_a_course_that_is_complete_is_not_called_incomplete(drafts: dict[str, CourseDraft]) -> None:
    complete = [name for name in sorted(INCOMPLETE) if content(drafts[name], "vi").questions >= QUESTIONS[drafts[name].audience]]

    assert complete == [], "take them out of INCOMPLETE"


@every_course
def test_every_law_that_is_cited_is_one_that_somebody_read(draft: CourseDraft) -> None:
    citations = [each for language in draft.languages for each in content(draft, language).citations]

    assert [f"{each.file}:{each.line}: {each.reference.code}" for each in citations if not each.reference.is_registered] == []


def test_an_article_that_nobody_read_is_told_from_one_that_somebody_did() -> None:
    assert law.register().reference("116/2025/QH15 Đ7.2.g").is_registered
    assert law.register().reference("116/2025/QH15").is_registered
    assert not law.register().reference("116/2025/QH15 Đ99").is_registered
    assert not law.register().reference("59/2024/QH15 Đ1").is_registered


@every_course
def test_what_touches_abuse_ends_with_help(draft: CourseDraft) -> None:
    silent = [
        path
        for path, lesson in lessons(draft)
        if any(TOUCHES_ABUSE.search(block.text) for block in lesson.blocks) and "help" not in [block.name for block in lesson.blocks]
    ]

    assert silent == [] or draft.audience == "staff"


@every_course
def test_drawings_are_light(draft: CourseDraft) -> None:
    assert [path for path, data in draft.pictures.items() if path.endswith(".svg") and len(data) > ENOUGH] == []


@every_course
def test_no_picture_lies_in_the_folder_for_nothing(draft: CourseDraft) -> None:
    folder = catalogue.BUILT_IN / draft.slug / "pictures"

    assert {f"pictures/{path.name}" for path in folder.glob("*")} == set(draft.pictures)


@every_course
def test_texts_are_finished(draft: CourseDraft) -> None:
    unfinished = re.compile(r"\b(?:[T]ODO|[F]IXME|[X]XX|TBD|[l]orem ipsum)\b|\?\?\?")

    assert [text.path for text in texts(draft) for line in text.text.split("\n") if unfinished.search(line)] == []
