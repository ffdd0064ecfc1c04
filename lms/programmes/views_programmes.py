"""Pages of programmes: who must be trained in what, by when; who is in and why; targets, deadlines and a new rule."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.programmes import amending, builtin, rules, targets
from lms.programmes import queries_members as members
from lms.programmes.forms_programmes import DeadlineForm, ProgrammeForm, RuleForm, TargetForm
from lms.programmes.models import Programme, Rule
from lms.programmes.queries_members import Audience
from lms.schools import access, tree
from lms.schools import queries as schools
from lms.web import transactions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("programme_pages", __name__, template_folder="templates")


@bp.get("/programmes")
@signed_in
def index() -> ResponseReturnValue:
    """List the programmes with the rule of today."""
    allow(rules.may_see_programmes(actor()))
    return render_template(
        "programmes/list.html",
        lines=members.programmes(clock.today()),
        positions=schools.position_titles(),
        excepts=rules.may_except_some(actor()),
        begins=rules.may_begin_programmes(actor()),
    )


@bp.route("/programmes/new/<audience>", methods=["GET", "POST"])
@signed_in
def new(audience: str) -> ResponseReturnValue:
    """Begin a programme for staff or for pupils."""
    allow(rules.may_begin_programmes(actor()))
    found(audience if audience in ("staff", "pupils") else None)
    units = access.units_granting(actor(), rules.CHANGING)
    form = ProgrammeForm.from_request(data={"from_day": clock.today(), "renewed_by": "", "targets": audience == "staff"})
    _offer(form, audience)
    form.offer_units(tree.names_on(units, clock.today()))
    shown = None
    if request.method == "POST" and form.validate():
        wanted = form.programme(audience)
        shown = members.coming(wanted.audience, wanted.owner_unit_id, form.audience(), clock.today(), _units())
        if request.form.get("act") == "apply":
            try:
                made = amending.begin(wanted, by=actor().account_id)
            except LmsError as error:
                transactions.failed()
                form.slug.errors = [str(error)]
            else:
                if form.targets.data:
                    builtin.set_template(made, after=clock.today())
                flash(_("The programme begins on {day}.", day=made.from_day.strftime("%d/%m/%Y")), "done")
                return redirect(url_for(".programme", slug=made.slug))
    page = render_template("programmes/new.html", audience=audience, form=form, preview=shown, most=members.MOST_NAMES)
    return page, 422 if form.errors else 200


@bp.get("/programmes/<slug>")
@signed_in
def programme(slug: str) -> ResponseReturnValue:
    """Show a programme: its rules, targets and deadlines, and who of one's own units is in it."""
    return _page(_seen(slug), TargetForm.from_request(formdata=None), DeadlineForm.from_request(formdata=None))


@bp.post("/programmes/<slug>")
@signed_in
def change(slug: str) -> ResponseReturnValue:
    """Set or take away a target or a deadline."""
    row = _changed(slug)
    act, by = request.form.get("act", ""), actor().account_id
    target = TargetForm.from_request() if act == "target" else TargetForm.from_request(formdata=None)
    deadline = DeadlineForm.from_request() if act == "deadline" else DeadlineForm.from_request(formdata=None)
    if (act == "target" and not target.validate()) or (act == "deadline" and not deadline.validate()):
        return _page(row, target, deadline)
    try:
        _do(row, act, target, deadline, by)
    except LmsError as error:
        transactions.failed()
        flash(str(error), "late")
    else:
        flash(_("Saved."), "done")
    return redirect(url_for(".programme", slug=slug))


@bp.route("/programmes/<slug>/rule", methods=["GET", "POST"])
@signed_in
def rule(slug: str) -> ResponseReturnValue:
    """Show what another rule would change, and let it take over on a day."""
    row = _changed(slug)
    last, _course = members.rules_of(row)[0]
    form = RuleForm.from_request(data=_values(last))
    _offer(form, row.audience)
    shown = None
    if request.method == "POST" and form.validate():
        shown = members.preview(row, _audience(last), form.audience(), clock.today(), _units())
        if request.form.get("act") == "apply":
            try:
                amending.amend(row.id, form.rule(), known=form.seen(), by=actor().account_id)
            except LmsError as error:
                transactions.failed()
                row = _changed(slug)
                form.from_day.errors = [str(error)]
            else:
                flash(_("The new rule is set. Figures from that day on follow it; those before stay as they were."), "done")
                return redirect(url_for(".programme", slug=slug))
    if request.method == "GET":
        form.known.data = str(last.number)
    return render_template("programmes/rule.html", programme=row, form=form, preview=shown, most=members.MOST_NAMES), (
        422 if form.errors else 200
    )


def _page(row: Programme, target: TargetForm, deadline: DeadlineForm) -> ResponseReturnValue:
    today = clock.today()
    dated = members.rules_of(row)
    now = next((each for each, _course in dated if each.from_day <= today and (each.until_day is None or today < each.until_day)), None)
    wanted, units = _audience(now) if now else Audience(), _units()
    page = render_template(
        "programmes/programme.html",
        programme=row,
        rules=dated,
        courses=members.courses_for(row.audience),
        places={**schools.unit_kind_titles(), **schools.stage_titles()},
        now=now,
        positions=schools.position_titles(),
        targets=targets.targets_of(row.id),
        deadlines=targets.deadlines_of(row.id),
        people=members.count(row, wanted, today, units) if now else 0,
        members=members.members(row, wanted, today, units) if now and row.audience == "staff" else [],
        most=members.MOST_NAMES,
        changes=rules.may_change_programmes(actor(), row),
        target=target,
        deadline=deadline,
    )
    return page, 422 if target.errors or deadline.errors else 200


def _do(row: Programme, act: str, target: TargetForm, deadline: DeadlineForm, by: int) -> None:
    if act == "target":
        amending.set_target(row, found(target.day.data), (target.percent.data or 0) / 100, by=by)
    elif act == "deadline":
        amending.set_deadline(row, found(deadline.due.data), deadline.title(), by=by)
    else:
        _drop(row, act, by)


def _drop(row: Programme, act: str, by: int) -> None:
    what, _space, day = act.partition(" ")
    for each in targets.targets_of(row.id) if what == "drop-target" else ():
        if each.day.isoformat() == day:
            amending.drop_target(row, each.day, by=by)
    for due in targets.deadlines_of(row.id) if what == "drop-deadline" else ():
        if due.day.isoformat() == day:
            amending.drop_deadline(row, due.day, by=by)


def _units() -> list[int]:
    return access.units_granting(actor(), rules.SEEING)


def _offer(form: RuleForm, audience: str) -> None:
    form.offer(members.courses_for(audience), schools.position_titles(), schools.unit_kind_titles(), schools.stage_titles())


def _audience(rule: Rule) -> Audience:
    return Audience(tuple(rule.positions), tuple(rule.grades), tuple(rule.unit_kinds), tuple(rule.stages))


def _values(rule: Rule) -> dict[str, object]:
    return {
        "course": str(rule.course_id),
        "positions": list(rule.positions),
        "grades": [str(grade) for grade in rule.grades],
        "unit_kinds": list(rule.unit_kinds),
        "stages": list(rule.stages),
        "further": [str(course_id) for course_id in rule.further],
        "needed": rule.needed,
        "renewed_by": str(rule.renewed_by_id or ""),
        "valid_months": rule.valid_months,
        "renewal_months": rule.renewal_months,
        "due_days": rule.due_days,
    }


def _seen(slug: str) -> Programme:
    allow(rules.may_see_programmes(actor()))
    return found(members.by_slug(slug))


def _changed(slug: str) -> Programme:
    row = _seen(slug)
    allow(rules.may_change_programmes(actor(), row))
    return row
