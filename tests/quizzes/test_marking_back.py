"""Going back to the marks before attempts were marked again: worked out first, with a reason, people told, nothing lost."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import db
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.notifications import mail
from lms.notifications.models import Message
from lms.quizzes.marking import by_hand, regrading
from lms.quizzes.marking.by_hand import AlreadyMarked, HandMark
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.marking import Regrade, RegradeLine
from tests.cast import Cast, make_cast
from tests.factories_quizzes import RIGHT, make_quiz
from tests.quizzes.test_marking_again import committed, computed, handed_in, mended, result_of, right_is, stands, told_of
from tests.quizzes.test_views import get, text_of
from tests.together import at_once

SignIn = Callable[[str], FlaskClient]


def in_effect(cast: Cast, *, name: str = "teacher") -> tuple[Regrade, Attempt]:
    """The teacher failed with three of four; a wrong correction of q1 let her pass."""
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, name)
    mended("q1", right_is("b"))
    row = computed(quiz, attempt)
    committed(row, cast)
    return row, attempt


def worked_out(former: Regrade, cast: Cast) -> Regrade:
    row = regrading.plan_back(former, by=cast.accounts["author"].id)
    regrading.run({"regrade_id": row.id})
    return row


def answer_of(attempt: Attempt) -> Response:
    line = session.scalars(select(RegradeLine).where(RegradeLine.attempt_id == attempt.id).order_by(RegradeLine.id)).first()
    assert line is not None
    return session.get_one(Response, line.response_id, populate_existing=True)


def test_working_out_the_way_back_changes_nothing(cast: Cast) -> None:
    former, attempt = in_effect(cast)

    row = worked_out(former, cast)

    assert (row.state, row.undoes_id, told_of(row)) == ("computed", former.id, [(4.0, 3.0, True, False)])
    assert stands(attempt) == (4.0, True)


def test_the_way_back_gives_back_mark_version_and_state(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    before = {each.id: (each.question_version_id, each.fraction, each.state) for each in _responses(attempt)}
    mended("q1", right_is("b"))
    former = computed(quiz, attempt)
    committed(former, cast)

    row = worked_out(former, cast)
    committed(row, cast, "Câu cũ mới đúng")

    assert {each.id: (each.question_version_id, each.fraction, each.state) for each in _responses(attempt)} == before
    assert (row.state, stands(attempt)) == ("committed", (3.0, False))
    steps = session.scalars(select(Step).where(Step.kind == "regrade").order_by(Step.sequence)).all()
    assert [(each.data["undoes"], each.data["fraction"], each.data["reason"]) for each in steps] == [
        (None, 1.0, "Đáp án sai"),
        (former.id, 0.0, "Câu cũ mới đúng"),
    ]
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "quizzes.regraded").order_by(AuditEntry.id)).all()
    assert [each.details["undoes"] for each in entries] == [None, former.id]


def _responses(attempt: Attempt) -> list[Response]:
    query = select(Response).where(Response.attempt_id == attempt.id).order_by(Response.slot)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def test_a_pass_that_came_of_it_stays_and_the_person_is_told(cast: Cast) -> None:
    former, attempt = in_effect(cast)

    committed(worked_out(former, cast), cast)

    assert (stands(attempt), result_of(attempt)) == ((3.0, False), ("passed", 1.0))
    told = session.scalars(select(Message).where(Message.kind == "quiz_regraded", Message.channel == "mail").order_by(Message.id)).all()
    assert [(each.payload["passed"], each.payload["undone"]) for each in told] == [(True, False), (False, True)]
    letter = mail.write("quiz_regraded", "vi", told[-1].payload | {"name": "Hường", "site": "https://antoanso.example"}).text
    assert ("trả về điểm như trước" in letter, "vẫn giữ nguyên" in letter) == (True, True)


def test_who_lost_marks_by_it_gets_them_back(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher", RIGHT)
    mended("q1", right_is("b"))
    former = computed(quiz, attempt)
    committed(former, cast)
    assert stands(attempt) == (3.0, False)

    committed(worked_out(former, cast), cast)

    assert (stands(attempt), result_of(attempt)) == ((4.0, True), ("passed", 1.0))


def test_a_mark_given_by_hand_since_stays(cast: Cast) -> None:
    former, attempt = in_effect(cast)
    answer = answer_of(attempt)
    by_hand.give(answer.id, HandMark(0.5, reason="Gần đúng"), known=answer.sequence, by=cast.accounts["head"].id)

    row = worked_out(former, cast)
    committed(row, cast)

    assert [each.trouble for each in session.scalars(select(RegradeLine).where(RegradeLine.regrade_id == row.id))] == ["changed"]
    assert (told_of(row), stands(attempt)) == ([], (3.5, True))


def test_of_two_regrades_the_later_is_taken_back_first(cast: Cast) -> None:
    former, attempt = in_effect(cast)
    quiz = attempt.quiz
    mended("q1", right_is("a"))
    later = computed(quiz, attempt)
    committed(later, cast)

    stuck = worked_out(former, cast)
    assert told_of(stuck) == []
    regrading.cancel(stuck)
    committed(worked_out(later, cast), cast)

    assert stands(attempt) == (4.0, True)


def test_a_way_back_can_be_taken_back_as_well(cast: Cast) -> None:
    former, attempt = in_effect(cast)
    back = worked_out(former, cast)
    committed(back, cast)

    committed(worked_out(back, cast), cast)

    assert stands(attempt) == (4.0, True)


def test_there_is_one_way_back_and_only_from_what_is_in_effect(cast: Cast) -> None:
    former, _attempt = in_effect(cast)
    row = worked_out(former, cast)

    with pytest.raises(regrading.AlreadyGoingBack):
        regrading.plan_back(former, by=None)
    with pytest.raises(regrading.NotInEffect):
        regrading.plan_back(row, by=None)
    regrading.cancel(row)

    assert worked_out(former, cast).id != row.id


def test_a_regrade_that_changed_nothing_has_no_way_back(cast: Cast) -> None:
    quiz = make_quiz()
    attempt = handed_in(cast, quiz, "teacher")
    row = computed(quiz, attempt)
    committed(row, cast)

    with pytest.raises(regrading.NothingToMark):
        regrading.plan_back(row, by=None)


def test_an_author_goes_back_by_the_buttons_of_the_pages(cast: Cast, sign_in: SignIn) -> None:
    former, attempt = in_effect(cast)
    former.by_account_id = cast.accounts["author"].id
    session.commit()
    author = sign_in("author")
    show = f"/results/regrades/{former.id}"
    assert f"{show}/back" in author.get(show).text

    first, second = (author.post(f"{show}/back").location for _click in range(2))
    page = text_of(get(author, first))
    assert (first, "Không còn đủ điểm đạt" in page, "4 3 / 4" in page, stands(attempt)) == (second, True, True, (4.0, True))
    assert author.post(f"{first}/commit", data={"reason": ""}).status_code == 422
    author.post(f"{first}/commit", data={"reason": "Câu cũ mới đúng"})

    assert (stands(attempt), "Điểm cũ đã có hiệu lực trở lại." in text_of(get(author, first))) == ((3.0, False), True)
    assert (f"{show}/back" in author.get(show).text, first in author.get(show).text) == (False, True)
    assert "điểm mới" in text_of(get(sign_in("teacher"), "/")).lower()


def test_in_portions_each_goes_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = make_quiz()
    attempts = [handed_in(cast, quiz, name) for name in ("teacher", "keeper", "head")]
    mended("q1", right_is("b"))
    former = computed(quiz, *attempts)
    committed(former, cast)
    monkeypatch.setattr(regrading, "AT_ONCE", 1)

    row = worked_out(former, cast)
    for _portion in attempts:
        regrading.run({"regrade_id": row.id})
    committed(row, cast)
    for _portion in attempts:
        regrading.run({"regrade_id": row.id})

    assert (row.state, [stands(each) for each in attempts]) == ("committed", [(3.0, False)] * 3)


@pytest.mark.real_database
def test_two_clicks_begin_one_way_back(real_database: str) -> None:
    with db.transaction():
        former_id = in_effect(make_cast())[0].id

    came = at_once(*[lambda: regrading.plan_back(session.get_one(Regrade, former_id), by=None).id] * 3)

    assert sorted(type(each).__name__ for each in came) == ["AlreadyGoingBack", "AlreadyGoingBack", "int"]
    with db.transaction():
        assert session.scalar(select(func.count(Regrade.id)).where(Regrade.undoes_id == former_id)) == 1


@pytest.mark.real_database
@pytest.mark.parametrize("turn", range(4))
def test_a_marker_at_the_same_moment_loses_nothing_silently(real_database: str, turn: int) -> None:
    with db.transaction():
        cast = make_cast()
        former, attempt = in_effect(cast)
        row = worked_out(former, cast)
        regrading.apply(row, reason="Câu cũ mới đúng", by=cast.accounts["author"].id)
        answer = answer_of(attempt)
        regrade_id, attempt_id, response_id, known, head = row.id, attempt.id, answer.id, answer.sequence, cast.accounts["head"].id

    def mark() -> str:
        by_hand.give(response_id, HandMark(0.5, reason="Gần đúng"), known=known, by=head)
        return "marked"

    def back() -> str:
        regrading.run({"regrade_id": regrade_id})
        return "ran"

    marked, ran = at_once(mark, back) if turn % 2 else reversed(at_once(back, mark))

    assert ran == "ran"
    with db.transaction():
        response = session.get_one(Response, response_id)
        line = session.scalars(select(RegradeLine).where(RegradeLine.regrade_id == regrade_id)).one()
        if marked == "marked":
            assert (line.trouble, response.fraction) == ("changed", 0.5)
        else:
            assert isinstance(marked, AlreadyMarked)
            assert (line.trouble, response.fraction) == ("", 0.0)
        assert session.get_one(Attempt, attempt_id).mark == 3.0 + (response.fraction or 0.0)
        assert session.get_one(Regrade, regrade_id).committed_at is not None


@pytest.mark.real_database
def test_the_way_back_and_another_regrade_at_the_same_moment_leave_one_of_both(real_database: str) -> None:
    with db.transaction():
        cast = make_cast()
        former, attempt = in_effect(cast)
        mended("q1", right_is("a"))
        plans = [worked_out(former, cast).id, computed(attempt.quiz, attempt).id]
        for plan_id in plans:
            regrading.apply(session.get_one(Regrade, plan_id), reason="cùng lúc", by=cast.accounts["author"].id)
        attempt_id = attempt.id

    came = at_once(*[lambda plan_id=plan_id: regrading.run({"regrade_id": plan_id}) for plan_id in plans])

    assert came == [None, None]
    with db.transaction():
        lines = session.scalars(select(RegradeLine).where(RegradeLine.regrade_id.in_(plans))).all()
        assert sorted(each.trouble for each in lines) == ["", "changed"]
        assert session.get_one(Attempt, attempt_id).mark == 3.0
        steps = session.scalars(select(Step).where(Step.kind == "regrade")).all()
        assert len(steps) == 2
