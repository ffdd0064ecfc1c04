"""Cutting a GIFT file into its questions and categories, with the comments that belong to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.interop.gift import marks

_LONGEST_NOTE = 2000
_CATEGORY = re.compile(r"\s*\$CATEGORY:(.*)")
_ID = re.compile(r"\[id:((?:\\.|[^\]\\])+)\]")
_TAG = re.compile(r"\[tag:((?:\\.|[^\]\\])+)\]")


@dataclass
class Block:
    """The lines of one question, or of one category."""

    position: int
    id_number: str = ""
    tags: list[str] = field(default_factory=list)
    is_category: bool = False
    lines: list[str] = field(default_factory=list)
    is_open: bool = False  # the answers have begun and not ended
    is_closed: bool = False  # the answers have ended

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    def add(self, line: str) -> None:
        # Line by line, because looking at all lines again each time would take for ever on a file of one block.
        self.lines.append(line)
        place = 0
        if not self.is_open and not self.is_closed:
            place = marks.find(line, "{")
            self.is_open = place >= 0
        if self.is_open and marks.find(line, "}", max(place, 0)) >= 0:
            self.is_open, self.is_closed = False, True


def cut(text: str) -> Iterator[Block]:
    """Yield the blocks in order.

    Empty lines part questions, but not inside of braces, where people leave some
    too; there a line that can only be the beginning of the next question does.
    """
    id_number = ""
    tags: list[str] = []
    block: Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        category = _CATEGORY.fullmatch(line)
        is_comment = stripped.startswith("//")
        begins = stripped.startswith("::") or category is not None
        ends = not stripped and not (block and block.is_open)
        if block and (ends or begins or is_comment and (block.is_closed or _is_note(stripped))):
            yield block
            block = None
        if category:
            yield Block(number, is_category=True, lines=[category[1].strip()])
        elif is_comment:
            note = stripped[:_LONGEST_NOTE]
            id_number = "".join(_unquoted(each) for each in _ID.findall(note)[:1]) or id_number
            tags += [_unquoted(each) for each in _TAG.findall(note)]
        elif stripped or block:
            if block is None:
                block, id_number, tags = Block(number, id_number, tags), "", []
            block.add(line)
    if block:
        yield block


def quoted(text: str) -> str:
    """Return an id number or a tag as it stands between brackets."""
    return text.replace("\\", "\\\\").replace("]", "\\]")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def _is_note(line: str) -> bool:
    """Whether a comment is one that Moodle writes before a question."""
    return bool(re.match(r"//\s*(question:\s*\d+|\[id:|\[tag:)", line))
