"""Pages: activities that are read, and done when the reader says so."""

from collections.abc import Iterable

from lms.core import i18n
from lms.core.db import session
from lms.core.i18n import lazy_
from lms.courses import lesson_contents, lesson_drawing, lesson_text, outline
from lms.courses.contents import Content
from lms.courses.drafts import ActivityDraft, DraftProblems, Problem
from lms.courses.kinds import ActivityKind, Entry, Place
from lms.courses.models import Activity, PageText, Version


class PageKind(ActivityKind):
    """A lesson to read, in as many languages as the course has."""

    key = "page"
    icon = "page"
    done_by_learner = True
    name = lazy_("Lesson")

    def pictures(self, text: str) -> list[tuple[int, str]]:
        return lesson_text.pictures(text)

    def check(self, draft: ActivityDraft, languages: Iterable[str]) -> list[Problem]:
        problems: list[Problem] = []
        for text in draft.texts.values():
            try:
                lesson_text.parse(text.text, text.path)
            except DraftProblems as found:
                problems += found.problems
        return problems

    def content(self, draft: ActivityDraft, language: str) -> Content:
        return lesson_contents.content(draft.texts[language]) if language in draft.texts else Content()

    def imported(self, activity: Activity, draft: ActivityDraft) -> None:
        version = session.get_one(Version, activity.version_id)
        around = outline.around(version.course.slug, version.id, activity.key)
        for language, text in draft.texts.items():
            drawn = lesson_drawing.render(lesson_text.parse(text.text, text.path), language, version.as_of, around)
            session.add(PageText(activity_id=activity.id, language=language, source=text.text, html=drawn.html, head=dict(drawn.head)))

    def entry(self, place: Place) -> Entry:
        return Entry("learning/lesson.html", {"lesson": outline.lesson(place.step, i18n.language())})
