"""Pages with the figures of a quiz and of its questions."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms.core import i18n
from lms.core.db import session
from lms.core.i18n import _
from lms.quizzes import question_types
from lms.quizzes.content import Texts
from lms.quizzes.marking import results, rules
from lms.quizzes.marking.results import QuizPlace
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Statistic
from lms.quizzes.statistics import counting, hiding
from lms.quizzes.statistics.figures import QuizFigures, Taken, VersionFigures
from lms.quizzes.types import wording
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("quizzes_statistics", __name__, template_folder="../templates")


@dataclass(frozen=True)
class TakenShown:
    """A part of a question with its text, as far as there is one."""

    taken: Taken
    text: str


@dataclass(frozen=True)
class Line:
    """A version of a question in the table; ``place`` is its number in the picture."""

    place: int
    figures: VersionFigures
    type_label: str
    stem: str
    taken: tuple[TakenShown, ...]


@bp.get("/results/<int:quiz_id>/statistics")
@signed_in
def quiz(quiz_id: int) -> ResponseReturnValue:
    """Show the figures of a quiz: of first attempts, or of all."""
    place = _place(quiz_id)
    scope = request.args.get("scope", "first")
    scope = scope if scope in counting.SCOPES else "first"
    row = session.scalars(select(Statistic).where(Statistic.quiz_id == quiz_id, Statistic.scope == scope)).first()
    figures = QuizFigures.from_json(row.figures) if row and row.figures else None
    return render_template(
        "quizzes/statistics/quiz.html",
        place=place,
        scope=scope,
        row=row,
        figures=figures,
        lines=_lines(figures) if figures else [],
        least=hiding.LEAST,
        may_mark=bool(rules.may_mark_at(actor(), place.course.audience)),
        may_regrade=rules.may_regrade(actor(), place.course),
    )


@bp.post("/results/<int:quiz_id>/statistics")
@signed_in
def count(quiz_id: int) -> ResponseReturnValue:
    """Count the figures anew, when there is enough that is new."""
    _place(quiz_id)
    if counting.count(quiz_id):
        flash(_("The figures are up to date."), "done")
    else:
        flash(_("There are fewer than {number} new attempts, so the figures stay as they are.", number=hiding.LEAST), "info")
    return redirect(url_for(".quiz", quiz_id=quiz_id, scope=request.form.get("scope")))


def _place(quiz_id: int) -> QuizPlace:
    place = found(results.quiz_place(quiz_id))
    allow(rules.may_see_statistics(actor(), place.course))
    return place


def _lines(figures: QuizFigures) -> list[Line]:
    ids = [each.version_id for each in figures.versions]
    versions = {each.id: each for each in session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(ids)))}
    lines = []
    for number, each in enumerate(figures.versions, start=1):
        version, texts = versions[each.version_id], Texts.from_json(versions[each.version_id].texts)
        taken = tuple(TakenShown(one, _named(version, texts, one.key)) for one in each.taken)
        stem = wording.plain(texts.of("stem", i18n.language()))
        lines.append(Line(number, each, question_types.label(each.type), stem, taken))
    return lines


def _named(version: QuestionVersion, texts: Texts, key: str) -> str:
    question_type = question_types.get(version.type)
    return question_type.name_part(question_type.read_body(version.body), texts, key, i18n.language())
