"""The text of a lesson: front matter, Markdown and a few blocks; read and checked (pure)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from lms.core.i18n import gettext
from lms.courses import lesson_blocks, lesson_markdown
from lms.courses.drafts import DraftProblems
from lms.courses.law import Reference
from lms.courses.lesson_blocks import Block, Reading

_OPENING = re.compile(r":::\s*(?P<name>[a-z]+)\s*(?P<arguments>.*)")


@dataclass(frozen=True)
class Source:
    """What a lesson rests on: a place in an instrument, or words for anything else."""

    as_of: date
    reference: Reference | None = None
    text: str = ""


@dataclass(frozen=True)
class LessonText:
    """A lesson as written."""

    lead: str
    outcomes: tuple[str, ...]
    sources: tuple[Source, ...]
    blocks: tuple[Block, ...]


def parse(source: str, file: str = "lesson") -> LessonText:
    """Read the text of a lesson; raises DraftProblems with everything that is wrong in it."""
    reading = Reading(file)
    lines = source.removeprefix("\ufeff").splitlines()
    head, first = _front_matter(lines, reading)
    blocks = tuple(_blocks(lines, first, reading))
    for number, line in enumerate(lines, start=1):
        for match in lesson_markdown.REFERENCE.finditer(line):
            lesson_blocks.reference(match[1], number, reading)
    _check_pictures(lines, reading)
    for block in blocks:
        lesson_blocks.check(block, reading)
    lesson = LessonText(
        lead=_lead(head, reading),
        outcomes=tuple(str(each) for each in (head or {}).get("outcomes") or ()),
        sources=tuple(_sources(head or {}, reading)),
        blocks=blocks,
    )
    if reading.problems:
        raise DraftProblems(reading.problems)
    return lesson


def pictures(source: str) -> list[tuple[int, str]]:
    """Return the line and the path of each picture that a lesson shows."""
    return [(number, match["path"]) for number, match in lesson_markdown.pictures(source.splitlines())]


def _check_pictures(lines: Sequence[str], reading: Reading) -> None:
    for number, match in lesson_markdown.pictures(lines):
        if not lesson_markdown.PICTURE_PATH.fullmatch(match["path"]):
            reading.wrong(
                number,
                gettext('"{path}" is not a picture of this course.', path=match["path"]),
                gettext(
                    "Put the file into the folder pictures and write ![what it shows](pictures/name.svg); "
                    "names are of small letters, digits and hyphens and end in .svg, .png, .jpg or .webp."
                ),
            )
        if not match["alternative"].strip():
            reading.wrong(
                number,
                gettext("The picture {path} has no alternative text.", path=match["path"]),
                gettext("Write in the brackets what it shows, for those who cannot see it."),
            )


def _front_matter(lines: Sequence[str], reading: Reading) -> tuple[dict[str, Any] | None, int]:
    """Return the front matter, None when it cannot be read, and the index of the first line after it."""
    if not lines or lines[0].strip() != "---":
        reading.wrong(
            1,
            gettext("The front matter is missing."),
            gettext("Begin the file with a line ---, then lead:, outcomes: and sources:, then a line ---."),
        )
        return None, 0
    end = next((index for index, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        reading.wrong(1, gettext("The front matter does not end."), gettext("Close it with a line of three hyphens."))
        return None, len(lines)
    try:
        head = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        reading.wrong(
            line,
            gettext("The front matter is not YAML: {reason}.", reason=error.problem),
            gettext("Put texts with a colon in quotation marks."),
        )
        return None, end + 1
    if not isinstance(head, dict):
        reading.wrong(
            2, gettext("The front matter is not a list of names and values."), gettext("Write lead: ..., outcomes: ... and sources: ...")
        )
        return None, end + 1
    return head, end + 1


def _lead(head: Mapping[str, Any] | None, reading: Reading) -> str:
    if head is None:
        return ""
    lead = str(head.get("lead") or "").strip()
    if not lead:
        reading.wrong(2, gettext("The lesson has no lead."), gettext("Add lead: with one or two sentences that open it."))
    return lead


def _sources(head: Mapping[str, Any], reading: Reading) -> Iterator[Source]:
    for each in head.get("sources") or ():
        if not isinstance(each, dict) or not isinstance(each.get("as_of"), date):
            reading.wrong(2, gettext('The source "{value}" has no day.', value=each), gettext("Write - {ref: ..., as_of: 2026-11-23}."))
        elif "text" in each:
            yield Source(each["as_of"], text=str(each["text"]))
        else:
            reference = lesson_blocks.reference(str(each.get("ref", "")), 2, reading)
            if reference:
                yield Source(each["as_of"], reference)


def _blocks(lines: Sequence[str], first: int, reading: Reading) -> Iterator[Block]:
    opened: tuple[str, str, int] | None = None
    gathered: list[str] = []
    start = first + 1
    is_code = False

    for number, line in enumerate(lines[first:], start=first + 1):
        is_code ^= lesson_markdown.is_fence(line)
        if is_code or not line.startswith(":::"):
            gathered.append(line)
            continue
        if line.strip() == ":::":
            if opened is None:
                reading.wrong(
                    number, gettext("This line closes a block that was not opened."), gettext("Remove it, or open the block with :::name.")
                )
                continue
            yield Block(opened[0], opened[1], "\n".join(gathered).strip("\n"), _first_line(gathered, opened[2] + 1))
            opened = None
        else:
            if opened is not None:
                reading.wrong(
                    opened[2], gettext("The block :::{name} is not closed.", name=opened[0]), gettext("Put a line ::: after its text.")
                )
            elif any(each.strip() for each in gathered):
                yield Block("", "", "\n".join(gathered), start)
            opened = _opening(line, number, reading)
        gathered, start = [], number + 1
    if opened is not None:
        reading.wrong(opened[2], gettext("The block :::{name} is not closed.", name=opened[0]), gettext("Put a line ::: after its text."))
    elif any(each.strip() for each in gathered):
        yield Block("", "", "\n".join(gathered), start)


def _opening(line: str, number: int, reading: Reading) -> tuple[str, str, int]:
    match = _OPENING.fullmatch(line.strip())
    name = match["name"] if match else line.strip(": ")
    if name not in lesson_blocks.NAMES:
        reading.wrong(
            number, gettext('There is no block "{name}".', name=name), gettext("Blocks are {names}.", names=", ".join(lesson_blocks.NAMES))
        )
    return name, match["arguments"].strip() if match else "", number


def _first_line(gathered: Sequence[str], number: int) -> int:
    empty = next((index for index, line in enumerate(gathered) if line.strip()), 0)
    return number + empty
