"""The page on which learners who are under way are moved to the newest version of a course."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.i18n import ngettext
from lms.courses.editing import queries as courses
from lms.courses.editing import rules
from lms.learning import moving
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("moving", __name__, template_folder="templates")

AUTHORS = ("author", "administrator")


@bp.route("/authoring/<slug>/learners", methods=["GET", "POST"])
@with_role(*AUTHORS)
def learners(slug: str) -> ResponseReturnValue:
    """Count the learners of each version; on POST move those who are under way in an older one."""
    place = found(courses.place(slug))
    allow(rules.may_move_learners(actor(), place.course))
    if transactions.is_writing():
        people = moving.begin(place.course.id, by=actor().account_id)
        flash(ngettext("{number} learner is moved now.", "{number} learners are moved now.", people), "done" if people else "info")
        return redirect(url_for(".learners", slug=slug))
    counts = moving.counts(place.course.id)
    newest = next((each for each in counts if each.version.state == "published"), None)
    behind = sum(each.active for each in counts if newest is not None and each.version.id != newest.version.id)
    return render_template("learning/moving.html", place=place, counts=counts, newest=newest, behind=behind)
