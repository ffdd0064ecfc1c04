"""The text of a lesson as the fields of a page, and back (pure).

A lesson is one text with a head in YAML; nobody should have to know YAML to write one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

# What looks like a place of the law is meant as one, so that a slip of the pen is told and not taken for words.
_REFERENCE = re.compile(r"\S+/\S+(\s+Đ\S+)?")
_BETWEEN = "|"  # a source and its day, on one line
_DAY = "%d/%m/%Y"


@dataclass(frozen=True)
class LessonFields:
    """What an author writes: ``outcomes`` and ``sources`` have one on a line, a source its day behind a bar."""

    lead: str = ""
    outcomes: str = ""
    sources: str = ""
    body: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.lead or self.outcomes or self.sources or self.body)


def split(source: str) -> LessonFields:
    """Return the fields of a text; a head that cannot be read stays in the body, so that it can be mended there."""
    lines = source.removeprefix("\ufeff").splitlines()
    end = next((index for index, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if not lines or lines[0].strip() != "---" or end is None:
        return LessonFields(body=source)
    try:
        head = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.YAMLError:
        return LessonFields(body=source)
    if not isinstance(head, dict) or set(head) - {"lead", "outcomes", "sources"}:
        return LessonFields(body=source)
    return LessonFields(
        lead=str(head.get("lead") or "").strip(),
        outcomes="\n".join(str(each) for each in head.get("outcomes") or ()),
        sources="\n".join(_source_line(each) for each in head.get("sources") or ()),
        body="\n".join(lines[end + 1 :]).strip("\n"),
    )


def join(fields: LessonFields, as_of: date) -> str:
    """Return the text; a source without a day has that of the course.  An empty lesson is an empty text."""
    if fields.is_empty:
        return ""
    head = {
        "lead": " ".join(fields.lead.split()),
        "outcomes": list(_lines(fields.outcomes)),
        "sources": [_source(line, as_of) for line in _lines(fields.sources)],
    }
    written = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1_000)
    body = "\n".join(line.rstrip() for line in fields.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip("\n")
    return f"---\n{written}---\n\n{body}\n"


def head_lines(fields: LessonFields, as_of: date) -> int:
    """Return how many lines of the text stand above its body: complaints count from the top of the text."""
    text = join(fields, as_of)
    body = fields.body.strip()
    return text[: text.rfind(body)].count("\n") if body else text.count("\n")


def _lines(text: str) -> Iterator[str]:
    yield from filter(None, (" ".join(line.split()) for line in text.splitlines()))


def _source_line(source: Any) -> str:
    if not isinstance(source, Mapping):
        return str(source)
    said = str(source.get("ref") or source.get("text") or "")
    day = source.get("as_of")
    return f"{said} {_BETWEEN} {day.strftime(_DAY)}" if isinstance(day, date) else said


def _source(line: str, as_of: date) -> dict[str, Any]:
    said, bar, written = line.rpartition(_BETWEEN)
    day = _day(written) if bar else None
    if day is None:
        said, day = line, as_of
    said = said.strip()
    return {"ref" if _REFERENCE.fullmatch(said) else "text": said, "as_of": day}


def _day(text: str) -> date | None:
    for shape in (_DAY, "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
