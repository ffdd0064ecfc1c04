"""Pages of learners: what now, my courses, a course, a step of it."""

from flask import Blueprint, flash, get_template_attribute, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.certificates import queries as certificates
from lms.certificates.facts import Statement
from lms.core import clock
from lms.core.errors import Conflict
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_
from lms.courses import completion, kinds
from lms.courses.kinds import Entry, Place
from lms.courses.steps import Step
from lms.learning import enrolment as enrolments
from lms.learning import home as homes
from lms.learning import outcomes, outline_drawing, queries, rules, shown
from lms.learning.queries import Visit
from lms.notifications import notices
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("learning", __name__, template_folder="templates")

CERTIFICATES_ON_HOME = 3
# What a page may tell of itself, and as which source of courses.completion it is kept.
NOTED = {"viewed": "opened", "checks": "checks"}


class NotByClick(Conflict):
    code = "not_by_click"
    message = lazy_("This step is done in another way: open it and follow what it says.")


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Answer the learner's question: what now?"""
    if actor().is_pupil:
        return _home_of_pupil()
    mine = [(each, Statement.from_json(each.facts)) for each in certificates.of_person(actor().person_id) if each.state == "valid"]
    return render_template(
        "learning/home.html",
        home=homes.home(actor().person_id),
        notices=notices.unread(actor().account_id),
        certificates=mine[:CERTIFICATES_ON_HOME],
        today_day=clock.today(),
    )


def _home_of_pupil() -> ResponseReturnValue:
    visits = [each for each in queries.visits_of_audience(actor().person_id, "pupils") if rules.may_open(actor(), each)]
    now = next((each for each in visits if each.progress.now), None)
    unread = notices.unread(actor().account_id)
    return render_template("learning/home_pupil.html", visits=visits, now=now, shown=shown, notices=unread)


@bp.get("/courses")
@signed_in
def courses() -> ResponseReturnValue:
    """List the courses that are for the person who asks; for staff those of pupils, too."""
    audience = rules.audience_of(actor())
    visits = queries.visits_of_audience(actor().person_id, audience)
    of_pupils = queries.visits_of_audience(actor().person_id, "pupils") if audience == "staff" else []
    own = {each.outline.slug for each in visits}
    return render_template(
        "learning/courses.html",
        visits=[each for each in visits if rules.may_open(actor(), each)],
        of_pupils=[each for each in of_pupils if each.outline.slug not in own and rules.may_open(actor(), each)],
    )


@bp.get("/courses/<slug>")
@signed_in
def course(slug: str) -> ResponseReturnValue:
    """Show a course: what it is about, its outline, how far one is."""
    visit = _visit(slug)
    return render_template(
        "learning/course.html",
        visit=visit,
        # One address for all: url_for for each of many steps would cost more than the page.
        parts=shown.outline(visit, course_url=url_for(".course", slug=slug)),
        standing_url=url_for("standing.course", person_id=actor().person_id, slug=slug),
        looks_after=rules.may_look_after_quizzes(actor(), visit.outline),
    )


@bp.post("/courses/<slug>/start")
@signed_in
def start(slug: str) -> ResponseReturnValue:
    """Enrol and go to the first step, or to where one was."""
    visit = _visit(slug)
    enrolments.enrolled(actor().person_id, visit)
    step = visit.progress.now or next(iter(visit.steps), visit.outline.steps[0])
    return redirect(url_for(".activity", slug=slug, key=step.key))


@bp.post("/courses/<slug>/renew")
@signed_in
def renew(slug: str) -> ResponseReturnValue:
    """Begin a finished course again, because its training runs out."""
    visit = _visit(slug)
    enrolments.renew(actor().person_id, visit.outline.course_id)
    return redirect(url_for(".course", slug=slug))


@bp.get("/courses/<slug>/<key>")
@signed_in
def activity(slug: str, key: str) -> ResponseReturnValue:
    """Show a step of a course; what it shows is up to its kind."""
    visit = _visit(slug)
    step = _step(visit, key)
    kind = kinds.get(step.kind)
    done = step.key in visit.progress.done_keys
    reasons = [] if done else visit.why_closed(step)
    if reasons:
        entry = Entry("learning/closed.html", {"reasons": reasons})
    else:
        entry = kind.entry(Place(slug, visit.outline.version_id, step, actor(), visit.enrolment_id, done, request.args))
    return render_template(
        entry.template,
        visit=visit,
        step=step,
        kind=kind,
        parts=outline_drawing.draw(
            visit, step, course_url=url_for(".course", slug=slug), row=get_template_attribute("web/learning.html", "outline_row")
        ),
        before=visit.before(step),
        after=visit.after(step),
        done=done,
        **entry.values,
    )


@bp.post("/courses/<slug>/<key>/done")
@signed_in
def done(slug: str, key: str) -> ResponseReturnValue:
    """Note that a step was read, and go on to the next one."""
    visit = _visit(slug)
    step = _step(visit, key)
    if not kinds.get(step.kind).done_by_learner:
        raise NotByClick()
    rules.must_be_open(visit, step)
    outcomes.record(enrolments.enrolled(actor().person_id, visit), step.key, source="view")
    visit = _visit(slug)
    if step.key not in visit.progress.done_keys:
        asked = ", ".join(str(completion.NAMES[name]) for name in step.rule.asked if name not in ("viewed", "read"))
        flash(_("That was noted. This step is done when it is also: {conditions}.", conditions=asked), "info")
        return redirect(url_for(".activity", slug=slug, key=step.key))
    return _go_on(visit, step)


@bp.post("/courses/<slug>/<key>/note")
@signed_in
def note(slug: str, key: str) -> ResponseReturnValue:
    """Note what the page of a step tells by itself: that it was opened, or that each check in it was answered."""
    visit = _visit(slug)
    step = _step(visit, key)
    what = NOTED.get(request.form.get("what", ""))
    if what is None or not kinds.get(step.kind).done_by_learner:
        raise NotByClick()
    rules.must_be_open(visit, step)
    # Who only looks in is not enrolled by opening a page, but by doing something on it.
    if visit.enrolled or what == "checks":
        outcomes.record(enrolments.enrolled(actor().person_id, visit), step.key, source=what)
    return "", 204


def _go_on(visit: Visit, step: Step) -> ResponseReturnValue:
    """Lead to the next step; after the last to what is still open, or to the end."""
    following = visit.after(step) or visit.progress.now
    if visit.progress.complete and visit.after(step) is None:
        flash(_("Well done: this course is finished."), "done")
        return redirect(url_for(".home") if actor().is_pupil else url_for(".course", slug=visit.outline.slug))
    if following is None:
        return redirect(url_for(".course", slug=visit.outline.slug))
    return redirect(url_for(".activity", slug=visit.outline.slug, key=following.key))


def _step(visit: Visit, key: str) -> Step:
    """Return a step that this learner sees; NotFound for one that is not for them, or not shown yet."""
    step = found(visit.outline.step(key))
    return found(step if visit.shows(step) or step.key in visit.progress.done_keys else None)


def _visit(slug: str) -> Visit:
    visit = found(queries.visit(actor().person_id, slug))
    allow(rules.may_open(actor(), visit))
    return visit
