"""Forms of programmes: their targets, their deadlines, a new rule."""

from collections.abc import Mapping
from datetime import timedelta

from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from lms.core.i18n import lazy_
from lms.programmes.amending import NewProgramme, NewRule
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
    """A rule of a programme."""

    from_day = DayField(lazy_("From this day on"), [InputRequired(lazy_("Write a day, such as 31/12/2027."))])
    course = SelectField(lazy_("Fulfilled by"), validate_choice=True)
    further = Ticks(lazy_("Further courses that count"), [Optional()])
    needed = IntegerField(
        lazy_("How many of these courses have to be completed?"),
        [Optional(), NumberRange(1, 20, message=lazy_("Write a number from 1 to 20."))],
        description=lazy_("1: any one of them."),
        default=1,
    )
    renewed_by = SelectField(
        lazy_("Renewed by"),
        description=lazy_("A shorter course for those who were trained before."),
        validate_choice=True,
    )
    positions = Ticks(lazy_("For these positions"), [Optional()], description=lazy_("None ticked: all of the staff."))
    grades = Ticks(
        lazy_("For these grades"),
        [Optional()],
        choices=[SelectChoice(grade, grade) for grade in _GRADES],
        description=lazy_("None ticked: all grades."),
    )
    stages = Ticks(lazy_("At schools of these levels"), [Optional()], description=lazy_("None ticked: everywhere, in offices as well."))
    unit_kinds = Ticks(lazy_("At units of these kinds"), [Optional()], description=lazy_("None ticked: at all."))
    valid_months = IntegerField(
        lazy_("Valid for how many months?"),
        [Optional(), NumberRange(1, 120, message=lazy_("Write a number from 1 to 120."))],
        description=lazy_("Empty: without an end."),
    )
    renewal_months = IntegerField(
        lazy_("How many months before the end may it be renewed?"),
        [Optional(), NumberRange(0, 60, message=lazy_("Write a number from 0 to 60."))],
        default=3,
    )
    due_days = IntegerField(
        lazy_("Due so many days after somebody began in the post"),
        [Optional(), NumberRange(1, 1000, message=lazy_("Write a number from 1 to 1000."))],
        description=lazy_("Empty: by the deadlines of the programme."),
    )
    known = HiddenField()

    def offer(
        self, courses: Mapping[int, str], positions: Mapping[str, str], unit_kinds: Mapping[str, str], stages: Mapping[str, str]
    ) -> None:
        """Say what can be chosen."""
        named = [SelectChoice(str(course_id), code) for course_id, code in courses.items()]
        self.course.choices = self.further.choices = named
        self.renewed_by.choices = [SelectChoice("", lazy_("the same")), *named]
        for field, titles in ((self.positions, positions), (self.unit_kinds, unit_kinds), (self.stages, stages)):
            field.choices = [SelectChoice(code, title) for code, title in titles.items()]

    def audience(self) -> Audience:
        """Return for whom the rule is."""
        grades = tuple(int(each) for each in self.grades.data or ())
        return Audience(tuple(self.positions.data or ()), grades, tuple(self.unit_kinds.data or ()), tuple(self.stages.data or ()))

    def rule(self) -> NewRule:
        """Return what was sent."""
        assert self.from_day.data is not None
        wanted, first = self.audience(), int(self.course.data)
        return NewRule(
            self.from_day.data,
            first,
            wanted.positions,
            wanted.grades,
            wanted.unit_kinds,
            wanted.stages,
            further=tuple(int(each) for each in self.further.data or () if int(each) != first),
            needed=self.needed.data or 1,
            renewed_by_id=int(self.renewed_by.data) if self.renewed_by.data else None,
            valid_months=self.valid_months.data,
            renewal_months=3 if self.renewal_months.data is None else self.renewal_months.data,
            due_days=self.due_days.data,
        )

    def seen(self) -> int:
        """Return the number of the last rule that the page showed; -1, which fits none, for anything that is no number."""
        sent = str(self.known.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else -1


class ProgrammeForm(RuleForm):
    """A programme with its first rule."""

    title_vi = LineField(
        lazy_("Title in Vietnamese"), [InputRequired(lazy_("Give it a title.")), Length(max=200, message=lazy_("At most 200 letters."))]
    )
    title_en = LineField(lazy_("Title in English"), [Optional(), Length(max=200, message=lazy_("At most 200 letters."))])
    basis_vi = LineField(
        lazy_("Legal basis, in Vietnamese"),
        [InputRequired(lazy_("Say on which law or decision it rests.")), Length(max=500, message=lazy_("At most 500 letters."))],
    )
    basis_en = LineField(lazy_("Legal basis, in English"), [Optional(), Length(max=500, message=lazy_("At most 500 letters."))])
    slug = LineField(
        lazy_("Short name in addresses"),
        [
            InputRequired(lazy_("Give it a short name.")),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*$", message=lazy_("Small letters without accents, digits and hyphens: online-safety.")),
            Length(max=60, message=lazy_("At most 60 letters.")),
        ],
    )
    unit = SelectField(lazy_("For whom"), validate_choice=True)
    last_day = DayField(lazy_("Last day of the programme"), [Optional()], description=lazy_("Empty: without an end."))
    targets = BooleanField(
        lazy_("With the targets and report days of the template"),
        description=lazy_("Until 2030: 85 % in 2026 to 100 % from 2029 on, and 10 October of each year. You can change them afterwards."),
    )
    certificate = BooleanField(lazy_("Whoever fulfils it gets a certificate"), default=True)

    def offer_units(self, units: Mapping[int, str]) -> None:
        """Say for whom it can be."""
        self.unit.choices = [SelectChoice(str(unit_id), name) for unit_id, name in units.items()]

    def programme(self, audience: str) -> NewProgramme:
        """Return what was sent."""
        return NewProgramme(
            slug=self.slug.data or "",
            title={"vi": self.title_vi.data or "", "en": self.title_en.data or self.title_vi.data or ""},
            legal_basis={"vi": self.basis_vi.data or "", "en": self.basis_en.data or self.basis_vi.data or ""},
            audience=audience,
            owner_unit_id=int(self.unit.data),
            until_day=self.last_day.data + timedelta(days=1) if self.last_day.data else None,
            certificate=bool(self.certificate.data),
            rule=self.rule(),
        )
