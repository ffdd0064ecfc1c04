"""What the page of an activity's rules sends: when it is done, and when it may be done.

The page knows a list of conditions of which all, or one, must hold.  Whatever else
can be said - NOT, one list inside the other - is written as in course.yaml.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.core.i18n import gettext, lazy_, localised
from lms.courses import availability, completion
from lms.courses.availability import (
    All,
    AnyOf,
    Condition,
    Done,
    From,
    Grades,
    Leaf,
    Passed,
    Positions,
    Reached,
    SectionDone,
    Until,
    WrongConditionError,
)
from lms.courses.completion import REACHED, Rule
from lms.courses.editing.ruling import Ruling
from lms.courses.kinds import ActivityKind
from lms.courses.models import Activity, Section, Version
from lms.web.forms import DayField, Form, Ticks

_GRADES = [str(grade) for grade in range(1, 13)]
LONGEST = 5_000


class RulesForm(Form):
    """The rules of an activity."""

    completion = Ticks(
        lazy_("It is done when all of this is true"), [InputRequired(lazy_("Tick at least one: else nobody could ever finish it."))]
    )
    least = IntegerField(
        lazy_("Enough marks are, in percent"), [Optional(), NumberRange(1, 100, message=lazy_("Write a number from 1 to 100."))]
    )
    mode = RadioField(
        lazy_("When it may be done"),
        choices=[
            SelectChoice("always", lazy_("Always")),
            SelectChoice("all", lazy_("When all of this is true")),
            SelectChoice("any", lazy_("When one of these is true")),
            SelectChoice("written", lazy_("As I write it")),
        ],
        default="always",
    )
    done = Ticks(lazy_("Done before"), [Optional()])
    sections = Ticks(lazy_("Sections done before"), [Optional()])
    passed = Ticks(lazy_("Passed before"), [Optional()])
    share_of = SelectField(lazy_("Marks in"), [Optional()])
    share = IntegerField(lazy_("At least, in percent"), [Optional(), NumberRange(1, 100, message=lazy_("Write a number from 1 to 100."))])
    from_day = DayField(lazy_("From this day on"), [Optional()])
    until_day = DayField(lazy_("Until this day"), [Optional()])
    positions = Ticks(lazy_("Only for these positions"), [Optional()])
    grades = Ticks(lazy_("Only for these grades"), [Optional()], choices=[SelectChoice(grade, grade) for grade in _GRADES])
    written = TextAreaField(
        lazy_("Conditions in writing"),
        [Optional(), Length(max=LONGEST)],
    )
    hidden = BooleanField(lazy_("Do not even show its title before"))

    def offer(
        self, version: Version, activity: Activity, kind: ActivityKind, positions: Mapping[str, str], titles: Mapping[str, str]
    ) -> None:
        """Say what can be ticked in this course."""
        others = [each for section in version.sections for each in section.activities if each.id != activity.id]
        self.completion.choices = [SelectChoice(name, completion.NAMES[name]) for name in kind.meets]
        self.done.choices = [SelectChoice(each.key, localised(each.title)) for each in others]
        marked = [each for each in others if each.kind == "quiz"]
        self.passed.choices = [SelectChoice(each.key, localised(each.title)) for each in marked]
        self.share_of.choices = [
            SelectChoice("", gettext("in no quiz")),
            *(SelectChoice(each.key, localised(each.title)) for each in marked),
        ]
        self.sections.choices = [
            SelectChoice(each.key, titles[each.key]) for each in version.sections if each.id != activity.section_id and each.activities
        ]
        self.positions.choices = [SelectChoice(code, title) for code, title in positions.items()]

    def fill(self, rule: Rule, condition: Condition | None, hidden: bool) -> None:
        """Show what is said so far."""
        self.completion.data = list(rule.asked)
        self.least.data = round(100 * rule.least) or None
        self.hidden.data = hidden
        self.mode.data = "always"
        if condition is None:
            return
        self.written.data = yaml.safe_dump(
            availability.written(condition), allow_unicode=True, default_flow_style=True, width=10_000
        ).strip()
        leaves = _plain(condition)
        if leaves is None or not self._takes(leaves):
            self.mode.data = "written"
            return
        self.mode.data = "any" if isinstance(condition, AnyOf) else "all"

    def ruling(self, kind: ActivityKind) -> Ruling | None:
        """Return what was sent; None when something has to be mended, which the fields then say."""
        rule = self._rule(kind)
        condition = self._condition()
        return Ruling(rule, condition, bool(self.hidden.data)) if rule is not None and not self.errors else None

    def _rule(self, kind: ActivityKind) -> Rule | None:
        asked = list(self.completion.data or [])
        if REACHED in asked and not self.least.data:
            self.least.errors = [gettext("Say how many percent are enough.")]
            return None
        return completion.read(
            [{REACHED: (self.least.data or 0) / 100} if name == REACHED else name for name in asked], kind.meets, kind.usual
        )

    def _condition(self) -> Condition | None:
        mode = self.mode.data
        if mode == "written":
            return self._written()
        leaves = self._leaves()
        if mode == "always":
            return None
        if not leaves:
            self.mode.errors = [gettext("Say below for what it waits, or choose “Always”.")]
            return None
        return AnyOf(tuple(leaves)) if mode == "any" else All(tuple(leaves))

    def _written(self) -> Condition | None:
        try:
            return availability.read(yaml.safe_load(self.written.data or ""))
        except yaml.YAMLError:
            self.written.errors = [gettext("This cannot be read. Close every bracket, as in {example}.", example="{done: l1-1}")]
        except WrongConditionError as error:
            self.written.errors = [str(error)]
        return None

    def _leaves(self) -> list[Leaf]:
        leaves: list[Leaf] = [Done(key) for key in self.done.data or []]
        leaves += [SectionDone(key) for key in self.sections.data or []]
        leaves += [Passed(key) for key in self.passed.data or []]
        if self.share_of.data and not self.share.data:
            self.share.errors = [gettext("Say how many percent.")]
        elif self.share_of.data:
            leaves.append(Reached(self.share_of.data, (self.share.data or 0) / 100))
        leaves += [From(self.from_day.data)] if self.from_day.data else []
        leaves += [Until(self.until_day.data)] if self.until_day.data else []
        leaves += [Positions(tuple(self.positions.data))] if self.positions.data else []
        leaves += [Grades(tuple(int(each) for each in self.grades.data))] if self.grades.data else []
        return leaves

    def _takes(self, leaves: Sequence[Leaf]) -> bool:
        """Show a plain list in the fields; return whether all of it has a place there."""
        values: dict[str, Any] = {"done": [], "sections": [], "passed": []}
        for leaf in leaves:
            match leaf:
                case Done(key):
                    values["done"].append(key)
                case SectionDone(key):
                    values["sections"].append(key)
                case Passed(key):
                    values["passed"].append(key)
                case Reached(key, least) if "share" not in values:
                    values |= {"share_of": key, "share": round(100 * least)}
                case From(day) if "from_day" not in values:
                    values["from_day"] = day
                case Until(day) if "until_day" not in values:
                    values["until_day"] = day
                case Positions(codes) if "positions" not in values:
                    values["positions"] = list(codes)
                case Grades(grades) if "grades" not in values:
                    values["grades"] = [str(grade) for grade in grades]
                case _:
                    return False
        for name, value in values.items():
            self[name].data = value
        return True


def section_titles(sections: Sequence[Section]) -> dict[str, str]:
    """Return what each section is called, by key."""
    return {each.key: localised(each.title) or gettext("Section {number}", number=each.position) for each in sections}


def _plain(condition: Condition) -> list[Leaf] | None:
    """Return the leaves of a plain list; None for anything deeper."""
    of = condition.of if isinstance(condition, All | AnyOf) else (condition,)
    leaves = [each for each in of if not isinstance(each, All | AnyOf | availability.Not)]
    return leaves if len(leaves) == len(of) else None
