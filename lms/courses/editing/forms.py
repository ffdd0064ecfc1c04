"""What the pages of making courses send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from lms.core.errors import Invalid
from lms.core.i18n import LANGUAGES, lazy_
from lms.courses.editing import layout
from lms.courses.editing.layout import Element, Kind
from lms.courses.editing.lesson_fields import LessonFields
from lms.courses.editing.making import LONGEST_SLUG, CourseHead
from lms.courses.models import Version
from lms.web.forms import DayField, Form, LineField, Ticks

_GRADES = [str(grade) for grade in range(1, 13)]
LONGEST_TITLE = 200
MOST_MINUTES = 600


class WrongList(Invalid):
    code = "wrong_course_list"
    message = lazy_("This page was sent in a form that the program does not know. Open it again.")


class HeadForm(Form):
    """What a course says of itself."""

    title_vi = LineField(
        lazy_("Title in Vietnamese"),
        [InputRequired(lazy_("Give the course a title.")), Length(max=LONGEST_TITLE, message=lazy_("At most 200 letters."))],
    )
    title_en = LineField(lazy_("Title in English"), [Optional(), Length(max=LONGEST_TITLE, message=lazy_("At most 200 letters."))])
    languages = RadioField(
        lazy_("Languages"),
        choices=[
            SelectChoice("vi", lazy_("Vietnamese only")),
            SelectChoice("vi en", lazy_("Vietnamese and English, each lesson in both")),
        ],
        default="vi",
    )
    code = LineField(
        lazy_("Short name"),
        [InputRequired(lazy_("Give a short name.")), Length(max=20, message=lazy_("At most 20 letters."))],
        description=lazy_("Printed on certificates, such as AT1."),
    )
    summary_vi = TextAreaField(lazy_("What it is about, in Vietnamese"), [Optional(), Length(max=2_000)])
    summary_en = TextAreaField(lazy_("What it is about, in English"), [Optional(), Length(max=2_000)])
    outcomes_vi = TextAreaField(
        lazy_("What learners can do afterwards, in Vietnamese"), [Optional(), Length(max=4_000)], description=lazy_("One on a line.")
    )
    outcomes_en = TextAreaField(
        lazy_("What learners can do afterwards, in English"), [Optional(), Length(max=4_000)], description=lazy_("One on a line.")
    )
    grades = Ticks(
        lazy_("Grades"),
        [Optional()],
        choices=[SelectChoice(grade, grade) for grade in _GRADES],
        description=lazy_("None ticked: all grades."),
    )
    periods = IntegerField(
        lazy_("Length in periods of 45 minutes"),
        [InputRequired(lazy_("Write a number.")), NumberRange(1, 100, message=lazy_("Write a number from 1 to 100."))],
        default=1,
    )
    valid_months = IntegerField(
        lazy_("Training is valid for how many months?"),
        [Optional(), NumberRange(1, 120, message=lazy_("Write a number from 1 to 120."))],
        description=lazy_("Empty: without an end."),
    )
    as_of = DayField(
        lazy_("Law looked at up to"),
        [Optional()],
        description=lazy_("The day up to which you looked at the law in it, such as 05/10/2026. Empty: today."),
    )
    needed = IntegerField(
        lazy_("How many of the activities that count complete it?"),
        [Optional(), NumberRange(1, 500, message=lazy_("Write a number from 1 to 500."))],
        description=lazy_("Empty: each of them."),
    )
    read_aloud = BooleanField(lazy_("Lessons can be listened to, where the device has a voice"))

    @classmethod
    def of(cls, version: Version) -> "HeadForm":
        """Return the form, filled with what a version says, or with what was sent."""
        return cls.from_request(data=_values(version))

    def head(self) -> CourseHead:
        """Return what was sent."""
        languages = tuple(code for code in LANGUAGES if code in (self.languages.data or "vi").split())
        by_language = {"vi": (self.title_vi, self.summary_vi, self.outcomes_vi), "en": (self.title_en, self.summary_en, self.outcomes_en)}
        return CourseHead(
            title={code: by_language[code][0].data or self.title_vi.data or "" for code in languages},
            summary={code: (by_language[code][1].data or "").strip() for code in languages},
            outcomes={code: _lines(by_language[code][2].data or "") for code in languages},
            languages=languages,
            grades=tuple(int(grade) for grade in self.grades.data or []),
            periods=self.periods.data or 1,
            valid_months=self.valid_months.data,
            as_of=self.as_of.data,
            read_aloud=bool(self.read_aloud.data),
            needed=self.needed.data,
        )


class AddressForm(Form):
    """The address under which a course is found."""

    slug = LineField(
        lazy_("Address"),
        [
            InputRequired(lazy_("Give an address.")),
            Length(max=LONGEST_SLUG, message=lazy_("At most 60 letters.")),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*$", message=lazy_("Small letters without accents, digits and hyphens: online-safety.")),
        ],
        description=lazy_("It stays the same for ever: small letters without accents, digits and hyphens, such as online-safety."),
    )


class OwnerForm(Form):
    """Whose course it is."""

    unit = SelectField(lazy_("Belongs to"), validate_choice=True)

    def offer(self, units: Mapping[int, str]) -> None:
        """Say which units the course may belong to; it is for people there and below."""
        self.unit.choices = [SelectChoice(str(unit_id), name) for unit_id, name in units.items()]


class NewCourseForm(HeadForm, AddressForm, OwnerForm):
    """A course that is begun."""

    audience = RadioField(
        lazy_("For whom"), choices=[SelectChoice("staff", lazy_("Staff")), SelectChoice("pupils", lazy_("Pupils"))], default="staff"
    )


class CopyForm(AddressForm, OwnerForm):
    """A course of one's own that begins as a copy."""

    code = LineField(
        lazy_("Short name"),
        [InputRequired(lazy_("Give a short name.")), Length(max=20, message=lazy_("At most 20 letters."))],
        description=lazy_("Printed on certificates, such as AT1."),
    )


class ActivityForm(Form):
    """An activity that is added, or its frame that is changed."""

    title_vi = LineField(
        lazy_("Title in Vietnamese"),
        [InputRequired(lazy_("Give it a title.")), Length(max=LONGEST_TITLE, message=lazy_("At most 200 letters."))],
    )
    title_en = LineField(lazy_("Title in English"), [Optional(), Length(max=LONGEST_TITLE, message=lazy_("At most 200 letters."))])
    minutes = IntegerField(
        lazy_("How long it takes, in minutes"),
        [InputRequired(lazy_("Write a number of minutes.")), NumberRange(1, MOST_MINUTES, message=lazy_("Write a number of minutes."))],
        default=10,
    )
    required = BooleanField(lazy_("Counts for finishing the course"), default=True)

    def title(self, languages: list[str]) -> dict[str, str]:
        """Return the title by language; English that is missing is said in Vietnamese until somebody writes it."""
        vi = self.title_vi.data or ""
        return {code: (self.title_en.data or vi if code == "en" else vi) for code in languages}


class NewActivityForm(ActivityForm):
    """A lesson, a quiz or another activity that is added."""

    kind = RadioField(lazy_("What"))
    section = SelectField(lazy_("In which section"), validate_choice=True)

    def offer(self, kinds: Mapping[str, str], sections: Mapping[int, str]) -> None:
        """Say what can be added, and where."""
        self.kind.choices = [SelectChoice(key, name) for key, name in kinds.items()]
        self.section.choices = [SelectChoice(str(section_id), name) for section_id, name in sections.items()]


@dataclass(frozen=True)
class Arrangement:
    """The whole list as the page sent it, and what the pressed button asks for besides saving."""

    order: list[Element]
    titles: dict[int, dict[str, str]]
    act: str  # "", up, down, remove, section
    of: Element | None

    def rearranged(self) -> list[Element]:
        """Return the list after what the button asks for, as far as it is about order."""
        if self.of is not None and self.act in ("up", "down"):
            return layout.moved(self.order, self.of, -1 if self.act == "up" else 1)
        return self.order


def read_arrangement(sent: MultiDict[str, str], languages: list[str]) -> Arrangement:
    """Read the outline that was sent.  Raises WrongList."""
    order = layout.read(sent.getlist("order"))
    act, _space, target = sent.get("do", "").partition(" ")
    of = layout.read([target]) if target else []
    if not order or order[0].kind is not Kind.SECTION or of is None or act not in ("", "up", "down", "remove", "section"):
        raise WrongList()
    titles = {
        each.id: {code: sent.get(f"title-{each.id}-{code}", "").strip()[:LONGEST_TITLE] for code in languages}
        for each in order
        if each.kind is Kind.SECTION
    }
    return Arrangement(order, titles, act, of[0] if of else None)


def lesson_fields(sent: MultiDict[str, str], languages: list[str]) -> dict[str, LessonFields]:
    """Return what was written of a lesson, by language."""
    return {
        code: LessonFields(
            *(sent.get(f"{name}.{code}", "").replace("\r\n", "\n").strip("\n") for name in ("lead", "outcomes", "sources", "body"))
        )
        for code in languages
    }


def _values(version: Version) -> dict[str, Any]:
    texts = {f"{name}_{code}": getattr(version, name).get(code, "") for name in ("title", "summary") for code in LANGUAGES}
    outcomes = {f"outcomes_{code}": "\n".join(version.outcomes.get(code, [])) for code in LANGUAGES}
    return texts | outcomes | {
        "languages": "vi en" if "en" in version.languages else "vi",
        "code": version.course.code,
        "grades": [str(grade) for grade in version.grades],
        "periods": version.periods,
        "valid_months": version.valid_months,
        "as_of": version.as_of,
        "read_aloud": version.read_aloud,
        "needed": version.needed,
    }  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line for line in (re.sub(r"\s+", " ", each).strip() for each in text.splitlines()) if line]
