"""Numbers as people type them, in Vietnamese and in English."""

import re
from dataclasses import dataclass
from decimal import Decimal

from lms.quizzes.bodies.numbers import Separators
from lms.quizzes.types import wording

_LONGEST = 100
_SIGNS = str.maketrans("−–＋－０１２３４５６７８９．，’", "--+-0123456789.,'")
_NUMBER = re.compile(
    r"""
    (?P<before> [^0-9.,+-]* )
    (?P<sign> [+-]? ) \s?
    (?P<digits> [0-9](?:[0-9.,]|[ '](?=[0-9]))* | [.,][0-9]+ )
    (?: [eE](?P<e>[+-]?[0-9]{1,3})(?![0-9]) | \s?[x×*·]\s?10\s?\^\s?(?P<power>[+-]?[0-9]{1,3}) )?
    (?P<after> .* )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Reading:
    """What a typed number can mean: one value, or two when the separator does not tell; and the unit typed."""

    values: tuple[Decimal, ...]
    unit: str = ""


def read(text: str, separators: Separators = Separators.EITHER) -> Reading | None:
    """Return what the text means, or None when it is no number.

    Both 1.234,5 and 1,234.5 are understood.  A single separator before exactly
    three digits (1.234) is read in both ways unless ``separators`` settles it.
    """
    tidy = wording.tidy(text).translate(_SIGNS)
    found = _NUMBER.fullmatch(tidy) if len(tidy) <= _LONGEST else None
    if found is None:
        return None
    before, after = found["before"].strip(), found["after"].strip()
    if before and after or re.search(r"[0-9]", after) and not re.search(r"[^\W\d_]", after):
        return None
    exponent = found["e"] or found["power"]
    plain = _plain(found["digits"], separators, scientific=exponent is not None)
    values = [Decimal(f"{found['sign']}{each}E{exponent or 0}") for each in plain]
    # Decimal("1234E0") prints well only after it was brought to a plain exponent.
    return Reading(tuple(value + 0 for value in values), before or after) if values else None


def write(value: Decimal) -> str:
    """Return the number with a decimal comma, so that ``read`` takes it in one way only."""
    text = f"{value.normalize():f}"
    whole, point, decimals = text.partition(".")
    # 1,234 would be read in two ways; 1,2340 is not.
    return f"{whole}{',' if point else ''}{decimals}{'0' if len(decimals) == 3 else ''}"


def _plain(digits: str, separators: Separators, *, scientific: bool) -> list[str]:
    """Return the readings as 1234.5."""
    digits = re.sub(r"(?<=[0-9])[.,]$", "", digits)  # "5." at the end of a sentence
    for gap in " '":
        if gap in digits:
            grouped = re.fullmatch(rf"([0-9]{{1,3}}(?:{gap}[0-9]{{3}})+)(?:[.,]([0-9]+))?", digits)
            return [f"{grouped[1].replace(gap, '')}.{grouped[2] or 0}"] if grouped else []
    for decimal, group in (",.", ".,"):
        grouped = re.fullmatch(rf"([0-9]{{1,3}}(?:\{group}[0-9]{{3}})+)\{decimal}([0-9]+)", digits)
        if grouped:
            return [f"{grouped[1].replace(group, '')}.{grouped[2]}"]
        if re.fullmatch(rf"[0-9]{{1,3}}(\{group}[0-9]{{3}}){{2,}}", digits):
            return [digits.replace(group, "")]
    single = re.fullmatch(r"([0-9]*)(?:([.,])([0-9]+))?", digits)
    if single is None:
        return []
    whole, separator, decimals = single[1], single[2], single[3] or "0"
    as_decimal, as_whole = f"{whole or 0}.{decimals}", whole + decimals
    two_ways = separator and len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if not two_ways or scientific:
        return [as_decimal]
    if separators is Separators.EITHER:
        return [as_whole, as_decimal]
    return [as_decimal if (separator == ",") is (separators is Separators.COMMA) else as_whole]
