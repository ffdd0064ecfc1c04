"""A question of an attempt as its learner meets it: to answer, or with as much of the truth as may be told; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lms.quizzes import showing
from lms.quizzes.behaviours.kind import Act
from lms.quizzes.behaviours.work import Work
from lms.quizzes.content import Response, Texts
from lms.quizzes.review import Item
from lms.quizzes.showing import Shown, Verdict
from lms.quizzes.types.drawing import NO_FILES, FileDesk


@dataclass(frozen=True)
class Again:
    """What the page sent for a slot and why it comes back: ``given`` was not saved, ``other`` is what another window saved."""

    given: Mapping[str, Any] | None = None
    other: Response | None = None
    other_sequence: int = 0
    wrong: str = ""


@dataclass(frozen=True)
class Face:
    """One question on a page; ``number`` is 0 where there is nothing to answer."""

    slot: int
    number: int
    sequence: int
    flagged: bool
    shown: Shown
    takes_answers: bool
    can_check: bool
    can_try_again: bool
    verdict: Verdict
    mark: float | None = None  # earned so far, where it may be told
    full_mark: float | None = None
    hint: Markup = Markup("")
    hint_number: int = 0
    right_parts: tuple[int, int] | None = None
    tries: tuple[int, int] | None = None  # the one that is next, of how many
    asks_certainty: bool = False
    certainty: int | None = None
    wrong: str = ""
    other_said: str | None = None
    waits: bool = False  # until the question before is finished
    takes_files: bool = False

    @property
    def was_told(self) -> bool:
        """Say whether there is anything to read about how it went."""
        verdict = self.verdict
        return bool(verdict.state or verdict.feedbacks or verdict.general or verdict.right_answer or self.hint)


def face(
    work: Work,
    texts: Texts,
    *,
    slot: int,
    number: int,
    sequence: int,
    order: Sequence[str],
    flagged: bool,
    max_mark: float,
    items: frozenset[Item],
    language: str,
    again: Again | None = None,
    waits: bool = False,
    desk: FileDesk = NO_FILES,
) -> Face:
    """Return what the page shows; ``items`` are those that the quiz would show while the attempt is open."""
    again = again or Again()
    question, visible = work.question, work.shown(items)
    saved = work.given.response if again.other is None else again.other
    shown = showing.ask(
        question.type,
        question.body,
        texts,
        slot=slot,
        order=order,
        response=saved if again.given is None else {**again.given, **question.type.beside(work.given.response)},
        language=language,
        desk=desk,
    )
    verdict = Verdict()
    if (checked := _checked(work)) is not None:
        told, verdict = showing.tell(
            question.type, question.body, texts, slot=slot, order=order, response=checked, items=visible, language=language, desk=desk
        )
        shown = shown if work.takes_answers else told
    grade, hint, tries = work.so_far(), work.hint, work.behaviour.tries(question)
    return Face(
        slot,
        number,
        sequence if again.other is None else again.other_sequence,
        flagged,
        shown,
        work.takes_answers and not waits,
        can_check=Act.CHECK in work.acts and not waits,
        can_try_again=Act.AGAIN in work.acts,
        verdict=verdict,
        mark=grade.fraction * max_mark if grade and grade.fraction is not None and Item.MARKS in visible else None,
        full_mark=max_mark if Item.FULL_MARKS in visible and max_mark else None,
        hint=Markup(texts.of(f"hint.{hint}", language)) if hint else Markup(""),
        hint_number=hint or 0,
        right_parts=_right_parts(work),
        tries=(len(work.progress.tried) + 1, tries) if tries > 1 and work.takes_answers else None,
        asks_certainty=work.behaviour.certain and work.takes_answers,
        certainty=work.given.certainty,
        wrong=again.wrong or ("" if again.given is not None else _trouble(work)),
        waits=waits,
        takes_files=question.type.takes_files(question.body) and work.takes_answers and not waits,
        other_said=None if again.other is None else question.type.describe(question.body, texts, saved, language),
    )


def _checked(work: Work) -> Response | None:
    """Return the answer that a verdict on the page is about; None while nothing was checked."""
    return work.progress.tried[-1].response if work.progress.tried else None


def _right_parts(work: Work) -> tuple[int, int] | None:
    """Return how many parts were right, where the hint tells it."""
    if not work.hint or not work.question.hints[work.hint - 1].show_count:
        return None
    return work.question.type.count_right(work.question.body, work.progress.tried[-1].response)


def _trouble(work: Work) -> str:
    response = work.given.response
    trouble = work.question.type.trouble(work.question.body, response) if response and work.takes_answers else None
    return str(trouble) if trouble else ""
