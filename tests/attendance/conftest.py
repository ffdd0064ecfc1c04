"""A course with a meeting, and one that is planned."""

from datetime import timedelta

import pytest

from lms.attendance import meetings
from lms.attendance.meetings import Plan
from lms.attendance.models import Meeting
from lms.core import clock
from lms.courses.models import Version
from tests.cast import Cast
from tests.factories_courses import activity, make_version


@pytest.fixture
def version(cast: Cast) -> Version:
    return make_version("a", activity("hop", "attendance"), slug="khoa")


@pytest.fixture
def meeting(cast: Cast, version: Version) -> Meeting:
    return make_meeting(cast, version)


def make_meeting(cast: Cast, version: Version, unit: str = "school_a") -> Meeting:
    begins = clock.now()
    plan = Plan(begins, begins + timedelta(minutes=90), "Phòng họp", 2)
    return meetings.plan(version.course_id, "hop", cast.units[unit].id, plan, by=cast.accounts["head"].id)
