"""What a course folder may say about a quiz, read and checked; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any

from lms.core import clock
from lms.quizzes import course_questions, lots, shape
from lms.quizzes.content import QuestionDraft
from lms.quizzes.grading import GradingMethod
from lms.quizzes.review import Item, Phase
from lms.quizzes.shape import WrongShape
from lms.quizzes.timing import WhenExpired

MOST_SLOTS = 200
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Behaviour(StrEnum):
    """How questions behave while they are answered."""

    DEFERRED = "deferred"
    IMMEDIATE = "immediate"
    INTERACTIVE = "interactive"
    ADAPTIVE = "adaptive"
    ADAPTIVE_NO_PENALTY = "adaptive_no_penalty"
    CERTAINTY = "certainty"
    CERTAINTY_IMMEDIATE = "certainty_immediate"


class Navigation(StrEnum):
    """The way through the pages."""

    FREE = "free"
    SEQUENTIAL = "sequential"


@dataclass(frozen=True)
class Said:
    """A text by language."""

    vi: str = ""
    en: str = ""

    def by_language(self) -> dict[str, str]:
        """Return the texts that there are."""
        return {each.name: text for each in fields(self) if (text := getattr(self, each.name).strip())}


@dataclass(frozen=True)
class Band:
    """Feedback on the whole from a share of the full mark on, up to the next band."""

    share: float
    text: Said


@dataclass(frozen=True)
class Shown:
    """What learners see in each phase; None: what is usual."""

    during: tuple[Item, ...] | None = None
    just_after: tuple[Item, ...] | None = None
    later: tuple[Item, ...] | None = None
    closed: tuple[Item, ...] | None = None

    def by_phase(self) -> dict[str, list[str]]:
        """Return the phases of which something is said, as a quiz keeps them."""
        said = {phase: getattr(self, phase) for phase in Phase}
        return {str(phase): [str(item) for item in items] for phase, items in said.items() if items is not None}


@dataclass(frozen=True)
class DrawSettings:
    """Which questions of the file are drawn: of a category in it, also from those inside, with all these tags."""

    category: tuple[str, ...] = ()
    inner: bool = True
    tags: tuple[str, ...] = ()

    def fits(self, draft: QuestionDraft) -> bool:
        """Say whether a question of the file can be drawn."""
        is_there = draft.category[: len(self.category)] == self.category if self.inner else draft.category == self.category
        return is_there and set(self.tags) <= set(draft.tags)


@dataclass(frozen=True)
class SlotSettings:
    """A question by its id, or so many drawn ones; ``new_page`` None: as ``per_page`` of the quiz has it."""

    question: str | None = None
    draw: DrawSettings | None = None
    count: int = 1
    mark: float | None = None  # None: what the question brings along; a drawn one is worth 1
    latest: bool = False  # always the latest ready version instead of this one
    after_previous: bool = False
    new_page: bool | None = None


@dataclass(frozen=True)
class SectionSettings:
    """Questions under one heading."""

    title: Said = Said()
    shuffle: bool = False
    slots: tuple[SlotSettings, ...] = ()


@dataclass(frozen=True)
class QuizSettings:
    """What a course says about a quiz; ``attempts`` 0 is as often as one likes.

    Without ``slots`` and ``sections`` all questions of the file are asked, in their order.
    ``messages`` are names of further files with messages to inspect, such as bank-otp.
    ``questions`` is a file that holds them in all languages, whatever their type.
    """

    pass_share: float = 0.8
    attempts: int = 0
    time_limit_minutes: int | None = None
    shuffle_questions: bool = False
    shuffle_answers: bool = True
    opens_at: str | None = None
    closes_at: str | None = None
    when_expired: WhenExpired = WhenExpired.SUBMIT
    grace_minutes: int = 0
    delay_minutes: int = 0
    later_delay_minutes: int | None = None
    grading_method: GradingMethod = GradingMethod.HIGHEST
    behaviour: Behaviour = Behaviour.DEFERRED
    navigation: Navigation = Navigation.FREE
    maximum: float = 10.0
    password: str | None = None
    builds_on_last: bool = False
    classroom: bool = False
    review: Shown = Shown()
    feedback: tuple[Band, ...] = ()
    per_page: int = 1  # questions; 0: all of a section
    slots: tuple[SlotSettings, ...] = ()
    sections: tuple[SectionSettings, ...] = ()
    messages: tuple[str, ...] = ()
    questions: str | None = None  # a file of the course with questions of any type: questions/quiz.json

    @property
    def names_slots(self) -> bool:
        """Say whether the settings name what is asked."""
        return bool(self.slots or self.sections)

    def every_section(self) -> list[SectionSettings | None]:
        """Return the sections in order, None standing for the slots before any."""
        return [*([None] if self.slots else []), *self.sections]

    def slots_of(self, section: SectionSettings | None) -> tuple[SlotSettings, ...]:
        """Return the slots of a section, or those before any."""
        return self.slots if section is None else section.slots

    def every_slot(self) -> Iterator[SlotSettings]:
        """Return all slots, in order."""
        for section in self.every_section():
            yield from self.slots_of(section)


def read(data: Mapping[str, Any]) -> QuizSettings:
    """Return the settings.  Raises WrongShape with the name of what is wrong."""
    settings = shape.read(QuizSettings, data, where="quiz")
    if not 0 <= settings.pass_share <= 1:
        raise WrongShape("quiz.pass_share", "0.0 to 1.0 is needed")
    if settings.time_limit_minutes is not None and settings.time_limit_minutes <= 0:
        raise WrongShape("quiz.time_limit_minutes", "1 or more is needed, or nothing")
    if settings.maximum <= 0:
        raise WrongShape("quiz.maximum", "a number above 0 is needed")
    for name in ("attempts", "grace_minutes", "delay_minutes", "later_delay_minutes", "per_page"):
        if (getattr(settings, name) or 0) < 0:
            raise WrongShape(f"quiz.{name}", "0 or more is needed")
    if settings.when_expired is WhenExpired.GRACE and not settings.grace_minutes:
        raise WrongShape("quiz.grace_minutes", "1 or more is needed with when_expired: grace")
    opens, closes = moment(settings.opens_at, "opens_at"), moment(settings.closes_at, "closes_at")
    if opens and closes and closes <= opens:
        raise WrongShape("quiz.closes_at", "a moment after opens_at is needed")
    shares = [band.share for band in settings.feedback]
    if any(not 0 <= share <= 1 for share in shares) or len(set(shares)) < len(shares):
        raise WrongShape("quiz.feedback", "each share is needed once, 0.0 to 1.0")
    if any(not _NAME.fullmatch(name) for name in settings.messages) or len(set(settings.messages)) < len(settings.messages):
        raise WrongShape("quiz.messages", "names such as bank-otp are needed, each once")
    if settings.questions is not None and not course_questions.PATH.fullmatch(settings.questions):
        raise WrongShape("quiz.questions", "a file such as questions/quiz.json is needed")
    for slot in settings.every_slot():
        _check_slot(slot)
    if sum(slot.count for slot in settings.every_slot()) > MOST_SLOTS:
        raise WrongShape("quiz.slots", f"{MOST_SLOTS} questions at most are needed")
    return settings


def moment(written: str | None, name: str) -> datetime | None:
    """Return a moment as a Vietnamese wall clock shows it.  Raises WrongShape."""
    if written is None:
        return None
    try:
        local = datetime.fromisoformat(written)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        raise WrongShape(f"quiz.{name}", 'a moment of Viet Nam in quotes, such as "2026-11-25T07:00", is needed')
    return local.replace(tzinfo=clock.LOCAL)


def unserved(settings: QuizSettings, drafts: Sequence[QuestionDraft]) -> list[str]:
    """Return what the settings ask for and the questions of the files do not give, in words for an author."""
    by_id = {draft.id_number for draft in drafts if draft.id_number}
    named = [slot.question for slot in settings.every_slot() if slot.question is not None]
    problems = [f"there is no question with the id {each!r}" for each in named if each not in by_id]
    problems += [f"the question {each!r} is asked twice" for each in sorted({each for each in named if named.count(each) > 1})]
    free = [(place, draft) for place, draft in enumerate(drafts) if draft.id_number not in named and draft.type != "description"]
    draws = [slot.draw for slot in settings.every_slot() if slot.draw is not None for _ in range(slot.count)]
    fits = [[place for place, draft in free if draw.fits(draft)] for draw in draws]
    short = sum(each is None for each in lots.draw(fits, {}, Random(0)))
    if short:
        problems.append(f"{short} of {len(draws)} draws find no question: too few fit beside those that are asked anyway")
    return problems


def untranslated(settings: QuizSettings, languages: Iterable[str]) -> list[str]:
    """Return texts of the settings that are there in one language of the course and not in another, in words for an author."""
    texts = [section.title for section in settings.sections] + [band.text for band in settings.feedback]
    found = []
    for text in texts:
        there = text.by_language()
        found += [f"{next(iter(there.values()))!r} is not there in {code}" for code in languages if there and code not in there]
    return found


def _check_slot(slot: SlotSettings) -> None:
    if (slot.question is None) == (slot.draw is None):
        raise WrongShape("quiz.slots", "either question or draw is needed in each")
    if slot.question is not None and slot.count != 1:
        raise WrongShape("quiz.slots.count", "1 is needed beside a question; several are drawn")
    if not 1 <= slot.count <= MOST_SLOTS:
        raise WrongShape("quiz.slots.count", f"1 to {MOST_SLOTS} is needed")
    if slot.mark is not None and slot.mark < 0:
        raise WrongShape("quiz.slots.mark", "0 or more is needed")
