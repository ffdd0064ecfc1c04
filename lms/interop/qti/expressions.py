"""Evaluating the expressions of QTI (QTI 2.1, section 15): numbers exactly, and NULL wherever something is missing."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from lms.interop.qti import declarations, values
from lms.interop.qti.declarations import Declaration
from lms.interop.qti.values import NotUnderstood, Value, boolean, null, number
from lms.interop.xml_files import Element, children, tag_of

_MOST_ITEMS = 1000
_LONGEST = 500  # letters of a pattern and of what is compared with it
# Repeating what repeats or branches can take for ever; no exporter needs it.
_RUNAWAY = re.compile(r"\([^()]*[*+?{|][^()]*\)\s*[*+{]|\)\s*\)\s*[*+{]")
_DIGITS = 50


@dataclass(frozen=True)
class Context:
    """What the expressions of an item look at."""

    declared: Mapping[str, Declaration]
    known: Mapping[str, Value]

    def of(self, identifier: str) -> Value:
        if identifier not in self.known:
            raise NotUnderstood(f"variable {identifier}")
        return self.known[identifier]

    def declaration(self, identifier: str) -> Declaration:
        if identifier not in self.declared:
            raise NotUnderstood(f"variable {identifier}")
        return self.declared[identifier]


def evaluate(element: Element, context: Context) -> Value:
    """Return what an expression is worth.  Raises NotUnderstood, with its name."""
    name = tag_of(element)
    if special := _SPECIAL.get(name):
        return special(element, context)
    if name not in _OPERATORS:
        raise NotUnderstood(name)
    operands = [evaluate(each, context) for each in children(element)]
    try:
        with localcontext() as exactly:
            exactly.prec = _DIGITS
            return _OPERATORS[name](element, operands)
    except (ArithmeticError, IndexError, ValueError) as error:
        raise NotUnderstood(name) from error


def condition(element: Element, context: Context) -> bool:
    """Say whether an expression is true; NULL is not. Some write a number and mean that it is not zero."""
    value = evaluate(element, context)
    if value.is_null or value.one is False:
        return False
    return value.one is True or value.base in values.NUMERIC and value.number != 0


# --- what looks at variables


def _base_value(element: Element, context: Context) -> Value:
    base = str(element.get("baseType") or "string")
    text = "".join(str(each) for each in element.itertext())
    return Value(base, (values.parse(base, text if base == "string" else text.strip()),))


def _variable(element: Element, context: Context) -> Value:
    return context.of(_identifier(element))


def _correct(element: Element, context: Context) -> Value:
    return context.declaration(_identifier(element)).correct


def _default(element: Element, context: Context) -> Value:
    return context.declaration(_identifier(element)).default


def _map_response(element: Element, context: Context) -> Value:
    declaration = context.declaration(_identifier(element))
    if declaration.mapping is None:
        raise NotUnderstood("mapResponse without a mapping")
    return number(declaration.mapping.total(context.of(declaration.identifier)))


def _map_response_point(element: Element, context: Context) -> Value:
    declaration = context.declaration(_identifier(element))
    if declaration.areas is None:
        raise NotUnderstood("mapResponsePoint without an areaMapping")
    return number(declaration.areas.total(context.of(declaration.identifier)))


def _identifier(element: Element) -> str:
    return str(element.get("identifier") or "")


_SPECIAL: dict[str, Callable[[Element, Context], Value]] = {
    "baseValue": _base_value,
    "variable": _variable,
    "correct": _correct,
    "default": _default,
    "mapResponse": _map_response,
    "mapResponsePoint": _map_response_point,
    "null": lambda element, context: null(),
}


# --- logic and comparison


def _and(element: Element, operands: list[Value]) -> Value:
    if any(not each.is_null and each.one is False for each in operands):
        return boolean(False)
    return null("boolean") if any(each.is_null for each in operands) else boolean(True)


def _or(element: Element, operands: list[Value]) -> Value:
    if any(not each.is_null and each.one is True for each in operands):
        return boolean(True)
    return null("boolean") if any(each.is_null for each in operands) else boolean(False)


def _not(element: Element, operands: list[Value]) -> Value:
    return operands[0] if operands[0].is_null else boolean(operands[0].one is not True)


def _any_n(element: Element, operands: list[Value]) -> Value:
    least, most = int(str(element.get("min"))), int(str(element.get("max")))
    right = sum(not each.is_null and each.one is True for each in operands)
    unknown = sum(each.is_null for each in operands)
    if right > most or right + unknown < least:
        return boolean(False)
    return boolean(True) if least <= right and right + unknown <= most else null("boolean")


def _match(element: Element, operands: list[Value]) -> Value:
    first, second = operands
    return null("boolean") if first.is_null or second.is_null else boolean(first.same(second))


def _equal(element: Element, operands: list[Value]) -> Value:
    first, second = operands
    if first.is_null or second.is_null:
        return null("boolean")
    mode = str(element.get("toleranceMode") or "exact")
    target, given = first.number, second.number
    if mode == "exact":
        return boolean(target == given)
    below, above = _tolerances(element)
    low, high = (target - below, target + above) if mode == "absolute" else sorted((target * (1 - below / 100), target * (1 + above / 100)))
    from_low = given >= low if _switch(element, "includeLowerBound") else given > low
    to_high = given <= high if _switch(element, "includeUpperBound") else given < high
    return boolean(from_low and to_high)


def _tolerances(element: Element) -> tuple[Decimal, Decimal]:
    both = declarations.numbers_of(str(element.get("tolerance") or ""))
    if not both:
        raise NotUnderstood("equal without a tolerance")
    return both[0], both[-1]


def _equal_rounded(element: Element, operands: list[Value]) -> Value:
    first, second = operands
    if first.is_null or second.is_null:
        return null("boolean")
    return boolean(_rounded(element, first.number) == _rounded(element, second.number))


def _rounded(element: Element, value: Decimal) -> Decimal:
    mode, figures = str(element.get("roundingMode") or "significantFigures"), int(str(element.get("figures")))
    first = -1 if mode.startswith("decimalPlace") or not value else value.adjusted()
    return value.quantize(Decimal(1).scaleb(first + 1 - figures), rounding=ROUND_HALF_UP)


def _round_to(element: Element, operands: list[Value]) -> Value:
    return null("float") if operands[0].is_null else number(_rounded(element, operands[0].number))


def _comparison(holds: Callable[[Decimal, Decimal], bool]) -> Callable[[Element, list[Value]], Value]:
    def compare(element: Element, operands: list[Value]) -> Value:
        first, second = operands
        return null("boolean") if first.is_null or second.is_null else boolean(holds(first.number, second.number))

    return compare


def _string_match(element: Element, operands: list[Value]) -> Value:
    first, second = operands
    if first.is_null or second.is_null:
        return null("boolean")
    one, other = _folded(element, first.text), _folded(element, second.text)
    return boolean(other in one if str(element.get("substring")).lower() == "true" else one == other)


def _substring(element: Element, operands: list[Value]) -> Value:
    first, second = operands
    if first.is_null or second.is_null:
        return null("boolean")
    return boolean(_folded(element, first.text) in _folded(element, second.text))


def _folded(element: Element, text: str) -> str:
    return text if str(element.get("caseSensitive") or "true").lower() != "false" else text.casefold()


def _pattern_match(element: Element, operands: list[Value]) -> Value:
    if operands[0].is_null:
        return null("boolean")
    text = operands[0].text
    pattern = str(element.get("pattern") or (operands[1].text if len(operands) > 1 and not operands[1].is_null else ""))
    if len(pattern) > _LONGEST or len(text) > _LONGEST or _RUNAWAY.search(pattern):
        raise NotUnderstood(f"patternMatch {pattern[:40]}")
    try:
        flags = re.IGNORECASE if str(element.get("caseSensitive")).lower() == "false" else 0
        return boolean(re.fullmatch(pattern, text, flags) is not None)
    except re.error as error:
        raise NotUnderstood(f"patternMatch {pattern[:40]}") from error


# --- containers


def _container(cardinality: str) -> Callable[[Element, list[Value]], Value]:
    def collect(element: Element, operands: list[Value]) -> Value:
        items = tuple(item for each in operands for item in each.items)
        base = next((each.base for each in operands if each.base), "")
        return Value(base, items, cardinality)

    return collect


def _member(element: Element, operands: list[Value]) -> Value:
    one, many = operands
    return null("boolean") if one.is_null or many.is_null else boolean(one.one in many.items)


def _contains(element: Element, operands: list[Value]) -> Value:
    many, few = operands
    if many.is_null or few.is_null:
        return null("boolean")
    if many.cardinality == "ordered":
        length = len(few.items)
        return boolean(any(many.items[start : start + length] == few.items for start in range(len(many.items) - length + 1)))
    left = list(many.items)
    for item in few.items:
        if item not in left:
            return boolean(False)
        left.remove(item)
    return boolean(True)


def _delete(element: Element, operands: list[Value]) -> Value:
    # The standard has the value first; some have it behind.
    one, many = operands if operands[0].cardinality == "single" else operands[::-1]
    if one.is_null or many.is_null:
        return null(many.base, many.cardinality)
    return Value(many.base, tuple(item for item in many.items if item != one.one), many.cardinality)


def _index(element: Element, operands: list[Value]) -> Value:
    place = int(operands[1].number) if len(operands) > 1 and element.get("n") is None else int(str(element.get("n")))
    items = operands[0].items
    return Value(operands[0].base, (items[place - 1],)) if 1 <= place <= len(items) else null(operands[0].base)


def _repeat(element: Element, operands: list[Value]) -> Value:
    times = int(str(element.get("numberRepeats")))
    items = tuple(item for each in operands for item in each.items)
    if times < 1 or not items:
        return null("", "ordered")
    if times * len(items) > _MOST_ITEMS:
        raise NotUnderstood("repeat")
    return Value(operands[0].base, items * times, "ordered")


# --- numbers


def _numbers(operands: list[Value]) -> tuple[list[Decimal], str] | None:
    """Return all numbers, those of containers too, and the base type of a result; None when one is NULL."""
    if not operands or any(each.is_null for each in operands):
        return None
    found = [Value(each.base, (item,)).number for each in operands for item in each.items]
    return found, "integer" if all(each.base == "integer" for each in operands) else "float"


def _folding(fold: Callable[[list[Decimal]], Decimal]) -> Callable[[Element, list[Value]], Value]:
    def calculate(element: Element, operands: list[Value]) -> Value:
        found = _numbers(operands)
        return null("float") if found is None else number(fold(found[0]), found[1])

    return calculate


def _divide(element: Element, operands: list[Value]) -> Value:
    first, second = operands
    if first.is_null or second.is_null or second.number == 0:
        return null("float")
    return number(first.number / second.number)


def _power(element: Element, operands: list[Value]) -> Value:
    first, second = operands
    if first.is_null or second.is_null:
        return null("float")
    if abs(second.number) > 100 or abs(first.number) > 10**12:
        raise NotUnderstood("power")
    return number(first.number**second.number)


def _whole(calculate: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Element, list[Value]], Value]:
    def whole(element: Element, operands: list[Value]) -> Value:
        first, second = operands
        if first.is_null or second.is_null or second.number == 0:
            return null("integer")
        return number(calculate(first.number, second.number), "integer")

    return whole


def _to_whole(change: Callable[[Decimal], Decimal]) -> Callable[[Element, list[Value]], Value]:
    def whole(element: Element, operands: list[Value]) -> Value:
        return null("integer") if operands[0].is_null else number(change(operands[0].number), "integer")

    return whole


_FUNCTIONS: dict[str, Callable[[float], float]] = {
    **{name: getattr(math, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "floor", "ceil")},
    "ln": math.log,
    "log": math.log10,
    "abs": abs,
    "sqrt": math.sqrt,
    "signum": lambda value: (value > 0) - (value < 0),
    "sec": lambda value: 1 / math.cos(value),
    "csc": lambda value: 1 / math.sin(value),
    "cot": lambda value: 1 / math.tan(value),
    "asec": lambda value: math.acos(1 / value),
    "acsc": lambda value: math.asin(1 / value),
    "acot": lambda value: math.atan(1 / value),
    "sech": lambda value: 1 / math.cosh(value),
    "csch": lambda value: 1 / math.sinh(value),
    "coth": lambda value: 1 / math.tanh(value),
    "toDegrees": math.degrees,
    "toRadians": math.radians,
}


def _math_operator(element: Element, operands: list[Value]) -> Value:
    name = str(element.get("name") or "")
    if (name not in _FUNCTIONS or len(operands) != 1) and (name != "atan2" or len(operands) != 2):
        raise NotUnderstood(f"mathOperator {name}")
    if any(each.is_null for each in operands):
        return null("float")
    given = [float(each.number) for each in operands]
    try:
        found = math.atan2(*given) if name == "atan2" else _FUNCTIONS[name](given[0])
        return number(Decimal(repr(float(found))), "integer" if name in ("floor", "ceil", "signum") else "float")
    except (ValueError, OverflowError, ZeroDivisionError):
        return null("float")


def _math_constant(element: Element, operands: list[Value]) -> Value:
    name = str(element.get("name") or "")
    if name not in ("pi", "e"):
        raise NotUnderstood(f"mathConstant {name}")
    return number(Decimal(repr(getattr(math, name))))


def _stats_operator(element: Element, operands: list[Value]) -> Value:
    name = str(element.get("name") or "")
    found = _numbers(operands)
    if found is None:
        return null("float")
    mean = sum(found[0], Decimal(0)) / len(found[0])
    squares = sum(((each - mean) ** 2 for each in found[0]), Decimal(0))
    over = len(found[0]) - (1 if name.startswith("sample") else 0)
    if name == "mean":
        return number(mean)
    if name not in ("sampleVariance", "sampleSD", "popVariance", "popSD"):
        raise NotUnderstood(f"statsOperator {name}")
    if not over:
        return null("float")
    return number(squares / over if name.endswith("Variance") else (squares / over).sqrt())


def _inside(element: Element, operands: list[Value]) -> Value:
    if operands[0].is_null:
        return null("boolean")
    shape, numbers = str(element.get("shape") or "default"), declarations.numbers_of(str(element.get("coords") or ""))
    return boolean(any(declarations.inside(shape, numbers, item) for item in operands[0].items))


def _switch(element: Element, name: str) -> bool:
    return str(element.get(name) or "true").lower() != "false"


_OPERATORS: dict[str, Callable[[Element, list[Value]], Value]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "anyN": _any_n,
    "isNull": lambda element, operands: boolean(operands[0].is_null or operands[0].items == ("",)),
    "isNotNull": lambda element, operands: boolean(not operands[0].is_null),
    "match": _match,
    "equal": _equal,
    "notEqual": lambda element, operands: _not(element, [_equal(element, operands)]),
    "equalRounded": _equal_rounded,
    "lt": _comparison(lambda first, second: first < second),
    "lte": _comparison(lambda first, second: first <= second),
    "gt": _comparison(lambda first, second: first > second),
    "gte": _comparison(lambda first, second: first >= second),
    "durationLT": _comparison(lambda first, second: first < second),
    "durationGTE": _comparison(lambda first, second: first >= second),
    "stringMatch": _string_match,
    "substring": _substring,
    "patternMatch": _pattern_match,
    "multiple": _container("multiple"),
    "ordered": _container("ordered"),
    "member": _member,
    "contains": _contains,
    "delete": _delete,
    "repeat": _repeat,
    "index": _index,
    "containerSize": lambda element, operands: number(len(operands[0].items), "integer"),
    "sum": _folding(lambda numbers: sum(numbers, Decimal(0))),
    "product": _folding(lambda numbers: math.prod(numbers, start=Decimal(1))),
    "subtract": _folding(lambda numbers: numbers[0] - numbers[1]),
    "min": _folding(min),
    "max": _folding(max),
    "gcd": _folding(lambda numbers: Decimal(math.gcd(*(int(each) for each in numbers)))),
    "lcm": _folding(lambda numbers: Decimal(math.lcm(*(int(each) for each in numbers)))),
    "divide": _divide,
    "power": _power,
    "integerDivide": _whole(lambda first, second: (first / second).to_integral_value(rounding="ROUND_FLOOR")),
    "integerModulus": _whole(lambda first, second: first - second * (first / second).to_integral_value(rounding="ROUND_FLOOR")),
    "truncate": _to_whole(lambda value: value.to_integral_value(rounding="ROUND_DOWN")),
    "round": _to_whole(lambda value: (value + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR")),
    "roundTo": _round_to,
    "integerToFloat": lambda element, operands: null("float") if operands[0].is_null else number(operands[0].number),
    "mathOperator": _math_operator,
    "mathConstant": _math_constant,
    "statsOperator": _stats_operator,
    "inside": _inside,
}
