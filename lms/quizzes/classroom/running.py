"""Running a quiz with a class: begin, count hands, move on, and let what was learnt together count for those present."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from random import Random

from sqlalchemy import delete, insert, update

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.core.rows import insert_new
from lms.courses import outline as outlines
from lms.courses.models import Activity, Version
from lms.learning import enrolment as enrolments
from lms.learning import outcomes
from lms.learning.outcomes import Outcome
from lms.quizzes import putting_together
from lms.quizzes.models.classroom import ClassCount, ClassPresence, ClassSession
from lms.quizzes.models.quiz import Quiz
from lms.schools.models import SchoolClass

SOURCE = "classroom"  # of the results; a label of its own wherever they are shown
MOST_HANDS = 500


class RunOver(Conflict):
    code = "class_run_over"
    message = lazy_("This run was ended already. What was counted is kept.")


@dataclass(frozen=True)
class Credited:
    """For how many pupils a run counts, and for how many it could not: they take another version of the course."""

    pupils: int
    left_out: int


def begin(quiz: Quiz, school_class: SchoolClass, *, by: int, random: Random | None = None) -> ClassSession:
    """Return the open run of this quiz with this class, begun now when there is none.

    Everybody sees the same questions in the same order, so that the class speaks
    about the same one; choices stand as the author wrote them.  Raises
    putting_together.NotEnoughQuestions.
    """
    chosen = putting_together.choose(quiz, None, random or Random())
    # The unique key lets one of two clicks in.
    made = insert_new(
        ClassSession,
        [
            {
                "quiz_id": quiz.id,
                "class_id": school_class.id,
                "by_account_id": by,
                "state": "open",
                "position": 1,
                "shown": False,
                "version_ids": [version.id for _slot, version in chosen],
                "started_at": clock.now(),
            }
        ],
    )
    if made:
        audit.record("classroom.begun", f"class_run:{made[0]}", account_id=by, quiz=quiz.id, school_class=school_class.id)
    return session.query(ClassSession).filter_by(quiz_id=quiz.id, class_id=school_class.id, state="open").one()


def count(run: ClassSession, position: int, hands: Mapping[str, int]) -> None:
    """Keep how many hands went up for each choice of a question; counting again replaces.  Raises RunOver."""
    _must_be_open(run)
    session.execute(delete(ClassCount).where(ClassCount.session_id == run.id, ClassCount.position == position))
    rows = [
        {"session_id": run.id, "position": position, "key": key, "hands": min(number, MOST_HANDS)}
        for key, number in hands.items()
        if number > 0
    ]
    if rows:
        session.execute(insert(ClassCount), rows)


def show(run: ClassSession, position: int) -> None:
    """Put the answer on the screen; nothing when another window moved on meanwhile.  Raises RunOver."""
    _move(run, position, to=position, shown=True)


def go(run: ClassSession, position: int, *, to: int) -> None:
    """Go to another question; nothing when another window moved on meanwhile.  Raises RunOver."""
    if 1 <= to <= len(run.version_ids):
        # What was shown once is no secret any more.
        _move(run, position, to=to, shown=to < position)


def finish(run: ClassSession, present: Collection[int], lessons: Collection[str], *, by: int) -> Credited:
    """End a run and let it count for those who were there.

    The quiz is passed as class evidence, without a share: nobody's own answers are
    known.  ``lessons`` are keys of pages that the class went through together.  A
    result of the pupil's own stays if it is better (outcomes keep the best).

    Raises RunOver, also for the second of two clicks.
    """
    moment = clock.now()
    ended = session.scalar(
        update(ClassSession)
        .where(ClassSession.id == run.id, ClassSession.state == "open")
        .values(state="finished", finished_at=moment)
        .returning(ClassSession.id)
        .execution_options(synchronize_session=False)
    )
    if ended is None:
        raise RunOver()
    insert_presence = [{"session_id": run.id, "person_id": person_id} for person_id in sorted(present)]
    if insert_presence:
        session.execute(insert(ClassPresence), insert_presence)
    credited = _credit(run, present, lessons)
    audit.record(
        "classroom.finished",
        f"class_run:{run.id}",
        account_id=by,
        present=len(present),
        lessons=sorted(lessons),
        left_out=credited.left_out,
    )
    session.refresh(run)
    return credited


def stop(run: ClassSession, *, by: int) -> None:
    """Give a run up: nothing of it counts.  Raises RunOver."""
    stopped = session.scalar(
        update(ClassSession)
        .where(ClassSession.id == run.id, ClassSession.state == "open")
        .values(state="stopped", finished_at=clock.now())
        .returning(ClassSession.id)
        .execution_options(synchronize_session=False)
    )
    if stopped is None:
        raise RunOver()
    audit.record("classroom.stopped", f"class_run:{run.id}", account_id=by)
    session.refresh(run)


def _credit(run: ClassSession, present: Collection[int], lessons: Collection[str]) -> Credited:
    quiz = session.get_one(Quiz, run.quiz_id)
    activity = session.get_one(Activity, quiz.activity_id)
    version = session.get_one(Version, activity.version_id)
    gained = [
        *(Outcome(key, SOURCE, evidence=f"class:{run.id}") for key in sorted(lessons)),
        Outcome(activity.key, SOURCE, passed=True, evidence=f"class:{run.id}"),
    ]
    pupils = 0
    for person_id in sorted(present):
        row = enrolments.enrol(person_id, version, source="teacher")
        # Who began an older version may not have the same steps.
        known = outlines.outline(row.version_id)
        fitting = [outcome for outcome in gained if known.step(outcome.activity_key)]
        if fitting:
            outcomes.record_many(row.id, fitting)
            pupils += 1
    return Credited(pupils, len(present) - pupils)


def _move(run: ClassSession, position: int, *, to: int, shown: bool) -> None:
    _must_be_open(run)
    session.execute(
        update(ClassSession)
        .where(ClassSession.id == run.id, ClassSession.state == "open", ClassSession.position == position)
        .values(position=to, shown=shown)
        .execution_options(synchronize_session=False)
    )
    session.refresh(run)


def _must_be_open(run: ClassSession) -> None:
    if run.state != "open":
        raise RunOver()
