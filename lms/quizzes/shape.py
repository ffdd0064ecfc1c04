"""Reading JSON into frozen dataclasses, and back, with an error that names the place."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from lms.core.errors import Invalid
from lms.core.i18n import lazy_

T = TypeVar("T")
_MOST_DIGITS = 300


class WrongShape(Invalid):
    """Stored or received JSON does not have the form that the program knows."""

    code = "wrong_shape"
    message = lazy_("The content does not have the expected form at {where}: {reason}.")

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where=where, reason=reason)


def read(wanted: type[T], data: object, *, where: str) -> T:
    """Return the dataclass that the JSON object describes.

    Every field is checked for its type, unknown fields are refused, and
    missing ones take their default.  Raises WrongShape.
    """
    if not isinstance(data, Mapping):
        raise WrongShape(where, f"an object is needed, not {_said(data)}")
    hints = _hints(wanted)  # type: ignore[arg-type]
    if unknown := sorted(str(name) for name in data if name not in hints):
        raise WrongShape(where, f"unknown field {unknown[0]!r}")
    values = {}
    for each in fields(wanted):  # type: ignore[arg-type]
        if each.name in data:
            values[each.name] = _value(hints[each.name], data[each.name], f"{where}.{each.name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            raise WrongShape(where, f"field {each.name!r} is missing")
    return wanted(**values)


def write(value: object) -> Any:
    """Return the JSON form of a dataclass."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: write(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [write(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    return value


@cache
def _hints(wanted: type) -> dict[str, Any]:
    return get_type_hints(wanted)


def _value(wanted: Any, data: object, where: str) -> object:
    if get_origin(wanted) in (Union, UnionType):
        choices = [each for each in get_args(wanted) if each is not NoneType]
        return None if data is None else _value(choices[0], data, where)
    if get_origin(wanted) is dict:
        return _object(data, where)
    if get_origin(wanted) is tuple:
        return _list(get_args(wanted)[0], data, where)
    if is_dataclass(wanted) and isinstance(wanted, type):
        return read(wanted, data, where=where)
    return _scalar(wanted, data, where)


def _list(wanted: Any, data: object, where: str) -> tuple[object, ...]:
    if not isinstance(data, list | tuple):
        raise WrongShape(where, f"a list is needed, not {_said(data)}")
    return tuple(_value(wanted, each, f"{where}[{index}]") for index, each in enumerate(data))


def _object(data: object, where: str) -> dict[str, object]:
    if not isinstance(data, Mapping):
        raise WrongShape(where, f"an object is needed, not {_said(data)}")
    return dict(data)


def _scalar(wanted: Any, data: object, where: str) -> object:
    if wanted is float and isinstance(data, int | float) and not isinstance(data, bool) and isfinite(data):
        return float(data)
    if wanted is Decimal:
        return _decimal(data, where)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        if isinstance(data, str) and data in list(wanted):
            return wanted(data)
        raise WrongShape(where, f"one of {', '.join(wanted)} is needed, not {_said(data)}")
    if wanted is not float and type(data) is wanted:
        return data
    raise WrongShape(where, f"{wanted.__name__} is needed, not {_said(data)}")


def _decimal(data: object, where: str) -> Decimal:
    # Numbers that authors write are kept as text: 0.1 stays 0.1, and 3.10 keeps its digits.
    try:
        value = Decimal(data) if isinstance(data, str) else None
    except InvalidOperation:
        value = None
    # A number of a billion digits is short as 1e999999999; nobody asks for that.
    if value is None or not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
        raise WrongShape(where, f'a number in quotes, such as "3.14", is needed, not {_said(data)}')
    return value


def _said(data: object) -> str:
    return f"{str(data)[:40]!r}" if isinstance(data, str | int | float) else type(data).__name__
