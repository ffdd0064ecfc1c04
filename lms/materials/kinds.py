"""Documents, documents to confirm, and videos as kinds of activities."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from lms.core import i18n
from lms.core.db import session
from lms.core.i18n import LANGUAGES, _, lazy_, localised
from lms.courses import captions, completion
from lms.courses import materials as stored
from lms.courses.drafts import ActivityDraft, Problem
from lms.courses.kinds import ActivityKind, Entry, Place, Workshop
from lms.courses.materials import Material
from lms.courses.models import Activity, Version
from lms.materials import queries, rules, settings, watching
from lms.materials.settings import WrongSettingsError


class MaterialKind(ActivityKind):
    """An activity around a file of the course; all that it needs stands in its settings."""

    has_texts = False

    @abstractmethod
    def read(self, data: Mapping[str, Any]) -> Any:
        """Read its settings; raises WrongSettingsError."""

    def materials(self, settings_of_one: Mapping[str, Any]) -> list[str]:
        return settings.all_paths(settings_of_one)

    def check(self, draft: ActivityDraft, languages: Iterable[str]) -> list[Problem]:
        try:
            self.read(draft.settings)
        except WrongSettingsError as error:
            return [Problem("course.yaml", 1, f"{draft.key}: {error}", "")]
        return []

    def workshop(self, activity: Activity) -> Workshop | None:
        slug = session.get_one(Version, activity.version_id).course.slug
        return Workshop("materials_making.files", {"slug": slug, "key": activity.key}, _("Files and settings"))

    def not_ready(self, activity: Activity) -> str:
        title = localised(activity.title)
        if not activity.settings.get("files"):
            return _("“{title}” has no file yet.", title=title)
        missing = set(settings.all_paths(activity.settings)) - set(
            stored.of_version(activity.version_id, settings.all_paths(activity.settings))
        )
        return _("“{title}”: the file {path} is missing.", title=title, path=min(missing)) if missing else ""


class DocumentKind(MaterialKind):
    """A file to read and to keep: a form, a set of rules, a poster."""

    key = "document"
    icon = "page"
    done_by_learner = True
    meets = (completion.READ, completion.MARKED)
    usual = (completion.READ,)
    name = lazy_("Document")

    def read(self, data: Mapping[str, Any]) -> settings.Document:
        return settings.document(data)

    def entry(self, place: Place) -> Entry:
        return Entry("materials/document.html", {"material": queries.shown(place.version_id, self.read(place.step.settings).files)})


class AcknowledgementKind(MaterialKind):
    """A document of which staff confirm that they have read this edition."""

    key = "acknowledgement"
    icon = "tick"
    meets = (completion.ACKNOWLEDGED, completion.MARKED)
    usual = (completion.ACKNOWLEDGED,)
    name = lazy_("Document to confirm")

    def read(self, data: Mapping[str, Any]) -> settings.Document:
        return settings.document(data, confirmed=True)

    def not_ready(self, activity: Activity) -> str:
        title = localised(activity.title)
        if session.get_one(Version, activity.version_id).course.audience != "staff":
            return _("“{title}”: only staff confirm documents.", title=title)
        if not activity.settings.get("edition"):
            return _("“{title}” does not say which edition is confirmed.", title=title)
        return super().not_ready(activity)

    def entry(self, place: Place) -> Entry:
        document = self.read(place.step.settings)
        material = queries.shown(place.version_id, document.files)
        confirmed = queries.confirmed(place.person_id, place.course_slug, place.step.key)
        return Entry(
            "materials/acknowledgement.html",
            {
                "material": material,
                "edition": document.edition,
                "confirmed": confirmed,
                "sees_confirmations": bool(rules.units_seen(place.actor)),
            },
        )


class VideoKind(MaterialKind):
    """A video with captions; done when enough of it was played."""

    key = "video"
    icon = "video"
    meets = (completion.WATCHED, completion.MARKED)
    usual = (completion.WATCHED,)
    name = lazy_("Video")

    def read(self, data: Mapping[str, Any]) -> settings.Video:
        return settings.video(data)

    def not_ready(self, activity: Activity) -> str:
        title = localised(activity.title)
        video = self.read(activity.settings)
        if lacks := super().not_ready(activity):
            return lacks
        if not video.seconds:
            return _("Video “{title}”: say how long it runs.", title=title)
        languages = session.get_one(Version, activity.version_id).languages
        without = [LANGUAGES[language] for language in languages if language not in video.captions]
        if without:
            # Without them nobody who cannot hear learns anything from it (WCAG 2.2, 1.2.2).
            return _("Video “{title}” has no captions in {language}.", title=title, language=", ".join(without))
        return ""

    def entry(self, place: Place) -> Entry:
        video = self.read(place.step.settings)
        texts = queries.captions(place.version_id, video.captions)
        return Entry(
            "materials/video.html",
            {
                "material": queries.shown(place.version_id, video.files),
                "video": video,
                "tracks": texts,
                "watched": watching.of(place.enrolment_id, place.step.key),
                "transcript": transcript(texts),
            },
        )


def transcript(tracks: Mapping[str, Material]) -> list[captions.Cue]:
    """Return what is said, in the reader's language where there are captions in it."""
    chosen = tracks.get(i18n.language()) or next(iter(tracks.values()), None)
    return queries.cues(chosen) if chosen else []
