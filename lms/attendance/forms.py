"""What the pages of meetings send."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, NumberRange

from lms.attendance.meetings import Plan
from lms.attendance.queries import Offer
from lms.core.i18n import lazy_, localised
from lms.web.forms import Form, LineField, MomentField


class MeetingForm(Form):
    """A meeting that is planned."""

    offer = SelectField(lazy_("For which course"), validate_choice=True)
    unit = SelectField(lazy_("Held by"), validate_choice=True, description=lazy_("For the people there and below."))
    starts_at = MomentField(
        lazy_("Begins"),
        [InputRequired(lazy_("Write a day and a time, such as 05/10/2026 07:30."))],
        description=lazy_("Such as 05/10/2026 07:30."),
    )
    minutes = IntegerField(
        lazy_("How many minutes"),
        [InputRequired(lazy_("Write a number of minutes.")), NumberRange(5, 720, message=lazy_("From 5 minutes to 12 hours."))],
        default=90,
    )
    periods = IntegerField(
        lazy_("Periods of 45 minutes that are credited"),
        [InputRequired(lazy_("Write a number.")), NumberRange(0, 16, message=lazy_("From 0 to 16."))],
        default=2,
    )
    place = LineField(
        lazy_("Where"),
        [
            InputRequired(lazy_("Say where: a room, or the address of the video call.")),
            Length(max=200, message=lazy_("At most 200 letters.")),
        ],
    )

    def offer_choices(self, offers: Sequence[Offer], units: Mapping[int, str]) -> None:
        """Say for what meetings can be held, and by whom."""
        self.offer.choices = [
            SelectChoice(f"{each.course_id} {each.key}", f"{localised(each.course_title)} · {localised(each.title)}") for each in offers
        ]
        self.unit.choices = [SelectChoice(str(unit_id), name) for unit_id, name in units.items()]

    def plan(self) -> Plan:
        """Return what was sent."""
        begins = self.starts_at.data
        assert begins is not None
        return Plan(begins, begins + timedelta(minutes=self.minutes.data or 0), self.place.data or "", self.periods.data or 0)

    def target(self) -> tuple[int, str]:
        """Return the course and the key of the activity that were chosen."""
        course_id, _space, key = str(self.offer.data).partition(" ")
        return int(course_id), key


def read_list(sent: MultiDict[str, Any]) -> tuple[set[int], set[int]]:
    """Return the persons who are ticked, and all that the page showed."""

    def ids(name: str) -> set[int]:
        return {int(each) for each in sent.getlist(name) if each.isascii() and each.isdigit() and len(each) < 12}

    shown = ids("shown")
    return ids("present") & shown, shown
