"""Where questions stand in an attempt: sections, shuffles, pages, and what waits for what."""

from random import Random

import pytest

from lms.quizzes import laying_out
from lms.quizzes.laying_out import Placed, Planned


def plan(*pages: int, sections: str = "", waiting: str = "", finishing: bool = True) -> list[Planned[str]]:
    """Questions a, b, ... on these pages; ``sections`` gives the number of each, ``waiting`` names those that wait."""
    return [
        Planned(name, page, int(sections[at]) if sections else None, name in waiting, finishing)
        for at, (name, page) in enumerate(zip("abcdefgh", pages, strict=False))
    ]


def lay_out(planned: list[Planned[str]], *shuffled: int | None, sequential: bool = False, seed: int = 3) -> list[Placed[str]]:
    return laying_out.lay_out(planned, shuffled=frozenset(shuffled), sequential=sequential, random=Random(seed))


def test_pages_count_from_one_without_gaps():
    assert [(each.question, each.page) for each in lay_out(plan(3, 3, 7, 9))] == [("a", 1), ("b", 1), ("c", 2), ("d", 3)]


def test_a_section_begins_on_a_page_of_its_own():
    assert [(each.section, each.page) for each in lay_out(plan(1, 1, 1, 2, sections="1122"))] == [(1, 1), (1, 1), (2, 2), (2, 3)]


def test_shuffled_questions_stay_in_their_section_and_on_the_pages_as_laid_out():
    orders = set()
    for seed in range(40):
        placed = lay_out(plan(1, 1, 2, 3, 3, sections="11122"), 1, seed=seed)
        assert [each.page for each in placed] == [1, 1, 2, 3, 3]
        assert sorted(each.question for each in placed[:3]) == ["a", "b", "c"]
        assert [each.question for each in placed[3:]] == ["d", "e"]
        orders.add(tuple(each.question for each in placed))
    assert len(orders) == 6


def test_the_same_dice_give_the_same_order():
    assert lay_out(plan(1, 2, 3, 4), None) == lay_out(plan(1, 2, 3, 4), None)


@pytest.mark.parametrize(
    ("planned", "shuffled", "sequential", "waiting"),
    [
        (plan(1, 2, waiting="b"), (), False, "b"),
        (plan(1, 1, waiting="b"), (), False, "b"),  # on one page too
        (plan(1, 2, waiting="ab"), (), False, "b"),  # the first has none before it
        (plan(1, 2, waiting="b"), (None,), False, ""),
        (plan(1, 2, waiting="b"), (), True, ""),
        (plan(1, 2, waiting="b", finishing=False), (), False, ""),
        (plan(1, 2, sections="12", waiting="b"), (), False, "b"),
        (plan(1, 2, sections="12", waiting="b"), (1,), False, ""),
        (plan(1, 2, sections="12", waiting="b"), (2,), False, ""),
    ],
)
def test_a_question_waits_only_where_that_can_come_to_an_end(
    planned: list[Planned[str]], shuffled: tuple[int | None, ...], sequential: bool, waiting: str
):
    placed = lay_out(planned, *shuffled, sequential=sequential)

    assert "".join(each.question for each in placed if each.after_previous) == waiting
