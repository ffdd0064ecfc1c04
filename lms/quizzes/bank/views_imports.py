"""Pages of authors: bringing in files of questions."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, imports
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _, lazy_
from lms.core.models import Import
from lms.quizzes import formats, question_types
from lms.quizzes.bank import importing, rules
from lms.quizzes.bank.forms import AUTO, ImportForm
from lms.quizzes.bank.storing import Fate
from lms.schools import access, tree
from lms.web import asked, transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("bank_imports", __name__)

AUTHORS = ("author", "administrator")
PER_PAGE = 50
FATES = {
    "all": lazy_("All"),
    Fate.REFUSED: lazy_("Errors"),
    Fate.NEW: lazy_("New"),
    Fate.NEW_VERSION: lazy_("New versions"),
    Fate.UNCHANGED: lazy_("Unchanged"),
}


@dataclass(frozen=True)
class Chip:
    """A filter of a list."""

    label: str
    count: int
    url: str
    current: bool


@bp.route("/questions/import", methods=["GET", "POST"])
@with_role(*AUTHORS)
def new_import() -> ResponseReturnValue:
    """Choose a file of questions; on POST read it and show what it would do."""
    with transactions.reading():
        units = {unit_id: tree.name_on(unit_id, clock.today()) for unit_id in _own_units()}
    allow(bool(units))
    form = ImportForm.from_request()
    form.offer(units)
    if form.accepted():
        unit_id = int(form.unit.data)
        allow(rules.may_import_into(actor(), unit_id))
        try:
            row = _planned(form, unit_id)
        except LmsError as error:
            form.file.errors = [str(error)]
        else:
            return redirect(url_for(".show_import", import_id=row.id))
    return render_template(
        "quizzes/import_new.html", form=form, suffixes=sorted({suffix for each in formats.known() for suffix in each.suffixes})
    ), 422 if form.errors else 200


@bp.get("/questions/imports/<int:import_id>")
@with_role(*AUTHORS)
def show_import(import_id: int) -> ResponseReturnValue:
    """Show what a file would do, or what it did."""
    row = _import(import_id)
    counts = {**importing.counts(row.plan), "all": len(row.plan["items"])}
    shown = request.args.get("show", "all")
    items = [item for item in row.plan["items"] if shown in ("all", item["fate"])]
    page = asked.page()
    start = (page - 1) * PER_PAGE

    def at(number: int) -> str:
        return url_for(".show_import", import_id=row.id, show=shown, page=number)

    return render_template(
        "quizzes/import_show.html",
        row=row,
        plan=row.plan,
        unit_name=tree.name_on(row.unit_id, clock.today()) if row.unit_id else "",
        counts=counts,
        usable=importing.can_be_applied(row.plan),
        chips=[
            Chip(str(label), counts.get(key, 0), url_for(".show_import", import_id=row.id, show=key), key == shown)
            for key, label in FATES.items()
            if counts.get(key, 0) or key == "all"
        ],
        items=items[start : start + PER_PAGE],
        of=len(items),
        start=start,
        type_label=question_types.label,
        can_be_undone=imports.can_be_undone(row),
        undo_days=imports.UNDO_DAYS,
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if start + PER_PAGE < len(items) else None,
    )


@bp.post("/questions/imports/<int:import_id>/apply")
@with_role(*AUTHORS)
def apply_import(import_id: int) -> ResponseReturnValue:
    """Bring the questions in; a second click leads to the result of the first."""
    row = _import(import_id)
    if row.state == "planned":
        importing.apply(row, by=actor().account_id)
    return redirect(url_for(".show_import", import_id=import_id))


@bp.post("/questions/imports/<int:import_id>/cancel")
@with_role(*AUTHORS)
def cancel_import(import_id: int) -> ResponseReturnValue:
    """Drop a plan; nothing was changed."""
    imports.cancel(_import(import_id))
    flash(_("The import was cancelled. Nothing was changed."), "info")
    return redirect(url_for("bank.questions"))


@bp.post("/questions/imports/<int:import_id>/undo")
@with_role(*AUTHORS)
def undo_import(import_id: int) -> ResponseReturnValue:
    """Take out again what a file brought in, while nobody uses it."""
    row = _import(import_id)
    importing.undo(row, by=actor().account_id)
    flash(_("The import was undone. Everything is as it was before."), "done")
    return redirect(url_for(".show_import", import_id=import_id))


def _own_units() -> list[int]:
    return access.units_granting(actor(), "import_questions")


def _import(import_id: int) -> Import:
    row = found(session.get(Import, import_id))
    if row.kind != importing.KIND:
        found(None)
    allow(rules.may_import_into(actor(), row.unit_id))
    return row


def _planned(form: ImportForm, unit_id: int) -> Import:
    """Keep the plan of the file; while it is read, nobody waits for the database."""
    data = form.file.data.read()
    with transactions.reading():
        file_format = formats.recognise(data) if form.format.data == AUTO else formats.get(form.format.data)
        into = (form.category.data,) if form.category.data else ()
        read = file_format.read(data, form.language.data)
        plan = importing.preview(
            read, format_key=file_format.key, language=form.language.data, unit_id=unit_id, into=into, whole=form.whole.data
        )
    return importing.keep(plan, unit_id=unit_id, file_name=form.file.data.filename or "", data=data, by=actor().account_id)
