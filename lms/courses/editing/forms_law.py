"""What the page of changes of the law sends."""

from collections.abc import Mapping

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, Optional

from lms.core.i18n import lazy_
from lms.web.forms import DayField, Form, LineField

LONGEST = 600


class AmendmentForm(Form):
    """A place of the law that says something else from a day on."""

    reference = LineField(
        lazy_("Which place of the law"),
        [InputRequired(lazy_("Say which place of the law."))],
        description=lazy_("As lessons cite it: 116/2025/QH15 Đ16.5"),
    )
    from_day = DayField(lazy_("In force from"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])
    note_vi = TextAreaField(
        lazy_("What changed, in Vietnamese"),
        [InputRequired(lazy_("Say in a sentence or two what changed.")), Length(max=LONGEST, message=lazy_("At most 600 letters."))],
    )
    note_en = TextAreaField(lazy_("What changed, in English"), [Optional(), Length(max=LONGEST, message=lazy_("At most 600 letters."))])
    course = SelectField(
        lazy_("A short course that tells what is new"),
        description=lazy_("It is offered to those who completed a course that cites the former wording."),
        validate_choice=True,
    )

    def offer(self, courses: Mapping[int, str]) -> None:
        """Say which courses can be offered."""
        self.course.choices = [
            SelectChoice("", lazy_("none")),
            *(SelectChoice(str(course_id), name) for course_id, name in courses.items()),
        ]

    def note(self) -> dict[str, str]:
        """Return what changed, by language; English that is missing is said in Vietnamese."""
        vietnamese = (self.note_vi.data or "").strip()
        return {"vi": vietnamese, "en": (self.note_en.data or "").strip() or vietnamese}

    def course_id(self) -> int | None:
        """Return the course that was chosen."""
        return int(self.course.data) if self.course.data else None
