"""The pages of a quiz's questions: the list that is arranged, adding questions, drawing by lot, looking at the whole."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import LmsError
from lms.core.i18n import _, ngettext
from lms.quizzes import question_types
from lms.quizzes.bank import queries as bank
from lms.quizzes.bank.queries import Units, Wanted
from lms.quizzes.editing import forms_slots, previewing, queries, rules, showing_slots, slots
from lms.quizzes.editing.forms_slots import DrawForm
from lms.quizzes.editing.queries import QuizPlace
from lms.schools import access
from lms.web import asked
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("quiz_slots", __name__, template_folder="templates")

AUTHORS = ("administrator", "author")
PER_PAGE = 30


@bp.get("/quizzes/<int:quiz_id>/questions")
@with_role(*AUTHORS)
def listed(quiz_id: int) -> ResponseReturnValue:
    """Show what a quiz asks, to be arranged while its course is a draft."""
    place = _place(quiz_id)
    return _list(place)


@bp.post("/quizzes/<int:quiz_id>/questions")
@with_role(*AUTHORS)
def arrange(quiz_id: int) -> ResponseReturnValue:
    """Save the whole list as the page has it, and do what the pressed button says."""
    place = _writable(quiz_id)
    try:
        sent = forms_slots.read_arrangement(request.form)
        slots.arrange(
            place,
            sent.rearranged(),
            sent.slots,
            sent.sections,
            remove=sent.of if sent.act == "remove" else None,
            by=actor().account_id,
        )
        if sent.act == "section":
            slots.add_section(place, by=actor().account_id)
    except LmsError as error:
        flash(str(error), "late")
    else:
        if not sent.act:
            flash(_("The list is saved."), "done")
    return redirect(url_for(".listed", quiz_id=quiz_id, _anchor=_anchor(request.form.get("do", ""))))


@bp.route("/quizzes/<int:quiz_id>/questions/add", methods=["GET", "POST"])
@with_role(*AUTHORS)
def add(quiz_id: int) -> ResponseReturnValue:
    """Look for questions in the bank; on POST put the ticked ones into the quiz."""
    place = _writable(quiz_id)
    if request.method == "POST":
        ids = forms_slots.chosen(request.form.getlist("question"))
        allowed = queries.visible_questions(ids, _units())
        number = slots.add_questions(place, [each for each in ids if each in allowed], by=actor().account_id)
        flash(ngettext("One question was added.", "{number} questions were added.", number), "done" if number else "info")
        return redirect(url_for(".listed", quiz_id=quiz_id))
    page, category_id = asked.page(), asked.number("category")
    words, type_key = request.args.get("words", "").strip()[:200], request.args.get("type", "")
    rows, total = bank.bank_rows(_units(), Wanted(category_id, words, type_key), page=page, most=PER_PAGE)

    def at(number: int) -> str:
        return url_for(".add", quiz_id=quiz_id, category=category_id, words=words or None, type=type_key or None, page=number)

    return render_template(
        "quizzes/editing/add.html",
        place=place,
        rows=rows,
        total=total,
        most=bank.MOST_COUNTED,
        start=(page - 1) * PER_PAGE,
        in_quiz=slots.question_ids(place),
        categories=bank.categories(_units()),
        types=question_types.known(),
        type_label=question_types.label,
        category_id=category_id,
        words=words,
        type_key=type_key,
        previous_url=at(page - 1) if page > 1 else None,
        next_url=at(page + 1) if page * PER_PAGE < total or (total > bank.MOST_COUNTED and len(rows) == PER_PAGE) else None,
    )


@bp.route("/quizzes/<int:quiz_id>/questions/draw", methods=["GET", "POST"])
@with_role(*AUTHORS)
def draw(quiz_id: int) -> ResponseReturnValue:
    """Say by which rule questions are drawn, see how many fit, and put the draws into the quiz."""
    place = _writable(quiz_id)
    form = DrawForm.from_request()
    choices = {str(category.id): f"{path} ({count})" for category, path, count in bank.categories(_units())}
    form.offer(choices)
    fit = None
    if form.accepted():
        wanted = form.draw()
        fit = slots.how_many_fit(place, wanted)
        if request.form.get("do") == "add":
            try:
                slots.add_draw(place, wanted, count=form.count.data or 1, max_mark=float(form.mark.data or 0), by=actor().account_id)
            except LmsError as error:
                form.form_errors.append(str(error))
            else:
                return redirect(url_for(".listed", quiz_id=quiz_id))
    return render_template(
        "quizzes/editing/draw.html", place=place, form=form, fit=fit, tags=queries.tags(_units())
    ), 422 if form.errors else 200


@bp.get("/quizzes/<int:quiz_id>/preview")
@with_role(*AUTHORS)
def preview(quiz_id: int) -> ResponseReturnValue:
    """Show the whole quiz as a learner would meet it, with other lots each time; nothing is kept."""
    place = found(queries.place(quiz_id))
    allow(rules.may_preview(actor(), place.course))
    seed = asked.number("lot") or 1
    try:
        pages = previewing.pages(place, actor().person_id, seed)
    except LmsError as error:
        return render_template("quizzes/editing/preview.html", place=place, pages=[], wrong=str(error), seed=seed)
    return render_template("quizzes/editing/preview.html", place=place, pages=pages, wrong="", seed=seed)


def _list(place: QuizPlace) -> ResponseReturnValue:
    return render_template(
        "quizzes/editing/slots.html",
        place=place,
        listed=showing_slots.listed(place),
        may_write=rules.may_write(actor(), place.course) and place.is_draft,
        type_label=question_types.label,
    )


def _place(quiz_id: int) -> QuizPlace:
    place = found(queries.place(quiz_id))
    allow(rules.may_preview(actor(), place.course))
    return place


def _writable(quiz_id: int) -> QuizPlace:
    place = found(queries.place(quiz_id))
    allow(rules.may_write(actor(), place.course))
    return place


def _anchor(act: str) -> str:
    """Return the row that one worked on, so that the page comes back where one was."""
    verb, _space, target = act.partition(" ")
    return target if verb in ("up", "down", "break", "join") and target else "list"


def _units() -> Units:
    return Units(tuple(access.units_granting(actor(), "author")))
