"""The list of quizzes that somebody makes or looks after, and the page of one."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.quizzes.editing import queries, rules, targets
from lms.quizzes.editing.targets import Kind, Target
from lms.schools import access
from lms.web import asked
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("quiz_editing", __name__, template_folder="templates")

LOOKING = ("administrator", "author", "officer", "head_teacher", "teacher")


@bp.get("/quizzes")
@with_role(*LOOKING)
def quizzes() -> ResponseReturnValue:
    """List quizzes by course; with a person or a class those at which somebody may give them an exception."""
    allow(rules.may_see_some(actor()))
    target = _target()
    if target is None:
        lines = queries.quizzes(actor(), slug=request.args.get("course", "")[:100])
    else:
        audience = "pupils" if target.kind is Kind.CLASS or targets.learns(target.id) else "staff"
        allow(rules.may_override_at(actor(), audience, target.unit_ids))
        lines = queries.quizzes(actor(), audience=audience, units=sorted(target.unit_ids))
    courses: dict[str, list[queries.QuizLine]] = {}
    for line in lines:
        courses.setdefault(line.slug, []).append(line)
    return render_template(
        "quizzes/editing/quizzes.html",
        courses=list(courses.values()),
        target=target,
        writes=access.may_anywhere(actor(), "author"),
        day=clock.today(),
    )


@bp.get("/quizzes/<int:quiz_id>")
@with_role(*LOOKING)
def quiz(quiz_id: int) -> ResponseReturnValue:
    """Show a quiz: what it is, what it allows to everybody, and where to go from here."""
    place = found(queries.place(quiz_id))
    allow(rules.may_see(actor(), place.course, place.version))
    return render_template(
        "quizzes/editing/quiz.html",
        place=place,
        slots=queries.slot_count(quiz_id),
        may_write=rules.may_write(actor(), place.course),
        may_preview=rules.may_preview(actor(), place.course),
        may_override=rules.may_override(actor(), place.course, place.version),
    )


def _target() -> Target | None:
    if (class_id := asked.number("class")) is not None:
        return found(targets.find(Kind.CLASS, class_id, "pupils"))
    if (person_id := asked.number("person")) is not None:
        return found(targets.find(Kind.PERSON, person_id, "pupils" if targets.learns(person_id) else "staff"))
    return None
