"""Pages: activities that are read, and done when the reader says so."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from lms.core import i18n
from lms.core.db import session
from lms.core.i18n import LANGUAGES, _, lazy_, localised, ngettext
from lms.courses import completion, law_changes, lesson_contents, lesson_drawing, lesson_text, outline
from lms.courses.contents import Content
from lms.courses.drafts import ActivityDraft, DraftProblems, Problem
from lms.courses.editing import writing
from lms.courses.kinds import ActivityKind, Entry, Place, Source
from lms.courses.models import Activity, PageText, Version


class PageKind(ActivityKind):
    """A lesson to read, in as many languages as the course has."""

    key = "page"
    icon = "page"
    done_by_learner = True
    meets = (completion.VIEWED, completion.READ, completion.CHECKS, completion.MARKED)
    usual = (completion.READ,)
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

    def imported(self, activity: Activity, draft: ActivityDraft) -> Mapping[str, Any]:
        version = session.get_one(Version, activity.version_id)
        around = outline.around(version.course.slug, version.id, activity.key)
        for language, text in draft.texts.items():
            drawn = lesson_drawing.render(lesson_text.parse(text.text, text.path), language, version.as_of, around)
            session.add(PageText(activity_id=activity.id, language=language, source=text.text, html=drawn.html, head=dict(drawn.head)))
        return {}

    def copied(self, activity: Activity, source: Activity) -> None:
        writing.redraw(activity, writing.texts_of(source))

    def source(self, activity: Activity) -> Source:
        texts = {f"lessons/{activity.key}.{language}.md": text for language, text in writing.texts_of(activity).items()}
        return Source(dict(activity.settings), f"lessons/{activity.key}", texts)

    def removed(self, activity: Activity) -> None:
        for text in session.scalars(select(PageText).where(PageText.activity_id == activity.id)):
            session.delete(text)
        session.flush()

    def not_ready(self, activity: Activity) -> str:
        version = session.get_one(Version, activity.version_id)
        texts = writing.texts_of(activity)
        title = localised(activity.title)
        asks_checks = completion.CHECKS in completion.read(activity.completion, self.meets, self.usual).asked
        for language in version.languages:
            name = LANGUAGES[language]
            if not texts.get(language, "").strip():
                return _("Lesson “{title}” has no text yet in {language}.", title=title, language=name)
            if asks_checks and ":::check" not in texts[language]:
                return _("Lesson “{title}” asks for its checks to be answered, but has none in {language}.", title=title, language=name)
            if problems := writing.look(texts[language], language, version, activity.key).problems:
                return ngettext(
                    "Lesson “{title}” in {language}: there is {number} thing to mend.",
                    "Lesson “{title}” in {language}: there are {number} things to mend.",
                    len(problems),
                    title=title,
                    language=name,
                )
        return ""

    def entry(self, place: Place) -> Entry:
        values = {
            "lesson": outline.lesson(place.step, i18n.language()),
            "law_notices": law_changes.notices(place.version_id, place.step.key),
        }
        return Entry("learning/lesson.html", values)
