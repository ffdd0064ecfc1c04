"""Counting: what the figures say, what is hidden, and the page."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.quizzes import attempts, question_types
from lms.quizzes.bodies.arranging import Item, MatchingBody, OrderingBody, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.writing import EssayBody
from lms.quizzes.models.marking import Statistic
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.statistics import counting
from lms.quizzes.statistics.figures import QuizFigures, VersionFigures
from tests.cast import Cast
from tests.factories import make_person, make_post
from tests.factories_quizzes import RIGHT, WRONG, answer_all, enrol, hand_in, make_attempt, make_quiz
from tests.quizzes.test_views import get, text_of

SignIn = Callable[[str], FlaskClient]


def taken_by(cast: Cast, quiz: Quiz, answers: Sequence[Any]) -> None:
    """Let as many new members of staff hand in these answers, one each."""
    for number, given in enumerate(answers):
        person = make_person(f"Lê Văn Người {number}")
        make_post(person, cast.units["school_a"], "teacher")
        attempt = make_attempt(person, quiz)
        answer_all(attempt, given)
        hand_in(attempt)
    session.commit()


def figures(quiz: Quiz, scope: str = "first") -> QuizFigures | None:
    row = session.scalars(
        select(Statistic).where(Statistic.quiz_id == quiz.id, Statistic.scope == scope).execution_options(populate_existing=True)
    ).one()
    return QuizFigures.from_json(row.figures) if row.figures else None


def version(quiz: Quiz, name: str) -> VersionFigures:
    found = figures(quiz)
    assert found is not None
    return next(each for each in found.versions if each.name == name)


def test_figures_of_six_right_and_six_wrong(cast: Cast) -> None:
    quiz = make_quiz()
    taken_by(cast, quiz, [RIGHT] * 6 + [WRONG] * 6)

    counting.count(quiz.id)

    found = figures(quiz)
    assert found is not None
    assert (found.mean, found.median, found.passed, found.alpha, found.has_draws) == (0.5, 0.5, 0.5, pytest.approx(1.0), False)
    assert [bar.count for bar in found.bars] == [6, 0, 0, 0, 0, 0, 0, 0, 0, 6]
    first = version(quiz, "q1")
    assert (first.count, first.facility, first.discrimination, first.efficiency) == (12, 0.5, pytest.approx(1.0), pytest.approx(1.0))
    assert (first.guess, first.intended_weight, first.effective_weight) == (pytest.approx(1 / 3), 0.25, pytest.approx(0.25))
    assert [(each.key, each.state, each.count, each.share) for each in first.taken] == [("a", "right", 6, 1.0), ("b", "wrong", 6, 0.0)]


def test_nothing_is_told_about_four_people(cast: Cast) -> None:
    quiz = make_quiz()
    taken_by(cast, quiz, [RIGHT] * 4)

    counting.count(quiz.id)

    assert (figures(quiz), figures(quiz, "all")) == (None, None)


def test_choices_of_few_are_hidden_with_the_next_smallest(cast: Cast) -> None:
    quiz = make_quiz()
    hue, da_nang = ({"choice": "b"}, *RIGHT[1:]), ({"choice": "c"}, *RIGHT[1:])
    taken_by(cast, quiz, [RIGHT] * 9 + [hue] * 6 + [da_nang] * 2)

    counting.count(quiz.id)

    assert [(each.key, each.count) for each in version(quiz, "q1").taken] == [("a", 9), ("b", None), ("c", None)]


def test_a_second_attempt_of_one_person_is_not_told_by_the_difference(cast: Cast) -> None:
    quiz = make_quiz()
    taken_by(cast, quiz, [RIGHT] * 6)
    enrolment = enrol(cast.persons["teacher"], quiz)
    for given in (RIGHT, WRONG):
        attempt = attempts.start(enrolment, quiz)
        answer_all(attempt, given)
        hand_in(attempt)
    session.commit()

    counting.count(quiz.id)

    assert (figures(quiz) is not None, figures(quiz, "all")) == (True, None)


def test_figures_are_counted_anew_with_five_more_attempts(cast: Cast) -> None:
    quiz = make_quiz()
    taken_by(cast, quiz, [RIGHT] * 6)
    assert (counting.due(), counting.count(quiz.id), counting.due()) == ([quiz.id], True, [])

    taken_by(cast, quiz, [WRONG] * 4)
    assert (counting.due(), counting.count(quiz.id)) == ([], False)
    taken_by(cast, quiz, [WRONG])

    assert (counting.due(), counting.count(quiz.id)) == ([quiz.id], True)


@pytest.mark.parametrize(
    ("key", "body", "guess"),
    [
        ("single_choice", SingleChoiceBody((Choice("a", 1.0), Choice("b"), Choice("c", -0.5))), 1 / 6),
        ("true_false", TrueFalseBody(True), 0.5),
        # Three ways to tick: a (1), b (0), both (0).
        ("multiple_choice", MultipleChoiceBody((Choice("a", 1.0), Choice("b", -1.0)), scoring=Scoring.ALL_OR_NOTHING), 1 / 3),
        ("matching", MatchingBody((Pair("a", "x"), Pair("b", "y")), ("x", "y", "z")), 1 / 3),
        # Of three things in random order, one stands at its place on average.
        ("ordering", OrderingBody((Item("a"), Item("b"), Item("c"))), 1 / 3),
        ("essay", EssayBody(), None),
    ],
)
def test_what_guessing_earns(app: object, key: str, body: Any, guess: float | None) -> None:
    found = question_types.get(key).guess_fraction(body)

    assert found == (None if guess is None else pytest.approx(guess))


def test_the_page_tells_what_was_counted(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()
    taken_by(cast, quiz, [RIGHT] * 6 + [WRONG] * 6)
    author = sign_in("author")

    assert "Chưa có số liệu" in text_of(get(author, f"/results/{quiz.id}/statistics"))
    author.post(f"/results/{quiz.id}/statistics")
    page = text_of(get(author, f"/results/{quiz.id}/statistics"))

    assert ("12 lần làm" in page, "Hà Nội Đúng 6 (50 %) 100 %" in page, "Lê Văn Người" in page) == (True, True, False)
    assert "12 lần làm" in text_of(get(sign_in("head"), f"/results/{quiz.id}/statistics?scope=all&lang=vi"))
