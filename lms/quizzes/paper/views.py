"""Pages of papers: print a quiz, and bring in what was written."""

from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, i18n
from lms.core.db import session
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.quizzes.marking import results
from lms.quizzes.marking import rules as marking_rules
from lms.quizzes.marking.results import QuizPlace
from lms.quizzes.models.paper import Paper
from lms.quizzes.paper import entering, layout, papers, printing, queries
from lms.quizzes.paper.entering import Entry
from lms.quizzes.paper.forms import DayForm, PaperForm, read_entries
from lms.quizzes.types.on_paper import LETTERS
from lms.web import asked
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("quizzes_paper", __name__, template_folder="../templates")


@bp.route("/results/<int:quiz_id>/paper", methods=["GET", "POST"])
@signed_in
def index(quiz_id: int) -> ResponseReturnValue:
    """List the papers of a quiz; on POST make one."""
    place = _place(quiz_id)
    form = PaperForm.from_request()
    if form.accepted():
        papers.prepare(place.quiz, variants=form.variants.data or 1, language=form.language.data, by=actor().account_id)
        return redirect(url_for(".index", quiz_id=quiz_id))
    return render_template("quizzes/paper/index.html", place=place, form=form, papers=queries.papers_of(quiz_id), letters=LETTERS), (
        422 if form.errors else 200
    )


@bp.get("/papers/<int:paper_id>/<code>.pdf")
@signed_in
def sheet(paper_id: int, code: str) -> ResponseReturnValue:
    """Give the sheet of a variant as PDF."""
    paper, place = _paper(paper_id)
    found(layout.from_json(paper.variants).get(code))
    content = printing.sheets(paper, code, title=_title(paper, place), unit=actor().unit_name)
    return _pdf(content, f"{place.course.slug}-{paper.id}-{code}.pdf")


@bp.get("/papers/<int:paper_id>/key.pdf")
@signed_in
def key(paper_id: int) -> ResponseReturnValue:
    """Give the right answers of all variants as PDF."""
    paper, place = _paper(paper_id)
    return _pdf(printing.key(paper, title=_title(paper, place), unit=actor().unit_name), f"{place.course.slug}-{paper.id}-key.pdf")


@bp.route("/papers/<int:paper_id>/sheets", methods=["GET", "POST"])
@signed_in
def sheets(paper_id: int) -> ResponseReturnValue:
    """Show the people of a class (or unit) with a line each; on POST bring in what was typed, all of it or nothing."""
    paper, place = _paper(paper_id)
    groups = _groups(place)
    group_id = asked.number("group") or next(iter(groups), 0)
    found(groups.get(group_id))
    lines = queries.sheets_of(actor(), paper, place.course.audience, group_id)
    variants = layout.from_json(paper.variants)
    form = DayForm.from_request()
    entries: list[Entry] = []
    wrong: dict[int, str] = {}
    if request.method == "POST":
        entries = read_entries(request.form, [line.person_id for line in lines])
        changed = [each for each in entries if (each.variant, each.line.strip()) != _known(lines, each.person_id)]
        versions = queries.versions({each.version_id for variant in variants.values() for each in variant.places})
        read, wrong = entering.read_entries(changed, variants, versions)
        if form.validate() and not wrong:
            at = clock.start_of(form.day.data or clock.today()) + timedelta(hours=12)
            left_out = entering.enter(paper, read, at=min(at, clock.now()), by=actor().account_id)
            _tell(len(read) - len(left_out), [line.name for line in lines if line.person_id in left_out])
            return redirect(url_for(".sheets", paper_id=paper_id, group=group_id))
    typed = {each.person_id: each for each in entries}
    return render_template(
        "quizzes/paper/sheets.html",
        paper=paper,
        place=place,
        title=_title(paper, place),
        groups=groups,
        group_id=group_id,
        lines=lines,
        typed=typed,
        wrong=wrong,
        form=form,
        variants=variants,
        counting=_counting(variants),
    ), (422 if wrong or form.errors else 200)


def _place(quiz_id: int) -> QuizPlace:
    place = found(results.quiz_place(quiz_id))
    allow(bool(marking_rules.may_mark_at(actor(), place.course.audience)) and marking_rules.may_look_after(actor(), place.course))
    return place


def _paper(paper_id: int) -> tuple[Paper, QuizPlace]:
    paper = found(session.get(Paper, paper_id))
    return paper, _place(paper.quiz_id)


def _groups(place: QuizPlace) -> dict[int, str]:
    """Return the classes, or units of staff, whose sheets the actor may bring in."""
    groups = results.groups(actor(), place.course.audience)
    own = actor()
    return groups or ({own.unit_id: own.unit_name} if own.unit_id and place.course.audience == "staff" else {})


def _counting(variants: dict[str, layout.Variant]) -> int:
    """Return how many answers a line has."""
    first = next(iter(variants.values()))
    versions = queries.versions({place.version_id for place in first.places})
    return sum(each.asks for each in entering.asked_in(first, versions))


def _known(lines: list[queries.SheetLine], person_id: int) -> tuple[str, str]:
    return next((line.variant, line.written) for line in lines if line.person_id == person_id)


def _tell(entered: int, left_out: list[str]) -> None:
    if entered:
        flash(ngettext("{number} sheet was brought in.", "{number} sheets were brought in.", entered), "done")
    if left_out:
        flash(_("Left out, because they take another version of this course: {names}.", names=", ".join(left_out)), "soon")
    if not entered and not left_out:
        flash(_("Nothing was changed."), "info")


def _title(paper: Paper, place: QuizPlace) -> str:
    title = place.activity.title
    return title.get(paper.language) or i18n.localised(title)


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
