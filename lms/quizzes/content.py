"""What a question version is made of: a body without language, texts per language, and a draft of both.

``body`` and ``texts`` are stored in two JSON columns.  The body holds what
has no language: keys of choices, fractions (1.0 is full), settings, patterns.
The texts hold everything that is read, under stable keys:

    stem                                             the question
    feedback                                         for everybody, once it is over
    feedback.right, feedback.partial, feedback.wrong
    hint.1, hint.2, ...
    <key>, <key>.feedback                            of a choice, a pair, or an answer
    grader_info, template                            of an essay

A response refers to keys and never to texts, so that a learner may change the
language in the middle of an attempt and keep every answer.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from lms.core.errors import Invalid
from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import shape
from lms.quizzes.shape import WrongShape

SCHEMA = 1
DEFAULT_PENALTY = 0.3333333  # of the mark, for each wrong try; the value that Moodle writes

Response: TypeAlias = Mapping[str, Any]
LazyText: TypeAlias = Any  # what lazy_() returns; str() of it is in the reader's language

_KEY = re.compile(r"[a-z0-9]{1,12}")
_TEXT_KEY = re.compile(r"[a-z0-9_]{1,20}(\.[a-z0-9_]{1,20})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RESERVED = frozenset({"stem", "feedback", "hint", "template"})


class InvalidResponse(Invalid):
    """A response that the question cannot take; ``message`` says why."""

    code = "invalid_response"
    message = lazy_("This answer does not fit the question. Please answer it again.")


class Severity(StrEnum):
    """How bad a problem is."""

    ERROR = "error"  # cannot be used as it is
    WARNING = "warning"  # can be used, but something is lost or looks wrong


@dataclass(frozen=True)
class Problem:
    """Something to tell an author; ``position`` is a line of the file it came from."""

    severity: Severity
    message: LazyText
    position: int | None = None
    question: str = ""


class TextFormat(StrEnum):
    """How a text of a foreign file is written; our own texts are always HTML."""

    HTML = "html"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    MOODLE = "moodle"  # HTML in which a line end is a line end


@dataclass(frozen=True)
class Texts:
    """All texts of a question: language -> key -> HTML."""

    by_language: Mapping[str, Mapping[str, str]]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.by_language)

    def of(self, key: str, language: str = DEFAULT) -> str:
        """Return the text in this language, else in Vietnamese, else in any; "" when there is none."""
        for code in (language, DEFAULT, *self.by_language):
            if text := self.by_language.get(code, {}).get(key):
                return text
        return ""

    def in_all(self, key: str) -> tuple[str, ...]:
        """Return the text of this key in every language, in the order of ``languages``."""
        return tuple(texts.get(key, "") for texts in self.by_language.values())

    def without(self, dropped: set[str]) -> "Texts":
        return Texts({code: {key: text for key, text in texts.items() if key not in dropped} for code, texts in self.by_language.items()})

    def to_json(self) -> dict[str, dict[str, str]]:
        return {code: dict(texts) for code, texts in self.by_language.items()}

    @staticmethod
    def from_json(data: object) -> "Texts":
        """Read the ``texts`` column.  Raises WrongShape."""
        if not isinstance(data, Mapping):
            raise WrongShape("texts", "an object is needed")
        for code, texts in data.items():
            if not isinstance(code, str) or not _LANGUAGE.fullmatch(code):
                raise WrongShape("texts", f"{code!r} is no language")
            if not isinstance(texts, Mapping):
                raise WrongShape(f"texts.{code}", "an object is needed")
            for key, text in texts.items():
                if not isinstance(key, str) or not _TEXT_KEY.fullmatch(key):
                    raise WrongShape(f"texts.{code}", f"{key!r} is no key of a text")
                if not isinstance(text, str):
                    raise WrongShape(f"texts.{code}.{key}", "a text is needed")
        return Texts({code: dict(texts) for code, texts in data.items()})


@dataclass(frozen=True)
class Hint:
    """What happens at a hint besides its text ``hint.<n>``."""

    clear_wrong: bool = False
    show_count: bool = False


class Numbering(StrEnum):
    """What stands before each choice: nothing, letters, numbers."""

    LETTERS = "abc"
    CAPITALS = "ABCD"
    DIGITS = "123"
    ROMAN = "iii"
    ROMAN_CAPITALS = "IIII"
    NONE = "none"


class Scoring(StrEnum):
    """How ticked choices become a fraction."""

    CLAMPED = "clamped"  # sum of the fractions, at least 0 and at most 1
    PROPORTIONAL = "proportional"  # right ticks, less the wrong ones, over all right ones
    ALL_OR_NOTHING = "all_or_nothing"


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; ``fraction`` of the mark is -1.0 to 1.0."""

    key: str
    fraction: float = 0.0
    fixed: bool = False  # keeps its place when the others are shuffled ("none of these")


@dataclass(frozen=True)
class SingleChoiceBody:
    """One of several choices."""

    choices: tuple[Choice, ...]
    shuffle: bool = True
    numbering: Numbering = Numbering.LETTERS
    instruction: bool = False  # show "Choose one" above the choices
    show_count: bool = False  # tell how many were right, with the combined feedback
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class MultipleChoiceBody:
    """Any of several choices; ``scoring`` says how they add up."""

    choices: tuple[Choice, ...]
    scoring: Scoring = Scoring.CLAMPED
    shuffle: bool = True
    numbering: Numbering = Numbering.LETTERS
    instruction: bool = False
    show_count: bool = False
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class TrueFalseBody:
    """A statement that is right or wrong."""

    right: bool
    hints: tuple[Hint, ...] = ()


class Marks(StrEnum):
    """Which differences in Vietnamese marks a short answer overlooks."""

    KEEP = "keep"
    IGNORE_TONES = "ignore_tones"  # a = á, but a is not ă
    IGNORE_ALL = "ignore_all"  # a = á = ă = ắ, d = đ: typed without a Vietnamese keyboard


@dataclass(frozen=True)
class TextAnswer:
    """A pattern that an answer may fit, with ``*`` for anything; ``fraction`` of the mark is 0.0 to 1.0."""

    key: str
    pattern: str  # plain text; * stands for anything, \* for an asterisk
    fraction: float = 1.0


@dataclass(frozen=True)
class ShortAnswerBody:
    """The first answer whose pattern fits decides."""

    answers: tuple[TextAnswer, ...]
    case: bool = False  # capitals matter
    marks: Marks = Marks.KEEP
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class NumericalAnswer:
    """A value with a tolerance, or a range from low to high (both included), or, with neither, any number."""

    key: str
    fraction: float = 1.0
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    relative: bool = False  # the tolerance is a share of the value
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Unit:
    """``multiplier`` is how many of this unit make one of the unit that the answers are in."""

    key: str
    symbol: str
    multiplier: Decimal = Decimal(1)


class UnitInput(StrEnum):
    """How the learner gives the unit of a number."""

    NONE = "none"
    TEXT = "text"  # typed with the number
    RADIO = "radio"
    SELECT = "select"


class UnitGrading(StrEnum):
    """What a missing or unknown unit costs: ``unit_penalty`` of the response's or of the question's mark."""

    IGNORED = "ignored"
    OF_RESPONSE = "of_response"
    OF_QUESTION = "of_question"


class Separators(StrEnum):
    """What settles a number such as 1.234, which is read in two ways."""

    EITHER = "either"  # nothing: the learner is asked
    COMMA = "comma"  # 1.234,5 as in Vietnamese
    POINT = "point"  # 1,234.5 as in English


@dataclass(frozen=True)
class NumericalBody:
    """The first answer that the number fits decides."""

    answers: tuple[NumericalAnswer, ...]
    separators: Separators = Separators.EITHER
    units: tuple[Unit, ...] = ()
    unit_input: UnitInput = UnitInput.NONE
    unit_grading: UnitGrading = UnitGrading.IGNORED
    unit_penalty: float = 0.1
    units_left: bool = False
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Something that belongs to one of the answers."""

    key: str
    answer: str  # key of the right answer


@dataclass(frozen=True)
class MatchingBody:
    """``answers`` are the keys to choose from; one that no pair names only distracts."""

    pairs: tuple[Pair, ...]
    answers: tuple[str, ...]
    shuffle: bool = True
    show_count: bool = False
    hints: tuple[Hint, ...] = ()


class OrderRule(StrEnum):
    """What is counted in an order; the rules of Moodle's ordering question."""

    ALL_OR_NOTHING = "all_or_nothing"
    ABSOLUTE_POSITION = "absolute_position"  # items at their place
    RELATIVE_TO_CORRECT = "relative_to_correct"  # less for each place that an item is away from its own
    NEXT_EXCLUDE_LAST = "next_exclude_last"  # items followed by the right one
    NEXT_INCLUDE_LAST = "next_include_last"  # the same, and the last item is at the end
    ONE_PREVIOUS_AND_NEXT = "one_previous_and_next"  # right neighbours
    ALL_PREVIOUS_AND_NEXT = "all_previous_and_next"  # items that stand on the right side of each other
    LONGEST_ORDERED = "longest_ordered"  # the most items that are in order, others between them
    LONGEST_CONTIGUOUS = "longest_contiguous"  # the same, without leaving an item out


@dataclass(frozen=True)
class Item:
    """One of the things to put in order; they stand in the right order."""

    key: str


@dataclass(frozen=True)
class OrderingBody:
    """``items`` stand in the right order; of them ``subset`` are shown, 0: all."""

    items: tuple[Item, ...]
    rule: OrderRule = OrderRule.ABSOLUTE_POSITION
    subset: int = 0
    contiguous: bool = False  # those that are shown follow each other
    horizontal: bool = False
    numbering: Numbering = Numbering.NONE
    show_rule: bool = True  # tell how each item went
    show_count: bool = False
    hints: tuple[Hint, ...] = ()


class EssayEditor(StrEnum):
    """What the learner writes with."""

    EDITOR = "editor"
    EDITOR_FILES = "editorfilepicker"
    PLAIN = "plain"
    MONOSPACED = "monospaced"
    NO_TEXT = "noinline"


@dataclass(frozen=True)
class EssayBody:
    """A text that a person grades."""

    editor: EssayEditor = EssayEditor.EDITOR
    required: bool = True
    lines: int = 15
    attachments: int = 0  # -1: any number
    attachments_required: int = 0
    least_words: int | None = None
    most_words: int | None = None
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class DescriptionBody:
    """A text between questions; there is nothing to set."""


Body: TypeAlias = (
    SingleChoiceBody
    | MultipleChoiceBody
    | TrueFalseBody
    | ShortAnswerBody
    | NumericalBody
    | MatchingBody
    | OrderingBody
    | EssayBody
    | DescriptionBody
)

BODIES: Mapping[str, type[Body]] = {
    "single_choice": SingleChoiceBody,
    "multiple_choice": MultipleChoiceBody,
    "true_false": TrueFalseBody,
    "short_answer": ShortAnswerBody,
    "numerical": NumericalBody,
    "matching": MatchingBody,
    "ordering": OrderingBody,
    "essay": EssayBody,
    "description": DescriptionBody,
}


def body_to_json(body: Body) -> dict[str, Any]:
    """Return what the ``body`` column holds."""
    return {"schema": SCHEMA, **shape.write(body)}


def body_from_json(type_key: str, data: object) -> Body:
    """Read the ``body`` column of a question of this type.  Raises WrongShape."""
    wanted = BODIES.get(type_key)
    if wanted is None:
        raise WrongShape("type", f"{type_key!r} is no question type")
    if not isinstance(data, Mapping):
        raise WrongShape("body", "an object is needed")
    if data.get("schema") != SCHEMA:
        raise WrongShape("body.schema", f"{SCHEMA} is needed, not {data.get('schema')!r}")
    body = shape.read(wanted, {name: value for name, value in data.items() if name != "schema"}, where="body")
    _check_keys(body)
    return body


def keys_of(body: Body) -> Iterator[str]:
    """Yield the keys of all choices, pairs, answers, units and whatever else has one, in order."""
    for each in fields(body):
        value = getattr(body, each.name)
        if isinstance(value, tuple):
            yield from _keys_in(value)


def _keys_in(values: tuple[Any, ...]) -> Iterator[str]:
    for each in values:
        if isinstance(each, str):
            yield each
        elif is_dataclass(each):
            if key := getattr(each, "key", ""):
                yield key
            for inner in fields(each):
                value = getattr(each, inner.name)
                if isinstance(value, tuple):
                    yield from _keys_in(value)


def _check_keys(body: Body) -> None:
    seen: set[str] = set()
    for key in keys_of(body):
        if not _KEY.fullmatch(key) or key in _RESERVED:
            raise WrongShape("body", f"{key!r} cannot be a key")
        if key in seen:
            raise WrongShape("body", f"the key {key!r} is used twice")
        seen.add(key)
    if isinstance(body, MatchingBody):
        for index, pair in enumerate(body.pairs):
            if pair.answer not in body.answers:
                raise WrongShape(f"body.pairs[{index}].answer", f"there is no answer {pair.answer!r}")


def key_at(index: int) -> str:
    """Return the short key of the choice at this place: a to z, then aa, ab, ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


@dataclass(frozen=True)
class QuestionDraft:
    """A question on its way in or out of the bank.

    ``formats`` says for each key of the texts how it is written; the texts of a
    foreign file are neither converted nor cleaned yet.  ``files`` are named as
    in the links ``@@PLUGINFILE@@/<name>`` of the texts.  Where it stood in the
    file and what was said about it is no part of what it is.
    """

    name: str
    type: str
    body: Body
    texts: Texts
    formats: Mapping[str, TextFormat] = field(default_factory=dict)
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    id_number: str = ""
    default_mark: float = 1.0
    penalty: float = DEFAULT_PENALTY
    hidden: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    position: int = field(default=0, compare=False)
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
