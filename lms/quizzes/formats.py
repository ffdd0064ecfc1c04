"""File formats of questions: the list comes from lms/app.py, because those who read them stand above this package."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes.content import Problem, QuestionDraft, TextFormat


class UnknownFormat(Invalid):
    code = "unknown_question_format"
    message = lazy_("This is no file of questions that can be read. Known formats: {formats}.")


class CategoryRead(Protocol):
    """A category as a file describes it."""

    @property
    def path(self) -> tuple[str, ...]: ...
    @property
    def info(self) -> str: ...
    @property
    def info_format(self) -> TextFormat: ...
    @property
    def id_number(self) -> str: ...
    @property
    def source(self) -> str: ...


class FileRead(Protocol):
    """What was understood of a file; questions with an error are not among the drafts."""

    @property
    def drafts(self) -> tuple[QuestionDraft, ...]: ...
    @property
    def categories(self) -> Sequence[CategoryRead]: ...
    @property
    def problems(self) -> tuple[Problem, ...]: ...
    @property
    def unsupported(self) -> Mapping[str, int]: ...
    @property
    def found(self) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class QuestionFormat:
    """``read`` takes the bytes and the language that the texts are in; ``fits`` says whether a file looks like this."""

    key: str
    label: Any
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], FileRead]
    fits: Callable[[bytes], bool]


_formats: dict[str, QuestionFormat] = {}


def configure(formats: Iterable[QuestionFormat]) -> None:
    """Say which formats there are, the most particular first; create_app does this once."""
    _formats.clear()
    _formats.update({each.key: each for each in formats})


def known() -> list[QuestionFormat]:
    return list(_formats.values())


def get(key: str) -> QuestionFormat:
    """Return a format; raises UnknownFormat."""
    if key not in _formats:
        raise UnknownFormat(formats=_named())
    return _formats[key]


def recognise(data: bytes) -> QuestionFormat:
    """Return the format of a file by what is in it, whatever it is called; raises UnknownFormat."""
    for each in _formats.values():
        if each.fits(data):
            return each
    raise UnknownFormat(formats=_named())


def is_xml(data: bytes) -> bool:
    """Say whether a file begins like XML."""
    return _begin(data).startswith("<")


def is_text(data: bytes) -> bool:
    """Say whether a file is text at all: programs, pictures and archives are not."""
    begin = _begin(data)
    return bool(begin) and "\x00" not in begin and begin.isprintable()


def _begin(data: bytes) -> str:
    """Return the first letters of a text, line ends as spaces; "" when it is none."""
    head = data[:4000]
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    # The last letter may be cut in half.
    text = head.decode(encoding, errors="ignore" if len(data) > 4000 else "replace")
    return "" if "\ufffd" in text else " ".join(text.split())


def _named() -> str:
    return ", ".join(str(each.label) for each in _formats.values())
