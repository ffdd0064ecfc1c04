"""The question types in use; lms/app.py lists them."""

from collections.abc import Iterable
from typing import Any

from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes.types.kind import QuestionType


class UnknownType(Invalid):
    code = "unknown_question_type"
    message = lazy_("Questions of the type “{type}” cannot be used here.")


_types: dict[str, QuestionType[Any]] = {}


def configure(types: Iterable[QuestionType[Any]]) -> None:
    """Say which types there are; create_app does this once."""
    _types.clear()
    _types.update({each.key: each for each in types})


def get(key: str) -> QuestionType[Any]:
    """Return the type; raises UnknownType."""
    if key not in _types:
        raise UnknownType(type=key)
    return _types[key]


def known() -> list[QuestionType[Any]]:
    return list(_types.values())


def is_known(key: str) -> bool:
    return key in _types


def label(key: str) -> str:
    """Return what a type is called, also one that is no longer in use."""
    return str(_types[key].label) if key in _types else key
