"""Files of answers: adding one, and taking it out again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import delete, select, update

from lms.core import clock, files
from lms.core.db import session
from lms.core.errors import Conflict, NotFound
from lms.core.i18n import lazy_
from lms.quizzes import file_rules, queries_files, saving, timing
from lms.quizzes.behaviours.progress import Given
from lms.quizzes.behaviours.work import Work
from lms.quizzes.bodies.writing import EssayBody
from lms.quizzes.file_rules import FileRefused
from lms.quizzes.models.attempt import Attachment, Attempt, Response
from lms.quizzes.queries import Seat
from lms.quizzes.queries_files import Attached, Standing
from lms.quizzes.saving import Saved

FORGET_JOB = "quizzes.forget_removed_files"
KEPT_REMOVED = timedelta(days=30)
_MOST_TRIES = 20  # of two windows that add files at the same moment; each try means that another file got in


class NoSuchFile(NotFound):
    code = "no_such_file"
    message = lazy_("This file is no longer part of the answer. Load the page again to see which files are.")


class TooManyAtOnce(Conflict):
    code = "too_many_at_once"
    message = lazy_("Too many files came at the same moment. Send this one again; those that are listed are safe.")


@dataclass(frozen=True)
class Kept:
    """A file that is part of an answer now, and what is saved of the answer with it."""

    file: Attached
    saved: Saved


def add(seat: Seat, name: str, data: bytes) -> Kept:
    """Add a file to an answer; when the transaction is committed, nothing but its learner can take it away.

    The same content again, also under another name and from another window at the
    same moment, is the file that is there already.

    Raises what ``saving.save`` raises for an answer that comes too late or to a
    question that cannot be answered now, and FileRefused.
    """
    work, body = _at(seat)
    if refused := file_rules.refusal(body, name, data):
        raise refused
    # What is taken out is kept for a while: nobody may fill the disk by adding and removing.
    if queries_files.ever_added(seat.response_id) >= 3 * file_rules.most_files(body) + 10:
        raise FileRefused(
            lazy_("“{name}” was not taken: too many files were added and removed here. Those that are listed are safe."),
            name=file_rules.kept_name(name, None),
        )
    file_id = files.keep(data)
    kept_name = file_rules.kept_name(name, files.media_type_of(data))
    for _again in range(_MOST_TRIES):
        now, here = _look(seat)
        if same := next((each for each in here if each.file_id == file_id), None):
            return Kept(same, Saved(now.sequence, now.answer, clock.now()))
        if len(here) >= file_rules.most_files(body):
            raise _no_room(body, kept_name)
        if (made := _insert(seat, work, now, here, file_id, kept_name)) is not None:
            attachment, saved = made
            return Kept(Attached(attachment.id, seat.response_id, file_id, attachment.name, len(data)), saved)
    raise TooManyAtOnce()


def remove(seat: Seat, attachment_id: int) -> Saved:
    """Take a file out of an answer; one that was taken out before stays out.

    Raises NoSuchFile when it never was part of this answer, else as ``add``.
    """
    work, _body = _at(seat)
    for _again in range(_MOST_TRIES):
        now, here = _look(seat)
        if attachment_id not in [each.id for each in here]:
            if not session.scalar(select(Attachment.id).where(Attachment.id == attachment_id, Attachment.response_id == seat.response_id)):
                raise NoSuchFile()
            return Saved(now.sequence, now.answer, clock.now())
        with session.begin_nested() as savepoint:
            session.execute(
                update(Attachment)
                .where(Attachment.id == attachment_id)
                .values(removed_at=clock.now())
                .execution_options(synchronize_session=False)
            )
            saved = _write(seat, work, now, [each.id for each in here if each.id != attachment_id])
            if saved is not None:
                return saved
            savepoint.rollback()
    raise TooManyAtOnce()


def forget_removed(_payload: object = None) -> None:
    """Forget files that were taken out of an answer long ago and whose attempt is over; a daily job.

    Their bytes go with the sweep of files that nothing points at.
    """
    now = clock.now()
    over = select(Response.id).join(Attempt, Attempt.id == Response.attempt_id).where(Attempt.state.not_in(timing.OPEN))
    session.execute(
        delete(Attachment)
        .where(Attachment.removed_at < now - KEPT_REMOVED, Attachment.response_id.in_(over))
        .execution_options(synchronize_session=False)
    )


def _look(seat: Seat) -> tuple[Standing, Sequence[Attached]]:
    """Return where an answer stands, and then its files.

    In this order: a file that another window adds between the two looks makes what
    is written on the first one come too late. The other way round it would be lost.
    """
    return queries_files.standing(seat.response_id), queries_files.of_response(seat.response_id)


def _at(seat: Seat) -> tuple[Work, EssayBody]:
    """Return the question that files are meant for, if it takes any now."""
    saving.must_be_open(seat)
    work = saving.work_at(seat)
    saving.must_be_reachable(seat)
    saving.must_take_answers(work)
    body = work.question.body
    if not isinstance(body, EssayBody) or not work.question.type.takes_files(body):
        raise FileRefused(lazy_("No files can be handed in with this question."))
    return work, body


def _insert(seat: Seat, work: Work, now: Standing, here: Sequence[Attached], file_id: int, name: str) -> tuple[Attachment, Saved] | None:
    """Add a file after the step that the answer is at; None when something else came after that step meanwhile."""
    with session.begin_nested() as savepoint:
        attachment = Attachment(response_id=seat.response_id, file_id=file_id, name=_free(name, here), added_at=clock.now())
        session.add(attachment)
        session.flush()
        saved = _write(seat, work, now, [*(each.id for each in here), attachment.id])
        if saved is None:
            savepoint.rollback()
            return None
    return attachment, saved


def _write(seat: Seat, work: Work, now: Standing, attachment_ids: Sequence[int]) -> Saved | None:
    text = {name: value for name, value in now.answer.items() if name != "files"}
    response = text | ({"files": [str(each) for each in attachment_ids]} if attachment_ids else {})
    return saving.follow(
        replace(seat, sequence=now.sequence), work, Given(response, now.certainty), kind="save", known=now.sequence, client_key=None
    )


def _no_room(body: EssayBody, name: str) -> FileRefused:
    most = file_rules.most_files(body)
    if most == 1:
        return FileRefused(lazy_("“{name}” was not taken: there is one file already. Remove it first."), name=name)
    return FileRefused(lazy_("“{name}” was not taken: there are {most} files already. Remove one first."), name=name, most=most)


def _free(name: str, here: Sequence[Attached]) -> str:
    """Return the name, with a number where another file of the answer has it: telephones call every picture "image.jpg"."""
    taken = {each.name.casefold() for each in here}
    stem, dot, ending = name.rpartition(".")
    free, number = name, 2
    while free.casefold() in taken:
        free = f"{stem} ({number}){dot}{ending}" if stem else f"{name} ({number})"
        number += 1
    return free
