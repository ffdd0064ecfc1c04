"""Putting an attempt together: which question, in which version, every slot of a quiz gets."""

from collections.abc import Mapping, Sequence
from random import Random

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.quizzes import grading, lots, queries_draws, question_types
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.queries_draws import Draw

Chosen = tuple[Slot, QuestionVersion]


class NotEnoughQuestions(Conflict):
    code = "not_enough_questions"
    message = lazy_(
        "This quiz has too few questions at the moment. Please tell the person who looks after the course; nothing was started."
    )


def choose(quiz: Quiz, person_id: int | None, random: Random) -> list[Chosen]:
    """Return each slot of the quiz with the version that this learner gets, in the order of the slots; None: a whole class, or paper.

    A question is never asked twice: drawn ones repeat neither a fixed one nor each
    other, and those that the learner was given least often come first.  The number
    of statements does not grow with the number of slots.

    Raises NotEnoughQuestions.
    """
    slots = slots_of(quiz.id)
    fixed = fixed_versions(slots)
    if len(fixed) < sum(slot.question_id is not None for slot in slots):
        raise NotEnoughQuestions()
    drawn = _drawn(slots, {version.question_id for version in fixed.values()}, person_id, random)
    chosen = [(slot, fixed.get(slot.id) or drawn[slot.id]) for slot in slots]
    if not chosen or not grading.can_be_graded(possible=sum(full_mark(*each) for each in chosen), maximum=quiz.maximum):
        raise NotEnoughQuestions()
    return chosen


def full_mark(slot: Slot, version: QuestionVersion) -> float:
    """Return what can be earned at a slot; a text that is only read earns nothing, whatever mark stands beside it."""
    return slot.max_mark if question_types.get(version.type).asks else 0.0


def earns_marks(quiz: Quiz) -> bool:
    """Say whether anything can be earned in a quiz; without that nobody could ever begin it."""
    slots = slots_of(quiz.id)
    return grading.can_be_graded(possible=possible(slots, fixed_versions(slots)), maximum=quiz.maximum)


def possible(slots: Sequence[Slot], fixed: Mapping[int, QuestionVersion]) -> float:
    """Return what can be earned at all slots together; ``fixed`` as ``fixed_versions`` returns it."""
    return sum(full_mark(slot, fixed[slot.id]) if slot.id in fixed else slot.max_mark for slot in slots)


def slots_of(quiz_id: int) -> Sequence[Slot]:
    """Return the slots of a quiz, in order.  One statement."""
    return session.scalars(select(Slot).where(Slot.quiz_id == quiz_id).order_by(Slot.number)).all()


def fixed_versions(slots: Sequence[Slot]) -> dict[int, QuestionVersion]:
    """Return slot id -> version: the one that the slot names, else the latest that is ready.

    A slot whose question cannot be asked at the moment is left out.
    """
    fixed = [slot for slot in slots if slot.question_id is not None]
    ids = [slot.question_id for slot in fixed]
    if not ids:
        return {}
    named = {
        (version.question_id, version.number): version
        for version in session.scalars(select(QuestionVersion).where(QuestionVersion.question_id.in_(ids)))
    }
    latest: dict[int, QuestionVersion] = {}
    for version in named.values():
        if version.state == "ready" and (version.question_id not in latest or latest[version.question_id].number < version.number):
            latest[version.question_id] = version
    found = {}
    for slot in fixed:
        question_id = slot.question_id or 0
        version_or_none = latest.get(question_id) if slot.version_number is None else named.get((question_id, slot.version_number))
        if version_or_none is not None and version_or_none.state != "draft" and question_types.is_known(version_or_none.type):
            found[slot.id] = version_or_none
    return found


def fits_of(slots: Sequence[Slot]) -> dict[int, list[int]]:
    """Return slot id -> the versions that can be drawn for it, without questions that the quiz asks anyway."""
    return {slot_id: [version_id for _question_id, version_id in pairs] for slot_id, pairs in _fits(slots, _asked_anyway(slots)).items()}


def lacks(quiz: Quiz) -> list[int]:
    """Return the numbers of the slots for which there is no question now; a quiz without slots lacks the first."""
    slots = slots_of(quiz.id)
    if not slots:
        return [1]
    fixed = fixed_versions(slots)
    missing = {slot.number for slot in slots if slot.question_id is not None and slot.id not in fixed}
    return sorted(missing | set(unserved(slots)))


def fitting_beside(slots: Sequence[Slot], draw: Draw) -> int:
    """Return how many questions fit a draw, without those that the quiz asks anyway."""
    return sum(each.question_id not in _asked_anyway(slots) for each in queries_draws.fitting([draw])[draw])


def unserved(slots: Sequence[Slot]) -> list[int]:
    """Return the numbers of the slots for which no question is left when all draws of a quiz are made together."""
    fits = _fits(slots, _asked_anyway(slots))
    drawn = lots.draw([[question_id for question_id, _version_id in pairs] for pairs in fits.values()], {}, Random(0))
    by_id = {slot.id: slot.number for slot in slots}
    return [by_id[slot_id] for slot_id, question_id in zip(fits, drawn, strict=True) if question_id is None]


def _drawn(slots: Sequence[Slot], asked_anyway: set[int], person_id: int | None, random: Random) -> dict[int, QuestionVersion]:
    fits = _fits(slots, asked_anyway)
    if not fits:
        return {}
    version_of = dict(pair for pairs in fits.values() for pair in pairs)
    seen = queries_draws.seen_counts(person_id, version_of) if person_id is not None else {}
    drawn = lots.draw([[question_id for question_id, _version_id in pairs] for pairs in fits.values()], seen, random)
    if None in drawn:
        raise NotEnoughQuestions()
    wanted = {slot_id: version_of[question_id] for slot_id, question_id in zip(fits, drawn, strict=True) if question_id is not None}
    versions = {version.id: version for version in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(wanted.values())))}
    return {slot_id: versions[version_id] for slot_id, version_id in wanted.items()}


def _fits(slots: Sequence[Slot], asked_anyway: set[int]) -> dict[int, list[tuple[int, int]]]:
    """Return slot id -> (question, version) that can be drawn for it."""
    rules: Mapping[int, Draw] = {slot.id: Draw.read(slot.draw) for slot in slots if slot.draw is not None}
    if not rules:
        return {}
    fitting = queries_draws.fitting(set(rules.values()))
    return {
        slot_id: [(each.question_id, each.version_id) for each in fitting[rule] if each.question_id not in asked_anyway]
        for slot_id, rule in rules.items()
    }


def _asked_anyway(slots: Sequence[Slot]) -> set[int]:
    return {slot.question_id for slot in slots if slot.question_id is not None}
