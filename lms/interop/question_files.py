"""What all readers and writers of question files have in common."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import isfinite

from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.interop.lost_words import Lost
from lms.quizzes import formats
from lms.quizzes.content import Problem, QuestionDraft, Severity, TextFormat, Texts
from lms.quizzes.types import number_text, wording

PLUGINFILE = "@@PLUGINFILE@@/"  # stands in texts before the name of a file that came with the question

# The grades that Moodle knows, as it writes them; the negative ones are the same.
_GRADES = (
    *(1.0, 0.9, 0.8333333, 0.8, 0.75, 0.7, 0.6666667, 0.6, 0.5, 0.4, 0.3333333, 0.3, 0.25, 0.2),
    *(0.1666667, 0.1428571, 0.125, 0.1111111, 0.1, 0.05, 0.0),
)
EXACT = 0.00001
_MOST_DIGITS = 300
_LONGEST_NAME = 80
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # also what XML cannot carry
_CONTEXT = re.compile(r"\$(course|module|system|cat|coursecat)\d*\$")


class Fractions(StrEnum):
    """What happens to a grade that Moodle does not know, such as 33 %."""

    STRICT = "strict"  # the question is refused
    NEAREST = "nearest"  # the nearest known grade is taken, with a warning


@dataclass(frozen=True)
class Category:
    """A place in the tree of a question bank; ``source`` is how the file named it."""

    path: tuple[str, ...]
    info: str = ""
    info_format: TextFormat = TextFormat.HTML
    id_number: str = ""
    source: str = field(default="", compare=False)
    position: int = field(default=0, compare=False)


@dataclass(frozen=True)
class ReadResult:
    """What was understood of a file, and what not.

    ``found`` counts the questions of the file by the name that the file format
    gives to their type; ``unsupported`` those among them that we have no type for.
    Where the format knows no types of questions but parts of which one question may
    have several, ``found`` counts the parts and ``number`` the questions. A question
    with an error is not among the drafts.
    """

    drafts: tuple[QuestionDraft, ...] = ()
    categories: tuple[Category, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsupported: Mapping[str, int] = field(default_factory=dict)
    found: Mapping[str, int] = field(default_factory=dict)
    number: int | None = None

    @property
    def questions(self) -> int:
        """How many questions the file has, also those that cannot be used."""
        return sum(self.found.values()) if self.number is None else self.number

    @property
    def counts(self) -> Mapping[str, int]:
        """Drafts by our type."""
        return Counter(draft.type for draft in self.drafts)

    @property
    def has_errors(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@dataclass(frozen=True)
class WriteResult:
    """A file, in UTF-8, and what the format could not carry."""

    data: bytes
    problems: tuple[Problem, ...] = ()


class Unreadable(Invalid):
    """The file as a whole, or one question of it, cannot be understood; carries what to tell."""

    code = "unreadable"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def decode(data: bytes | str) -> str:
    """Return the text of a file: UTF-8 or UTF-16, any line ends, NFC.  Raises Unreadable."""
    if isinstance(data, str):
        return normalise(data.removeprefix("\ufeff"))
    try:
        return normalise(data.decode(formats.encoding_of(data)))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = lazy_("Line {line} is not written in UTF-8. Save the file as UTF-8 and try again.", line=line)
        raise Unreadable(Problem(Severity.ERROR, message, line)) from error


def normalise(text: str) -> str:
    """Return the text in NFC, with \\n at line ends and without other control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def fraction_of(percent: str, mode: Fractions) -> tuple[float, float | None]:
    """Return the fraction as written, and the one to use, None when it is refused."""
    try:
        written = float(Decimal(percent.strip().replace(",", ".")) / 100)
    except ArithmeticError:
        return 0.0, None
    if not isfinite(written):
        return 0.0, None
    known = [sign * grade for grade in _GRADES for sign in (1, -1)]
    nearest = min(known, key=lambda grade: abs(grade - written)) + 0.0
    if mode is Fractions.STRICT and not abs(nearest - written) < EXACT:
        return written, None
    return written, nearest


def percent_of(fraction: float) -> str:
    """Return the fraction in percent with all its digits: 0.3333333 is 33.33333."""
    return f"{(Decimal(repr(fraction)) * 100).normalize():f}"


def decimal_of(written: str) -> Decimal | None:
    """Return a number of a file: with a point as decimal sign, else one that is read in one way only."""
    try:
        number = Decimal(written.strip())
    except InvalidOperation:
        reading = number_text.read(written)
        return reading.values[0] if reading and len(reading.values) == 1 and not reading.unit else None
    return number if number.is_finite() and abs(number.adjusted()) <= _MOST_DIGITS else None


def grade_refused(written: float, *, name: str, position: int) -> Unreadable:
    message = lazy_(
        "The grade {grade} of “{name}” is none that Moodle knows. Correct it, or take the nearest.",
        grade=f"{written:g}",
        name=wording.plain(name),
    )
    return Unreadable(Problem(Severity.ERROR, message, position, name))


def grade_changed(written: float, used: float, *, name: str, position: int) -> Problem:
    message = lazy_("The grade {grade} became {nearest}.", grade=f"{written:g}", nearest=f"{used:g}")
    return Problem(Severity.WARNING, message, position, name)


def split_path(source: str) -> tuple[str, ...]:
    """Return the names of a Moodle category path, without its context; // is a / in a name."""
    names = [normalise(name).replace("//", "/").strip() for name in re.split(r"(?<!/)/(?!/)", source)]
    names = [" ".join(name.split()) for name in names]
    if names and _CONTEXT.fullmatch(names[0]):
        names = names[1:]
        if names and names[0] == "top":
            names = names[1:]
    return tuple(name for name in names if name)


def join_path(path: tuple[str, ...]) -> str:
    """Return the path as Moodle writes it."""
    return "/".join(["$course$", "top", *(name.replace("/", "//") for name in path)])


def merge(categories: Iterable[Category]) -> tuple[Category, ...]:
    """Return each category once, with the first description and id number it was given."""
    merged: dict[tuple[str, ...], Category] = {}
    for category in categories:
        known = merged.get(category.path)
        if known is None or not (known.info or known.id_number):
            merged[category.path] = category
    return tuple(merged.values())


def name_from(stem: str, text_format: TextFormat, *, position: int, longest: int = _LONGEST_NAME) -> str:
    """Return a name for a question that has none: the beginning of its text."""
    stem = stem[:5000]
    text = wording.tidy(stem) if text_format is TextFormat.PLAIN else wording.plain(stem)
    if len(text) <= longest:
        return text or f"#{position}"
    return text[: longest - 1].rsplit(" ", 1)[0] + "…"


def left_out_elsewhere(draft: QuestionDraft) -> tuple[Problem, ...]:
    """Say of a question that only this program will find it in a file."""
    message = lazy_("Other programs will not find this question in the file; this one will.")
    return (Problem(Severity.WARNING, message, draft.position, draft.name),)


def losses(draft: QuestionDraft, again: QuestionDraft | None, *, language: str) -> tuple[Problem, ...]:
    """Compare a draft with what is read again from the file; say what the format did not carry."""
    if again is None:
        message = lazy_("This question cannot be written in this format and was left out.")
        return (Problem(Severity.ERROR, message, draft.position, draft.name),)
    lost = []
    for each in fields(QuestionDraft):
        before, after = getattr(draft, each.name), getattr(again, each.name)
        if each.name == "formats":
            # What says nothing is HTML, as all texts of the bank are.
            before, after = ({key: value for key, value in formats.items() if value is not TextFormat.HTML} for formats in (before, after))
        if not each.compare or before == after:
            continue
        if each.name == "texts":
            lost += _lost_texts(before, after, language=language)
        elif each.name == "body" and type(before) is type(after):
            lost += [item.name for item in fields(before) if getattr(before, item.name) != getattr(after, item.name)]
        else:
            lost.append(each.name)
    if not lost:
        return ()
    message = lazy_("Not everything could be written in this format: {names}.", names=Lost(frozenset(lost)))
    return (Problem(Severity.WARNING, message, draft.position, draft.name),)


def _lost_texts(before: Texts, after: Texts, *, language: str) -> list[str]:
    lost = [f"texts.{code}" for code in before.languages if code != language]
    mine, theirs = before.by_language.get(language, {}), after.by_language.get(language, {})
    return lost + [key for key, text in mine.items() if text and theirs.get(key) != text]
