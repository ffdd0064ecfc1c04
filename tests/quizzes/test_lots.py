"""Drawing questions, compared with trying out everything."""

from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes import lots

FITS = st.lists(st.sets(st.integers(1, 5), max_size=4), max_size=4)
SEEN = st.dictionaries(st.integers(1, 5), st.integers(0, 3))


def all_ways(fits: list[set[int]]) -> list[tuple[int | None, ...]]:
    """Every way to give each draw a question that fits it, or none, without giving one twice."""
    ways = product(*[[None, *sorted(questions)] for questions in fits])
    return [way for way in ways if len({each for each in way if each}) == sum(each is not None for each in way)]


@given(FITS, SEEN, st.integers())
def test_every_draw_is_served_when_that_can_be_done_and_the_least_seen_come_first(
    fits: list[set[int]], seen: dict[int, int], seed: int
) -> None:
    drawn = lots.draw(fits, seen, Random(seed))

    asked = [question for question in drawn if question is not None]
    assert len(set(asked)) == len(asked)
    assert all(question is None or question in questions for question, questions in zip(drawn, fits, strict=True))
    most = max(sum(each is not None for each in way) for way in all_ways(fits))
    assert len(asked) == most
    cost = min(sum(seen.get(each, 0) for each in way if each) for way in all_ways(fits) if sum(each is not None for each in way) == most)
    assert sum(seen.get(each, 0) for each in asked) == cost


def test_a_question_goes_to_the_draw_that_has_nothing_else() -> None:
    assert {tuple(lots.draw([{1, 2}, {1}], {2: 9}, Random(seed))) for seed in range(20)} == {(2, 1)}


def test_lots_are_drawn_not_taken_in_order() -> None:
    assert {lots.draw([{1, 2, 3}], {}, Random(seed))[0] for seed in range(50)} == {1, 2, 3}


def test_thirty_draws_from_a_large_bank_are_quick() -> None:
    many = set(range(5_000))

    drawn = lots.draw([many] * 30, {question: question % 7 for question in many}, Random(1))

    assert {question % 7 for question in drawn if question is not None} == {0}
