"""The page on which an author writes what a survey asks."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.i18n import gettext as _
from lms.courses import kinds
from lms.courses.editing import queries as courses
from lms.courses.editing import rules
from lms.surveys import forms, items, making
from lms.surveys.items import KINDS, WrongItemsError
from lms.surveys.kind import SurveyKind
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("surveys_making", __name__, template_folder="templates")

AUTHORS = ("author", "administrator")


@bp.route("/authoring/<slug>/activities/<key>/survey", methods=["GET", "POST"])
@with_role(*AUTHORS)
def edit(slug: str, key: str) -> ResponseReturnValue:
    """Show what a survey of a draft asks; on POST keep what was sent."""
    place = found(courses.place(slug))
    allow(rules.may_write(actor(), place.course))
    activity = found(courses.activity(found(place if place.is_draft else None).version, key))
    found(activity if activity.kind == SurveyKind.key else None)
    languages = place.version.languages
    said = ""
    former = items.read(activity.settings)
    lines = making.lines(former)
    if request.method == "POST":
        lines = forms.sent(request.form, languages)
        try:
            making.save(place.version.id, key, making.items_of(lines, languages, former), by=actor().account_id)
        except WrongItemsError as error:
            said = str(error)
        else:
            lacks = kinds.get(activity.kind).not_ready(activity)
            flash(lacks or _("Saved."), "soon" if lacks else "done")
            return redirect(url_for(".edit", slug=slug, key=key, _anchor="add" if request.form.get("act") == "more" else None))
    page = render_template(
        "surveys/edit.html",
        place=place,
        activity=activity,
        kind=kinds.get(activity.kind),
        lines=lines,
        blank=making.Line(),
        kinds=KINDS,
        said=said,
    )
    return page, 422 if said else 200
