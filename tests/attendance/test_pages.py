"""Pages of meetings, as a head teacher and a teacher use them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.attendance import codes, meetings
from lms.attendance.models import Meeting, Presence
from lms.core import clock
from lms.core.db import session
from lms.courses.models import Version
from lms.learning.models import Result
from tests.cast import Cast

SignIn = Callable[[str], FlaskClient]


def plan(cast: Cast, version: Version, **more: str) -> dict[str, str]:
    return {
        "offer": f"{version.course_id} hop",
        "unit": str(cast.units["school_a"].id),
        "starts_at": "05/12/2026 07:30",
        "minutes": "90",
        "periods": "2",
        "place": "Phòng hội đồng",
        **more,
    }


def test_a_head_plans_opens_and_closes_and_a_teacher_signs_in(cast: Cast, version: Version, sign_in: SignIn) -> None:
    planned = sign_in("head").post("/meetings/new", data=plan(cast, version))
    assert planned.status_code == 302, planned.get_data(as_text=True)
    meeting = session.scalars(select(Meeting)).one()
    assert planned.location == f"/meetings/{meeting.id}"
    assert "Phòng hội đồng" in sign_in("teacher").get("/courses/khoa/hop").get_data(as_text=True)
    opened = sign_in("head").post(planned.location, data={"act": "open"})
    assert opened.location == f"/meetings/{meeting.id}/screen"
    meeting = session.get_one(Meeting, meeting.id)
    code = codes.code(meeting.secret, clock.now())
    screen = sign_in("head").get(opened.location).get_data(as_text=True)
    assert f"{code[:3]} {code[3:]}" in screen
    assert "<svg" in screen

    page = sign_in("teacher").get(f"/courses/khoa/hop?code={code}").get_data(as_text=True)
    assert f'value="{code}"' in page
    sign_in("teacher").post(f"/meetings/{meeting.id}/present", data={"code": code})
    sign_in("head").post(
        planned.location, data={"act": "close", "shown": [str(cast.persons["teacher"].id)], "present": [str(cast.persons["teacher"].id)]}
    )

    assert session.scalars(select(Result.state)).all() == ["completed"]
    assert "Bạn đã tham dự." in sign_in("teacher").get("/courses/khoa/hop").get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": ""},
        {"starts_at": "mai"},
        {"minutes": "0"},
        {"minutes": "nhiều"},
        {"periods": "99"},
        {"place": ""},
        {"offer": "999 hop"},
        {"unit": "999"},
    ],
)
def test_a_plan_that_cannot_be_is_told(cast: Cast, version: Version, sign_in: SignIn, wrong: dict[str, str]) -> None:
    assert sign_in("head").post("/meetings/new", data=plan(cast, version, **wrong)).status_code == 422
    assert session.scalars(select(Meeting)).all() == []


def test_nobody_plans_for_a_unit_that_is_not_theirs(cast: Cast, version: Version, sign_in: SignIn) -> None:
    sent = plan(cast, version, unit=str(cast.units["ward_a"].id))

    assert sign_in("head").post("/meetings/new", data=sent).status_code == 422
    assert sign_in("teacher").post("/meetings/new", data=sent).status_code == 403


def test_a_list_takes_only_people_of_the_meeting(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    stranger, teacher = (str(cast.persons[who].id) for who in ("stranger_teacher", "teacher"))

    sign_in("head").post(
        f"/meetings/{meeting.id}", data={"act": "list", "shown": [stranger, teacher, "x"], "present": [stranger, teacher, "x"]}
    )

    assert session.scalars(select(Presence.person_id)).all() == [int(teacher)]


def test_a_teacher_of_another_school_does_not_sign_in(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    meetings.begin(meeting, by=cast.accounts["head"].id)
    code = codes.code(meeting.secret, clock.now())

    assert sign_in("neighbour").post(f"/meetings/{meeting.id}/present", data={"code": code}).status_code == 403
    assert session.scalars(select(Presence)).all() == []


def test_the_screen_is_never_kept(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    meetings.begin(meeting, by=cast.accounts["head"].id)

    part = sign_in("head").get(f"/meetings/{meeting.id}/screen?part=1")

    assert part.headers["Cache-Control"] == "no-store"
    assert "<html" not in part.get_data(as_text=True)
