"""Ticking, granting and taking back: what counts afterwards, and what stays in the books."""

import pytest
from sqlalchemy import select

from lms.core.db import session
from lms.learning import deciding, outcomes, proof
from lms.learning.models import Decision, Enrolment, Result
from tests.cast import Cast, make_cast
from tests.factories_courses import activity, make_enrolment, make_version
from tests.together import at_once

REASON = "Đã dạy nội dung này cho đồng nghiệp."


@pytest.fixture
def enrolment(cast: Cast) -> Enrolment:
    return make_enrolment(cast.persons["teacher"].id, make_version("a", activity("b", completion=["read", "marked"]), "quiz"))


def state(enrolment: Enrolment, key: str) -> str | None:
    return session.scalar(select(Result.state).where(Result.enrolment_id == enrolment.id, Result.activity_key == key))


def test_reading_and_the_tick_of_a_teacher_together_are_enough(cast: Cast, enrolment: Enrolment) -> None:
    outcomes.record(enrolment.id, "b", source="view")
    assert (state(enrolment, "b"), enrolment.done) == ("started", 0)

    deciding.mark(enrolment.id, "b", by=cast.accounts["head"].id)
    deciding.mark(enrolment.id, "b", by=cast.accounts["head"].id)

    assert (state(enrolment, "b"), enrolment.done) == ("completed", 1)
    assert session.scalars(select(Decision.kind)).all() == ["marked"]


def test_a_tick_alone_is_not_enough_where_more_is_asked(cast: Cast, enrolment: Enrolment) -> None:
    deciding.mark(enrolment.id, "b", by=cast.accounts["head"].id)

    assert (state(enrolment, "b"), enrolment.done) == ("started", 0)


def test_nothing_is_ticked_that_does_not_ask_for_it(cast: Cast, enrolment: Enrolment) -> None:
    with pytest.raises(deciding.NotTicked):
        deciding.mark(enrolment.id, "a", by=cast.accounts["head"].id)


def test_what_is_granted_counts_whatever_it_asks_for(cast: Cast, enrolment: Enrolment) -> None:
    deciding.grant(enrolment.id, "quiz", reason=REASON, by=cast.accounts["head"].id)

    assert (state(enrolment, "quiz"), enrolment.done) == ("passed", 1)
    row = session.scalars(select(Decision)).one()
    assert (row.kind, row.reason, row.by_account_id) == ("granted", REASON, cast.accounts["head"].id)


@pytest.mark.parametrize("reason", ["", "  ", "ok"])
def test_a_decision_wants_a_reason(cast: Cast, enrolment: Enrolment, reason: str) -> None:
    with pytest.raises(deciding.ReasonNeeded):
        deciding.grant(enrolment.id, "quiz", reason=reason, by=cast.accounts["head"].id)

    assert session.scalars(select(Decision)).all() == []


def test_granting_the_last_step_completes_the_course(cast: Cast, enrolment: Enrolment) -> None:
    for key in ("a", "b", "quiz"):
        deciding.grant(enrolment.id, key, reason=REASON, by=cast.accounts["head"].id)

    assert enrolment.state == "completed"
    with pytest.raises(deciding.CompletedAlready):
        deciding.take_back(enrolment.id, "a", reason=REASON, by=cast.accounts["head"].id)


def test_what_is_taken_back_leaves_what_the_learner_did(cast: Cast, enrolment: Enrolment) -> None:
    head = cast.accounts["head"].id
    outcomes.record(enrolment.id, "quiz", share=0.5, passed=False, source="quiz")
    outcomes.record(enrolment.id, "b", source="view")
    deciding.grant(enrolment.id, "quiz", reason=REASON, by=head)
    deciding.mark(enrolment.id, "b", by=head)
    assert enrolment.done == 2

    deciding.take_back(enrolment.id, "quiz", reason="Nhầm người.", by=head)
    deciding.take_back(enrolment.id, "b", reason="Nhầm người.", by=head)

    assert (state(enrolment, "quiz"), state(enrolment, "b"), enrolment.done) == ("failed", "started", 0)
    assert session.scalars(select(Decision.kind).order_by(Decision.id)).all() == ["granted", "marked", "taken_back", "taken_back"]
    assert proof.verify().differences == ()
    deciding.mark(enrolment.id, "b", by=head)
    assert state(enrolment, "b") == "completed"


def test_nothing_is_taken_back_that_was_not_decided(cast: Cast, enrolment: Enrolment) -> None:
    outcomes.record(enrolment.id, "a", source="view")

    with pytest.raises(deciding.NothingToTakeBack):
        deciding.take_back(enrolment.id, "a", reason=REASON, by=cast.accounts["head"].id)


@pytest.mark.real_database
def test_a_double_click_decides_once(real_database: str) -> None:
    cast = make_cast()
    enrolment_id = make_enrolment(cast.persons["teacher"].id, make_version("a", "b")).id
    by = cast.accounts["head"].id
    session.commit()
    session.remove()

    came = at_once(*[lambda: deciding.grant(enrolment_id, "a", reason=REASON, by=by)] * 4)

    assert came == [None] * 4
    assert session.scalars(select(Decision.kind)).all() == ["granted"]
