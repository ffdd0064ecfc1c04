"""The proof of `lms learning verify`: what happened one by one equals what the evidence says, and what differs is named and mended."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select, update

from lms.core import clock
from lms.core.db import session
from lms.learning import deciding, outcomes, proof
from lms.learning.models import Enrolment, Result
from lms.learning.outcomes import Outcome
from tests.cast import Cast
from tests.factories_courses import activity, make_enrolment, make_version, noon

DAY = date(2026, 10, 5)
STEPS = (
    activity("a"),
    activity("b", completion=["viewed", "checks"]),
    activity("c", completion=["read", "marked"], required=False),
    activity("d", available={"done": "a"}),
    activity("quiz", "stand_in"),
    activity("quiz-2", "stand_in", completion=["submitted", {"share": 0.6}]),
)
KEYS = [each.key for each in STEPS]
ACTS = some.one_of(
    some.tuples(some.just("record"), some.sampled_from(KEYS[:4]), some.sampled_from(["view", "opened", "checks", "attendance"])),
    some.tuples(some.just("quiz"), some.sampled_from(KEYS[4:]), some.sampled_from([0.0, 0.5, 0.6, 0.8, 1.0])),
    some.tuples(some.just("mark"), some.just("c"), some.none()),
    some.tuples(some.just("grant"), some.sampled_from(KEYS), some.none()),
    some.tuples(some.just("take_back"), some.sampled_from(KEYS), some.none()),
    some.tuples(some.just("repair"), some.just(""), some.none()),
)


def act(cast: Cast, enrolment: Enrolment, what: str, key: str, how: Any) -> None:
    by = cast.accounts["head"].id
    if what == "record":
        outcomes.record(enrolment.id, key, source=how)
    elif what == "quiz":
        outcomes.record(enrolment.id, key, share=how, passed=how >= 0.8, source="quiz")
    elif what == "mark":
        deciding.mark(enrolment.id, key, by=by)
    elif what == "grant":
        deciding.grant(enrolment.id, key, reason="Có lý do.", by=by)
    elif what == "repair":
        outcomes.repair(enrolment.id)
    else:
        with suppress(deciding.CompletedAlready, deciding.NothingToTakeBack):
            deciding.take_back(enrolment.id, key, reason="Có lý do.", by=by)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(some.lists(ACTS, max_size=14), some.sampled_from([None, 2, 4]))
def test_whatever_happens_the_books_say_what_the_evidence_says(cast: Cast, acts: list[tuple[str, str, Any]], needed: int | None) -> None:
    with session.begin_nested() as savepoint:
        enrolment = make_enrolment(cast.persons["teacher"].id, make_version(*STEPS, needed=needed))
        was_completed = False
        for number, (what, key, how) in enumerate(acts):
            before = enrolment.done
            with clock.at(noon(DAY) + timedelta(minutes=number)):
                act(cast, enrolment, what, key, how)
                if number % 3 == 0:
                    act(cast, enrolment, what, key, how)  # twice is as once

            assert 0 <= enrolment.done <= enrolment.required
            assert enrolment.done >= before or what == "take_back"
            assert enrolment.state == "completed" or not was_completed
            was_completed = enrolment.state == "completed"
            assert was_completed == (enrolment.done == enrolment.required) or was_completed
        assert proof.verify().differences == ()
        savepoint.rollback()


def test_one_go_is_as_good_as_one_by_one(cast: Cast) -> None:
    version = make_version(*STEPS)
    one, other = (make_enrolment(cast.persons[name].id, version) for name in ("teacher", "other_teacher"))
    happened = [Outcome("a", "view"), Outcome("b", "checks"), Outcome("quiz", "quiz", 0.9, True), Outcome("quiz-2", "quiz", 0.6, False)]

    for each in happened:
        outcomes.record(one.id, each.activity_key, source=each.source, share=each.share, passed=each.passed)
    outcomes.record_many(other.id, reversed(happened))

    def found(enrolment: Enrolment) -> dict[str, tuple[str, float | None]]:
        rows = session.scalars(select(Result).where(Result.enrolment_id == enrolment.id))
        return {row.activity_key: (row.state, row.share) for row in rows}

    assert found(one) == found(other)
    assert found(one)["quiz-2"] == ("completed", 0.6)


@pytest.mark.parametrize(
    ("change", "what"),
    [({"state": "started"}, "state"), ({"state": "passed"}, "state"), ({"completed_at": None}, "moment"), ({"met": {}}, "state")],
)
def test_a_result_that_does_not_follow_is_named(cast: Cast, change: dict[str, Any], what: str) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a", "b"))
    outcomes.record(enrolment.id, "a", source="view")
    assert proof.verify().differences == ()

    session.execute(update(Result).values(**change).execution_options(synchronize_session=False))
    session.expire_all()

    found = proof.verify().differences
    assert what in [each.what for each in found]
    assert {(each.enrolment_id, each.activity_key) for each in found} <= {(enrolment.id, "a"), (enrolment.id, "")}


def test_what_was_not_counted_is_named_and_mended(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a"))
    outcomes.record(enrolment.id, "a", source="view")
    session.execute(update(Enrolment).values(state="active", done=0, completed_at=None).execution_options(synchronize_session=False))
    session.execute(update(Result).values(state="started", completed_at=None).execution_options(synchronize_session=False))
    session.expire_all()
    assert {each.what for each in proof.verify().differences} >= {"state"}

    assert outcomes.repair(enrolment.id)

    assert proof.verify().differences == ()
    assert session.get_one(Enrolment, enrolment.id).state == "completed"
