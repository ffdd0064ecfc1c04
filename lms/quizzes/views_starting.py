"""Beginning a quiz: its password, and who is enrolled by it."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask import Response as Reply
from flask.typing import ResponseReturnValue

from lms.core.db import session
from lms.courses import outline as outlines
from lms.courses.models import Activity, Course, Version
from lms.learning import enrolment as enrolments
from lms.learning import queries as learning
from lms.learning import rules as learning_rules
from lms.learning.models import Enrolment
from lms.quizzes import attempts, queries
from lms.quizzes.attempts import WrongPassword
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.timing import OPEN
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor
from lms.web.throttle import limiter

_LONGEST_PASSWORD = 100

bp = Blueprint("quizzes_starting", __name__)


def _who_asks() -> str:
    return f"quiz-password:{actor().account_id}"


def _was_wrong(_reply: Reply) -> bool:
    return bool(g.get("wrong_password"))


@bp.post("/quiz/<int:activity_id>/start")
@signed_in
@limiter.limit("20 per 15 minutes", key_func=_who_asks, deduct_when=_was_wrong)
def start(activity_id: int) -> ResponseReturnValue:
    """Begin an attempt, or go back to the one that is open."""
    activity = found(session.get(Activity, activity_id))
    quiz = found(queries.quiz_of(activity_id))
    enrolment = queries.enrolment_for(actor().person_id, activity_id) or _enrol(activity)
    _must_be_open(enrolment, activity, quiz)
    try:
        attempt = attempts.start(enrolment, quiz, password=request.form.get("password", "")[:_LONGEST_PASSWORD])
    except WrongPassword as error:
        g.wrong_password = True
        flash(str(error), "late")
        course = session.get_one(Course, enrolment.course_id)
        return redirect(url_for("learning.activity", slug=course.slug, key=activity.key))
    return redirect(url_for("quizzes.take", attempt_id=attempt.id))


def _must_be_open(enrolment: Enrolment, activity: Activity, quiz: Quiz) -> None:
    """Let nobody begin a quiz before its time; who has begun may go on."""
    step = outlines.outline(enrolment.version_id).step(activity.key)
    if step is None or step.available is None or any(each.state in OPEN for each in queries.attempts_of(enrolment.id, quiz.id)):
        return
    course = session.get_one(Course, enrolment.course_id)
    learning_rules.must_be_open(found(learning.visit(actor().person_id, course.slug)), step)


def _enrol(activity: Activity) -> Enrolment:
    """Enrol somebody for whom the course is open and who only looked in so far."""
    version = session.get_one(Version, activity.version_id)
    course = session.get_one(Course, version.course_id)
    visit = found(learning.visit(actor().person_id, course.slug))
    allow(learning_rules.may_open(actor(), visit) and visit.outline.version_id == version.id)
    return enrolments.enrol(actor().person_id, version, source="self")
