"""Login slips and cards as PDF: of a unit's staff, a class, a list, one person."""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from lms.accounts import accounts
from lms.accounts.accounts import CardPassword
from lms.core import clock, i18n
from lms.core.config import Settings
from lms.core.db import session
from lms.core.models import Import
from lms.schools import people, queries, rosters, rules, slips, tree
from lms.schools.models import SchoolClass, Unit
from lms.web import transactions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("schools_slips", __name__)


@bp.post("/units/<code>/staff/slips")
@signed_in
def of_staff(code: str) -> ResponseReturnValue:
    """Give the login slips of those who have never signed in, as PDF."""
    unit = found(queries.unit_by_code(code))
    allow(rules.may_print_slips(actor(), unit.id) and rules.may_see_staff(actor(), unit.id))
    day = clock.today()
    chosen = sorted(rules.manageable(actor(), queries.never_in(unit.id, day), staff_capability="print_slips"))
    made = slips.of_staff(chosen, base_url=_settings().base_url, below=queries.departments(chosen, day), by=actor().account_id)
    return _response(made, unit)


@bp.post("/units/<code>/classes/<int:class_id>/cards")
@signed_in
def of_class(code: str, class_id: int) -> ResponseReturnValue:
    """Give the login cards of a class as PDF: of those who have never signed in, or, when asked, of all."""
    room = found(session.get(SchoolClass, class_id))
    found(room if room.unit.code == code else None)
    allow(rules.may_print_slips(actor(), room.unit_id) and rules.may_see_pupils(actor(), room.unit_id))
    everybody = request.form.get("who") == "all"
    lines = people.pupils_of(room.id, clock.today())
    asked = [line.account_id for line in lines if line.account_id and (everybody or not line.signed_in_before)]
    chosen = sorted(rules.manageable(actor(), asked))
    ready = _passwords(chosen)
    made = slips.of_pupils(
        chosen, base_url=_settings().base_url, below=dict.fromkeys(chosen, room.name), by=actor().account_id, ready=ready
    )
    return _response(made, room.unit)


@bp.post("/imports/<int:import_id>/slips")
@signed_in
def of_import(import_id: int) -> ResponseReturnValue:
    """Give login slips or cards for those whom the list brought, as PDF."""
    row = found(session.get(Import, import_id))
    allow(rules.may_see_import(actor(), row))
    unit = session.get_one(Unit, row.unit_id)
    allow(rules.may_print_slips(actor(), unit.id))
    day = clock.today()
    chosen = sorted(rules.manageable(actor(), queries.made_by(row.id), staff_capability="print_slips"))
    if row.kind == rosters.KINDS["pupils"]:
        ready = _passwords(chosen)
        below = queries.class_names(chosen, day)
        made = slips.of_pupils(chosen, base_url=_settings().base_url, below=below, by=actor().account_id, ready=ready)
    else:
        made = slips.of_staff(chosen, base_url=_settings().base_url, below=queries.departments(chosen, day), by=actor().account_id)
    return _response(made, unit)


@bp.post("/people/<int:person_id>/slip")
@signed_in
def of_person(person_id: int) -> ResponseReturnValue:
    """Give one login slip or card as PDF."""
    page = found(queries.person_page(person_id, clock.today()))
    account = found(page.account)
    allow(rules.may_open_account(actor(), account))
    day = clock.today()
    is_pupil = bool(page.learns_at(day)) and not page.works_at(day)
    below = queries.class_names([account.id], day) if is_pupil else queries.departments([account.id], day)
    make = slips.of_pupils if is_pupil else slips.of_staff
    made = make([account.id], base_url=_settings().base_url, below=below, by=actor().account_id)
    place = next(iter(page.learns_at(day) if is_pupil else page.works_at(day)))
    return _response(made, session.get_one(Unit, place))


def _response(made: list[slips.Slip], unit: Unit) -> Response:
    """Return the slips as a file; they hold secrets, so nothing on the way may keep them."""
    place = tree.names_on([unit.id], clock.today()).get(unit.id, "")
    # Drawing takes seconds in which nobody else could save an answer; whoever gets no paper prints again.
    transactions.keep()
    content = slips.draw(made, place=place, base_url=_settings().base_url, language=i18n.language())
    response = Response(content, mimetype="application/pdf")
    # Opened in place, a reload would print again, and that closes what was printed before.
    response.headers["Content-Disposition"] = f'attachment; filename="phieu-{unit.code}.pdf"'
    return response


def _passwords(account_ids: Sequence[int]) -> list[CardPassword]:
    """Make the passwords of cards while nobody waits for the database."""
    with transactions.reading():
        return accounts.card_passwords(min(len(account_ids), slips.MOST))


def _settings() -> Settings:
    """Return the settings of this installation."""
    given: Settings = current_app.extensions["settings"]
    return given
