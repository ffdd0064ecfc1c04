"""Reads around files of answers, each with its number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.core import formats
from lms.core.db import session
from lms.core.models import File
from lms.quizzes.content import Response as Answer
from lms.quizzes.models.attempt import Attachment, Response
from lms.quizzes.types.drawing import FileDesk, HandedIn


@dataclass(frozen=True)
class Attached:
    """A file of an answer, without its bytes."""

    id: int
    response_id: int
    file_id: int
    name: str
    size: int  # bytes


@dataclass(frozen=True)
class Standing:
    """What a response is at in the database now."""

    sequence: int
    answer: Mapping[str, Any]
    certainty: int | None


def of_answers(answers: Iterable[tuple[int, Answer | None]]) -> dict[int, list[Attached]]:
    """Return response id -> its files, in the order in which they came.  One statement where any answer has files, else none."""
    with_files = [response_id for response_id, answer in answers if (answer or {}).get("files")]
    found: dict[int, list[Attached]] = {}
    if with_files:
        rows = session.execute(_ATTACHED.where(Attachment.response_id.in_(with_files), Attachment.removed_at.is_(None)))
        for row in rows:
            found.setdefault(row.response_id, []).append(Attached(*row))
    return found


def desks(rows: Sequence[Response]) -> dict[int, FileDesk]:
    """Return response id -> the files of each answer, for pages.  One statement where any answer has files, else none."""
    attached = of_answers((row.id, row.answer) for row in rows)
    return {
        row.id: FileDesk(
            row.attempt_id,
            row.slot,
            {str(each.id): HandedIn(str(each.id), each.name, formats.file_size(each.size)) for each in attached.get(row.id, ())},
        )
        for row in rows
    }


def of_response(response_id: int) -> list[Attached]:
    """Return the files of one answer, whatever its row says.  One statement."""
    rows = session.execute(_ATTACHED.where(Attachment.response_id == response_id, Attachment.removed_at.is_(None)))
    return [Attached(*row) for row in rows]


def ever_added(response_id: int) -> int:
    """Return how many files were added to an answer, with those that were taken out again.  One statement."""
    return session.scalar(select(func.count(Attachment.id)).where(Attachment.response_id == response_id)) or 0


def in_attempt(attempt_id: int, attachment_id: int) -> Attached | None:
    """Return a file that belongs to an answer of this attempt and was not taken out again.  One statement."""
    row = session.execute(
        _ATTACHED.join(Response, Response.id == Attachment.response_id).where(
            Attachment.id == attachment_id, Response.attempt_id == attempt_id, Attachment.removed_at.is_(None)
        )
    ).first()
    return Attached(*row) if row else None


def standing(response_id: int) -> Standing:
    """Return what a response is at, as others have left it.  One statement."""
    row = session.execute(select(Response.sequence, Response.answer, Response.certainty).where(Response.id == response_id)).one()
    return Standing(row.sequence, row.answer or {}, row.certainty)


_ATTACHED = (
    select(Attachment.id, Attachment.response_id, Attachment.file_id, Attachment.name, File.size)
    .join(File, File.id == Attachment.file_id)
    .order_by(Attachment.id)
)
