"""What a new attempt is made of: its questions in order, on pages, or those of the last one with their answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from sqlalchemy import select

from lms.core.db import session
from lms.quizzes import laying_out, putting_together, question_types, timing
from lms.quizzes.behaviours import every as behaviours
from lms.quizzes.behaviours import replaying
from lms.quizzes.behaviours.progress import Given
from lms.quizzes.laying_out import Placed, Planned
from lms.quizzes.models.attempt import Attachment, Attempt, Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz, QuizSection
from lms.quizzes.putting_together import Chosen


def responses(quiz: Quiz, person_id: int, earlier: Sequence[Attempt], moment: datetime, random: Random) -> list[Response]:
    """Return the rows of a new attempt, without its id.  Raises NotEnoughQuestions."""
    if quiz.builds_on_last and (last := next((each for each in reversed(earlier) if each.state not in timing.OPEN), None)):
        return _as_last_time(quiz, last, moment)
    placed = _placed(quiz, putting_together.choose(quiz, person_id, random), random)
    return [_asked(number, each, quiz, random) for number, each in enumerate(placed, start=1)]


def fill(attempt_id: int, rows: Sequence[Response], moment: datetime) -> None:
    """Write the rows of a new attempt; answers that it begins with are steps like any other."""
    for row in rows:
        row.attempt_id = attempt_id
    session.add_all(rows)
    session.flush()
    _copy_files(rows, moment)
    session.add_all(
        Step(
            response_id=row.id,
            sequence=1,
            kind="save",
            data=replaying.step_data(Given(row.answer, row.certainty)),
            client_key=None,
            at=moment,
        )
        for row in rows
        if row.answer
    )
    session.flush()


def _copy_files(rows: Sequence[Response], moment: datetime) -> None:
    """Give each answer that was taken over from another attempt files of its own; its own list of them is written anew.

    The bytes are there once; what is removed here stays in the former attempt.
    Statements only where there are files.
    """
    wanted = {int(key) for row in rows for key in (row.answer or {}).get("files", ())}
    if not wanted:
        return
    former = {each.id: each for each in session.scalars(select(Attachment).where(Attachment.id.in_(wanted)))}
    for row in rows:
        if not row.answer or not row.answer.get("files"):
            continue
        own = [
            Attachment(response_id=row.id, file_id=former[int(key)].file_id, name=former[int(key)].name, added_at=moment)
            for key in row.answer["files"]
            if int(key) in former
        ]
        session.add_all(own)
        session.flush()
        row.answer = {**row.answer, "files": [str(each.id) for each in own]}
    session.flush()


def _placed(quiz: Quiz, chosen: Sequence[Chosen], random: Random) -> list[Placed[Chosen]]:
    sections: dict[int, QuizSection] = {}
    if any(slot.section_id for slot, _version in chosen):
        sections = {each.id: each for each in session.scalars(select(QuizSection).where(QuizSection.quiz_id == quiz.id))}
    shuffled: set[int | None] = {each.number for each in sections.values() if each.shuffle or quiz.shuffle_questions}
    if quiz.shuffle_questions:
        shuffled.add(None)
    planned = [
        Planned(
            (slot, version),
            slot.page,
            section=sections[slot.section_id].number if slot.section_id in sections else None,
            after_previous=slot.after_previous,
            can_finish=behaviours.get(quiz.behaviour, question_types.get(version.type)).finishes,
        )
        for slot, version in chosen
    ]
    return laying_out.lay_out(planned, shuffled=frozenset(shuffled), sequential=quiz.navigation == "sequential", random=random)


def _asked(number: int, placed: Placed[Chosen], quiz: Quiz, random: Random) -> Response:
    slot, version = placed.question
    question_type = question_types.get(version.type)
    body = question_type.read_body(version.body)
    if not quiz.shuffle_answers and hasattr(body, "shuffle"):
        body = replace(body, shuffle=False)
    return Response(
        slot=number,
        question_version_id=version.id,
        page=placed.page,
        section=placed.section,
        after_previous=placed.after_previous,
        max_mark=putting_together.full_mark(slot, version),
        order=question_type.shuffle_order(body, random),
        flagged=False,
        sequence=0,
        answered=False,
        state="todo",
        progress=behaviours.at_start(quiz.behaviour, question_type).to_json(),
    )


def _as_last_time(quiz: Quiz, last: Attempt, moment: datetime) -> list[Response]:
    """Return the questions of the last attempt, in its order and with its answers, to go on from there."""
    rows = session.execute(
        select(Response, QuestionVersion.type)
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(Response.attempt_id == last.id)
        .order_by(Response.slot)
    ).all()
    return [
        Response(
            slot=row.slot,
            question_version_id=row.question_version_id,
            page=row.page,
            section=row.section,
            after_previous=row.after_previous,
            max_mark=row.max_mark,
            order=row.order,
            flagged=False,
            sequence=1 if row.answer else 0,
            answer=row.answer,
            answered=row.answered,
            certainty=row.certainty,
            saved_at=moment if row.answer else None,
            state="todo",
            progress=behaviours.at_start(quiz.behaviour, question_types.get(type_key)).to_json(),
        )
        for row, type_key in rows
    ]
