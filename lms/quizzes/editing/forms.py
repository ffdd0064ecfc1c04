"""What the pages of exceptions and of extra time send."""

from collections.abc import Mapping
from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than it
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lms.core import clock
from lms.core.i18n import lazy_
from lms.quizzes.models.quiz import Quiz
from lms.web.forms import DayField, Form, LineField, MomentField

_LONGEST_DAYS = 60 * 24 * 14  # minutes


class ReasonForm(Form):
    """Why something is done."""

    reason = LineField(
        lazy_("Reason for the record"),
        [InputRequired(lazy_("Say in a few words why.")), Length(min=3, max=300, message=lazy_("Say in a few words why."))],
    )


class OverrideForm(Form):
    """What a quiz allows to somebody; filled with what it allows to everybody."""

    opens_at = MomentField(lazy_("Opens"), [Optional()], description=lazy_("Such as 05/10/2026 07:30. Empty: open from the beginning."))
    closes_at = MomentField(lazy_("Closes"), [Optional()], description=lazy_("Such as 05/10/2026 17:00. Empty: it never closes."))
    limit_minutes = IntegerField(
        lazy_("Time for one attempt, in minutes"),
        [Optional(), NumberRange(1, _LONGEST_DAYS, message=lazy_("Write a number of minutes, from 1 on."))],
        description=lazy_("Empty: as long as one likes."),
    )
    attempts = IntegerField(
        lazy_("Attempts at most"),
        [Optional(), NumberRange(1, 100, message=lazy_("Write a number from 1 to 100."))],
        description=lazy_("Empty: as many as one likes."),
    )
    grace_minutes = IntegerField(
        lazy_("Minutes to hand in when the time is over"),
        [Optional(), NumberRange(0, _LONGEST_DAYS, message=lazy_("Write a number of minutes."))],
    )
    password = LineField(
        lazy_("Password"),
        [Optional(), Length(max=100, message=lazy_("At most 100 letters."))],
        description=lazy_("Asked before an attempt begins. Empty: none."),
    )
    reason = LineField(
        lazy_("Reason for the record"),
        [InputRequired(lazy_("Say in a few words why.")), Length(min=3, max=300, message=lazy_("Say in a few words why."))],
        description=lazy_("Such as “was ill on the day”. Nothing about anybody's health: who looks after the quiz can read it."),
    )

    @classmethod
    def of(cls, allowed: Mapping[str, Any], reason: str = "") -> "OverrideForm":
        """Return the form, filled with what is allowed now, or with what was sent."""
        seconds = allowed["time_limit_seconds"]
        return cls.from_request(
            data={
                "opens_at": allowed["opens_at"],
                "closes_at": allowed["closes_at"],
                "limit_minutes": -(-seconds // 60) if seconds else None,
                "attempts": allowed["attempts_allowed"],
                "grace_minutes": -(-allowed["grace_seconds"] // 60),
                "password": allowed["password"] or "",
                "reason": reason,
            }
        )

    def validate_closes_at(self, field: MomentField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(str(lazy_("It would close before it opens.")))

    def wanted(self, quiz: Quiz) -> dict[str, Any]:
        """Return what was asked for, under the names of what can differ."""
        limit, grace = self.limit_minutes.data, self.grace_minutes.data
        wanted = {
            "opens_at": self.opens_at.data,
            "closes_at": self.closes_at.data,
            "time_limit_seconds": limit * 60 if limit else None,
            "attempts_allowed": self.attempts.data or None,
            "grace_seconds": quiz.grace_seconds if grace is None else grace * 60,
            "password": self.password.data or None,
        }
        # The form knows minutes; what is finer and was not touched stays.
        for name in ("opens_at", "closes_at"):
            own = getattr(quiz, name)
            if own and wanted[name] and wanted[name] == own.replace(second=0, microsecond=0):
                wanted[name] = own
        return wanted


class ExtraTimeForm(Form):
    """More time for one person in every quiz."""

    multiplier = RadioField(
        lazy_("How much time"),
        [InputRequired(lazy_("Choose how much time."))],
        choices=[
            SelectChoice("1.25", lazy_("A quarter more (30 minutes become 37 and a half)")),
            SelectChoice("1.5", lazy_("Half as much again (30 minutes become 45)")),
            SelectChoice("2.0", lazy_("Twice the time (30 minutes become 60)")),
            SelectChoice("3.0", lazy_("Three times the time (30 minutes become 90)")),
        ],
        default="1.5",
    )
    from_day = DayField(lazy_("From the day"), [InputRequired(lazy_("Write the first day."))], default=clock.today)  # type: ignore[arg-type]
    last_day = DayField(lazy_("Up to and including"), [Optional()], description=lazy_("Such as 31/05/2027. Empty: until somebody ends it."))
    reason = LineField(
        lazy_("Reason for the record"),
        [InputRequired(lazy_("Say in a few words why.")), Length(min=3, max=300, message=lazy_("Say in a few words why."))],
        description=lazy_(
            "Such as “decided with the family on 5 October”. Never write a diagnosis or anything about health: nobody needs it here."
        ),
    )

    def validate_last_day(self, field: DayField) -> None:
        if field.data and self.from_day.data and field.data < self.from_day.data:
            raise ValidationError(str(lazy_("The last day lies before the first.")))
