"""Why somebody counts as trained, exempt or missing: one reason each, from a closed list (pure)."""

from dataclasses import dataclass
from datetime import date

from lms.core import formats
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_

# In the order in which they are asked: the first that fits is the reason.
REASONS = {
    "exempt": lazy_("Exempt"),
    "trained": lazy_("Trained"),
    "not_enrolled": lazy_("Not enrolled"),
    "in_progress": lazy_("In progress"),
    "quiz_not_taken": lazy_("Lessons done, quiz not taken"),
    "quiz_failed": lazy_("Quiz failed"),
    "revoked": lazy_("Evidence not accepted"),
    "expired": lazy_("Expired"),
    "never_signed_in": lazy_("Never signed in"),
    "not_started": lazy_("Not started"),
}


@dataclass(frozen=True)
class Standing:
    """What the reason is found from, all of it as of one day."""

    is_exempt: bool = False
    qualified: bool = False
    revoked: bool = False  # a qualification was taken back, and none is valid
    ended_on: date | None = None  # a qualification was valid until this day
    enrolled: bool = False
    completed: bool = False
    started: bool = False
    done: int = 0
    required: int = 0
    quizzes: int = 0  # required quizzes of the course
    quizzes_passed: int = 0
    quiz_failed: bool = False
    signed_in_before: bool = False


def reason(standing: Standing) -> str:
    """Return the one reason, a key of REASONS.

    A course begun again counts more than what ended before it: who renews is in
    progress.  Who completed and lost it is revoked or expired.
    """
    if standing.is_exempt:
        return "exempt"
    if standing.qualified:
        return "trained"
    if standing.started and not standing.completed:
        return _under_way(standing)
    if standing.revoked:
        return "revoked"
    if standing.ended_on is not None:
        return "expired"
    if not standing.enrolled:
        return "not_enrolled"
    # A course that was completed and gave no qualification is as good as not begun for this programme.
    return "not_started" if standing.signed_in_before else "never_signed_in"


def _under_way(standing: Standing) -> str:
    if standing.quiz_failed:
        return "quiz_failed"
    open_quizzes = standing.quizzes - standing.quizzes_passed
    if open_quizzes and standing.done >= standing.required - open_quizzes:
        return "quiz_not_taken"
    return "in_progress"


def percent(share: float) -> str:
    """Return a share as people say it: 67 %."""
    return f"{int(share * 100 + 1e-9)} %"


def say(
    key: str,
    *,
    until: date | None = None,
    exempt_reason: str = "",
    recognised: bool = False,
    done: int = 0,
    required: int = 0,
    share: float | None = None,
    needed: float | None = None,
) -> str:
    """Return the reason as a sentence with what belongs to it."""
    if key == "trained" and recognised:
        return _("Trained elsewhere, valid until {day}", day=formats.day(until)) if until else _("Trained elsewhere, without an end")
    if key == "trained":
        return _("Trained, valid until {day}", day=formats.day(until)) if until else _("Trained, without an end")
    if key == "exempt":
        return _("Exempt: {reason}", reason=exempt_reason) if exempt_reason else _("Exempt")
    if key == "expired" and until:
        return _("The certificate expired on {day}", day=formats.day(until))
    if key == "in_progress":
        return _("In progress: {done} of {required} steps", done=done, required=required) if required else _("In progress")
    if key == "quiz_failed" and share is not None and needed is not None:
        return _("Quiz failed: {share}, {needed} needed", share=percent(share), needed=percent(needed))
    return str(REASONS[key])
