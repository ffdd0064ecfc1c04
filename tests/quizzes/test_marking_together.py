"""Several people marking in the same instant: one mark each time, and whoever is second is told."""

import pytest
from sqlalchemy import func, select

from lms.core import db
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.learning.models import Result
from lms.notifications.models import Message
from lms.quizzes.marking import by_hand, regrading
from lms.quizzes.marking.by_hand import AlreadyMarked, HandMark
from lms.quizzes.marking.regrading import NotComputed
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Regrade, RegradeLine
from tests.cast import make_cast
from tests.factories_marking import essay_of, make_essay, write_essay
from tests.factories_quizzes import make_quiz
from tests.quizzes.test_marking_again import HUE, computed, handed_in, mended, right_is
from tests.together import at_once

pytestmark = pytest.mark.real_database


def test_two_markers_of_one_answer_give_one_mark_and_the_second_is_told(real_database: str) -> None:
    with db.transaction():
        cast = make_cast()
        quiz = make_quiz(edit=make_essay)
        attempt = write_essay(cast.persons["teacher"], quiz)
        attempt_id, response_id, known = attempt.id, essay_of(attempt).id, essay_of(attempt).sequence
        markers = {cast.accounts["head"].id: 4.0, cast.accounts["officer"].id: 1.0, cast.accounts["author"].id: 2.0}

    def task(by: int, points: float) -> object:
        return lambda: by_hand.give(response_id, HandMark(points), known=known, by=by)

    came = at_once(*(task(by, points) for by, points in markers.items()))  # type: ignore[arg-type]

    assert sorted(type(each).__name__ for each in came) == ["AlreadyMarked", "AlreadyMarked", "bool"]
    assert {str(each) for each in came if isinstance(each, AlreadyMarked)} == {str(AlreadyMarked())}
    with db.transaction():
        step = session.scalars(select(Step).where(Step.kind == "grade")).one()
        row = session.get_one(Response, response_id)
        assert (row.fraction, row.marked_by_account_id) == (step.data["fraction"], step.data["by"])
        assert row.fraction == markers[step.data["by"]] / row.max_mark
        marked = session.get_one(Attempt, attempt_id)
        assert marked.mark == 4.0 + row.fraction * row.max_mark
        assert [each.share for each in session.scalars(select(Result))] == [marked.share]
        assert session.scalar(select(func.count(Message.id)).where(Message.kind == "quiz_marked")) == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_marker_while_marks_are_given_again_loses_nothing_silently(real_database: str, turn: int) -> None:
    """Whoever is first stays: the marker is told to look again, or the list says that this answer kept the mark of a person."""
    with db.transaction():
        cast = make_cast()
        quiz = make_quiz()
        attempt = handed_in(cast, quiz, "teacher", HUE)
        mended("q1", right_is("b"))
        author, head = cast.accounts["author"].id, cast.accounts["head"].id
        row = computed(quiz, attempt)
        regrading.apply(row, reason="Đáp án sai", by=author)
        regrade_id, attempt_id = row.id, attempt.id
        response_id, known = session.execute(
            select(Response.id, Response.sequence)
            .join(QuestionVersion)
            .where(Response.attempt_id == attempt.id, QuestionVersion.name == "q1")
        ).one()

    def mark() -> str:
        by_hand.give(response_id, HandMark(0.5, reason="Gần đúng"), known=known, by=head)
        return "marked"

    def again() -> str:
        regrading.run({"regrade_id": regrade_id})
        return "ran"

    marked, ran = at_once(mark, again) if turn % 2 else reversed(at_once(again, mark))

    assert ran == "ran"
    with db.transaction():
        response, line = session.get_one(Response, response_id), session.scalars(select(RegradeLine)).one()
        steps = session.scalars(select(Step).where(Step.response_id == response_id, Step.kind.in_(("grade", "regrade")))).all()
        if marked == "marked":
            assert (line.trouble, response.fraction, [each.kind for each in steps]) == ("changed", 0.5, ["grade"])
        else:
            assert isinstance(marked, AlreadyMarked)
            assert (line.trouble, response.fraction, [each.kind for each in steps]) == ("", 1.0, ["regrade"])
        assert session.get_one(Attempt, attempt_id).mark == 3.0 + (response.fraction or 0.0)
        assert session.get_one(Regrade, regrade_id).state == "committed"


def test_two_clicks_put_a_plan_into_effect_once(real_database: str) -> None:
    with db.transaction():
        cast = make_cast()
        quiz = make_quiz()
        attempt = handed_in(cast, quiz, "teacher", HUE)
        mended("q1", right_is("b"))
        regrade_id, author = computed(quiz, attempt).id, cast.accounts["author"].id

    def apply() -> None:
        row = session.get_one(Regrade, regrade_id)
        regrading.apply(row, reason="Đáp án sai", by=author)
        regrading.run({"regrade_id": regrade_id})

    came = at_once(apply, apply)

    assert sorted(type(each).__name__ for each in came) == ["NoneType", NotComputed.__name__]
    with db.transaction():
        assert session.scalar(select(func.count(Step.id)).where(Step.kind == "regrade")) == 1
        assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "quizzes.regraded")) == 1
