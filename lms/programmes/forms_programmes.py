"""Forms of programmes: their targets, their deadlines, a new rule."""

from collections.abc import Mapping

from wtforms import HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.core.i18n import lazy_
from lms.programmes.amending import NewRule
from lms.programmes.queries_members import Audience
from lms.web.forms import DayField, Form, LineField, Ticks

_GRADES = [str(grade) for grade in range(1, 13)]


class TargetForm(Form):
    """What share is to be reached by a day."""

    day = DayField(lazy_("By this day"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])
    percent = IntegerField(
        lazy_("Share in percent"),
        [InputRequired(lazy_("Write a number.")), NumberRange(1, 100, message=lazy_("Write a number from 1 to 100."))],
    )


class DeadlineForm(Form):
    """A day by which something is due."""

    due = DayField(lazy_("Due on"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])
    title_vi = LineField(
        lazy_("What is due, in Vietnamese"),
        [DataRequired(lazy_("Say what is due.")), Length(max=200, message=lazy_("At most 200 letters."))],
    )
    title_en = LineField(lazy_("What is due, in English"), [Optional(), Length(max=200, message=lazy_("At most 200 letters."))])

    def title(self) -> dict[str, str]:
        """Return the title by language; English that is missing is said in Vietnamese."""
        return {"vi": self.title_vi.data or "", "en": self.title_en.data or self.title_vi.data or ""}


class RuleForm(Form):
    """A new rule of a programme."""

    from_day = DayField(lazy_("From this day on"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])
    course = SelectField(lazy_("Fulfilled by"), validate_choice=True)
    positions = Ticks(lazy_("For these positions"), [Optional()], description=lazy_("None ticked: all of the staff."))
    grades = Ticks(
        lazy_("For these grades"),
        [Optional()],
        choices=[SelectChoice(grade, grade) for grade in _GRADES],
        description=lazy_("None ticked: all grades."),
    )
    valid_months = IntegerField(
        lazy_("Valid for how many months?"),
        [Optional(), NumberRange(1, 120, message=lazy_("Write a number from 1 to 120."))],
        description=lazy_("Empty: without an end."),
    )
    known = HiddenField()

    def offer(self, courses: Mapping[int, str], positions: Mapping[str, str]) -> None:
        """Say what can be chosen."""
        self.course.choices = [SelectChoice(str(course_id), code) for course_id, code in courses.items()]
        self.positions.choices = [SelectChoice(code, title) for code, title in positions.items()]

    def audience(self) -> Audience:
        """Return for whom the rule is."""
        return Audience(tuple(self.positions.data or ()), tuple(int(each) for each in self.grades.data or ()))

    def rule(self) -> NewRule:
        """Return what was sent."""
        assert self.from_day.data is not None
        wanted = self.audience()
        return NewRule(self.from_day.data, int(self.course.data), wanted.positions, wanted.grades, self.valid_months.data)

    def seen(self) -> int:
        """Return the number of the last rule that the page showed; -1, which fits none, for anything that is no number."""
        sent = str(self.known.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else -1
