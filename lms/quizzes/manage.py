"""Pages of authors: the question bank, a question, and bringing in files of questions."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, i18n, imports
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _, lazy_
from lms.core.models import Import
from lms.quizzes import bank, formats, queries, question_types, rules, showing
from lms.quizzes.bank import Fate
from lms.quizzes.content import Texts
from lms.quizzes.forms import AUTO, ImportForm
from lms.quizzes.models.bank import Category, Question
from lms.quizzes.review import Item
from lms.schools import access, tree
from lms.web import asked, transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("quizzes_manage", __name__, template_folder="templates")

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


@bp.get("/questions")
@with_role(*AUTHORS)
def questions() -> ResponseReturnValue:
    """List the questions of the banks that one writes for, and those that everybody shares."""
    units = access.reach(_own_units())
    allow(access.may_anywhere(actor(), "import_questions"))
    page, category_id = asked.page(), asked.number("category")
    words, type_key = request.args.get("words", "").strip()[:200], request.args.get("type", "")
    rows, total = queries.bank_rows(units, category_id=category_id, words=words, type_key=type_key, page=page, most=PER_PAGE)

    def at(number: int) -> str:
        return url_for(".questions", category=category_id, words=words or None, type=type_key or None, page=number)

    return render_template(
        "quizzes/questions.html",
        rows=rows,
        total=total,
        start=(page - 1) * PER_PAGE,
        categories=queries.categories(units),
        types=question_types.known(),
        type_label=question_types.label,
        category_id=category_id,
        words=words,
        type_key=type_key,
        imports=imports.history([bank.KIND], _own_units(), limit=10),
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if page * PER_PAGE < total else None,
    )


@bp.get("/questions/<int:question_id>")
@with_role(*AUTHORS)
def question(question_id: int) -> ResponseReturnValue:
    """Show a question as its learners see it, with the right answers; ``version`` chooses an older one."""
    row = found(session.get(Question, question_id))
    category = session.get_one(Category, row.category_id)
    allow(rules.may_see_category(actor(), category))
    number = request.args.get("version", row.versions[-1].number, type=int)
    version = found(next((each for each in row.versions if each.number == number), None))
    question_type = question_types.get(version.type)
    body, texts = question_type.read_body(version.body), Texts.from_json(version.texts)
    looked = [
        (
            code,
            *showing.tell(
                question_type, body, texts, order=[], response=question_type.right_answer(body), items=frozenset(Item), language=code
            ),
        )
        for code in texts.languages
    ]
    return render_template(
        "quizzes/question.html",
        question=row,
        category=category,
        version=version,
        type_label=question_types.label(version.type),
        looked=looked,
        languages=i18n.LANGUAGES,
        problems=question_type.check(body, texts),
        laws=[showing.law_reference(tag.tag.removeprefix("law "), i18n.language()) for tag in row.tags if tag.tag.startswith("law ")],
        tags=[tag.tag for tag in row.tags if not tag.tag.startswith("law ")],
        used=queries.used_in(row.id),
    )


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
    return render_template("quizzes/import_new.html", form=form), 422 if form.errors else 200


@bp.get("/questions/imports/<int:import_id>")
@with_role(*AUTHORS)
def show_import(import_id: int) -> ResponseReturnValue:
    """Show what a file would do, or what it did."""
    row = _import(import_id)
    counts = {**bank.counts(row.plan), "all": len(row.plan["items"])}
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
        usable=bank.has_usable(row.plan),
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
        bank.apply(row, by=actor().account_id)
    return redirect(url_for(".show_import", import_id=import_id))


@bp.post("/questions/imports/<int:import_id>/cancel")
@with_role(*AUTHORS)
def cancel_import(import_id: int) -> ResponseReturnValue:
    """Drop a plan; nothing was changed."""
    imports.cancel(_import(import_id))
    flash(_("The import was cancelled. Nothing was changed."), "info")
    return redirect(url_for(".questions"))


@bp.post("/questions/imports/<int:import_id>/undo")
@with_role(*AUTHORS)
def undo_import(import_id: int) -> ResponseReturnValue:
    """Take out again what a file brought in, while nobody uses it."""
    row = _import(import_id)
    bank.undo(row, by=actor().account_id)
    flash(_("The import was undone. Everything is as it was before."), "done")
    return redirect(url_for(".show_import", import_id=import_id))


def _own_units() -> list[int]:
    return access.units_granting(actor(), "import_questions")


def _import(import_id: int) -> Import:
    row = found(session.get(Import, import_id))
    if row.kind != bank.KIND:
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
        plan = bank.preview(read, format_key=file_format.key, language=form.language.data, unit_id=unit_id, into=into)
    return bank.keep(plan, unit_id=unit_id, file_name=form.file.data.filename or "", data=data, by=actor().account_id)
