"""A meeting as a kind of activity: done by being there."""

from lms.attendance import queries
from lms.core import clock
from lms.core.db import session
from lms.core.i18n import lazy_
from lms.courses import completion
from lms.courses.kinds import ActivityKind, Entry, Place
from lms.courses.models import Activity, Version


class AttendanceKind(ActivityKind):
    """A face-to-face or live session: the units of the learners hold meetings for it, with date, place and hours."""

    key = "attendance"
    icon = "people"
    has_texts = False
    meets = (completion.ATTENDED, completion.MARKED)
    usual = (completion.ATTENDED,)
    name = lazy_("Meeting")

    def entry(self, place: Place) -> Entry:
        activity = session.get_one(Activity, place.step.id)
        course_id = session.get_one(Version, activity.version_id).course_id
        return Entry(
            "attendance/step.html",
            {"meetings": queries.for_learner(place.person_id, course_id, place.step.key), "moment_now": clock.now()},
        )
