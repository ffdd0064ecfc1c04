"""Unit pages: the share of trained staff, the people behind it, and reminding them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, names, spreadsheets
from lms.core.db import month_later
from lms.core.i18n import gettext as _
from lms.core.i18n import localised, ngettext
from lms.core.spreadsheets import XLSX, Table
from lms.programmes import queries_exceptions
from lms.programmes import rules as programme_rules
from lms.reports import coverage, overview, persons, queries, reminders, tables
from lms.reports.aims import Aim
from lms.reports.forms import DayForm
from lms.reports.overview import Overview, Wish
from lms.reports.queries import Frame
from lms.schools import access, kinds
from lms.web import asked
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("reports", __name__, template_folder="templates")

# So many persons go into one file; above, one goes down the tree first.
MOST_IN_FILE = 20_000


@dataclass(frozen=True)
class Chip:
    """A filter above the people."""

    label: str
    count: int
    url: str
    current: bool


@bp.get("/units")
@signed_in
def index() -> ResponseReturnValue:
    """Go to the highest unit whose coverage the actor may see."""
    granting = access.units_granting(actor(), "see_coverage")
    allow(bool(granting))
    someone = actor()
    if someone.unit_id in granting and someone.unit_code:
        return redirect(url_for(".unit", code=someone.unit_code))
    return redirect(url_for(".unit", code=found(queries.code_of(granting[0]))))


@bp.get("/units/<code>")
@signed_in
def unit(code: str) -> ResponseReturnValue:
    """Show how many staff of a unit are trained, on a day, against the target; of an office each unit below."""
    form = DayForm.from_request()
    wish = _wish(form)
    frame = _frame(code, wish.day)
    page = overview.look_at(frame, wish, access.units_granting(actor(), "see_coverage"))
    return render_template(
        "reports/school.html" if page.unit.is_school else "reports/office.html",
        page=page,
        form=form,
        may_remind=_may_remind(frame, page.day),
        to_decide=_to_decide(frame),
        kept=_kept(page),
        wish=wish,
        compare_days=_compare_days(page),
        note_of=tables.note_of,
        printed_at=clock.now(),
    )


@bp.get("/units/<code>/coverage.xlsx")
@signed_in
def unit_xlsx(code: str) -> ResponseReturnValue:
    """Give the table of the unit page as an Excel file."""
    page = _overview(code, DayForm.from_request())
    return _file(
        spreadsheets.xlsx(tables.of_units(page, printed_by=actor().full_name)), f"{page.unit.code}-{page.day.isoformat()}.xlsx", XLSX
    )


@bp.get("/units/<code>/people")
@signed_in
def people(code: str) -> ResponseReturnValue:
    """List who is behind the figure of a unit, each with one reason."""
    form = DayForm.from_request()
    day = form.asked_day()
    frame = _frame(code, day)
    aim = _aim(day)
    figure = coverage.figures([frame.unit.id], aim.duty, [day], position=_position()).figures[frame.unit.id, day]
    number = asked.page()
    state = _state()
    lines, more = persons.lines(frame.unit.id, aim, day, state=state, position=_position(), first=(number - 1) * persons.PAGE)
    counts = {"": figure.obliged + figure.exempt, "missing": figure.missing, "trained": figure.trained, "exempt": figure.exempt}
    recognised = persons.recognised(frame.unit.id, aim, day, position=_position())
    if recognised or state == persons.RECOGNISED:
        counts[persons.RECOGNISED] = recognised
    kept = {
        "as_of": day.isoformat() if day != clock.today() else None,
        "programme": request.args.get("programme") or None,
        "position": _position() or None,
    }

    def address(**changed: Any) -> str:
        return url_for(".people", code=code, **(kept | {"state": state or None} | changed))

    return render_template(
        "reports/people.html",
        unit=frame.unit,
        chain=overview.visible_chain(frame, access.units_granting(actor(), "see_coverage")),
        aim=aim,
        day=day,
        figure=figure,
        lines=lines,
        first=(number - 1) * persons.PAGE + 1,
        chips=[Chip(_state_label(key), count, address(state=key or None), key == state) for key, count in counts.items()],
        count=counts[state],
        titles=kinds.position_titles(),
        position=_position(),
        state=state,
        kept=kept,
        previous_url=address(page=number - 1) if number > 1 else None,
        next_url=address(page=number + 1) if more else None,
        may_remind=_may_remind(frame, day),
    )


@bp.get("/units/<code>/people.csv")
@signed_in
def people_csv(code: str) -> ResponseReturnValue:
    """Give the people as CSV."""
    table, name = _people_table(code)
    return _file(spreadsheets.csv_text(table).encode(), f"{name}.csv", "text/csv; charset=utf-8")


@bp.get("/units/<code>/people.xlsx")
@signed_in
def people_xlsx(code: str) -> ResponseReturnValue:
    """Give the people as an Excel file."""
    table, name = _people_table(code)
    return _file(spreadsheets.xlsx(table), f"{name}.xlsx", XLSX)


@bp.get("/units/<code>/remind")
@signed_in
def remind(code: str) -> ResponseReturnValue:
    """Show what a reminder would say and to whom, before it is sent."""
    frame, aim = _to_remind(code)
    planned = reminders.plan(frame.unit.id, aim)
    return render_template(
        "reports/remind.html",
        unit=frame.unit,
        chain=overview.visible_chain(frame, access.units_granting(actor(), "see_coverage")),
        aim=aim,
        due=aim.due_on(clock.today()),
        planned=planned,
        programme=request.args.get("programme") or None,
    )


@bp.post("/units/<code>/remind")
@signed_in
def send_reminders(code: str) -> ResponseReturnValue:
    """Remind everybody who is missing."""
    frame, aim = _to_remind(code)
    reached = reminders.send(frame.unit.id, aim, by=actor().account_id, from_name=actor().full_name)
    if reached:
        flash(ngettext("{count} person is reminded.", "{count} people are reminded.", reached, count=reached), "done")
    else:
        flash(_("Nobody was reminded: everybody who can be reached was reminded today."), "info")
    return redirect(url_for(".unit", code=code, programme=request.args.get("programme") or None))


def _overview(code: str, form: DayForm) -> Overview:
    wish = _wish(form)
    return overview.look_at(_frame(code, wish.day), wish, access.units_granting(actor(), "see_coverage"))


def _frame(code: str, day: date) -> Frame:
    frame = queries.frame(code, day)
    allow(access.may(actor(), "see_coverage", frame.unit.id))
    return frame


def _to_remind(code: str) -> tuple[Frame, Aim]:
    frame = queries.frame(code, clock.today())
    allow(access.may(actor(), "remind", frame.unit.id))
    return frame, _aim(clock.today())


def _may_remind(frame: Frame, day: date) -> bool:
    """Return whether the page offers to remind; the chain of today is in hand, so nothing is asked."""
    return day == clock.today() and frame.is_below(access.units_granting(actor(), "remind"))


def _aim(day: date) -> Aim:
    """Return the programme asked for, else the first one for staff."""
    aims = queries.aims(day)
    asked = request.args.get("programme")
    return found(next((aim for aim in aims if aim.slug == asked), aims[0] if aims else None))


def _wish(form: DayForm) -> Wish:
    sort = request.args.get("sort", "missing")
    default = "up" if sort == "name" else "down"
    return Wish(
        day=form.asked_day(),
        compare=form.compare_day(),
        stage=form.stage.data or "",
        sort=sort if sort in overview.SORTS else "missing",
        descending=request.args.get("order", default) != "up",
        programme=request.args.get("programme", ""),
    )


def _kept(page: Overview) -> Mapping[str, Any]:
    """Return what links of the page carry on: the day and the programme, when they are not the usual ones."""
    usual = page.aim is None or not page.aims or page.aim is page.aims[0]
    return {
        "as_of": page.day.isoformat() if page.day != clock.today() else None,
        "programme": None if usual or page.aim is None else page.aim.slug,
    }


def _compare_days(page: Overview) -> list[tuple[str, date]]:
    """Return the days that one compares with most, and the one that is chosen."""
    year_began = date(page.day.year if page.day.month >= 8 else page.day.year - 1, 9, 5)
    days = {month_later(page.day, -1), month_later(page.day, -3), month_later(page.day, -12), page.compared_with}
    if year_began < page.day:
        days.add(year_began)
    return [(day.isoformat(), day) for day in sorted(days, reverse=True)]


def _people_table(code: str) -> tuple[Table, str]:
    day = DayForm.from_request().asked_day()
    frame = _frame(code, day)
    aim = _aim(day)
    lines, _more = persons.lines(frame.unit.id, aim, day, state=_state(), position=_position(), most=MOST_IN_FILE)
    titles = {code: localised(title) for code, title in kinds.position_titles().items()}
    table = tables.of_people(lines, unit_name=frame.unit.name, aim=aim, day=day, positions=titles)
    return table, f"{frame.unit.code}-{names.fold(_state_label(_state())).replace(' ', '-')}-{day.isoformat()}"


def _to_decide(frame: Frame) -> int | None:
    """Return how many documents of this unit wait for whoever looks; None for those who decide on none."""
    if not programme_rules.may_except_some(actor()):
        return None
    return queries_exceptions.count_waiting(frame.unit.id, clock.today(), within=programme_rules.units_excepted(actor()))


def _state() -> str:
    state = request.args.get("state", "")
    return state if state in (*persons.STATES, persons.RECOGNISED) else ""


def _position() -> str:
    return request.args.get("position", "")


def _state_label(state: str) -> str:
    return tables.state_name(state) if state else _("All")


def _file(content: bytes, name: str, media_type: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), mimetype=media_type, download_name=name, as_attachment=True)
