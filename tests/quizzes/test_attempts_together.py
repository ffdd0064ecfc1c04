"""Several requests in the same instant: one attempt, one result, one certificate, no answer lost."""

from random import Random

import pytest
from sqlalchemy import func, select

from lms.certificates import issuing
from lms.certificates.models import Certificate
from lms.core import db
from lms.core.db import session
from lms.core.models import Import
from lms.learning.models import Enrolment, Result
from lms.quizzes import attempts, queries, saving
from lms.quizzes.bank import importing
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import Category, Question
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.saving import AttemptClosed, StaleAnswer
from tests.cast import make_cast
from tests.factories_courses import make_programme
from tests.factories_quizzes import answer_all, enrol, make_attempt, make_quiz, sitting_of
from tests.quizzes.test_bank import plan
from tests.together import at_once

pytestmark = pytest.mark.real_database


@pytest.fixture
def enrolled(real_database: str) -> tuple[int, int]:
    """A teacher enrolled in a course that is only a quiz, with a certificate at its end: the ids of enrolment and quiz."""
    with db.transaction():
        cast = make_cast()
        issuing.make_issuer(cast.units["so"].id, code="SO", name="Sở GD&ĐT Hải Vân")
        quiz = make_quiz()
        enrolment = enrol(cast.persons["teacher"], quiz)
        make_programme(enrolment.version.course)
        return enrolment.id, quiz.id


@pytest.fixture
def attempt_id(enrolled: tuple[int, int]) -> int:
    """An attempt of that teacher with every answer right, not handed in yet."""
    with db.transaction():
        enrolment = session.get_one(Enrolment, enrolled[0])
        attempt = make_attempt(enrolment.person, session.get_one(Quiz, enrolled[1]))
        answer_all(attempt)
        return attempt.id


def test_two_clicks_start_one_attempt(enrolled: tuple[int, int]) -> None:
    def start() -> int:
        return attempts.start(session.get_one(Enrolment, enrolled[0]), session.get_one(Quiz, enrolled[1]), random=Random()).id

    came = at_once(start, start, start)

    assert len(set(came)) == 1
    with db.transaction():
        assert session.scalar(select(func.count(Attempt.id))) == 1
        assert session.scalar(select(func.count(Response.id))) == 4


def test_two_clicks_hand_in_once(attempt_id: int) -> None:
    def finish() -> str:
        attempts.finish(sitting_of(session.get_one(Attempt, attempt_id)))
        return "handed in"

    came = at_once(finish, finish, finish)

    assert sorted("handed in" if each == "handed in" else type(each).__name__ for each in came) == [
        "AttemptClosed",
        "AttemptClosed",
        "handed in",
    ]
    with db.transaction():
        assert [(each.state, each.share) for each in session.scalars(select(Result))] == [("passed", 1.0)]
        assert session.scalar(select(func.count(Certificate.id))) == 1


def test_a_hundred_answers_from_four_windows_are_all_kept(attempt_id: int) -> None:
    acknowledged: list[tuple[int, dict[str, str]]] = []

    def window(number: int) -> None:
        """Answer 25 times; who is told of another window looks at what it saved and says it again."""
        chance = Random(number)
        for turn in range(25):
            given, done = {"text": f"{number}{turn:02d}"}, False
            while not done:
                with db.transaction():
                    seat = queries.seat(attempt_id, 4)
                    assert seat is not None
                    try:
                        # Windows do not always know the latest.
                        known = seat.sequence if chance.random() < 0.7 else max(seat.sequence - 1, 0)
                        saved = saving.save(seat, given, known=known, client_key=f"{number}-{turn}")
                        done = True
                    except StaleAnswer:
                        continue
                acknowledged.append((saved.sequence, given))

    at_once_raising(*(lambda number=number: window(number) for number in range(1, 5)))

    with db.transaction():
        response = session.scalars(select(Response).where(Response.attempt_id == attempt_id, Response.slot == 4)).one()
        steps = [
            (step.sequence, step.data)
            for step in session.scalars(select(Step).where(Step.response_id == response.id).order_by(Step.sequence))
        ]
        assert len(acknowledged) == 100
        # The first step is the answer of the fixture.
        assert steps[1:] == sorted(acknowledged, key=lambda each: each[0])
        assert (response.sequence, response.answer) == steps[-1]


def at_once_raising(*tasks: object) -> None:
    came = at_once(*tasks)  # type: ignore[arg-type]
    for each in came:
        if isinstance(each, Exception):
            raise each


def test_an_answer_beside_handing_in_is_either_graded_or_refused(enrolled: tuple[int, int]) -> None:
    for turn in range(6):
        with db.transaction():
            enrolment = session.get_one(Enrolment, enrolled[0])
            attempt = make_attempt(enrolment.person, session.get_one(Quiz, enrolled[1]))
            one = attempt.id

        def save(attempt_id: int = one) -> str:
            seat = queries.seat(attempt_id, 4)
            assert seat is not None
            saving.save(seat, {"text": "4"}, known=seat.sequence)
            return "saved"

        def finish(attempt_id: int = one) -> str:
            attempts.finish(sitting_of(session.get_one(Attempt, attempt_id)))
            return "handed in"

        saved, handed_in = at_once(save, finish) if turn % 2 else reversed(at_once(finish, save))

        assert handed_in == "handed in"
        with db.transaction():
            response = session.scalars(select(Response).where(Response.attempt_id == one, Response.slot == 4)).one()
            expected = 1.0 if saved == "saved" else 0.0
            assert (isinstance(saved, AttemptClosed), response.fraction) == (saved != "saved", expected)


def test_two_who_bring_in_the_same_file_make_each_question_once(real_database: str) -> None:
    with db.transaction():
        rows = [plan().id, plan().id]

    def apply(row_id: int) -> None:
        importing.apply(session.get_one(Import, row_id), by=None)

    at_once_raising(*(lambda row_id=row_id: apply(row_id) for row_id in rows))

    with db.transaction():
        assert (session.scalar(select(func.count(Question.id))), session.scalar(select(func.count(Category.id)))) == (4, 1)


def test_one_import_is_applied_once(real_database: str) -> None:
    with db.transaction():
        row_id = plan().id

    def apply() -> None:
        importing.apply(session.get_one(Import, row_id), by=None)

    came = at_once(apply, apply)

    assert sorted(type(each).__name__ for each in came) == ["NoneType", "NotPlanned"]
