"""Meetings: who is noted, who is credited, and that it happens once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.attendance import codes, meetings, queries
from lms.attendance.meetings import Credited, NotOpen, Over, WrongCode
from lms.attendance.models import Meeting, Presence
from lms.core import clock
from lms.core.db import session
from lms.courses.models import Version
from lms.learning import outcomes, proof
from lms.learning.models import Enrolment, Result
from tests.attendance.conftest import make_meeting
from tests.cast import Cast, make_cast
from tests.factories_courses import activity, make_enrolment, make_version
from tests.together import at_once


def by(cast: Cast) -> int:
    return cast.accounts["head"].id


def noted() -> dict[int, str]:
    return {row.person_id: row.how for row in session.scalars(select(Presence))}


def shown(meeting: Meeting) -> str:
    return codes.code(meeting.secret, clock.now())


def test_whoever_types_the_code_is_noted_once(cast: Cast, meeting: Meeting) -> None:
    teacher = cast.persons["teacher"].id
    meetings.begin(meeting, by=by(cast))

    for _ in range(2):
        meetings.sign_in(meeting, teacher, shown(meeting), by=cast.accounts["teacher"].id)

    assert noted() == {teacher: "code"}


def test_nobody_signs_in_with_another_code_or_before_it_is_open(cast: Cast, meeting: Meeting) -> None:
    teacher, account = cast.persons["teacher"].id, cast.accounts["teacher"].id

    with pytest.raises(NotOpen):
        meetings.sign_in(meeting, teacher, shown(meeting), by=account)
    meetings.begin(meeting, by=by(cast))
    with pytest.raises(WrongCode):
        meetings.sign_in(meeting, teacher, "AAAAAA", by=account)
    old = shown(meeting)
    with clock.at(clock.now() + timedelta(minutes=10)), pytest.raises(WrongCode):
        meetings.sign_in(meeting, teacher, old, by=account)

    assert noted() == {}


def test_closing_credits_those_who_were_there_and_completes_the_course(cast: Cast, version: Version, meeting: Meeting) -> None:
    teacher, other = cast.persons["teacher"].id, cast.persons["other_teacher"].id
    enrolment = make_enrolment(teacher, version)
    outcomes.record(enrolment.id, "a", source="view")
    meetings.begin(meeting, by=by(cast))
    meetings.sign_in(meeting, teacher, shown(meeting), by=cast.accounts["teacher"].id)
    meetings.tick(meeting, {other}, {other}, by=by(cast))

    assert meetings.close(meeting, by=by(cast)) == Credited(2, 0)

    result = session.scalars(select(Result).where(Result.enrolment_id == enrolment.id, Result.activity_key == "hop")).one()
    assert (result.state, result.source, result.evidence, result.completed_at) == (
        "completed",
        "attendance",
        f"meeting:{meeting.id}",
        meeting.starts_at,
    )
    assert session.get_one(Enrolment, enrolment.id).state == "completed"
    joined = session.scalars(select(Enrolment).where(Enrolment.person_id == other)).one()
    assert (joined.source, joined.done, joined.required) == ("teacher", 1, 2)
    assert proof.verify().differences == ()


def test_a_tick_can_be_taken_out_until_the_end_and_added_after_it(cast: Cast, meeting: Meeting) -> None:
    teacher, other = cast.persons["teacher"].id, cast.persons["other_teacher"].id
    both = {teacher, other}
    meetings.tick(meeting, both, both, by=by(cast))
    meetings.tick(meeting, {teacher}, both, by=by(cast))
    assert noted() == {teacher: "list"}

    meetings.close(meeting, by=by(cast))
    assert meetings.tick(meeting, {other}, both, by=by(cast)) == Credited(1, 0)

    assert noted() == {teacher: "list", other: "list"}


def test_whom_the_page_did_not_show_stays(cast: Cast, meeting: Meeting) -> None:
    teacher, other = cast.persons["teacher"].id, cast.persons["other_teacher"].id
    meetings.tick(meeting, {teacher}, {teacher}, by=by(cast))

    meetings.tick(meeting, set(), {other}, by=by(cast))

    assert noted() == {teacher: "list"}


def test_who_learns_by_a_version_without_the_meeting_is_told_about(cast: Cast) -> None:
    old = make_version("a", slug="khoa")
    make_enrolment(cast.persons["teacher"].id, old)
    meeting = make_meeting(cast, make_version("a", activity("hop", "attendance"), slug="khoa"))
    meetings.tick(meeting, {cast.persons["teacher"].id}, {cast.persons["teacher"].id}, by=by(cast))

    assert meetings.close(meeting, by=by(cast)) == Credited(0, 1)


def test_a_meeting_that_is_over_stays_so(cast: Cast, version: Version, meeting: Meeting) -> None:
    meetings.close(meeting, by=by(cast))
    cancelled = make_meeting(cast, version)
    meetings.cancel(cancelled, by=by(cast))

    for act in (meetings.close, meetings.cancel, meetings.begin):
        for one in (meeting, cancelled):
            with pytest.raises(Over):
                act(one, by=by(cast))
    with pytest.raises(Over):
        meetings.tick(cancelled, set(), set(), by=by(cast))


def test_learners_see_meetings_of_their_units_and_of_those_above(cast: Cast, version: Version) -> None:
    own, above = make_meeting(cast, version), make_meeting(cast, version, "ward_a")

    def seen(who: str) -> list[int]:
        return [meeting.id for meeting, _unit, _noted in queries.for_learner(cast.persons[who].id, version.course_id, "hop")]

    assert seen("teacher") == [own.id, above.id]
    assert seen("neighbour") == [above.id]
    assert seen("stranger_teacher") == []


@pytest.mark.real_database
def test_of_two_who_close_one_credits_and_whoever_signs_in_then_is_in_or_told(real_database: str) -> None:
    cast = make_cast()
    version = make_version("a", activity("hop", "attendance"), slug="khoa")
    meeting = make_meeting(cast, version)
    meetings.begin(meeting, by=by(cast))
    meeting_id, teacher, account = meeting.id, cast.persons["teacher"].id, cast.accounts["teacher"].id
    code, head = shown(meeting), by(cast)
    session.commit()
    session.remove()

    def close() -> Credited:
        return meetings.close(session.get_one(Meeting, meeting_id), by=head)

    def come() -> str:
        meetings.sign_in(session.get_one(Meeting, meeting_id), teacher, code, by=account)
        return "noted"

    came = at_once(close, close, come)

    assert sorted(type(each).__name__ for each in came[:2]) == ["Credited", "Over"]
    credited = next(each for each in came[:2] if isinstance(each, Credited))
    if came[2] == "noted":
        assert (credited.people, len(noted())) == (1, 1)
    else:
        assert isinstance(came[2], NotOpen)
        assert (credited.people, noted()) == (0, {})
