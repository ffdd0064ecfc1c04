"""Pages of meetings: planning, the screen with its code, the list; and signing in as a learner."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as Reply
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.attendance import codes, meetings, queries, rules
from lms.attendance.forms import MeetingForm, read_list
from lms.attendance.meetings import Credited, NotOpen, WrongCode
from lms.attendance.models import Meeting
from lms.core import clock, qr
from lms.core.errors import LmsError
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.learning import queries as learning
from lms.learning import rules as learning_rules
from lms.schools import access, tree
from lms.web import transactions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor
from lms.web.throttle import limiter

bp = Blueprint("attendance", __name__, template_folder="templates")


def _who_asks() -> str:
    return f"meeting-code:{actor().account_id}"


def _did_not_fit(reply: Reply) -> bool:
    return reply.headers.get("X-Code") == "wrong"


@bp.get("/meetings")
@signed_in
def index() -> ResponseReturnValue:
    """List the meetings of one's own units."""
    units = access.units_granting(actor(), rules.HOLDING)
    allow(bool(units))
    return render_template("attendance/list.html", lines=queries.held_by(units), offers=queries.offers())


@bp.route("/meetings/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    """Plan a meeting."""
    units = access.units_granting(actor(), rules.HOLDING)
    allow(bool(units))
    form = MeetingForm.from_request()
    form.offer_choices(queries.offers(), tree.names_on(units, clock.today()))
    if form.accepted():
        course_id, key = form.target()
        meeting = meetings.plan(course_id, key, int(form.unit.data), form.plan(), by=actor().account_id)
        flash(_("The meeting is planned. Learners see it on the page of the course."), "done")
        return redirect(url_for(".meeting", meeting_id=meeting.id))
    return render_template("attendance/new.html", form=form), 422 if form.errors else 200


@bp.get("/meetings/<int:meeting_id>")
@signed_in
def meeting(meeting_id: int) -> ResponseReturnValue:
    """Show a meeting with its list."""
    row = _held(meeting_id)
    words = request.args.get("words", "")[:100]
    return render_template(
        "attendance/meeting.html",
        meeting=row,
        lines=queries.people(row, words),
        words=words,
        people=queries.count(row),
        most=queries.MOST_LINES,
        unit_name=tree.names_on([row.unit_id], clock.today()).get(row.unit_id, ""),
    )


@bp.post("/meetings/<int:meeting_id>")
@signed_in
def change(meeting_id: int) -> ResponseReturnValue:
    """Open, close or cancel a meeting, or keep its list."""
    row = _held(meeting_id)
    try:
        said = _do(row, request.form.get("act", ""))
    except LmsError as error:
        transactions.failed()
        flash(str(error), "late")
    else:
        flash(said, "done")
        if row.state == "open" and request.form.get("act") == "open":
            return redirect(url_for(".screen", meeting_id=meeting_id))
    return redirect(url_for(".meeting", meeting_id=meeting_id))


@bp.get("/meetings/<int:meeting_id>/screen")
@signed_in
def screen(meeting_id: int) -> ResponseReturnValue:
    """Show the code that is valid now, large, for the whole room; with ``part`` only what changes."""
    row = _held(meeting_id)
    shown = codes.code(row.secret, clock.now()) if row.state == "open" else ""
    address = url_for("learning.activity", slug=row.course.slug, key=row.activity_key, code=shown, _external=True)
    template = "attendance/code.html" if request.args.get("part") else "attendance/screen.html"
    reply = render_template(
        template, meeting=row, code=shown, picture=Markup(qr.svg(address)) if shown else "", people=queries.count(row), step=codes.STEP
    )  # fmt: skip
    return reply, {"Cache-Control": "no-store"}


@bp.post("/meetings/<int:meeting_id>/present")
@signed_in
@limiter.limit("20 per 15 minutes", key_func=_who_asks, deduct_when=_did_not_fit)
def present(meeting_id: int) -> ResponseReturnValue:
    """Sign in to a meeting with the code on its screen."""
    row = found(queries.by_id(meeting_id))
    visit = found(learning.visit(actor().person_id, row.course.slug))
    allow(learning_rules.may_open(actor(), visit))
    step = found(visit.outline.step(row.activity_key))
    allow(any(each.id == row.id for each, _unit, _noted in queries.for_learner(actor().person_id, row.course_id, row.activity_key)))
    reply = redirect(url_for("learning.activity", slug=row.course.slug, key=step.key))
    try:
        meetings.sign_in(row, actor().person_id, request.form.get("code", "")[:20], by=actor().account_id)
        flash(_("You are noted as present."), "done")
    except (NotOpen, WrongCode) as error:
        transactions.failed()
        flash(str(error), "late")
        reply.headers["X-Code"] = "wrong"
    return reply


def _do(row: Meeting, act: str) -> str:
    by = actor().account_id
    if act == "open":
        meetings.begin(row, by=by)
        return _("The meeting is open: show the code to the room.")
    if act == "cancel":
        meetings.cancel(row, by=by)
        return _("The meeting is cancelled. Nobody is credited.")
    present, shown = read_list(request.form)
    allowed = {line.person_id for line in queries.people(row)} if len(shown) <= queries.MOST_LINES else set()
    allowed |= {line.person_id for line in queries.people(row, request.form.get("words", "")[:100])}
    credited = meetings.tick(row, present & allowed, shown & allowed, by=by)
    if act == "close":
        credited = meetings.close(row, by=by)
    return _said(credited) if act == "close" or row.state == "closed" else _("The list is saved.")


def _said(credited: Credited) -> str:
    said = ngettext("{number} person is credited.", "{number} people are credited.", credited.people)
    if credited.without:
        said += " " + ngettext(
            "{number} learns by a version of the course without this meeting.",
            "{number} learn by versions of the course without this meeting.",
            credited.without,
        )
    return said


def _held(meeting_id: int) -> Meeting:
    row = found(queries.by_id(meeting_id))
    allow(rules.may_hold(actor(), row))
    return row
