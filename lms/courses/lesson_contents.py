"""What is in the text of a lesson: its words, its checks, and every place of the law that it cites (pure)."""

from collections.abc import Iterator
from datetime import date

from lms.courses import contents, law, lesson_blocks, lesson_markdown, lesson_text
from lms.courses.contents import Citation, Content
from lms.courses.drafts import TextFile
from lms.courses.lesson_text import LessonText


def content(file: TextFile) -> Content:
    """Return what is in a lesson.  Raises DraftProblems when it cannot be read."""
    lesson = lesson_text.parse(file.text, file.path)
    return Content(
        words=contents.words(lesson.lead) + sum(contents.words(block.text) for block in lesson.blocks),
        lessons=1,
        checks=sum(block.name == "check" for block in lesson.blocks),
        citations=(*_sources(file, lesson), *_cited(file, lesson)),
    )


def _sources(file: TextFile, lesson: LessonText) -> Iterator[Citation]:
    for source in lesson.sources:
        if source.reference:
            yield Citation(file.path, 2, "source", "", source.reference, source.as_of)


def _cited(file: TextFile, lesson: LessonText) -> Iterator[Citation]:
    days = _days(lesson)
    for block in lesson.blocks:
        if match := lesson_blocks.LAW.fullmatch(block.arguments) if block.name == "law" else None:
            reference = law.register().reference(match["reference"])
            yield Citation(file.path, block.line - 1, "law", contents.plain(block.text), reference, date.fromisoformat(match["day"]))
        for line, passage in contents.passages(block.text.split("\n"), block.line):
            for found in lesson_markdown.REFERENCE.finditer(passage):
                reference = law.register().reference(found[1])
                sentence = contents.sentence_around(passage, found.start())
                yield Citation(file.path, line, "text", sentence, reference, days.get(reference.instrument.key))


def _days(lesson: LessonText) -> dict[str, date]:
    """Return the day up to which each instrument among the sources was looked at; of several the first."""
    days: dict[str, date] = {}
    for source in lesson.sources:
        if source.reference:
            key = source.reference.instrument.key
            days[key] = min(source.as_of, days.get(key, source.as_of))
    return days
