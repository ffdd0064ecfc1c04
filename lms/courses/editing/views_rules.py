"""The page on which an author says when an activity is done, and when it may be done."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.i18n import _
from lms.courses import availability, completion, kinds, publishing
from lms.courses.editing import forms_rules, queries, rules, ruling
from lms.courses.editing.forms_rules import RulesForm
from lms.schools import queries as schools
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("course_rules", __name__, template_folder="../templates")

AUTHORS = ("author", "administrator")
EXAMPLE = "{any: [{done: l1-1}, {not: {passed: quiz}}]}"


@bp.route("/authoring/<slug>/activities/<key>/rules", methods=["GET", "POST"])
@with_role(*AUTHORS)
def edit(slug: str, key: str) -> ResponseReturnValue:
    """Show the rules of an activity of a draft; on POST keep what was sent."""
    place = found(queries.place(slug))
    allow(rules.may_write(actor(), place.course))
    activity = found(queries.activity(found(place if place.is_draft else None).version, key))
    kind = kinds.get(activity.kind)
    form = RulesForm.from_request()
    form.offer(place.version, activity, kind, schools.position_titles(), forms_rules.section_titles(place.version.sections))
    if request.method == "GET":
        form.fill(
            completion.read(activity.completion, kind.meets, kind.usual),
            availability.read(activity.available) if activity.available else None,
            activity.hidden,
        )
    elif form.validate() and (wanted := form.ruling(kind)) is not None:
        ruling.save(place.version.id, key, wanted, by=actor().account_id)
        hindered = [each for each in publishing.lacks(place.version) if each.key == key]
        flash(hindered[0].reason if hindered else _("Saved."), "soon" if hindered else "done")
        return redirect(url_for("course_outline.outline", slug=slug, _anchor=f"activity-{activity.id}"))
    page = render_template("courses/editing/rules.html", place=place, activity=activity, kind=kind, form=form, example=EXAMPLE)
    return page, 422 if form.errors else 200
