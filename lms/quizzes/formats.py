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
    @property
    def questions(self) -> int: ...


class FileWritten(Protocol):
    """A file, and what other programs will not find in it."""

    @property
    def data(self) -> bytes: ...
    @property
    def problems(self) -> tuple[Problem, ...]: ...


class Write(Protocol):
    """Writes questions, in one language, into a file."""

    def __call__(self, drafts: Iterable[QuestionDraft], /, *, language: str) -> FileWritten: ...


@dataclass(frozen=True)
class QuestionFormat:
    """``read`` takes the bytes and the language that the texts are in; ``fits`` says whether a file looks like this.

    ``write`` is None where we only read. The first of the suffixes is that of
    a file that we write, ``media_type`` what a browser is told about it.
    """

    key: str
    label: Any
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], FileRead]
    fits: Callable[[bytes], bool]
    write: Write | None = None
    media_type: str = "text/plain"


_formats: dict[str, QuestionFormat] = {}


def configure(formats: Iterable[QuestionFormat]) -> None:
    """Say which formats there are, the most particular first; create_app does this once."""
    _formats.clear()
    _formats.update({each.key: each for each in formats})


def known() -> list[QuestionFormat]:
    return list(_formats.values())


def written() -> list[tuple[QuestionFormat, Write]]:
    """Return the formats that questions can be taken out in, each with its writer."""
    return [(each, each.write) for each in _formats.values() if each.write is not None]


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
    return bool(begin) and begin.isprintable()


def encoding_of(data: bytes) -> str:
    """Return how a text is encoded, as far as its first bytes tell: UTF-8 or UTF-16, with a mark or without."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data[:1] == b"\x00" or data[1:2] == b"\x00":
        return "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    return "utf-8-sig"


def beginning(data: bytes, *, most: int = 4000) -> str:
    """Return the first bytes of a file as text; "" when it is none."""
    # The last letter may be cut in half.
    text = data[:most].decode(encoding_of(data), errors="ignore" if len(data) > most else "replace")
    return "" if "\ufffd" in text or "\x00" in text else text


def _begin(data: bytes) -> str:
    return " ".join(beginning(data).split())


def _named() -> str:
    return ", ".join(str(each.label) for each in _formats.values())
