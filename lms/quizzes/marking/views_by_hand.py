"""Pages for marking by hand: what waits, one answer after the other, and another mark with a reason."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.models import Person
from lms.core import i18n
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import _
from lms.quizzes import queries, queries_files, question_types, showing, timing
from lms.quizzes.marking import by_hand, queue, results, rubrics, rules
from lms.quizzes.marking.by_hand import HandMark
from lms.quizzes.marking.forms import MarkForm
from lms.quizzes.marking.queue import Paper
from lms.quizzes.marking.results import QuizPlace
from lms.quizzes.queries import Sitting
from lms.quizzes.review import Item
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.essay import criteria
from lms.schools.queries import names_of_accounts
from lms.web import asked
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("quizzes_by_hand", __name__, template_folder="../templates")


@bp.get("/results/<int:quiz_id>/marking")
@signed_in
def waiting(quiz_id: int) -> ResponseReturnValue:
    """List the questions of a quiz that a person has to mark, with how many answers wait."""
    place = _place(quiz_id)
    lines = queue.questions(actor(), place)
    return render_template("quizzes/marking/waiting.html", place=place, lines=lines, in_all=sum(line.waiting for line in lines))


@bp.get("/results/<int:quiz_id>/marking/<int:question_id>")
@signed_in
def next_answer(quiz_id: int, question_id: int) -> ResponseReturnValue:
    """Go to the next answer to a question that waits; to the list when none does."""
    place = _place(quiz_id)
    response_id = queue.next_waiting(actor(), place, question_id, after=asked.number("after") or 0)
    if response_id is None:
        flash(_("Every answer to this question is marked."), "done")
        return redirect(url_for(".waiting", quiz_id=quiz_id))
    return redirect(url_for(".answer", response_id=response_id, names=request.args.get("names")))


@bp.route("/results/answers/<int:response_id>", methods=["GET", "POST"])
@signed_in
def answer(response_id: int) -> ResponseReturnValue:
    """Show one answer with what is needed to mark it; on POST mark it and go to the next."""
    paper = found(queue.paper(response_id))
    sitting = found(queries.sitting(paper.response.attempt_id))
    allow(rules.may_mark(actor(), sitting.enrolment.person_id, sitting.course.audience) and sitting.state not in timing.OPEN)
    form = MarkForm.from_request(data=_given(paper))
    trouble = ""
    if form.accepted():
        try:
            by_hand.give(response_id, _mark(form, paper), known=request.form.get("known", 0, type=int), by=actor().account_id)
        except (Invalid, Conflict) as error:
            trouble = str(error)
        else:
            return _onwards(paper, sitting)
    return _page(paper, sitting, form, trouble), 422 if form.errors or trouble else 200


def _place(quiz_id: int) -> QuizPlace:
    place = found(results.quiz_place(quiz_id))
    allow(bool(rules.may_mark_at(actor(), place.course.audience)) and rules.may_look_after(actor(), place.course))
    return place


def _given(paper: Paper) -> dict[str, str]:
    row = paper.response
    if row.fraction is None:
        return {}
    return {"points": f"{row.fraction * row.max_mark:g}".replace(".", "," if i18n.language() == "vi" else "."), "comment": row.comment}


def _mark(form: MarkForm, paper: Paper) -> HandMark:
    """Return what was given; of a rubric the points follow from its levels."""
    question_type = question_types.get(paper.version.type)
    rubric = question_type.rubric(question_type.read_body(paper.version.body))
    levels = form.levels(rubric)
    if rubric:
        points = rubrics.fraction(rubric, levels) * paper.response.max_mark
    else:
        given = form.points.number()
        if given is None:
            raise by_hand.OutOfBounds(most=f"{paper.response.max_mark:g}")
        points = given
    return HandMark(points, form.comment.data or "", levels, form.reason.data or "")


def _onwards(paper: Paper, sitting: Sitting) -> ResponseReturnValue:
    if request.form.get("then") == "back" or not paper.by_hand:
        flash(_("The mark is saved."), "done")
        return redirect(url_for("quizzes_marking.attempt", attempt_id=sitting.attempt.id))
    return redirect(
        url_for(
            ".next_answer",
            quiz_id=sitting.quiz.id,
            question_id=paper.version.question_id,
            after=paper.response.id,
            names=request.args.get("names"),
        )
    )


def _page(paper: Paper, sitting: Sitting, form: MarkForm, trouble: str) -> str:
    row, version, language = paper.response, paper.version, i18n.language()
    question_type = question_types.get(version.type)
    body, texts = question_type.read_body(version.body), queries.texts_of(version)
    shown, _verdict = showing.tell(
        question_type,
        body,
        texts,
        slot=row.slot,
        order=row.order,
        response=row.answer or {},
        items=frozenset(Item),
        language=language,
        desk=queries_files.desks([row])[row.id],
    )
    rubric = criteria(question_type.rubric(body), Drawing(texts, language))
    sent = form.levels(question_type.rubric(body))
    markers = names_of_accounts([row.marked_by_account_id]) if row.marked_by_account_id else {}
    return render_template(
        "quizzes/marking/answer.html",
        sitting=sitting,
        paper=paper,
        row=row,
        form=form,
        trouble=trouble,
        shown=shown,
        rubric=rubric,
        levels=sent or (paper.last_mark or {}).get("levels", {}),
        grader_info=Drawing(texts, language).html("grader_info"),
        name=session.get_one(Person, sitting.enrolment.person_id).full_name if request.args.get("names") or row.marked_at else "",
        marked_by=markers.get(row.marked_by_account_id or 0, ""),
        max_mark=f"{row.max_mark:g}".replace(".", "," if language == "vi" else "."),
    )
