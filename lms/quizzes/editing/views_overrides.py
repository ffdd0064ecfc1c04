"""Pages of exceptions: which there are for a quiz, a new one, and attempts that were never handed in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.quizzes import differences, queries, reopening
from lms.quizzes.editing import overrides, rules, targets
from lms.quizzes.editing import queries as editing
from lms.quizzes.editing.forms import OverrideForm, ReasonForm
from lms.quizzes.editing.queries import QuizPlace
from lms.quizzes.editing.targets import Kind, Target
from lms.schools import queries as schools
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("quiz_overrides", __name__, template_folder="templates")

# Who may give exceptions somewhere; for whom, rules say.
GIVING = ("administrator", "officer", "head_teacher", "teacher")


@bp.get("/quizzes/<int:quiz_id>/exceptions")
@with_role(*GIVING)
def listed(quiz_id: int) -> ResponseReturnValue:
    """List the exceptions of a quiz within one's reach, and look for somebody to give one to."""
    place = _place(quiz_id)
    words = request.args.get("words", "").strip()[:100]
    lines = overrides.lines(place.quiz, targets.within(actor(), place.course))
    by = schools.names_of_accounts({line.by_account_id for line in lines if line.by_account_id})
    return render_template(
        "quizzes/editing/overrides.html",
        place=place,
        open_lines=[line for line in lines if line.replaced_at is None],
        former=[line for line in lines if line.replaced_at is not None],
        by=by,
        words=words,
        choices=targets.look_for(actor(), place.course, words),
        most=targets.MOST,
        abandoned=targets.abandoned(actor(), place.course, quiz_id),
        form=ReasonForm.from_request(),
    )


@bp.route("/quizzes/<int:quiz_id>/exceptions/<any(person, class, unit):kind>/<int:target_id>", methods=["GET", "POST"])
@with_role(*GIVING)
def edit(quiz_id: int, kind: str, target_id: int) -> ResponseReturnValue:
    """Show what the quiz allows to a person, a class or a unit; on POST let it differ."""
    place = _place(quiz_id)
    target = _target(place, kind, target_id)
    former = overrides.open_one(place.quiz, target)
    allowed = overrides.of_everybody(place.quiz) | (differences.read(former.changes) if former else {})
    form = OverrideForm.of(allowed, reason=former.reason if former else "")
    if form.accepted():
        try:
            overrides.give(place.quiz, target, form.wanted(place.quiz), reason=form.reason.data or "", by=actor().account_id)
        except LmsError as error:
            form.form_errors.append(str(error))
        else:
            flash(_("{name} has an exception at this quiz now.", name=target.name), "done")
            return redirect(url_for(".listed", quiz_id=quiz_id))
    return render_template(
        "quizzes/editing/override.html",
        place=place,
        target=target,
        former=former,
        form=form,
        base=overrides.of_everybody(place.quiz),
    ), 422 if form.errors else 200


@bp.post("/quizzes/<int:quiz_id>/exceptions/<any(person, class, unit):kind>/<int:target_id>/end")
@with_role(*GIVING)
def end(quiz_id: int, kind: str, target_id: int) -> ResponseReturnValue:
    """Let the quiz be for somebody as for everybody again."""
    place = _place(quiz_id)
    overrides.take_back(place.quiz, _target(place, kind, target_id), by=actor().account_id)
    flash(_("The exception is over. What was done under it stays as it is."), "done")
    return redirect(url_for(".listed", quiz_id=quiz_id))


@bp.post("/quizzes/attempts/<int:attempt_id>/reopen")
@with_role(*GIVING)
def reopen(attempt_id: int) -> ResponseReturnValue:
    """Give an attempt that was never handed in back to its learner."""
    sitting = found(queries.sitting(attempt_id))
    place = _place(sitting.quiz.id)
    _target(place, Kind.PERSON, sitting.enrolment.person_id)
    form = ReasonForm.from_request()
    try:
        reopening.reopen(sitting, reason=form.reason.data or "", by=actor().account_id)
    except LmsError as error:
        flash(str(error), "late")
    else:
        flash(_reopened(sitting.attempt.state), "done")
    return redirect(url_for(".listed", quiz_id=sitting.quiz.id))


def _reopened(state: str) -> str:
    if state == "finished":
        return _("The time of this attempt is over, so it was handed in as it stood, and marked.")
    return _("The attempt is open again. The learner goes on where it stopped.")


def _place(quiz_id: int) -> QuizPlace:
    place = found(editing.place(quiz_id))
    allow(rules.may_override(actor(), place.course, place.version))
    return place


def _target(place: QuizPlace, kind: str, target_id: int) -> Target:
    target = found(targets.find(kind, target_id, place.course.audience))
    allow(targets.may_override(actor(), place.course, target))
    return target
