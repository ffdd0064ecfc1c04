"""Pages of authors: changing many questions at once, and questions that ask the same."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import imports
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.core.models import Import
from lms.quizzes import question_types
from lms.quizzes.bank import changing, editing, queries, rules, twins
from lms.quizzes.bank.changing import Change
from lms.quizzes.bank.queries import wanted_from
from lms.quizzes.models.bank import Category
from lms.web import asked, transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("bank_changes", __name__)

AUTHORS = ("author", "administrator")
PER_PAGE = 50
MOST_TAKEN = 500  # questions that an address can name


@bp.post("/questions/changes")
@with_role(*AUTHORS)
def plan() -> ResponseReturnValue:
    """Show what would become of the questions that were ticked, or of all that the list found; nothing is changed yet."""
    allow(rules.may_write_anywhere(actor()))
    units = rules.units_of(actor())
    ids = [int(each) for each in request.form.getlist("id") if each.isdigit() and len(each) < 10]
    if request.form.get("every") == "1":
        ids = queries.found_ids(units, wanted_from(request.form))
    act = request.form.get("act", "")
    if act == "export":
        return redirect(url_for("bank_exports.choose", id=ids[:MOST_TAKEN]))
    change = Change(act, request.form.get(f"to_{act}", "").strip()[:200])
    if act == "move" and change.to:
        category = found(session.get(Category, int(change.to) if change.to.isdigit() else 0))
        allow(rules.may_write_in(actor(), category))
    own = queries.writable_ids(units, ids)
    try:
        row = changing.plan(own, change, unit_id=units.granting[0], by=actor().account_id)
    except LmsError as error:
        transactions.failed()
        flash(str(error), "late")
        return redirect(url_for("bank.questions"))
    if len(own) < len(set(ids)):
        flash(_("Questions that are shared with you stay as they are."), "info")
    return redirect(url_for(".show", change_id=row.id))


@bp.get("/questions/changes/<int:change_id>")
@with_role(*AUTHORS)
def show(change_id: int) -> ResponseReturnValue:
    """Show what would be changed, or what was."""
    row = _row(change_id)
    page = asked.page()
    start = (page - 1) * PER_PAGE
    items = row.plan["items"]

    def at(number: int) -> str:
        return url_for(".show", change_id=row.id, page=number)

    category_id = int(row.plan["to"]) if row.plan["act"] == "move" else None
    return render_template(
        "quizzes/change_show.html",
        row=row,
        plan=row.plan,
        place=queries.path_of(category_id) if category_id else "",
        counts=changing.counts(row.plan),
        items=items[start : start + PER_PAGE],
        of=len(items),
        start=start,
        type_label=question_types.label,
        can_be_undone=imports.can_be_undone(row) and row.plan["act"] != "delete",
        undo_days=imports.UNDO_DAYS,
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if start + PER_PAGE < len(items) else None,
    )


@bp.post("/questions/changes/<int:change_id>/apply")
@with_role(*AUTHORS)
def apply(change_id: int) -> ResponseReturnValue:
    """Change the questions; a second click leads to the result of the first."""
    row = _row(change_id)
    if row.state == "planned":
        changing.apply(row, by=actor().account_id)
    return redirect(url_for(".show", change_id=change_id))


@bp.post("/questions/changes/<int:change_id>/cancel")
@with_role(*AUTHORS)
def cancel(change_id: int) -> ResponseReturnValue:
    """Drop the plan; nothing was changed."""
    imports.cancel(_row(change_id))
    flash(_("Nothing was changed."), "info")
    return redirect(url_for("bank.questions"))


@bp.post("/questions/changes/<int:change_id>/undo")
@with_role(*AUTHORS)
def undo(change_id: int) -> ResponseReturnValue:
    """Set the questions back as they were."""
    changing.undo(_row(change_id), by=actor().account_id)
    flash(_("The questions are as they were before."), "done")
    return redirect(url_for(".show", change_id=change_id))


@bp.get("/questions/twins", endpoint="twins")
@with_role(*AUTHORS)
def twins_page() -> ResponseReturnValue:
    """Show questions that ask the same, word for word or nearly."""
    allow(rules.may_write_anywhere(actor()))
    units, page = rules.units_of(actor()), asked.page()
    stems, is_cut = queries.stems(units, asked.number("category"))
    groups = twins.groups(stems)
    start = (page - 1) * PER_PAGE
    shown = groups[start : start + PER_PAGE]
    rows = {row.question.id: row for row in queries.chosen_rows(units, [each for group in shown for each in group.question_ids])}

    def at(number: int) -> str:
        return url_for(".twins", category=asked.number("category"), page=number)

    return render_template(
        "quizzes/twins.html",
        groups=[(group, [rows[each] for each in group.question_ids if each in rows]) for group in shown],
        of=len(groups),
        start=start,
        compared=len(stems),
        is_cut=is_cut,
        most=queries.MOST_COMPARED,
        share=twins.SHARE,
        categories=queries.categories(units),
        category_id=asked.number("category"),
        type_label=question_types.label,
        states=editing.STATES,
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if start + PER_PAGE < len(groups) else None,
    )


def _row(change_id: int) -> Import:
    row = found(session.get(Import, change_id))
    if row.kind != changing.KIND:
        found(None)
    allow(rules.may_import_into(actor(), row.unit_id))
    ids = [item["id"] for item in row.plan["items"]]
    there = queries.existing_ids(ids)
    allow(set(queries.writable_ids(rules.units_of(actor()), there)) == set(there))
    return row
