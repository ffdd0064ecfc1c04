"""The import wizard: choose a file, look at what it would do, apply, undo; and what was brought in before."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, imports
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _, lazy_
from lms.core.models import Import
from lms.schools import kinds, queries, roster_sheet, rosters, rules, tree
from lms.schools.forms import ListForm
from lms.schools.models import Unit
from lms.schools.roster_lines import FATES, Line
from lms.schools.roster_sheet import People
from lms.schools.rosters import Plan
from lms.web import asked, transactions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("schools_manage", __name__, template_folder="templates")

PER_PAGE = 100
# What one looks at first, and how each is called.
LABELS = {
    "look": lazy_("To look at"),
    "error": lazy_("Errors"),
    "new": lazy_("New"),
    "moved": lazy_("Moves here"),
    "changed": lazy_("Changes"),
    "missing": lazy_("Missing in the file"),
    "same": lazy_("Unchanged"),
    "all": lazy_("All"),
}


@dataclass(frozen=True)
class Chip:
    """A filter of the preview."""

    label: str
    count: int
    url: str
    current: bool


@bp.get("/units/<code>/imports")
@signed_in
def history(code: str) -> ResponseReturnValue:
    """List what was brought in for the unit before."""
    unit = found(queries.unit_by_code(code))
    allow(rules.may_import(actor(), unit.id))
    rows = imports.history(list(rosters.KINDS.values()), [unit.id])
    by = queries.names_of_accounts({row.by_account_id for row in rows if row.by_account_id})
    return render_template("schools/imports.html", unit=unit, path=_path(unit), rows=rows, by=by)


@bp.route("/units/<code>/imports/new", methods=["GET", "POST"])
@signed_in
def new(code: str) -> ResponseReturnValue:
    """Choose a list; on POST read it and show what it would do."""
    with transactions.reading():
        unit = found(queries.unit_by_code(code))
        allow(rules.may_import(actor(), unit.id))
        path = _path(unit)
    form = ListForm.from_request(people=request.args.get("people", "staff"))
    if form.accepted():
        try:
            row = _planned(form, unit)
        except LmsError as error:
            form.file.errors = [str(error)]
        else:
            return redirect(url_for(".show", import_id=row.id))
    return render_template("schools/import_new.html", form=form, unit=unit, path=path), 422 if form.errors else 200


@bp.get("/imports/<int:import_id>")
@signed_in
def show(import_id: int) -> ResponseReturnValue:
    """Show what a list would do, or what it did."""
    row = _import(import_id)
    plan = rosters.read_plan(row)
    unit = session.get_one(Unit, row.unit_id)
    path = _path(unit)
    if row.state != "planned":
        by = queries.names_of_accounts([row.by_account_id] if row.by_account_id else [])
        return render_template(
            "schools/import_done.html",
            row=row,
            plan=plan,
            unit=unit,
            path=path,
            by=by,
            slips=len(queries.made_by(row.id)) if row.state == "applied" else 0,
            can_be_undone=imports.can_be_undone(row),
            undo_days=imports.UNDO_DAYS,
        )
    return _preview(row, plan, unit, path)


@bp.post("/imports/<int:import_id>/apply")
@signed_in
def apply(import_id: int) -> ResponseReturnValue:
    """Do what the preview shows; a second click leads to the result of the first."""
    row = _import(import_id)
    end = [int(value) for value in request.form.getlist("end") if value.isascii() and value.isdigit() and len(value) < 10]
    releases = rules.releases(actor())
    try:
        with session.begin_nested():
            rosters.apply(row, by=actor().account_id, releases=releases, end=end)
    except imports.NotPlanned:
        session.refresh(row)
    except imports.Outdated as error:
        session.refresh(row)
        rosters.refresh(row, releases=releases)
        flash(str(error), "soon")
    return redirect(url_for(".show", import_id=row.id))


@bp.post("/imports/<int:import_id>/rows/<int:number>")
@signed_in
def correct(import_id: int, number: int) -> ResponseReturnValue:
    """Fill in what was wrong in a row of the preview."""
    row = _import(import_id)
    field, text = request.form.get("field", ""), request.form.get("value", "")
    line = rosters.correct(row, number, field, text[:200], releases=rules.releases(actor()))
    if line.fate == "error":
        flash(" ".join(problem.text for problem in line.problems), "late")
    else:
        flash(_("The row of {name} is right now.", name=line.full_name), "done")
    return redirect(url_for(".show", import_id=row.id, show=request.form.get("show", "look")))


@bp.post("/imports/<int:import_id>/cancel")
@signed_in
def cancel(import_id: int) -> ResponseReturnValue:
    """Drop a plan; nothing was changed."""
    row = _import(import_id)
    imports.cancel(row)
    flash(_("The import was cancelled. Nothing was changed."), "info")
    return redirect(url_for("schools.staff", code=session.get_one(Unit, row.unit_id).code))


@bp.post("/imports/<int:import_id>/undo")
@signed_in
def undo(import_id: int) -> ResponseReturnValue:
    """Take back what a list did, while nothing stands on it."""
    row = _import(import_id)
    rosters.undo(row, by=actor().account_id)
    flash(_("The import was undone. Everything is as it was before."), "done")
    return redirect(url_for(".show", import_id=row.id))


def _import(import_id: int) -> Import:
    row = found(session.get(Import, import_id))
    allow(rules.may_see_import(actor(), row))
    return row


def _planned(form: ListForm, unit: Unit) -> Import:
    """Keep the plan of the file; while it is read, nobody waits for the database."""
    content = form.file.data.read()
    people: People = "pupils" if form.people.data == "pupils" else "staff"
    with transactions.reading():
        roster = rosters.understand(content, people=people)
    return rosters.keep_plan(
        roster, content, form.file.data.filename or "", unit, clock.today(), by=actor().account_id, releases=rules.releases(actor())
    )


def _preview(row: Import, plan: Plan, unit: Unit, path: list[tree.UnitLine]) -> ResponseReturnValue:
    counts = plan.counts
    counts["all"] = len(plan.lines)
    counts["look"] = counts["all"] - counts["same"]
    shown = request.args.get("show", "look")
    if shown not in counts:
        shown = "look"
    lines = sorted((line for line in plan.lines if _is_shown(line, shown)), key=lambda line: (FATES.index(line.fate), line.number))
    page = asked.page()
    start = (page - 1) * PER_PAGE
    chips = [
        Chip(str(label), counts[key], url_for(".show", import_id=row.id, show=key), key == shown)
        for key, label in LABELS.items()
        if counts[key] or key in ("look", "all")
    ]
    return render_template(
        "schools/import_preview.html",
        row=row,
        plan=plan,
        unit=unit,
        path=path,
        chips=chips,
        shown=shown,
        lines=lines[start : start + PER_PAGE],
        of=len(lines),
        start=start,
        previous_url=url_for(".show", import_id=row.id, show=shown, page=page - 1) if page > 1 else None,
        next_url=url_for(".show", import_id=row.id, show=shown, page=page + 1) if start + PER_PAGE < len(lines) else None,
        titles=kinds.position_titles(),
        places=tree.names_on({unit_id for line in plan.lines for unit_id in line.from_units}, plan.day),
        correctable=roster_sheet.CORRECTABLE,
        undo_days=imports.UNDO_DAYS,
    )


def _path(unit: Unit) -> list[tree.UnitLine]:
    return rules.within_reach(actor(), tree.path(unit.id, clock.today()))


def _is_shown(line: Line, shown: str) -> bool:
    return shown == "all" or line.fate == shown or (shown == "look" and line.fate != "same")
