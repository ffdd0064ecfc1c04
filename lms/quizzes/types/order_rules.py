"""How well things are put in order: the rules of Moodle's ordering question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lms.quizzes.bodies.arranging import OrderRule

Places = Sequence[str | None]  # what stands at each place; None: nothing does


@dataclass(frozen=True)
class Score:
    """``earned`` of ``possible`` for one item."""

    earned: int
    possible: int


def fraction(rule: OrderRule, right: Sequence[str], places: Places) -> float:
    """Return what the order is worth, 0.0 to 1.0."""
    scores = item_scores(rule, right, places).values()
    possible = sum(score.possible for score in scores)
    if not possible:
        return 0.0
    earned = sum(score.earned for score in scores)
    if rule is OrderRule.ALL_OR_NOTHING:
        return 1.0 if earned == possible else 0.0
    return earned / possible


def item_scores(rule: OrderRule, right: Sequence[str], places: Places) -> dict[str, Score]:
    """Return how each item went; ``places`` is as long as ``right``."""
    return _RULES[rule](right, places)


def _absolute(right: Sequence[str], places: Places) -> dict[str, Score]:
    return {key: Score(int(places[index] == key), 1) for index, key in enumerate(right)}


def _relative_to_correct(right: Sequence[str], places: Places) -> dict[str, Score]:
    most = len(right) - 1
    away = {key: abs(places.index(key) - index) if key in places else most for index, key in enumerate(right)}
    return {key: Score(max(most - away[key], 0), most) for key in right}


def _next_exclude_last(right: Sequence[str], places: Places) -> dict[str, Score]:
    return dict(list(_next_include_last(right, places).items())[:-1])


def _next_include_last(right: Sequence[str], places: Places) -> dict[str, Score]:
    wanted, found = _neighbours(right, +1), _neighbours(places, +1)
    return {key: Score(int(key in found and found[key] == wanted[key]), 1) for key in right}


def _one_previous_and_next(right: Sequence[str], places: Places) -> dict[str, Score]:
    scores = dict.fromkeys(right, 0)
    for step in (-1, +1):
        wanted, found = _neighbours(right, step), _neighbours(places, step)
        for key in right:
            scores[key] += key in found and found[key] == wanted[key]
    return {key: Score(earned, 2) for key, earned in scores.items()}


def _all_previous_and_next(right: Sequence[str], places: Places) -> dict[str, Score]:
    at = {key: place for place, key in enumerate(places) if key is not None}
    scores = {}
    for index, key in enumerate(right):
        others = [(other, place < index) for place, other in enumerate(right) if other != key]
        earned = sum(key in at and other in at and (at[other] < at[key]) is before for other, before in others)
        scores[key] = Score(earned, len(others))
    return scores


def _longest_ordered(right: Sequence[str], places: Places) -> dict[str, Score]:
    return _longest(right, places, contiguous=False)


def _longest_contiguous(right: Sequence[str], places: Places) -> dict[str, Score]:
    return _longest(right, places, contiguous=True)


def _longest(right: Sequence[str], places: Places, *, contiguous: bool) -> dict[str, Score]:
    """Find the most items that are in order; a single item is no order and counts nothing."""
    index = {key: place for place, key in enumerate(right)}
    best: list[str] = []
    runs: dict[str, list[str]] = {}  # the longest run that ends with each item
    for key in places:
        if key is None:
            continue
        before = [run for end, run in runs.items() if index[end] + 1 == index[key] or (not contiguous and index[end] < index[key])]
        runs[key] = [*max(before, key=len, default=[]), key]
        if len(runs[key]) > max(len(best), 1):
            best = runs[key]
    return {key: Score(int(key in best), 1) for key in right}


def _neighbours(keys: Places, step: int) -> Mapping[str, str | None]:
    """Return what stands beside each item; None at the end, "" beside an empty place."""
    found: dict[str, str | None] = {}
    for place, key in enumerate(keys):
        if key is not None:
            beside = place + step
            found[key] = (keys[beside] or "") if 0 <= beside < len(keys) else None
    return found


_RULES: Mapping[OrderRule, Callable[[Sequence[str], Places], dict[str, Score]]] = {
    OrderRule.ALL_OR_NOTHING: _absolute,
    OrderRule.ABSOLUTE_POSITION: _absolute,
    OrderRule.RELATIVE_TO_CORRECT: _relative_to_correct,
    OrderRule.NEXT_EXCLUDE_LAST: _next_exclude_last,
    OrderRule.NEXT_INCLUDE_LAST: _next_include_last,
    OrderRule.ONE_PREVIOUS_AND_NEXT: _one_previous_and_next,
    OrderRule.ALL_PREVIOUS_AND_NEXT: _all_previous_and_next,
    OrderRule.LONGEST_ORDERED: _longest_ordered,
    OrderRule.LONGEST_CONTIGUOUS: _longest_contiguous,
}
