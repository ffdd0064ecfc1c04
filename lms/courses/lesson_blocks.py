"""The blocks of a lesson: what each must hold, and how its parts are told apart (pure)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from lms.core.i18n import gettext
from lms.courses import law
from lms.courses.drafts import Problem
from lms.courses.law import Reference, UnknownReferenceError

NAMES = ("case", "law", "check", "tree", "aid", "today", "parent", "note", "warn", "help")
LAW = re.compile(r"(?P<reference>.+?)\s+as-of=(?P<day>\d{4}-\d\d-\d\d)")

_OPTION = re.compile(r"[-*]\s+\[(?P<mark>[ xX])\]\s+(?P<text>.*)")
_BOLD_LINE = re.compile(r"\*\*(?P<title>[^*]+)\*\*\s*")


@dataclass(frozen=True)
class Option:
    """An answer of a check, and why it is right or not."""

    text: str
    why: str
    right: bool


@dataclass(frozen=True)
class Block:
    """A part of a lesson; name "" is plain Markdown.  ``line`` is where its text begins in the file."""

    name: str
    arguments: str
    text: str
    line: int


@dataclass
class Reading:
    """Problems found on the way through one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, what: str, cure: str) -> None:
        self.problems.append(Problem(self.file, line, what, cure))


def check(block: Block, reading: Reading) -> None:
    """Note what is wrong in a block."""
    _CHECKS.get(block.name, _check_nothing)(block, reading)


def reference(text: str, line: int, reading: Reading) -> Reference | None:
    """Return a place in an instrument as it is written; None, and a note, when there is no such thing."""
    try:
        return law.register().reference(text)
    except UnknownReferenceError:
        reading.wrong(
            line,
            gettext('The reference "{reference}" is not in the law register, or is not written as one.', reference=text),
            gettext("Use a key of lms/catalogue/law_register.yaml, such as 116/2025/QH15 Đ7.2.g."),
        )
        return None


def titled(text: str) -> tuple[str, str]:
    """Return the title of a note, when its first line is all bold, and the rest."""
    first, _, rest = text.lstrip("\n").partition("\n")
    match = _BOLD_LINE.fullmatch(first)
    return (match["title"], rest) if match and rest.strip() else ("", text)


def is_nested(text: str) -> bool:
    """Say whether a list with a list inside it stands in a Markdown text."""
    depth = 0
    for token in MarkdownIt("commonmark").parse(text):
        depth += (token.type == "bullet_list_open") - (token.type == "bullet_list_close")
        if depth > 1:
            return True
    return False


def _check_nothing(block: Block, reading: Reading) -> None:
    if block.name and not block.text.strip():
        reading.wrong(block.line, gettext("The block :::{name} is empty.", name=block.name), gettext("Write its text, or remove it."))


def _check_plain(block: Block, reading: Reading) -> None:
    is_code = False
    for number, line in enumerate(block.text.split("\n"), start=block.line):
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        if not is_code and re.match(r"#\s", line):
            reading.wrong(number, gettext("A heading of the first level is the lesson's title."), gettext("Begin headings with ##."))


def _check_law(block: Block, reading: Reading) -> None:
    _check_nothing(block, reading)
    match = LAW.fullmatch(block.arguments)
    if match is None:
        reading.wrong(
            block.line - 1,
            gettext("The block :::law does not say which article and as of when."),
            gettext("Write :::law 116/2025/QH15 Đ7.2.g as-of=2026-11-23."),
        )
    else:
        reference(match["reference"], block.line - 1, reading)


def _check_help(block: Block, reading: Reading) -> None:
    if block.text.strip():
        reading.wrong(block.line, gettext("The block :::help has a text."), gettext("Leave it empty: the page puts the help panel there."))


def _check_check(block: Block, reading: Reading) -> None:
    asked, options = question(block)
    if not asked:
        reading.wrong(block.line, gettext("The check has no question."), gettext("Write the question above the options."))
    if not 2 <= len(options) <= 4:
        reading.wrong(
            block.line,
            gettext("The check has {number} options.", number=len(options)),
            gettext("Give 2 to 4, each on a line such as - [ ] text :: feedback."),
        )
    right = sum(option.right for option in options)
    if options and right != 1:
        reading.wrong(block.line, gettext("The check has {number} right options.", number=right), gettext("Mark exactly one with - [x]."))
    for option in options:
        if not option.why:
            reading.wrong(
                block.line,
                gettext('The option "{option}" has no feedback.', option=option.text),
                gettext("Add :: and a sentence that teaches."),
            )


def question(block: Block) -> tuple[str, list[Option]]:
    """Return the question and the options of a check; an indented line goes on with the option above it."""
    asked: list[str] = []
    items: list[tuple[bool, str]] = []
    for line in block.text.split("\n"):
        match = _OPTION.match(line.strip())
        if match:
            items.append((match["mark"] in "xX", match["text"]))
        elif items and line.strip():
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        elif line.strip():
            asked.append(line.strip())
    options = []
    for right, text in items:
        label, _, why = text.partition("::")
        options.append(Option(label.strip(), why.strip(), right))
    return " ".join(asked), options


def _check_titled(block: Block, reading: Reading) -> None:
    _check_nothing(block, reading)
    if not block.arguments:
        reading.wrong(
            block.line - 1,
            gettext("The block :::{name} has no title.", name=block.name),
            gettext("Write it behind the name: :::{name} The title", name=block.name),
        )


def _check_tree(block: Block, reading: Reading) -> None:
    _check_titled(block, reading)
    if block.text.strip() and not is_nested(block.text):
        reading.wrong(
            block.line,
            gettext("The decision tree has no branches."),
            gettext("Write a list: what happens, below it the answers, moved in by two spaces, and below each what to do."),
        )


_CHECKS: Mapping[str, Callable[[Block, Reading], None]] = {
    "": _check_plain,
    "law": _check_law,
    "help": _check_help,
    "check": _check_check,
    "tree": _check_tree,
    "aid": _check_titled,
}
