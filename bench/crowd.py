"""Fills a demo with finished attempts at one quiz, and names learners who may begin it.

Run as ``python -m bench.crowd ATTEMPTS LEARNERS`` with LMS_INSTANCE set: the quiz
then has that many attempts, each of a person of its own with every answer and
step, all copies of one that was really taken.  Prints one JSON object: the
activity, and the cookie and token of each learner.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, func, insert, literal, select

from bench.inside import signed_in
from lms.accounts.models import Account, Person
from lms.app import create_app
from lms.core import config, db
from lms.core.db import session
from lms.courses.models import Activity, Course
from lms.learning.models import Enrolment, Result
from lms.quizzes import attempts, queries, question_types, saving
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.quiz import Quiz


def fill(quiz: Quiz, enrolment: Enrolment, most: int) -> None:
    """Copy the attempt of this enrolment, and the person with it, until the quiz has so many attempts."""
    count = most - (session.scalar(select(func.count(Attempt.id)).where(Attempt.quiz_id == quiz.id)) or 0)
    if count <= 0:
        return
    taken = _take(quiz, enrolment)
    person, course, attempt, response, result, step = (_table(each) for each in (Person, Enrolment, Attempt, Response, Result, Step))
    last = {table: session.scalar(select(func.max(table.c.id))) or 0 for table in (person, course, attempt, response)}
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))
    _copy(person, {}, (numbers, literal(True)), person.c.id == enrolment.person_id)
    new_person = person.alias()
    _copy(course, {"person_id": new_person.c.id}, (new_person, new_person.c.id > last[person]), course.c.id == enrolment.id)
    new_course = course.alias()
    _copy(attempt, {"enrolment_id": new_course.c.id}, (new_course, new_course.c.id > last[course]), attempt.c.id == taken)
    _copy(result, {"enrolment_id": new_course.c.id}, (new_course, new_course.c.id > last[course]), result.c.enrolment_id == enrolment.id)
    new_attempt = attempt.alias()
    _copy(response, {"attempt_id": new_attempt.c.id}, (new_attempt, new_attempt.c.id > last[attempt]), response.c.attempt_id == taken)
    new_response, slots = (
        response.alias(),
        {row.slot: row.id for row in session.execute(select(Response.slot, Response.id).where(Response.attempt_id == taken))},
    )
    for slot, response_id in slots.items():
        there = (new_response, (new_response.c.id > last[response]) & (new_response.c.slot == slot))
        _copy(step, {"response_id": new_response.c.id}, there, step.c.response_id == response_id)


def _copy(
    table: Table, changes: Mapping[str, ColumnElement[Any]], each: tuple[Any, ColumnElement[bool]], which: ColumnElement[bool]
) -> None:
    """Copy the row ``which`` of a table once for each of others, with these changes."""
    columns = [column for column in table.c if column.name != "id"]
    rows = select(*(changes.get(column.name, column) for column in columns)).select_from(table.join(each[0], literal(True)))
    session.execute(insert(table).from_select([column.name for column in columns], rows.where(which, each[1])))


def _take(quiz: Quiz, enrolment: Enrolment) -> int:
    """Take the quiz with every answer right; return the id of the attempt."""
    attempt = attempts.start(enrolment, quiz)
    for slot in session.scalars(select(Response.slot).where(Response.attempt_id == attempt.id)).all():
        seat = queries.seat(attempt.id, slot)
        assert seat is not None
        kind = question_types.get(seat.type)
        if right := kind.right_answer(kind.read_body(seat.body)):
            saving.save(seat, right, known=seat.sequence)
    sitting = queries.sitting(attempt.id)
    assert sitting is not None
    attempts.finish(sitting)
    return attempt.id


def _table(model: type[db.Model]) -> Table:
    return cast(Table, model.__table__)


def main() -> None:
    """Fill, and print who may begin."""
    app = create_app(config.load())
    most, learners = int(sys.argv[1]), int(sys.argv[2])
    with app.app_context():
        with db.transaction():
            rows = session.execute(
                select(Enrolment, Quiz, Account.id)
                .join(Account, Account.person_id == Enrolment.person_id)
                .join(Course, Course.id == Enrolment.course_id)
                .join(Activity, Activity.version_id == Enrolment.version_id)
                .join(Quiz, Quiz.activity_id == Activity.id)
                .outerjoin(Attempt, (Attempt.enrolment_id == Enrolment.id) & (Attempt.quiz_id == Quiz.id))
                .where(Course.audience == "staff", Activity.required, Enrolment.state == "active", Attempt.id.is_(None))
                .order_by(Quiz.id, Enrolment.id)
                .limit(learners + 1)
            ).all()
            if len(rows) <= learners:
                raise SystemExit(f"the demo has {len(rows)} people who may begin the quiz, this needs {learners + 1}: give a larger --size")
            fill(rows[0][1], rows[0][0], most)
        with db.transaction():
            sessions = [signed_in(app, account_id) for _enrolment, _quiz, account_id in rows[1:]]
            print(
                json.dumps(
                    {
                        "activity_id": rows[0][1].activity_id,
                        "learners": [{"cookie": each.cookie, "token": each.csrf_token} for each in sessions],
                    }
                )
            )


if __name__ == "__main__":
    main()
