"""Pages of a person's training: which passes there are, taking one back, giving it again."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import _
from lms.programmes import queries_exceptions, revoking, rules
from lms.programmes import queries_passes as passes
from lms.programmes.exemptions import REASONS
from lms.programmes.forms import ReasonForm
from lms.programmes.queries_passes import Pass
from lms.schools import queries as schools
from lms.schools import rules as schools_rules
from lms.schools.queries import PersonPage
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("programmes", __name__, template_folder="templates")


@bp.get("/people/<int:person_id>/training")
@signed_in
def training(person_id: int) -> ResponseReturnValue:
    """Show the passes of a person, with the history of each."""
    page = found(schools.person_page(person_id, clock.today()))
    seen = schools_rules.training_seen(actor(), person_id, **_places(page))
    allow(bool(seen))
    shown = passes.of_person(person_id, seen)
    sees_staff = "staff" in seen
    exemptions = queries_exceptions.exemptions_of(person_id) if sees_staff else []
    works_at = page.works_at(clock.today())
    by = {change.by_account_id for each in shown for change in each.changes} | {each.row.approved_by_id for each in exemptions}
    return render_template(
        "programmes/training.html",
        person=page.person,
        passes=shown,
        by=schools.names_of_accounts({each for each in by if each}),
        exemptions=exemptions,
        recognitions=queries_exceptions.recognitions_of(person_id) if sees_staff else [],
        reasons=REASONS,
        may_except=rules.may_except(actor(), person_id, works_at),
        may_propose=rules.may_propose(actor(), person_id, works_at),
        revocable=rules.revocable(actor(), person_id, **_places(page)),
        is_self=person_id == actor().person_id,
    )


@bp.route("/passes/<int:qualification_id>/revoke", methods=["GET", "POST"])
@signed_in
def revoke(qualification_id: int) -> ResponseReturnValue:
    """Take a pass back with a reason; a second click leads to the result of the first."""
    one, page = _revocable(qualification_id)
    form = ReasonForm.from_request()
    if one.is_revoked:
        return _already(page, _("This result was taken back already. Nothing was done a second time."))
    if form.accepted():
        try:
            revoking.revoke(one.qualification, reason=form.reason.data or "", by=actor().account_id, known=form.seen())
        except revoking.AlreadyChanged as error:
            return _already(page, str(error))
        flash(_("The result was taken back. {name} is told, with the reason.", name=page.person.full_name), "done")
        return redirect(url_for(".training", person_id=page.person.id))
    form.known.data = str(len(one.changes))
    return render_template("programmes/revoke.html", one=one, person=page.person, form=form), 422 if form.errors else 200


@bp.route("/passes/<int:qualification_id>/restore", methods=["GET", "POST"])
@signed_in
def restore(qualification_id: int) -> ResponseReturnValue:
    """Give a pass again that was taken back, with a reason."""
    one, page = _revocable(qualification_id)
    form = ReasonForm.from_request()
    if not one.is_revoked:
        return _already(page, _("This result counts already. Nothing was done a second time."))
    if form.accepted():
        try:
            revoking.restore(one.qualification, reason=form.reason.data or "", by=actor().account_id, known=form.seen())
        except revoking.AlreadyChanged as error:
            return _already(page, str(error))
        flash(_("The result counts again. {name} is told, with the reason.", name=page.person.full_name), "done")
        return redirect(url_for(".training", person_id=page.person.id))
    form.known.data = str(len(one.changes))
    return render_template("programmes/restore.html", one=one, person=page.person, form=form), 422 if form.errors else 200


def _places(page: PersonPage) -> dict[str, set[int]]:
    day = clock.today()
    return {"works_at": page.works_at(day), "learns_at": page.learns_at(day)}


def _revocable(qualification_id: int) -> tuple[Pass, PersonPage]:
    one = found(passes.by_id(qualification_id))
    page = found(schools.person_page(one.qualification.person_id, clock.today()))
    allow(one.programme.audience in rules.revocable(actor(), page.person.id, **_places(page)))
    return one, page


def _already(page: PersonPage, sentence: str) -> ResponseReturnValue:
    flash(sentence, "info")
    return redirect(url_for(".training", person_id=page.person.id))
