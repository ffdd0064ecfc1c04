"""What a learner does with a question besides answering it: check it, try again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.quizzes import queries, saving
from lms.quizzes.behaviours.kind import Act
from lms.quizzes.behaviours.progress import Given, Progress
from lms.quizzes.behaviours.work import Work
from lms.quizzes.content import LazyText
from lms.quizzes.queries import Seat
from lms.quizzes.saving import Saved


class NotPossible(Conflict):
    code = "act_not_possible"
    message = lazy_("This question cannot be checked, or was finished already.")


@dataclass(frozen=True)
class Checked:
    """What is saved now; ``trouble`` says what was still to mend, so that the answer was saved but not checked."""

    saved: Saved
    trouble: LazyText | None = None


def check(seat: Seat, raw: Mapping[str, Any], *, known: int, client_key: str | None = None) -> Checked:
    """Check the answer that is on the page; one that is not whole is only saved, and costs nothing.

    ``known`` and ``client_key`` as for ``saving.save``: the same request twice is
    one check, and a page that did not know what the question is at checks nothing.
    Raises what ``save`` raises, and NotPossible.
    """
    saving.must_be_open(seat)
    saving.must_be_reachable(seat)
    work = saving.work_at(seat)
    given = saving.read_given(work, raw)
    if _done_before(seat, work, given, Act.CHECK, known, client_key):
        return Checked(_saved(seat))
    if Act.CHECK not in work.acts:
        raise NotPossible()
    if not work.question.complete(given.response):
        trouble = work.question.type.trouble(work.question.body, given.response) or lazy_("Answer the question first, then check it.")
        return Checked(saving.save(seat, raw, known=known, client_key=client_key), trouble)
    if seat.sequence != known:
        return Checked(saving.saved_by_other(seat, work, given))
    progress = work.behaviour.check(work.question, work.progress, given)
    if progress == work.progress:
        # The answer that was tried last is not one more try; but another may have been saved since, whose place it takes.
        return Checked(saving.save(seat, raw, known=known, client_key=client_key))
    return Checked(_keep(seat, work, progress, given, Act.CHECK, client_key))


def again(seat: Seat, *, known: int, client_key: str | None = None) -> Saved:
    """Let a question that went wrong be answered once more.  Raises as ``check``."""
    saving.must_be_open(seat)
    saving.must_be_reachable(seat)
    work = saving.work_at(seat)
    if seat.sequence != known or _done_before(seat, work, work.given, Act.AGAIN, known, client_key):
        return _saved(seat)
    if Act.AGAIN not in work.acts:
        raise NotPossible()
    progress, given = work.behaviour.again(work.question, work.progress, work.given)
    return _keep(seat, work, progress, given, Act.AGAIN, client_key)


def _keep(seat: Seat, work: Work, progress: Progress, given: Given, act: Act, client_key: str | None) -> Saved:
    grade = replace(work, progress=progress, given=given).so_far()
    settled = {"fraction": grade.fraction, "state": grade.state} if grade else {}
    return saving.keep(seat, work, given, kind=act, known=seat.sequence, client_key=client_key, progress=progress.to_json(), **settled)


def _done_before(seat: Seat, work: Work, given: Given, act: Act, known: int, client_key: str | None) -> bool:
    """Say whether this very request came before: it has the key of a step, or follows the same step with the same answer."""
    if client_key is not None and queries.step_with_key(seat.response_id, client_key):
        return True
    if seat.sequence != known + 1:
        return False
    last = queries.last_step(seat.response_id)
    return last is not None and last.kind == act and saving.same(work, given)


def _saved(seat: Seat) -> Saved:
    return Saved(seat.sequence, seat.answer or {}, seat.saved_at)
