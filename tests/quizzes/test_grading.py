"""From the fraction of one answer to the grade of a quiz."""

import pytest

from lms.quizzes import grading
from lms.quizzes.grading import GradeState, GradingMethod, Marked, Tried


@pytest.mark.parametrize(
    ("fraction", "state", "kept"),
    [
        (1.0, GradeState.RIGHT, 1.0),
        (0.9999995, GradeState.RIGHT, 1.0),
        (0.999999, GradeState.PARTIAL, 0.999999),
        (0.5, GradeState.PARTIAL, 0.5),
        (0.000001, GradeState.PARTIAL, 0.000001),
        (0.0000009, GradeState.WRONG, 0.0),
        (0.0, GradeState.WRONG, 0.0),
        (-0.5, GradeState.WRONG, -0.5),
    ],
)
def test_what_is_almost_nothing_or_almost_all_counts_as_that(fraction, state, kept):
    grade = grading.grade(fraction)

    assert (grade.state, grade.fraction) == (state, kept)


def test_a_total_is_the_sum_of_marks():
    assert grading.total([Marked(1.0, 2.0), Marked(0.5, 1.0), Marked(-0.5, 1.0), Marked(0.0, 3.0)]) == 2.0
    assert grading.possible([Marked(1.0, 2.0), Marked(None, 1.0)]) == 3.0
    assert grading.total([]) == 0.0


def test_a_question_to_be_marked_leaves_no_total_unless_it_is_worth_nothing():
    assert grading.total([Marked(1.0, 1.0), Marked(None, 1.0)]) is None
    assert grading.total([Marked(1.0, 1.0), Marked(None, 0.0)]) == 1.0


@pytest.mark.parametrize(
    ("earned", "possible", "share"),
    [(8.0, 10.0, 0.8), (-1.0, 10.0, 0.0), (11.0, 10.0, 1.0), (9.999999, 10.0, 1.0), (0.0, 0.0, 0.0), (0.0, 0.000001, 0.0)],
)
def test_a_share_is_between_nothing_and_all(earned, possible, share):
    assert grading.share(earned, possible=possible) == share


def test_without_a_total_there_is_no_share_and_no_grade():
    assert grading.share(None, possible=10.0) is None
    assert grading.rescale(None, possible=10.0, maximum=100.0) is None


def test_marks_are_brought_to_the_scale_of_the_quiz():
    assert grading.rescale(8.0, possible=10.0, maximum=100.0) == 80.0
    assert grading.rescale(8.0, possible=0.0, maximum=100.0) == 0.0


def test_a_quiz_with_a_grade_but_nothing_to_earn_cannot_be_started():
    assert grading.can_be_graded(possible=10.0, maximum=10.0)
    assert grading.can_be_graded(possible=0.0, maximum=0.0)
    assert not grading.can_be_graded(possible=0.000001, maximum=10.0)


def test_a_rounding_error_fails_nobody():
    assert grading.reaches(0.1 + 0.2 + 0.5, pass_share=0.8)
    assert grading.reaches(0.7999999, pass_share=0.8)
    assert not grading.reaches(0.79, pass_share=0.8)
    assert not grading.reaches(None, pass_share=0.0)


TOTALS = [Tried(5.0), Tried(9.0), Tried(4.0)]


@pytest.mark.parametrize(("method", "total"), [("highest", 9.0), ("average", 6.0), ("first", 5.0), ("last", 4.0)])
def test_the_method_says_which_attempt_counts(method, total):
    assert grading.final(GradingMethod(method), TOTALS) == total


ABANDONED, WAITING = Tried(None, abandoned=True), Tried(None)


@pytest.mark.parametrize("method", list(GradingMethod))
def test_an_abandoned_attempt_never_counts(method):
    assert grading.final(method, [ABANDONED, Tried(6.0), ABANDONED]) == 6.0
    assert grading.final(method, [ABANDONED]) is None
    assert grading.final(method, []) is None


@pytest.mark.parametrize(("method", "total"), [("highest", 9.0), ("average", 7.0), ("first", None), ("last", None)])
def test_first_and_last_wait_for_their_marks_and_the_others_take_what_there_is(method, total):
    assert grading.final(GradingMethod(method), [WAITING, Tried(5.0), Tried(9.0), WAITING]) == total


@pytest.mark.parametrize("method", list(GradingMethod))
def test_nothing_marked_yet_gives_no_grade(method):
    assert grading.final(method, [WAITING, WAITING]) is None
