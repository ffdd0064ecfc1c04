"""Pages of authors: the question bank, a question with its versions, and trying it out."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import i18n, imports
from lms.core.db import session
from lms.core.i18n import _, lazy_
from lms.quizzes import grading, question_types, showing
from lms.quizzes import queries as reads
from lms.quizzes.bank import differences, editing, importing, queries, reading, rules
from lms.quizzes.bank.editors.every import EDITORS
from lms.quizzes.bank.queries import Wanted
from lms.quizzes.bank.tags import labels
from lms.quizzes.content import InvalidResponse
from lms.quizzes.models.bank import Category, Question, QuestionVersion
from lms.quizzes.review import Item
from lms.schools import access
from lms.web import asked
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("bank", __name__)

AUTHORS = ("author", "administrator")
PER_PAGE = 50
STATES = {"ready": lazy_("Ready"), "draft": lazy_("Draft"), "hidden": lazy_("Out of use")}


@bp.get("/questions")
@with_role(*AUTHORS)
def questions() -> ResponseReturnValue:
    """List the questions of the banks that one writes for, and those that are shared with them."""
    allow(rules.may_write_anywhere(actor()))
    units, page, wanted = rules.units_of(actor()), asked.page(), queries.wanted_from(request.args)
    rows, total = queries.bank_rows(units, wanted, page=page, most=PER_PAGE)
    filters: dict[str, Any] = {name: value for name, value in request.args.items() if value and name != "page"}
    tags = queries.tags(units)

    def at(number: int) -> str:
        return url_for(".questions", **filters, page=number)

    return render_template(
        "quizzes/questions.html",
        rows=rows,
        total=total,
        most=queries.MOST_COUNTED,
        start=(page - 1) * PER_PAGE,
        wanted=wanted,
        is_narrowed=wanted != Wanted(),
        categories=queries.categories(units),
        own_categories=queries.categories(units, to_write=True),
        filter_values=filters,
        types=question_types.known(),
        type_label=question_types.label,
        states=STATES,
        tags=[(tag, count) for tag, count in tags if labels([tag]).words],
        laws=[(labels([tag]).laws[0], count) for tag, count in tags if labels([tag]).laws],
        labels=labels,
        imports=imports.history([importing.KIND], access.units_granting(actor(), rules.CAPABILITY), limit=10),
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if page * PER_PAGE < total or (total > queries.MOST_COUNTED and len(rows) == PER_PAGE) else None,
    )


@bp.get("/questions/<int:question_id>")
@with_role(*AUTHORS)
def question(question_id: int) -> ResponseReturnValue:
    """Show a question as its learners see it, with the right answers; ``version`` chooses an older one."""
    row, category = _seen(question_id)
    newest = row.versions[-1]
    version = _version(row, request.args.get("version", newest.number, type=int))
    question_type = question_types.get(version.type)
    body, texts = question_type.read_body(version.body), reads.texts_of(version)
    looked = [
        (
            code,
            *showing.tell(
                question_type,
                body,
                texts,
                slot=number,
                order=[],
                response=question_type.right_answer(body),
                items=frozenset(Item),
                language=code,
            ),
        )
        for number, code in enumerate(texts.languages)
    ]
    found_labels = labels(sorted(tag.tag for tag in row.tags))
    return render_template(
        "quizzes/question.html",
        question=row,
        version=version,
        newest=newest,
        category=category,
        path=reading.path(category.id),
        type_label=question_types.label(version.type),
        states=STATES,
        looked=looked,
        languages=i18n.LANGUAGES,
        problems=question_type.check(body, texts),
        laws=[showing.law_reference(written, i18n.language()) for written in found_labels.laws],
        tags=found_labels.words,
        used=queries.used_in(row.id),
        asked_counts=queries.asked_counts(row.id),
        seal=editing.seal(row, newest),
        may_write=rules.may_write_in(actor(), category),
        has_editor=version.type in EDITORS,
        can_be_tried=version.type != "description",
    )


@bp.get("/questions/<int:question_id>/history")
@with_role(*AUTHORS)
def history(question_id: int) -> ResponseReturnValue:
    """Show what changed from version to version, the newest first."""
    row, category = _seen(question_id)
    drafts = [reading.draft_of(version) for version in row.versions]
    steps = [
        (version, differences.between(drafts[at - 1], drafts[at], i18n.language()) if at else []) for at, version in enumerate(row.versions)
    ]
    return render_template(
        "quizzes/question_history.html",
        question=row,
        newest=row.versions[-1],
        category=category,
        steps=list(reversed(steps)),
        authors=queries.author_names({version.by_account_id for version in row.versions if version.by_account_id}),
        asked_counts=queries.asked_counts(row.id),
        states=STATES,
        seal=editing.seal(row, row.versions[-1]),
        may_write=rules.may_write_in(actor(), category),
    )


@bp.post("/questions/<int:question_id>/restore")
@with_role(*AUTHORS)
def restore(question_id: int) -> ResponseReturnValue:
    """Go back to an older version, as a new one."""
    row = _mine(question_id)
    version = _version(row, request.form.get("number", 0, type=int))
    saved = editing.restore(row.id, version.number, known=request.form.get("known", ""), by=actor().account_id)
    flash(_("Version {old} is back, as version {number}.", old=version.number, number=saved.number), "done")
    return redirect(url_for(".question", question_id=question_id))


@bp.post("/questions/<int:question_id>/state")
@with_role(*AUTHORS)
def set_state(question_id: int) -> ResponseReturnValue:
    """Make a question ready, a draft, or put it out of use."""
    row, state = _mine(question_id), request.form.get("state", "")
    found(STATES.get(state))
    editing.set_state(row.id, state, known=request.form.get("known", ""), by=actor().account_id)
    said = {
        "ready": _("Quizzes may use this question now."),
        "draft": _("This question is a draft now; quizzes leave it out."),
        "hidden": _("This question is out of use. Quizzes that began with it, and results, keep it."),
    }
    flash(said[state], "done")
    return redirect(url_for(".question", question_id=question_id))


@bp.post("/questions/<int:question_id>/delete")
@with_role(*AUTHORS)
def delete(question_id: int) -> ResponseReturnValue:
    """Delete a question that no quiz names and nobody was asked."""
    row = _mine(question_id)
    category_id = row.category_id
    editing.delete_unused([row.id], by=actor().account_id)
    flash(_("The question was deleted."), "done")
    return redirect(url_for(".questions", category=category_id))


@bp.route("/questions/<int:question_id>/try", methods=["GET", "POST"], endpoint="try")
@with_role(*AUTHORS)
def try_out(question_id: int) -> ResponseReturnValue:
    """Answer a question as a learner would and see what it is worth; nothing is stored."""
    row, _category = _seen(question_id)
    version = _version(row, request.values.get("version", row.versions[-1].number, type=int))
    question_type = question_types.get(version.type)
    body, texts = question_type.read_body(version.body), reads.texts_of(version)
    language = request.values.get("in", i18n.language())
    language = language if language in texts.languages else texts.languages[0]
    prefix = showing.prefix_of(1)
    raw: dict[str, Any] = {name.removeprefix(prefix): request.form.getlist(name) for name in request.form if name.startswith(prefix)}
    response, wrong = {}, ""
    try:
        response = dict(question_type.clean(body, raw))
        wrong = str(question_type.trouble(body, response) or "") if response else ""
    except InvalidResponse as error:
        wrong = str(error)
    is_answered = request.method == "POST" and not wrong
    common: dict[str, Any] = {"slot": 1, "order": [], "response": response, "language": language}
    shown, verdict = showing.tell(question_type, body, texts, items=frozenset(Item), **common) if is_answered else (None, None)
    return render_template(
        "quizzes/question_try.html",
        type_label=question_types.label(version.type),
        question=row,
        version=version,
        language_code=language,
        languages={code: i18n.LANGUAGES.get(code, code) for code in texts.languages},
        shown=shown or showing.ask(question_type, body, texts, **common),
        verdict=verdict,
        wrong=wrong,
        fraction=question_type.grade(body, response).fraction if is_answered and question_type.gradable else None,
        gradable=question_type.gradable,
        states=grading.GradeState,
    )


def _seen(question_id: int) -> tuple[Question, Category]:
    row = found(session.get(Question, question_id))
    category = session.get_one(Category, row.category_id)
    allow(rules.may_see_category(actor(), category))
    return row, category


def _mine(question_id: int) -> Question:
    row = found(session.get(Question, question_id))
    allow(rules.may_write_in(actor(), session.get_one(Category, row.category_id)))
    return row


def _version(row: Question, number: int) -> QuestionVersion:
    return found(next((each for each in row.versions if each.number == number), None))
