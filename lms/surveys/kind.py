"""Surveys as a kind of activity."""

from collections.abc import Iterable, Mapping
from typing import Any

from lms.core.db import session
from lms.core.i18n import LANGUAGES, _, lazy_, localised
from lms.courses import completion
from lms.courses.drafts import ActivityDraft, Problem
from lms.courses.kinds import ActivityKind, Entry, Place, Workshop
from lms.courses.models import Activity, Version
from lms.surveys import answering, items, rules
from lms.surveys.items import WrongItemsError


class SurveyKind(ActivityKind):
    """Questions about the course, answered without a name."""

    key = "survey"
    icon = "chart"
    has_texts = False
    meets = (completion.SUBMITTED, completion.MARKED)
    usual = (completion.SUBMITTED,)
    name = lazy_("Survey")

    def check(self, draft: ActivityDraft, languages: Iterable[str]) -> list[Problem]:
        try:
            lacking = _lacks_language(items.read(draft.settings), languages)
        except WrongItemsError as error:
            return [Problem("course.yaml", 1, f"{draft.key}: {error}", "")]
        return [Problem("course.yaml", 1, f"{draft.key}: {lacking}", "")] if lacking else []

    def workshop(self, activity: Activity) -> Workshop | None:
        slug = session.get_one(Version, activity.version_id).course.slug
        return Workshop("surveys_making.edit", {"slug": slug, "key": activity.key}, _("Questions of the survey"))

    def not_ready(self, activity: Activity) -> str:
        version = session.get_one(Version, activity.version_id)
        title, asked = localised(activity.title), items.read(activity.settings)
        if not asked:
            return _("Survey “{title}” asks nothing yet.", title=title)
        if version.course.audience == "pupils" and any(each.kind == "words" for each in asked):
            # What a child writes of trouble would be read by nobody who can help.
            return _("Survey “{title}”: pupils are not asked for own words here. Use questions to choose from.", title=title)
        lacking = _lacks_language(asked, version.languages)
        return f"{title}: {lacking}" if lacking else ""

    def entry(self, place: Place) -> Entry:
        return Entry(
            "surveys/step.html",
            {
                "items": items.read(place.step.settings),
                "took_part": answering.took_part(place.enrolment_id, place.step.key),
                "group": answering.GROUP,
                "sees_results": rules.may_see_results(place.actor),
            },
        )


def _lacks_language(asked: Iterable[items.Item], languages: Iterable[str]) -> str:
    texts: list[Mapping[str, Any]] = [text for each in asked for text in (each.text, *(option.text for option in each.options))]
    missing = next((code for code in languages if any(code not in text for text in texts)), None)
    return _("A question or an option has no text in {language}.", language=LANGUAGES[missing]) if missing else ""
