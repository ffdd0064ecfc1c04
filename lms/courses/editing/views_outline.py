"""Pages of authors: the outline of a course, arranged, and activities added to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import LmsError
from lms.core.i18n import _, localised
from lms.courses import kinds
from lms.courses.editing import arranging, forms, queries, rules
from lms.courses.editing.arranging import NewActivity
from lms.courses.editing.forms import Arrangement, NewActivityForm
from lms.courses.editing.layout import Kind
from lms.courses.editing.queries import CoursePlace
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("course_outline", __name__, template_folder="../templates")

AUTHORS = ("author", "administrator")


@bp.get("/authoring/<slug>")
@with_role(*AUTHORS)
def outline(slug: str) -> ResponseReturnValue:
    """Show what a course consists of; a draft can be arranged."""
    place = found(queries.place(slug))
    allow(rules.may_see(actor(), place.course))
    may_write = rules.may_write(actor(), place.course)
    return render_template(
        "courses/editing/outline.html",
        place=place,
        may_write=may_write,
        moves_learners=rules.may_move_learners(actor(), place.course),
        changes=may_write and place.is_draft,
        kind_of=kinds.get,
        written=queries.written_languages(place.version),
        steps=queries.step_count(place.version),
    )


@bp.post("/authoring/<slug>")
@with_role(*AUTHORS)
def arrange(slug: str) -> ResponseReturnValue:
    """Save the whole outline as the page has it, and do what the pressed button says."""
    place = _writable(slug)
    try:
        sent = forms.read_arrangement(request.form, place.version.languages)
        _do(place, sent)
    except LmsError as error:
        transactions.failed()
        flash(str(error), "late")
        return redirect(url_for(".outline", slug=slug))
    if not sent.act:
        flash(_("The outline is saved."), "done")
    return redirect(url_for(".outline", slug=slug, _anchor=str(sent.of) if sent.of and sent.act in ("up", "down") else "list"))


@bp.route("/authoring/<slug>/add", methods=["GET", "POST"])
@with_role(*AUTHORS)
def add(slug: str) -> ResponseReturnValue:
    """Add a lesson, a quiz or another activity."""
    place = _writable(slug)
    form = NewActivityForm.from_request()
    sections = place.version.sections
    form.offer(
        {key: str(kinds.get(key).name) for key in kinds.known()},
        {each.id: localised(each.title) or _("Section {number}", number=each.position) for each in sections},
    )
    if request.method == "GET":
        form.kind.data = kinds.known()[0]
        form.section.data = request.args.get("section") or str(sections[-1].id)
    if form.accepted():
        new = NewActivity(
            kind=form.kind.data,
            section_id=int(form.section.data),
            title=form.title(place.version.languages),
            minutes=form.minutes.data or 1,
            required=bool(form.required.data),
        )
        activity = arranging.add_activity(place.version.id, new, by=actor().account_id)
        workshop = kinds.get(activity.kind).workshop(activity)
        if workshop is not None:
            return redirect(url_for(workshop.endpoint, **workshop.values))
        return redirect(url_for("course_writing.activity", slug=slug, key=activity.key))
    return render_template("courses/editing/add.html", form=form, place=place), 422 if form.errors else 200


def _do(place: CoursePlace, sent: Arrangement) -> None:
    by, version_id = actor().account_id, place.version.id
    arranging.arrange(version_id, sent.rearranged(), sent.titles, by=by)
    if sent.act == "section":
        arranging.add_section(version_id, dict.fromkeys(place.version.languages, ""), by=by)
    elif sent.act == "remove" and sent.of is not None:
        if sent.of.kind is Kind.SECTION:
            arranging.remove_section(version_id, sent.of.id, by=by)
        else:
            arranging.remove_activity(version_id, sent.of.id, by=by)


def _writable(slug: str) -> CoursePlace:
    """Return a course whose draft one may change; NotFound when nobody changes it now."""
    place = found(queries.place(slug))
    allow(rules.may_write(actor(), place.course))
    return found(place if place.is_draft else None)
