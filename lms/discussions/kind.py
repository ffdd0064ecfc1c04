"""Discussions as a kind of activity."""

from collections.abc import Iterable

from lms.core.db import session
from lms.core.i18n import _, lazy_, localised
from lms.courses import completion
from lms.courses.drafts import ActivityDraft, Problem
from lms.courses.kinds import ActivityKind, Entry, Place, Workshop
from lms.courses.models import Activity, Version
from lms.discussions import queries, rules, settings, writing
from lms.discussions.settings import WrongSettingsError

MOST_PAGES = 1_000_000  # far behind the end is the same as anywhere behind it


class DiscussionKind(ActivityKind):
    """Staff exchange experience; moderated by the authors of the course."""

    key = "discussion"
    icon = "people"
    has_texts = False
    meets = (completion.SUBMITTED, completion.MARKED)
    usual = (completion.SUBMITTED,)
    name = lazy_("Discussion")

    def check(self, draft: ActivityDraft, languages: Iterable[str]) -> list[Problem]:
        try:
            settings.read(draft.settings)
        except WrongSettingsError as error:
            return [Problem("course.yaml", 1, f"{draft.key}: {error}", "")]
        return []

    def workshop(self, activity: Activity) -> Workshop | None:
        slug = session.get_one(Version, activity.version_id).course.slug
        return Workshop("discussions_making.edit", {"slug": slug, "key": activity.key}, _("What to write about"))

    def not_ready(self, activity: Activity) -> str:
        if session.get_one(Version, activity.version_id).course.audience != "staff":
            return _("“{title}”: only courses for staff have discussions.", title=localised(activity.title))
        return ""

    def entry(self, place: Place) -> Entry:
        version = session.get_one(Version, place.version_id)
        chosen = settings.read(place.step.settings)
        number = min(max(1, _number(place.asked.get("page"))), MOST_PAGES)
        return Entry(
            "discussions/step.html",
            {
                "prompt": chosen.prompt,
                "approve": chosen.approve,
                "page": queries.page(version.course_id, place.step.key, place.person_id, number),
                "number": number,
                "answering": _number(place.asked.get("answer")) or None,
                "longest": writing.LONGEST,
                "moderates": rules.may_moderate(place.actor, version.course),
            },
        )


def _number(said: str | None) -> int:
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 10 else 0
