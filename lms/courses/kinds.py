"""Kinds of activities: what a package above courses brings along to be a step of a course."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.core.i18n import lazy_
from lms.courses.contents import Content
from lms.courses.drafts import ActivityDraft, Problem
from lms.courses.models import Activity
from lms.courses.steps import Step
from lms.web.signin import Actor


@dataclass(frozen=True)
class Place:
    """Who stands at an activity: ``enrolment_id`` is None for somebody who only looks in; ``asked`` is what the address says behind "?"."""

    course_slug: str
    version_id: int
    step: Step
    actor: Actor
    enrolment_id: int | None
    done: bool
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def person_id(self) -> int:
        return self.actor.person_id


@dataclass(frozen=True)
class Entry:
    """What an activity's page shows: a template that extends "learning/step.html", and its values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Grade:
    """What a learner got in an activity; ``share`` of the full mark is 0.0 to 1.0."""

    share: float
    passed: bool


@dataclass(frozen=True)
class Workshop:
    """A page of authors: its endpoint and what that needs, and what the button that leads there says."""

    endpoint: str
    values: Mapping[str, Any]
    label: str


@dataclass(frozen=True)
class Source:
    """An activity as the folder of a course has it: what course.yaml says beside its frame, and its own texts by path."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""  # what course.yaml names as its file
    texts: Mapping[str, str] = field(default_factory=dict)


class ActivityKind(ABC):
    """A kind of activity; the list of them is ACTIVITY_KINDS in lms/app.py."""

    key = ""
    icon = "page"
    suffix = ".md"  # of its text files in the catalogue: lessons/1-1.vi.md
    # Whether there are any; otherwise all of it stands in course.yaml.
    has_texts = True
    # Of further texts of the same name, beside the first ones or instead of them.
    more_suffix = ""
    # Whether the learner says "done"; otherwise the kind records its outcomes itself.
    done_by_learner = False
    # What can be asked for before one of it is done, and what is when nobody says anything else; see courses.completion.
    meets: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    # What one of it is called in a count: "Lesson 4.2", "Quiz".
    name: Any = lazy_("Activity")

    def pictures(self, text: str) -> list[tuple[int, str]]:
        """Return the line and the path of each picture of the course that a text shows."""
        return []

    def further_texts(self, settings: Mapping[str, Any]) -> list[str]:
        """Return the names, without language and ending, of texts that the settings ask for.

        They lie in the folder of the course, or else among those that come with the program.
        """
        return []

    def whole_texts(self, settings: Mapping[str, Any]) -> list[str]:
        """Return the paths of texts of the course that settings name, and that hold all languages at once."""
        return []

    def materials(self, settings: Mapping[str, Any]) -> list[str]:
        """Return the paths of the files of the course that settings name: documents, videos, captions."""
        return []

    def check(self, draft: ActivityDraft, languages: Iterable[str]) -> list[Problem]:
        """Return what in the texts and settings of a draft has to be mended."""
        return []

    def content(self, draft: ActivityDraft, language: str) -> Content:
        """Return what is in a draft that was checked, in one language."""
        return Content()

    def source(self, activity: Activity) -> Source:
        """Return the activity as the folder of a course has it; brought in again it is the same."""
        return Source(dict(activity.settings))

    def imported(self, activity: Activity, draft: ActivityDraft) -> Mapping[str, Any]:
        """Make the kind's own rows for a new activity, which has its id; return what else was made, outside of the course."""
        return {}

    def taken_back(self, made: Mapping[str, Any]) -> None:  # noqa: B027
        """Take out what ``imported`` returned; the activity is gone already.  Raises Conflict when it is in use meanwhile."""

    def made(self, activity: Activity) -> None:  # noqa: B027
        """Make the kind's own rows for an activity that an author adds to a draft; ``activity`` has its id."""

    def copied(self, activity: Activity, source: Activity) -> None:  # noqa: B027
        """Make the kind's own rows for an activity that begins as a copy of another."""

    def removed(self, activity: Activity) -> None:  # noqa: B027
        """Delete the kind's own rows of an activity that is taken out of a draft."""

    def workshop(self, activity: Activity) -> Workshop | None:
        """Return the page at which an author makes what is inside the activity; None when its own page is all there is."""
        return None

    def not_ready(self, activity: Activity) -> str:
        """Return why an activity cannot be given to learners yet; "" when it can.  Asked before its version is published."""
        return ""

    def grades(self, activity_id: int, enrolment_ids: Sequence[int]) -> Mapping[int, Grade]:
        """Return what the kind's own evidence says of these enrolments; nothing where it keeps none."""
        return {}

    def is_under_way(self, activity_id: int, enrolment_id: int) -> bool:
        """Return whether somebody is in the middle of an activity, so that its version cannot change under them."""
        return False

    @abstractmethod
    def entry(self, place: Place) -> Entry:
        """Return what the page of the activity shows."""


class UnknownKindError(LookupError):
    """A course has an activity of a kind that this program does not have; a mistake in our lists."""


_kinds: dict[str, ActivityKind] = {}


def configure(kinds: Iterable[ActivityKind]) -> None:
    """Say which kinds there are; create_app does this once."""
    _kinds.clear()
    _kinds.update({kind.key: kind for kind in kinds})


def known() -> list[str]:
    """Return the keys of all kinds."""
    return list(_kinds)


def get(key: str) -> ActivityKind:
    """Return the kind; raises UnknownKindError."""
    if key not in _kinds:
        raise UnknownKindError(f"there is no kind of activity {key!r}; ACTIVITY_KINDS in lms/app.py has {', '.join(_kinds) or 'none'}")
    return _kinds[key]
