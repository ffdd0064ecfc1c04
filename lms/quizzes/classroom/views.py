"""Pages of classroom mode: which class, which quiz, the screen, who was there."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import clock, i18n
from lms.core.db import session
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses import outline as outlines
from lms.learning import queries as learning
from lms.quizzes import queries as quizzes
from lms.quizzes import question_types, showing
from lms.quizzes.classroom import queries, rules, running
from lms.quizzes.classroom.forms import Act, read_present, read_press
from lms.quizzes.classroom.queries import Around, Offer
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.review import Item
from lms.schools import access, classes, people
from lms.schools.models import SchoolClass, Unit
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("classroom", __name__, template_folder="../templates")

EVERYTHING = frozenset(Item)


@dataclass(frozen=True)
class Vote:
    """A choice on the screen, with the hands that went up for it."""

    key: str
    html: Markup
    hands: int
    share: float  # of all hands, 0.0 to 1.0
    right: bool


@dataclass(frozen=True)
class OnScreen:
    """The question in front of the class; what tells the answer is empty until it is shown."""

    shown: showing.Shown
    votes: tuple[Vote, ...]
    verdict: showing.Verdict
    laws: tuple[str, ...]
    hands: int


@bp.get("/classroom")
@signed_in
def index() -> ResponseReturnValue:
    """List the classes that the actor teaches, and what was done with them."""
    granting = access.units_granting(actor(), "teach_class")
    allow(bool(granting))
    today = clock.today()
    year = clock.school_year(today)
    units = session.query(Unit).filter(Unit.id.in_(granting)).all()
    lines = [(unit, line) for unit in units for line in classes.classes_of(unit.id, year, today)]
    return render_template("quizzes/classroom/index.html", lines=lines, year=year, runs=queries.runs_of([line.id for _unit, line in lines]))


@bp.get("/classroom/classes/<int:class_id>")
@signed_in
def school_class(class_id: int) -> ResponseReturnValue:
    """List the quizzes that suit a class."""
    room = _room(class_id)
    return render_template("quizzes/classroom/class.html", room=room, offers=_offers(room), runs=queries.runs_of([room.id]))


@bp.post("/classroom/classes/<int:class_id>/begin")
@signed_in
def begin(class_id: int) -> ResponseReturnValue:
    """Begin a quiz with a class, or go back to the run that is open."""
    room = _room(class_id)
    activity_id = request.form.get("activity_id", 0, type=int)
    offer = found(next((each for each in _offers(room) if each.step.id == activity_id), None))
    quiz = found(quizzes.quiz_of(offer.step.id))
    run = running.begin(quiz, room, by=actor().account_id)
    return redirect(url_for(".screen", run_id=run.id))


@bp.get("/classroom/<int:run_id>")
@signed_in
def screen(run_id: int) -> ResponseReturnValue:
    """Show the present question to the class."""
    around = _around(run_id)
    if around.run.state != "open":
        return redirect(url_for(".result", run_id=run_id))
    version = queries.version_at(around.run, around.run.position)
    return render_template(
        "quizzes/classroom/screen.html",
        around=around,
        run=around.run,
        count=len(around.run.version_ids),
        on_screen=_on_screen(version, around.run.position, queries.hands_of(run_id).get(around.run.position, {}), told=around.run.shown),
    )


@bp.post("/classroom/<int:run_id>")
@signed_in
def press(run_id: int) -> ResponseReturnValue:
    """Keep the hands that were counted, and do what was pressed."""
    run = _around(run_id).run
    position = min(max(request.form.get("position", run.position, type=int), 1), len(run.version_ids))
    pressed = read_press(request.form, _votes(queries.version_at(run, position)), position=position)
    running.count(run, position, pressed.hands)
    if pressed.act is Act.SHOW:
        running.show(run, position)
    elif pressed.act is Act.NEXT:
        running.go(run, position, to=position + 1)
    elif pressed.act is Act.BACK:
        running.go(run, position, to=position - 1)
    return redirect(url_for(".end" if pressed.act is Act.END else ".screen", run_id=run_id))


@bp.get("/classroom/<int:run_id>/lessons/<key>")
@signed_in
def lesson(run_id: int, key: str) -> ResponseReturnValue:
    """Show a lesson of the course to the class."""
    around = _around(run_id)
    step = found(outlines.outline(around.activity.version_id).step(key))
    text = found(outlines.lesson(step, i18n.language()) if step.kind == "page" else None)
    return render_template("quizzes/classroom/lesson.html", around=around, run=around.run, step=step, lesson=text)


@bp.get("/classroom/<int:run_id>/end")
@signed_in
def end(run_id: int) -> ResponseReturnValue:
    """Ask who was there and what else was gone through, and say what will count."""
    around = _around(run_id)
    if around.run.state != "open":
        return redirect(url_for(".result", run_id=run_id))
    outline = outlines.outline(around.activity.version_id)
    return render_template(
        "quizzes/classroom/end.html",
        around=around,
        run=around.run,
        pupils=people.pupils_of(around.run.class_id, clock.today()),
        lessons=[step for step in outline.steps if step.kind == "page"],
    )


@bp.post("/classroom/<int:run_id>/finish")
@signed_in
def finish(run_id: int) -> ResponseReturnValue:
    """Let the run count for those who were there."""
    around = _around(run_id)
    pupils = {line.person_id for line in people.pupils_of(around.run.class_id, clock.today())}
    pages = {step.key for step in outlines.outline(around.activity.version_id).steps if step.kind == "page"}
    lessons = pages & set(request.form.getlist("lessons"))
    credited = running.finish(around.run, read_present(request.form, pupils), lessons, by=actor().account_id)
    flash(ngettext("Recorded for {number} pupil.", "Recorded for {number} pupils.", credited.pupils), "done")
    if credited.left_out:
        flash(_("{number} take an older version of this course, which does not have these steps.", number=credited.left_out), "soon")
    return redirect(url_for(".result", run_id=run_id))


@bp.post("/classroom/<int:run_id>/stop")
@signed_in
def stop(run_id: int) -> ResponseReturnValue:
    """Give a run up; nothing of it counts."""
    around = _around(run_id)
    running.stop(around.run, by=actor().account_id)
    flash(_("The run was stopped. Nothing of it counts."), "info")
    return redirect(url_for(".school_class", class_id=around.run.class_id))


@bp.get("/classroom/<int:run_id>/result")
@signed_in
def result(run_id: int) -> ResponseReturnValue:
    """Tell how a run went, question by question; hands have no names."""
    around = _around(run_id)
    if around.run.state == "open":
        return redirect(url_for(".screen", run_id=run_id))
    hands = queries.hands_of(run_id)
    asked = [
        (number, _on_screen(version, number, hands.get(number, {}), told=True))
        for number, version in enumerate(queries.versions_of(around.run), start=1)
    ]
    return render_template(
        "quizzes/classroom/result.html", around=around, run=around.run, asked=asked, present=len(queries.present_at(run_id))
    )


def _room(class_id: int) -> SchoolClass:
    room = found(session.get(SchoolClass, class_id))
    allow(rules.may_teach(actor(), room))
    return room


def _around(run_id: int) -> Around:
    around = found(queries.around(run_id))
    allow(rules.may_see(actor(), around.run))
    return around


def _offers(room: SchoolClass) -> list[Offer]:
    visits = learning.visits_of_audience(actor().person_id, "pupils")
    fitting = [
        each.outline for each in visits if rules.suits(each.outline, room) and queries.reaches(each.outline.owner_unit_id, room.unit_id)
    ]
    return queries.offers(fitting)


def _votes(version: QuestionVersion) -> tuple[str, ...]:
    question_type = question_types.get(version.type)
    return question_type.votes(question_type.read_body(version.body))


def _on_screen(version: QuestionVersion, position: int, hands: dict[str, int], *, told: bool) -> OnScreen:
    question_type = question_types.get(version.type)
    body, texts = question_type.read_body(version.body), quizzes.texts_of(version)
    votes = question_type.votes(body)
    right = question_type.right_answer(body)
    if told:
        shown, verdict = showing.tell(
            question_type, body, texts, slot=position, order=votes, response=right, items=EVERYTHING, language=i18n.language()
        )
    else:
        shown = showing.ask(question_type, body, texts, slot=position, order=votes, response={}, language=i18n.language())
        verdict = showing.Verdict()
    options = getattr(shown.sketch, "options", ()) if votes else ()
    all_hands = sum(hands.values())
    return OnScreen(
        shown,
        tuple(
            Vote(
                option.key,
                option.html,
                hands.get(option.key, 0),
                hands.get(option.key, 0) / all_hands if all_hands else 0.0,
                told and option.checked,
            )
            for option in options
        ),
        verdict,
        tuple(showing.law_reference(tag, i18n.language()) for tag in quizzes.law_tags([version.question_id]).get(version.question_id, []))
        if told
        else (),
        all_hands,
    )
