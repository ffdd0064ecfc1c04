"""The page of a quiz's settings."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.quizzes.editing import queries, rules, settings
from lms.quizzes.editing.forms_settings import ITEMS, PHASES, DatesForm, SettingsForm
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("quiz_settings", __name__, template_folder="templates")

AUTHORS = ("administrator", "author")


@bp.route("/quizzes/<int:quiz_id>/settings", methods=["GET", "POST"])
@with_role(*AUTHORS)
def edit(quiz_id: int) -> ResponseReturnValue:
    """Show the settings of a quiz; on POST change them: all of a draft, of a published one when and how often."""
    place = found(queries.place(quiz_id))
    allow(rules.may_write(actor(), place.course))
    form = SettingsForm.of(place.quiz) if place.is_draft else DatesForm.of(place.quiz)
    if form.accepted():
        try:
            changed = settings.change(place, form.wanted(place.quiz), by=actor().account_id)
        except LmsError as error:
            form.form_errors.append(str(error))
        else:
            flash(_("The settings are saved.") if changed else _("Nothing was changed."), "done" if changed else "info")
            return redirect(url_for("quiz_editing.quiz", quiz_id=quiz_id))
    return render_template("quizzes/editing/settings.html", place=place, form=form, items=ITEMS, phases=PHASES), 422 if form.errors else 200
