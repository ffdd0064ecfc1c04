"""What is not shown, so that no figure tells about fewer than five people; pure."""

from collections.abc import Mapping
from typing import TypeVar

LEAST = 5  # learners behind a figure

Key = TypeVar("Key")


def hidden(counts: Mapping[Key, int]) -> set[Key]:
    """Return which of several numbers with a known sum are hidden.

    Every number from 1 to 4, and with them the next larger ones until nobody can
    work out a hidden one from the sum and those that are shown: at least two are
    hidden, and they stand for five people or more.  A nought tells about nobody.
    """
    small = {key for key, count in counts.items() if 0 < count < LEAST}
    if not small:
        return set()
    others = sorted((key for key, count in counts.items() if count >= LEAST), key=lambda key: counts[key])
    for key in others:
        if len(small) > 1 and sum(counts[each] for each in small) >= LEAST:
            break
        small.add(key)
    return small


def may_show_both(*, first: int, later: int) -> bool:
    """Say whether figures of first attempts and of all can stand side by side.

    Their difference is what the later attempts did; it must be of nobody, or of
    five people at least.
    """
    return first >= LEAST and (later == 0 or later >= LEAST)


def worth_counting(*, before: int | None, now: int) -> bool:
    """Say whether figures are counted anew: only with five more attempts at least, or what is new could be told by the difference."""
    return before is None or now >= before + LEAST or now < before
