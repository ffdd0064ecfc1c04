"""The page of a person's extra time; only for those who need it."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.i18n import _
from lms.quizzes.editing import extra_time
from lms.quizzes.editing.forms import ExtraTimeForm
from lms.schools import queries as schools
from lms.schools import rules
from lms.schools.queries import PersonPage
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("quiz_extra_time", __name__, template_folder="templates")

GIVING = ("administrator", "head_teacher", "roster_keeper")
ONE_DAY = timedelta(days=1)


@bp.route("/people/<int:person_id>/extra-time", methods=["GET", "POST"])
@with_role(*GIVING)
def person(person_id: int) -> ResponseReturnValue:
    """Show what extra time a person has and had; on POST give some."""
    page = _page(person_id)
    form = ExtraTimeForm.from_request()
    if form.accepted():
        last = form.last_day.data
        extra_time.give(
            page.person,
            float(form.multiplier.data),
            reason=form.reason.data or "",
            from_day=form.from_day.data or clock.today(),
            until_day=last + ONE_DAY if last else None,
            by=actor().account_id,
        )
        flash(_("The extra time holds in every quiz, also in one that is open now."), "done")
        return redirect(url_for(".person", person_id=person_id))
    history = extra_time.history(person_id)
    return render_template(
        "quizzes/editing/extra_time.html",
        person=page.person,
        form=form,
        current=extra_time.now_or_later(history, clock.today()),
        history=history,
        by=schools.names_of_accounts({row.by_account_id for row in history if row.by_account_id}),
        one_day=ONE_DAY,
    ), 422 if form.errors else 200


@bp.post("/people/<int:person_id>/extra-time/end")
@with_role(*GIVING)
def end(person_id: int) -> ResponseReturnValue:
    """Let the person have the usual time again."""
    extra_time.end(_page(person_id).person, by=actor().account_id)
    flash(_("The extra time is over. Attempts that were handed in stay as they are."), "done")
    return redirect(url_for(".person", person_id=person_id))


def _page(person_id: int) -> PersonPage:
    page = found(schools.person_page(person_id, clock.today()))
    day = clock.today()
    allow(rules.may_give_extra_time(actor(), person_id, works_at=page.works_at(day), learns_at=page.learns_at(day)))
    return page
