"""What a question version is made of: a body without language, texts per language, and a draft of both.

``body`` and ``texts`` are stored in two JSON columns.  The body holds what
has no language: keys of choices, fractions (1.0 is full), settings, patterns.
The texts hold everything that is read, under stable keys:

    stem                                             the question; {#1} and [[1]] in it are places to answer
    feedback                                         for everybody, once it is over
    feedback.right, feedback.partial, feedback.wrong
    hint.1, hint.2, ...
    <key>, <key>.feedback                            of a choice, a pair, or an answer
    grader_info, template                            of an essay
    picture                                          of a hot spot: an image with its alternative text
    message.body, message.sender, ...                of a message inspection, see bodies/messages.py
    <key>.target                                     where a link of a message leads, or what an attachment is

A response refers to keys and never to texts, so that a learner may change the
language in the middle of an attempt and keep every answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from lms.core.errors import Invalid
from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes.bodies.every import Body
from lms.quizzes.shape import WrongShape

DEFAULT_PENALTY = 0.3333333  # of the mark, for each wrong try; the value that Moodle writes

Response: TypeAlias = Mapping[str, Any]
LazyText: TypeAlias = Any  # what lazy_() returns; str() of it is in the reader's language

_TEXT_KEY = re.compile(r"[a-z0-9_]{1,20}(\.[a-z0-9_]{1,20})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


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
    """Something to tell an author; ``position`` is a line of the file it came from, ``where`` the key of the text it is about."""

    severity: Severity
    message: LazyText
    position: int | None = None
    question: str = ""
    where: str = ""


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
