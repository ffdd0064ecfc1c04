"""All bodies: by the name of their type, as JSON, and the keys in them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from lms.quizzes import shape
from lms.quizzes.bodies.arranging import MatchingBody, OrderingBody
from lms.quizzes.bodies.choosing import MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.gaps import ClozeBody, DragWordsBody, GapSelectBody
from lms.quizzes.bodies.messages import MessageBody
from lms.quizzes.bodies.numbers import NumericalBody
from lms.quizzes.bodies.spots import HotSpotBody
from lms.quizzes.bodies.words import ShortAnswerBody
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody, essay_from_earlier
from lms.quizzes.shape import WrongShape

SCHEMA = 1


_LONGEST_REMEMBERED = 10_000  # characters: what is kept in memory stays within a few megabytes


_KEY = re.compile(r"[a-z0-9]{1,12}")


_RESERVED = frozenset({"stem", "feedback", "hint", "template", "message", "picture"})


Body: TypeAlias = (
    SingleChoiceBody
    | MultipleChoiceBody
    | TrueFalseBody
    | ShortAnswerBody
    | NumericalBody
    | MatchingBody
    | OrderingBody
    | HotSpotBody
    | MessageBody
    | ClozeBody
    | GapSelectBody
    | DragWordsBody
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
    "hot_spot": HotSpotBody,
    "message_inspection": MessageBody,
    "cloze": ClozeBody,
    "gap_select": GapSelectBody,
    "drag_words": DragWordsBody,
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
    if wanted is EssayBody:
        data = essay_from_earlier(data)
    body = shape.read(wanted, {name: value for name, value in data.items() if name != "schema"}, where="body")
    _check_keys(body)
    return body


def body_from_text(type_key: str, text: str) -> Body:
    """Read the ``body`` column as the database keeps it.  Raises WrongShape."""
    return _remembered(type_key, text) if len(text) <= _LONGEST_REMEMBERED else body_from_json(type_key, json.loads(text))


@lru_cache(1_000)
def _remembered(type_key: str, text: str) -> Body:
    # A whole class answers the same question: its body, which nothing can change, is read and checked once in a worker.
    return body_from_json(type_key, json.loads(text))


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
    if isinstance(body, GapSelectBody | DragWordsBody):
        words = {word.key for word in body.words}
        for index, gap in enumerate(body.gaps):
            if gap.word not in words:
                raise WrongShape(f"body.gaps[{index}].word", f"there is no word {gap.word!r}")


def key_at(index: int) -> str:
    """Return the short key of the choice at this place: a to z, then aa, ab, ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
