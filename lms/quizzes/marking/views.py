"""Pages for those who look after learners: the attempts at a quiz, and the answers of one."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.models import Person
from lms.core import audit, clock, i18n, spreadsheets
from lms.core.db import session
from lms.core.spreadsheets import XLSX
from lms.quizzes import queries, timing
from lms.quizzes.marking import looking, queue, results, rules, tables
from lms.quizzes.marking.results import QuizPlace, Standing, Wish
from lms.quizzes.queries import Sitting
from lms.schools import access
from lms.web import asked
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("quizzes_marking", __name__, template_folder="../templates")

PER_PAGE = 50
MOST_IN_FILE = 20_000


@dataclass(frozen=True)
class Chip:
    """A filter of a list."""

    label: str
    count: int
    url: str
    current: bool


@bp.get("/results")
@signed_in
def quizzes() -> ResponseReturnValue:
    """List the quizzes that one looks after, with what waits to be marked."""
    allow(rules.may_see_some_results(actor()))
    lines = results.quiz_lines(actor())
    return render_template(
        "quizzes/marking/quizzes.html",
        lines=lines,
        waiting=sum(line.waiting for line in lines),
        may_see_statistics=access.may_anywhere(actor(), "see_statistics"),
    )


@bp.get("/results/<int:quiz_id>")
@signed_in
def attempts(quiz_id: int) -> ResponseReturnValue:
    """List the attempts of one's own people at a quiz."""
    place = _place(quiz_id)
    wish, page = _wish(), asked.page()
    counts = results.counts(actor(), place, wish)
    start = (page - 1) * PER_PAGE
    kept = {"group": wish.group_id, "words": wish.words or None, "sort": "newest" if wish.newest else None}

    def address(**changed: Any) -> str:
        return url_for(".attempts", quiz_id=quiz_id, **(kept | {"standing": wish.standing or None} | changed))

    return render_template(
        "quizzes/marking/attempts.html",
        place=place,
        lines=results.lines(actor(), place, wish, first=start, most=PER_PAGE),
        standing_of=results.standing_of,
        standing_name=tables.standing_name,
        chips=[
            Chip(tables.standing_name(each), number, address(standing=each or None), each == wish.standing)
            for each, number in counts.items()
            if number or each in ("", wish.standing)
        ],
        groups=results.groups(actor(), place.course.audience),
        wish=wish,
        by_hand=queue.has_any(place.quiz.id),
        in_all_waiting=counts[Standing.WAITING],
        may_see_statistics=rules.may_see_statistics(actor(), place.course),
        may_regrade=rules.may_regrade(actor(), place.course),
        kept=kept,
        start=start,
        total=counts[wish.standing],
        sort_by_name_url=address(sort=None),
        sort_by_date_url=address(sort="newest"),
        previous_url=address(page=page - 1) if page > 1 else None,
        next_url=address(page=page + 1) if start + PER_PAGE < counts[wish.standing] else None,
    )


@bp.get("/results/<int:quiz_id>/attempts.xlsx")
@signed_in
def attempts_xlsx(quiz_id: int) -> ResponseReturnValue:
    """Give the list of attempts as an Excel file."""
    place = _place(quiz_id)
    lines = results.lines(actor(), place, _wish(), most=MOST_IN_FILE)
    content = spreadsheets.xlsx(tables.of_attempts(lines, place, printed_by=actor().full_name))
    name = f"{place.course.slug}-{place.activity.key}-{clock.today().isoformat()}.xlsx"
    return send_file(BytesIO(content), mimetype=XLSX, download_name=name, as_attachment=True)


@bp.get("/results/attempts/<int:attempt_id>")
@signed_in
def attempt(attempt_id: int) -> ResponseReturnValue:
    """Show what somebody answered; of a pupil only after one said that one needs to see it."""
    sitting = _looked_at(attempt_id)
    if sitting.course.audience == "pupils":
        return render_template("quizzes/marking/ask_first.html", sitting=sitting, name=_name(sitting))
    return _answers(sitting)


@bp.post("/results/attempts/<int:attempt_id>")
@signed_in
def open_attempt(attempt_id: int) -> ResponseReturnValue:
    """Show what somebody answered, and write down who looked."""
    sitting = _looked_at(attempt_id)
    audit.record("quizzes.answers_seen", f"attempt:{attempt_id}", account_id=actor().account_id, person=sitting.enrolment.person_id)
    return _answers(sitting)


def _place(quiz_id: int) -> QuizPlace:
    place = found(results.quiz_place(quiz_id))
    allow(bool(rules.may_mark_at(actor(), place.course.audience)) and rules.may_look_after(actor(), place.course))
    return place


def _looked_at(attempt_id: int) -> Sitting:
    sitting = found(queries.sitting(attempt_id))
    allow(rules.may_mark(actor(), sitting.enrolment.person_id, sitting.course.audience))
    return sitting


def _answers(sitting: Sitting) -> str:
    return render_template(
        "quizzes/marking/attempt.html",
        sitting=sitting,
        name=_name(sitting),
        told=looking.told(sitting.attempt.id, i18n.language()),
        is_open=sitting.state in timing.OPEN,
    )


def _name(sitting: Sitting) -> str:
    return session.get_one(Person, sitting.enrolment.person_id).full_name


def _wish() -> Wish:
    standing = request.args.get("standing", "")
    return Wish(
        standing=Standing(standing) if standing in list(Standing) else Standing.ALL,
        group_id=asked.number("group"),
        words=request.args.get("words", "").strip()[:100],
        newest=request.args.get("sort") == "newest",
    )
