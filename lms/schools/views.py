"""Pages of a unit's people: staff, classes, a person; login slips and new passwords."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import accounts, links
from lms.core import clock
from lms.core.db import session
from lms.core.i18n import _
from lms.schools import access, classes, kinds, people, queries, rules, tree
from lms.schools.models import Post, SchoolClass
from lms.schools.queries import PersonPage
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("schools", __name__, template_folder="templates")


@bp.get("/units/<code>/staff")
@signed_in
def staff(code: str) -> ResponseReturnValue:
    """List who works in the unit."""
    unit = found(queries.unit_by_code(code))
    allow(rules.may_see_staff(actor(), unit.id))
    day = clock.today()
    lines = people.staff_of(unit.id, day)
    return render_template(
        "schools/staff.html",
        unit=unit,
        path=rules.within_reach(actor(), tree.path(unit.id, day)),
        lines=lines,
        titles=kinds.position_titles(),
        never_in=sum(1 for line in lines if not line.signed_in_before),
        printable=_printable(unit.id),
        may_import=rules.may_import(actor(), unit.id),
    )


@bp.get("/units/<code>/classes")
@signed_in
def classes_of_unit(code: str) -> ResponseReturnValue:
    """List the classes of a school in a year."""
    unit = found(queries.unit_by_code(code))
    allow(rules.may_see_pupils(actor(), unit.id))
    day = clock.today()
    years = classes.school_years(unit.id)
    asked = request.args.get("year", clock.school_year(day))
    year = asked if asked in years else (years[0] if years else clock.school_year(day))
    return render_template(
        "schools/classes.html",
        unit=unit,
        path=rules.within_reach(actor(), tree.path(unit.id, day)),
        year=year,
        years=years,
        lines=classes.classes_of(unit.id, year, day),
        may_import=rules.may_import(actor(), unit.id),
    )


@bp.get("/units/<code>/classes/<int:class_id>")
@signed_in
def school_class(code: str, class_id: int) -> ResponseReturnValue:
    """List the pupils of a class."""
    room = _room(code, class_id)
    allow(rules.may_see_pupils(actor(), room.unit_id))
    day = clock.today()
    lines = people.pupils_of(room.id, day)
    return render_template(
        "schools/class.html",
        room=room,
        path=rules.within_reach(actor(), tree.path(room.unit_id, day)),
        lines=lines,
        never_in=sum(1 for line in lines if not line.signed_in_before),
        may_print=rules.may_print_slips(actor(), room.unit_id),
        may_give_exceptions=access.may(actor(), "override_pupils", room.unit_id),
    )


@bp.get("/people/<int:person_id>")
@signed_in
def person(person_id: int) -> ResponseReturnValue:
    """Show what is kept about a person: posts and places with their days, and the account."""
    page = _page(person_id)
    return _person_page(page, password="")


@bp.post("/people/<int:person_id>/password")
@signed_in
def new_password(person_id: int) -> ResponseReturnValue:
    """Give the person a new password, shown once; of staff it must be changed at the first sign-in."""
    page = _page(person_id)
    account = found(page.account)
    allow(rules.may_open_account(actor(), account))
    if page.learns_at(clock.today()) and not page.works_at(clock.today()):
        password = accounts.give_card_password(account, by=actor().account_id)
    else:
        password = accounts.give_first_password(account, by=actor().account_id)
    return _person_page(page, password=password)


@bp.post("/people/<int:person_id>/posts/<int:post_id>/end")
@signed_in
def end_post(person_id: int, post_id: int) -> ResponseReturnValue:
    """Let a post end today; it stays in the person's record."""
    post = found(session.get(Post, post_id))
    allow(post.person_id == person_id and rules.may_import(actor(), post.unit_id) and post.person_id != actor().person_id)
    people.end_post(post, clock.today(), by=actor().account_id)
    flash(_("The post has ended. What was done in it stays in the record."), "done")
    return redirect(url_for(".person", person_id=person_id))


def _printable(unit_id: int) -> int:
    """Return for how many of the unit's staff the actor can print a slip now."""
    if not rules.may_print_slips(actor(), unit_id):
        return 0
    return len(rules.manageable(actor(), queries.never_in(unit_id, clock.today()), staff_capability="print_slips"))


def _room(code: str, class_id: int) -> SchoolClass:
    room = found(session.get(SchoolClass, class_id))
    return found(room if room.unit.code == code else None)


def _page(person_id: int) -> PersonPage:
    page = found(queries.person_page(person_id, clock.today()))
    day = clock.today()
    allow(rules.may_see_person(actor(), person_id, works_at=page.works_at(day), learns_at=page.learns_at(day)))
    return page


def _person_page(page: PersonPage, *, password: str) -> ResponseReturnValue:
    day = clock.today()
    return render_template(
        "schools/person.html",
        page=page,
        titles=kinds.position_titles(),
        password=password,
        may_open=page.account is not None and rules.may_open_account(actor(), page.account),
        may_end={post.unit_id for post in page.posts if post.until_day is None and rules.may_import(actor(), post.unit_id)},
        may_give_extra_time=rules.may_give_extra_time(actor(), page.person.id, works_at=page.works_at(day), learns_at=page.learns_at(day)),
        may_give_exceptions=rules.may_give_exceptions(actor(), page.person.id, works_at=page.works_at(day), learns_at=page.learns_at(day)),
        may_see_training=bool(rules.training_seen(actor(), page.person.id, works_at=page.works_at(day), learns_at=page.learns_at(day))),
        is_self=page.person.id == actor().person_id,
        card_days=links.CARD.days,
    )
