"""What the page of a quiz's settings sends."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lms.core.i18n import LANGUAGES, lazy_
from lms.quizzes import review
from lms.quizzes.editing import settings
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.review import Item, Phase
from lms.web.forms import Form, LineField, MomentField, NumberField

_LONGEST_DAYS = 60 * 24 * 30  # minutes
_MOST_BANDS = 10

ITEMS: Mapping[Item, Any] = {
    Item.ANSWERS: lazy_("The own answers"),
    Item.CORRECTNESS: lazy_("What is right and what is not"),
    Item.MARKS: lazy_("The marks"),
    Item.FULL_MARKS: lazy_("How much each question is worth"),
    Item.FEEDBACK: lazy_("Why the chosen answer is right or wrong"),
    Item.GENERAL_FEEDBACK: lazy_("The explanation of the question, with the law"),
    Item.RIGHT_ANSWER: lazy_("The right answer"),
    Item.OVERALL_FEEDBACK: lazy_("The feedback on the whole"),
}
PHASES: Mapping[Phase, Any] = {
    Phase.DURING: lazy_("During the attempt"),
    Phase.JUST_AFTER: lazy_("Just after handing in"),
    Phase.LATER: lazy_("Later, while it is open"),
    Phase.CLOSED: lazy_("After it has closed"),
}
_ITEM_CHOICES = [SelectChoice(str(item), label) for item, label in ITEMS.items()]


class BandForm(Form):
    """Feedback from a share of the full mark on."""

    start = NumberField(lazy_("From, in per cent"), [Optional(), NumberRange(0, 100, message=lazy_("Write a number from 0 to 100."))])
    vi = TextAreaField(lazy_("In Vietnamese"), [Optional(), Length(max=2000, message=lazy_("At most 2,000 letters."))])
    en = TextAreaField(lazy_("In English"), [Optional(), Length(max=2000, message=lazy_("At most 2,000 letters."))])


class DatesForm(Form):
    """What of a quiz can always be changed: when, how long, how often, by which password."""

    opens_at = MomentField(lazy_("Opens"), [Optional()], description=lazy_("Such as 05/10/2026 07:30. Empty: open from the beginning."))
    closes_at = MomentField(lazy_("Closes"), [Optional()], description=lazy_("Such as 05/10/2026 17:00. Empty: it never closes."))
    limit_minutes = IntegerField(
        lazy_("Time for one attempt, in minutes"),
        [Optional(), NumberRange(1, _LONGEST_DAYS, message=lazy_("Write a number of minutes, from 1 on."))],
        description=lazy_("Empty: as long as one likes."),
    )
    grace_minutes = IntegerField(
        lazy_("Minutes to hand in when the time is over"),
        [Optional(), NumberRange(0, _LONGEST_DAYS, message=lazy_("Write a number of minutes."))],
        description=lazy_("Only where what is not handed in waits for it; nothing can be answered then."),
    )
    attempts = IntegerField(
        lazy_("Attempts at most"),
        [Optional(), NumberRange(1, 100, message=lazy_("Write a number from 1 to 100."))],
        description=lazy_("Empty: as many as one likes."),
    )
    password = LineField(
        lazy_("Password"),
        [Optional(), Length(max=100, message=lazy_("At most 100 letters."))],
        description=lazy_("Asked before an attempt begins. Empty: none."),
    )

    @classmethod
    def of(cls, quiz: Quiz) -> "DatesForm":
        """Return the form, filled with what the quiz has or with what was sent."""
        return cls.from_request(data=cls._values(quiz))

    @classmethod
    def _values(cls, quiz: Quiz) -> dict[str, Any]:
        return {
            "opens_at": quiz.opens_at,
            "closes_at": quiz.closes_at,
            "limit_minutes": _minutes(quiz.time_limit_seconds),
            "grace_minutes": _minutes(quiz.grace_seconds),
            "attempts": quiz.attempts_allowed or None,
            "password": quiz.password or "",
        }

    def validate_closes_at(self, field: MomentField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(str(lazy_("It would close before it opens.")))

    def wanted(self, quiz: Quiz) -> dict[str, Any]:
        """Return the settings that were asked for, under the names of their columns."""
        return {
            "opens_at": self.opens_at.data,
            "closes_at": self.closes_at.data,
            "time_limit_seconds": _seconds(self.limit_minutes.data, quiz.time_limit_seconds),
            "grace_seconds": _seconds(self.grace_minutes.data or 0, quiz.grace_seconds) or 0,
            "attempts_allowed": self.attempts.data or 0,
            "password": self.password.data or None,
        }


class SettingsForm(DatesForm):
    """All settings of a quiz, while its course is a draft."""

    when_expired = SelectField(
        lazy_("When the time is over before it was handed in"),
        choices=[
            SelectChoice("submit", lazy_("It is handed in by itself, as it stands (recommended)")),
            SelectChoice("grace", lazy_("It can still be handed in for a while, but no longer answered")),
            SelectChoice("abandon", lazy_("It does not count: who does not hand in has no result")),
        ],
    )
    grading_method = SelectField(
        lazy_("Which attempt counts"),
        choices=[
            SelectChoice("highest", lazy_("The best one (recommended)")),
            SelectChoice("average", lazy_("The average of all")),
            SelectChoice("first", lazy_("The first one")),
            SelectChoice("last", lazy_("The last one")),
        ],
        description=lazy_("Whoever has passed stays passed, whatever comes after."),
    )
    delay_minutes = IntegerField(
        lazy_("Break after the first attempt, in minutes"),
        [Optional(), NumberRange(0, _LONGEST_DAYS, message=lazy_("Write a number of minutes."))],
        description=lazy_("0: one can try again at once."),
    )
    later_delay_minutes = IntegerField(
        lazy_("Break after later attempts, in minutes"),
        [Optional(), NumberRange(0, _LONGEST_DAYS, message=lazy_("Write a number of minutes."))],
        description=lazy_("Empty: the same as after the first."),
    )
    builds_on_last = BooleanField(
        lazy_("A new attempt begins with the answers of the last one"),
        description=lazy_("For practising until everything is right. Not together with questions drawn by lot."),
    )
    behaviour = SelectField(
        lazy_("How questions behave"),
        choices=[
            SelectChoice("deferred", lazy_("Answer all, hand in, then see how it went (recommended for tests)")),
            SelectChoice("immediate", lazy_("Check each question, once")),
            SelectChoice("interactive", lazy_("Check, read a hint, try again; each further try is worth less")),
            SelectChoice("adaptive", lazy_("Check as often as one likes; a wrong try costs a little")),
            SelectChoice("adaptive_no_penalty", lazy_("Check as often as one likes, at no cost")),
            SelectChoice("certainty", lazy_("Say how sure one is; marks by certainty, at the end")),
            SelectChoice("certainty_immediate", lazy_("Say how sure one is; checked at once")),
        ],
    )
    navigation = SelectField(
        lazy_("Way through the pages"),
        choices=[
            SelectChoice("free", lazy_("Forwards and backwards (recommended)")),
            SelectChoice("sequential", lazy_("Only forwards: a page that was left cannot be seen again")),
        ],
    )
    shuffle_questions = BooleanField(
        lazy_("Ask the questions in another order each time"), description=lazy_("Of the whole quiz; a section can also be shuffled alone.")
    )
    shuffle_answers = BooleanField(
        lazy_("Offer the choices in another order each time"), description=lazy_("Where the question itself allows it.")
    )
    classroom = BooleanField(
        lazy_("Made for the whole class on one screen"),
        description=lazy_("Everybody gets the same questions in the same order, and the teacher moves on."),
    )
    pass_percent = NumberField(
        lazy_("Passed from, in per cent of the marks"),
        [InputRequired(lazy_("Write a number from 0 to 100.")), NumberRange(0, 100, message=lazy_("Write a number from 0 to 100."))],
    )
    maximum = NumberField(
        lazy_("Marks are shown out of"),
        [InputRequired(lazy_("Write a number above 0.")), NumberRange(0.01, 1000, message=lazy_("Write a number above 0."))],
        description=lazy_("10 in Vietnamese schools. Changing it changes nobody's result."),
    )
    review_during = SelectMultipleField(PHASES[Phase.DURING], choices=_ITEM_CHOICES)
    review_just_after = SelectMultipleField(PHASES[Phase.JUST_AFTER], choices=_ITEM_CHOICES)
    review_later = SelectMultipleField(PHASES[Phase.LATER], choices=_ITEM_CHOICES)
    review_closed = SelectMultipleField(PHASES[Phase.CLOSED], choices=_ITEM_CHOICES)
    bands = FieldList(FormField(BandForm), max_entries=_MOST_BANDS)

    @classmethod
    def _values(cls, quiz: Quiz) -> dict[str, Any]:
        own = {
            name: getattr(quiz, name)
            for name in (
                "when_expired", "grading_method", "behaviour", "navigation", "shuffle_questions", "shuffle_answers", "classroom",
                "builds_on_last",
            )
        }  # fmt: skip
        shown = {f"review_{phase}": [str(item) for item in review.shown(quiz.review, phase)] for phase in Phase}
        bands = [
            {"start": _short(band["from"] * 100), **{code: band["texts"].get(code, "") for code in LANGUAGES}} for band in quiz.feedback
        ]
        return {
            **super()._values(quiz),
            **own,
            **shown,
            "delay_minutes": _minutes(quiz.delay_seconds) or 0,
            "later_delay_minutes": _minutes(quiz.later_delay_seconds),
            "pass_percent": _short(quiz.pass_share * 100),
            "maximum": _short(quiz.maximum),
            # Two more than there are, to be filled in.
            "bands": [*bands, {}, {}][:_MOST_BANDS],
        }

    def validate_grace_minutes(self, field: IntegerField) -> None:
        if self.when_expired.data == "grace" and not field.data:
            raise ValidationError(str(lazy_("Say how many minutes there are to hand in.")))

    def validate_bands(self, field: "FieldList[Any]") -> None:
        filled = [band for band in field if any(band.form[code].data for code in LANGUAGES)]
        if any(band.form.start.data is None for band in filled):
            raise ValidationError(str(lazy_("Say from how many per cent on each feedback holds; 0 for the lowest.")))
        starts = [band.form.start.data for band in filled]
        if len(set(starts)) < len(starts):
            raise ValidationError(str(lazy_("Two feedbacks begin at the same per cent.")))

    def wanted(self, quiz: Quiz) -> dict[str, Any]:
        own = {
            name: self[name].data
            for name in (
                "when_expired", "grading_method", "behaviour", "navigation", "shuffle_questions", "shuffle_answers", "classroom",
                "builds_on_last",
            )
        }  # fmt: skip
        later = self.later_delay_minutes.data
        return {
            **super().wanted(quiz),
            **own,
            "delay_seconds": _seconds(self.delay_minutes.data or 0, quiz.delay_seconds) or 0,
            "later_delay_seconds": None if later is None else later * 60,
            "pass_share": round(float(self.pass_percent.data or 0) / 100, 6),
            "maximum": float(self.maximum.data or 0),
            "review": settings.review_settings(
                {phase: frozenset(Item(each) for each in self[f"review_{phase}"].data or ()) for phase in Phase}
            ),
            "feedback": self._feedback(),
        }

    def _feedback(self) -> list[dict[str, Any]]:
        bands = [
            {
                "from": round(float(band.form.start.data) / 100, 6),
                "texts": {code: text for code in LANGUAGES if (text := (band.form[code].data or "").strip())},
            }
            for band in self.bands
            if band.form.start.data is not None and any((band.form[code].data or "").strip() for code in LANGUAGES)
        ]
        return sorted(bands, key=lambda band: band["from"])  # type: ignore[arg-type,return-value]


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else -(-seconds // 60)


def _seconds(minutes: int | None, former: int | None) -> int | None:
    """Return minutes as seconds; what the form showed rounded up and nobody touched stays as it was."""
    if minutes is None:
        return None
    return former if former is not None and _minutes(former) == minutes else minutes * 60


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else round(number, 4)
