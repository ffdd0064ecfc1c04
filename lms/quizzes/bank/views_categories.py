"""Pages of authors: the tree of categories."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.quizzes.bank import categories, queries, rules
from lms.quizzes.bank.editors import source
from lms.quizzes.bank.forms import CategoryForm
from lms.quizzes.models.bank import Category
from lms.schools import access
from lms.schools import tree as units
from lms.web import asked, transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("bank_categories", __name__)

AUTHORS = ("author", "administrator")


@bp.get("/questions/categories")
@with_role(*AUTHORS)
def tree() -> ResponseReturnValue:
    """Show all categories that one sees, as the tree they are, bank by bank."""
    allow(rules.may_write_anywhere(actor()))
    banks = queries.tree(rules.units_of(actor()))
    names = {bank.unit_id: units.name_on(bank.unit_id, clock.today()) if bank.unit_id else _("Built in") for bank in banks}
    return render_template("quizzes/categories.html", banks=banks, names=names)


@bp.route("/questions/categories/new", methods=["GET", "POST"])
@with_role(*AUTHORS)
def new() -> ResponseReturnValue:
    """Make a category; on POST keep it."""
    allow(rules.may_write_anywhere(actor()))
    form = CategoryForm.from_request(data={"parent": str(asked.number("parent") or "")})
    own = {unit_id: units.name_on(unit_id, clock.today()) for unit_id in access.units_granting(actor(), rules.CAPABILITY)}
    form.offer(own, queries.categories(rules.units_of(actor()), to_write=True))
    if form.accepted():
        parent = session.get(Category, int(form.parent.data)) if form.parent.data else None
        unit_id = parent.unit_id if parent else int(form.unit.data)
        allow(rules.may_import_into(actor(), unit_id))
        assert unit_id is not None
        try:
            categories.make(
                unit_id=unit_id, parent=parent, name=form.name.data or "", info=source.to_html(form.info.data or ""), by=actor().account_id
            )
        except LmsError as error:
            transactions.failed()
            form.name.errors = [str(error)]
        else:
            flash(_("The category is there."), "done")
            return redirect(url_for(".tree"))
    return render_template("quizzes/category.html", form=form, category=None), 422 if form.errors else 200


@bp.route("/questions/categories/<int:category_id>", methods=["GET", "POST"])
@with_role(*AUTHORS)
def change(category_id: int) -> ResponseReturnValue:
    """Rename, describe or move a category; on POST keep it."""
    category = found(session.get(Category, category_id))
    allow(rules.may_write_in(actor(), category))
    form = CategoryForm.from_request(
        data={
            "name": category.name,
            "info": source.to_source(category.info),
            "parent": str(category.parent_id or ""),
            "unit": str(category.unit_id),
        }
    )
    rows = [row for row in queries.categories(rules.units_of(actor()), to_write=True) if row[0].unit_id == category.unit_id]
    form.offer({category.unit_id or 0: units.name_on(category.unit_id or 0, clock.today())}, rows)
    if form.accepted():
        parent = session.get(Category, int(form.parent.data)) if form.parent.data else None
        try:
            categories.change(
                category, parent=parent, name=form.name.data or "", info=source.to_html(form.info.data or ""), by=actor().account_id
            )
        except LmsError as error:
            transactions.failed()
            form.name.errors = [str(error)]
        else:
            flash(_("The category was changed."), "done")
            return redirect(url_for(".tree"))
    return render_template("quizzes/category.html", form=form, category=category), 422 if form.errors else 200


@bp.post("/questions/categories/<int:category_id>/delete")
@with_role(*AUTHORS)
def delete(category_id: int) -> ResponseReturnValue:
    """Delete an empty category."""
    category = found(session.get(Category, category_id))
    allow(rules.may_write_in(actor(), category))
    categories.delete(category, by=actor().account_id)
    flash(_("The category was deleted."), "done")
    return redirect(url_for(".tree"))
