"""Where the questions of an attempt stand: shuffled inside their sections, on pages, and what waits for what; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Planned(Generic[T]):
    """A question as the quiz plans it; ``section`` is the number of its section, None outside of any."""

    question: T
    page: int
    section: int | None = None
    after_previous: bool = False  # only when the one before is finished
    can_finish: bool = False  # before the attempt is over


@dataclass(frozen=True)
class Placed(Generic[T]):
    """A question as one attempt asks it; pages count from 1 without gaps."""

    question: T
    page: int
    section: int | None
    after_previous: bool


def lay_out(planned: Sequence[Planned[T]], *, shuffled: frozenset[int | None], sequential: bool, random: Random) -> list[Placed[T]]:
    """Return the questions in the order of one attempt.

    Those of a section that is ``shuffled`` change places among themselves; the pages
    stay as they were laid out, and a section begins on a page of its own.  To wait
    for the one before makes no sense where either of the two was shuffled, where
    there is no way back anyway, or where the one before cannot be finished while
    the attempt is open: there it is left out.
    """
    placed: list[Placed[T]] = []
    before: Planned[T] | None = None
    page, laid_out = 0, None
    for section, together in groupby(planned, key=lambda each: each.section):
        plan = list(together)
        asked = random.sample(plan, len(plan)) if section in shuffled else plan
        for spot, each in zip(plan, asked, strict=True):
            if (section, spot.page) != laid_out:
                page, laid_out = page + 1, (section, spot.page)
            waits = each.after_previous and before is not None and before.can_finish
            mixed = section in shuffled or (before is not None and before.section in shuffled)
            placed.append(Placed(each.question, page, section, waits and not mixed and not sequential))
            before = each
    return placed
