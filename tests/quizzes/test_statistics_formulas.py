"""Formulas of the statistics: worked examples from elsewhere, and bounds that always hold."""

import statistics
from collections import Counter
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.quizzes.statistics import formulas, hiding
from lms.quizzes.statistics.formulas import Pair

marks = some.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0])
tests = some.lists(some.lists(marks, min_size=3, max_size=3), min_size=2, max_size=30)


def pairs(rows: list[list[float]], place: int) -> list[Pair]:
    counted = Counter((row[place], sum(row)) for row in rows)
    return [Pair(mark, total, number) for (mark, total), number in counted.items()]


def test_skewness_and_kurtosis_are_those_of_the_manual_of_excel() -> None:
    """The examples of SKEW and KURT in Microsoft's documentation, which use the same formulas."""
    found = formulas.spread(Counter([3.0, 4.0, 5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 7.0]))

    assert found is not None
    assert (found.count, found.mean, found.median) == (10, 4.3, 4.0)
    assert found.skewness == pytest.approx(0.359543071)
    assert found.kurtosis == pytest.approx(-0.151799637)


def test_a_test_of_four_people_worked_out_by_hand() -> None:
    """Totals 3, 2, 1, 0 of three questions of one point each (a Guttman scale)."""
    rows = [[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]

    items = [formulas.item(pairs(rows, place), 1.0) for place in range(3)]
    alpha = formulas.consistency([each.variance for each in items], 5 / 3)

    assert [each.facility for each in items] == [0.75, 0.5, 0.25]
    # Variances 1/4, 1/3, 1/4; of the totals 5/3: 3/2 * (1 - (5/6) / (5/3)) = 3/4.
    assert [each.variance for each in items] == pytest.approx([1 / 4, 1 / 3, 1 / 4])
    assert alpha == pytest.approx(0.75)
    assert formulas.error_ratio(alpha) == pytest.approx(0.5)
    assert formulas.standard_error(alpha, (5 / 3) ** 0.5) == pytest.approx(0.6454972)
    # The second with the rest (2, 1, 1, 0): covariance 1/3, variances 1/3 and 2/3; 1/3 is all that is possible.
    assert (items[1].discrimination, items[1].efficiency) == (pytest.approx(0.7071068), pytest.approx(1.0))
    # Covariances with the total are 1/2, 2/3 and 1/2.
    weights = formulas.effective_weights({place: each.covariance for place, each in enumerate(items)})
    assert [weights[place] for place in range(3)] == pytest.approx([0.3169873, 0.3660254, 0.3169873])


def test_a_question_that_goes_against_the_others_is_seen() -> None:
    rows = [[0.0, 1.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]

    assert formulas.item(pairs(rows, 0), 1.0).discrimination == -1.0
    assert formulas.effective_weights({1: -0.5, 2: 0.25, 3: 0.25}) == {1: None, 2: 0.5, 3: 0.5}


@pytest.mark.parametrize("rows", [[[1.0, 1.0, 1.0]] * 3, [[1.0, 0.0, 0.5]]])
def test_where_nobody_differs_there_is_nothing_to_tell(rows: list[list[float]]) -> None:
    found = formulas.item(pairs(rows, 0), 1.0)

    assert (found.facility, found.discrimination, found.efficiency) == (1.0, None, None)
    assert formulas.consistency([0.0, 0.0], 0.0) is None


@given(tests)
def test_figures_agree_with_those_of_the_standard_library_and_stay_in_bounds(rows: list[list[float]]) -> None:
    found = formulas.item(pairs(rows, 0), 1.0)
    first, rest = [row[0] for row in rows], [row[1] + row[2] for row in rows]

    assert found.facility is not None
    assert 0.0 <= found.facility <= 1.0
    assert isclose(found.facility, statistics.fmean(first), abs_tol=1e-9)
    assert isclose(found.variance, statistics.variance(first), abs_tol=1e-9)
    if found.discrimination is not None:
        assert -1.0 <= found.discrimination <= 1.0
        assert isclose(found.discrimination, statistics.correlation(first, rest), abs_tol=1e-6)
    if found.efficiency is not None and found.discrimination is not None:
        assert found.efficiency <= 1.0
        assert abs(found.efficiency) >= abs(found.discrimination) - 1e-9


@given(tests)
def test_consistency_is_at_most_one_and_weights_add_up(rows: list[list[float]]) -> None:
    items = [formulas.item(pairs(rows, place), 1.0) for place in range(3)]
    totals = formulas.spread(Counter(sum(row) for row in rows))
    assert totals is not None
    alpha = formulas.consistency([each.variance for each in items], (totals.deviation or 0.0) ** 2)
    weights = formulas.effective_weights({place: each.covariance for place, each in enumerate(items)})

    assert alpha is None or alpha <= 1.0 + 1e-9
    told = [each for each in weights.values() if each is not None]
    assert not told or isclose(sum(told), 1.0, abs_tol=1e-9)


@given(some.lists(some.floats(-10, 10), min_size=1, max_size=40))
def test_the_middle_is_that_of_the_standard_library(values: list[float]) -> None:
    found = formulas.spread(Counter(values))

    assert found is not None
    assert (found.median, isclose(found.mean, statistics.fmean(values), abs_tol=1e-9)) == (statistics.median(values), True)


@given(some.dictionaries(some.integers(0, 9), some.integers(0, 40), max_size=8))
def test_nobody_can_work_out_what_is_hidden(counts: dict[int, int]) -> None:
    hidden = hiding.hidden(counts)

    assert {key for key, count in counts.items() if 0 < count < hiding.LEAST} <= hidden
    # What is hidden together is known from the sum: of several kinds, and of five people or more, unless there is no more to hide.
    if hidden:
        everything = {key for key, count in counts.items() if count} == hidden
        assert everything or (len(hidden) > 1 and sum(counts[key] for key in hidden) >= hiding.LEAST)


@pytest.mark.parametrize(("first", "later", "both"), [(10, 0, True), (10, 5, True), (10, 2, False), (4, 0, False)])
def test_later_attempts_of_few_are_not_told_by_a_difference(first: int, later: int, both: bool) -> None:
    assert hiding.may_show_both(first=first, later=later) is both


@pytest.mark.parametrize(("before", "now", "worth"), [(None, 1, True), (10, 10, False), (10, 14, False), (10, 15, True), (10, 9, True)])
def test_figures_wait_for_five_new_attempts(before: int | None, now: int, worth: bool) -> None:
    assert hiding.worth_counting(before=before, now=now) is worth
