"""Drawing questions: the least seen first, none twice, and every draw served when that can be done at all; pure."""

from collections.abc import Collection, Mapping, Sequence
from random import Random


def draw(fits: Sequence[Collection[int]], seen: Mapping[int, int], random: Random) -> list[int | None]:
    """Return a question for each draw; None for a draw that no question is left for.

    ``fits`` holds for each draw the questions that fit it, ``seen`` how often the
    learner was given each of them.  A question that two draws want goes to the one
    that has nothing else, so that as many draws as possible are served.  Among all
    ways to do that, this one asks questions that were seen least: questions that can
    be drawn together are a transversal matroid, where taking the cheapest that still
    fits is best (Edmonds 1971).
    """
    wanted_by: dict[int, list[int]] = {}
    for place, questions in enumerate(fits):
        for question in questions:
            wanted_by.setdefault(question, []).append(place)
    for places in wanted_by.values():
        random.shuffle(places)
    order = sorted(wanted_by)
    random.shuffle(order)
    order.sort(key=lambda question: seen.get(question, 0))
    drawn: list[int | None] = [None] * len(fits)
    missing = len(fits)
    for question in order:
        if not missing:
            break
        missing -= _let_in(question, wanted_by, drawn, tried=set())
    return drawn


def _let_in(question: int, wanted_by: Mapping[int, Sequence[int]], drawn: list[int | None], tried: set[int]) -> bool:
    """Give the question to a draw; one that already has another gives it up when that finds a place elsewhere."""
    for place in wanted_by[question]:
        if place in tried:
            continue
        tried.add(place)
        former = drawn[place]
        if former is None or _let_in(former, wanted_by, drawn, tried):
            drawn[place] = question
            return True
    return False
