"""Pages of authors: the courses, beginning one, what it says of itself, copying, publishing, throwing away."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.courses import authoring, publishing
from lms.courses.editing import drafts, making, queries, reviewing, rules
from lms.courses.editing.forms import CopyForm, HeadForm, NewCourseForm
from lms.courses.editing.making import SlugTaken, WrongSlug
from lms.courses.editing.queries import CoursePlace
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor

bp = Blueprint("course_editing", __name__, template_folder="../templates")

AUTHORS = ("author", "administrator")


@bp.get("/authoring")
@with_role(*AUTHORS)
def courses() -> ResponseReturnValue:
    """List the courses that one makes, and those that can be copied."""
    allow(rules.may_write_somewhere(actor()))
    lines = queries.courses(actor())
    return render_template(
        "courses/editing/courses.html",
        own=[each for each in lines if not each.is_built_in],
        built_in=[each for each in lines if each.is_built_in],
        day=clock.today(),
    )


@bp.route("/authoring/new", methods=["GET", "POST"])
@with_role(*AUTHORS)
def new() -> ResponseReturnValue:
    """Begin a course."""
    allow(rules.may_write_somewhere(actor()))
    form = NewCourseForm.from_request()
    form.offer(queries.units_to_write_for(actor()))
    if form.accepted():
        unit_id = int(form.unit.data)
        allow(rules.may_write_for(actor(), unit_id))
        try:
            making.new_course(
                form.head(),
                slug=form.slug.data or "",
                code=form.code.data or "",
                audience=form.audience.data,
                unit_id=unit_id,
                by=actor().account_id,
            )
        except (SlugTaken, WrongSlug) as error:
            transactions.failed()
            form.slug.errors = [str(error)]
        else:
            return redirect(url_for("course_outline.outline", slug=form.slug.data))
    return render_template("courses/editing/head.html", form=form, place=None), 422 if form.errors else 200


@bp.route("/authoring/<slug>/head", methods=["GET", "POST"])
@with_role(*AUTHORS)
def head(slug: str) -> ResponseReturnValue:
    """Change what a draft says of itself."""
    place = _writable(slug)
    form = HeadForm.of(place.version)
    if form.accepted():
        making.change_head(place.version.id, form.head(), code=form.code.data or "", by=actor().account_id)
        flash(_("Saved."), "done")
        return redirect(url_for("course_outline.outline", slug=slug))
    return render_template("courses/editing/head.html", form=form, place=place), 422 if form.errors else 200


@bp.route("/authoring/<slug>/copy", methods=["GET", "POST"])
@with_role(*AUTHORS)
def copy(slug: str) -> ResponseReturnValue:
    """Begin a course of one's own as a copy of this one."""
    place = found(queries.place(slug))
    allow(rules.may_see(actor(), place.course))
    form = CopyForm.from_request()
    form.offer(queries.units_to_write_for(actor()))
    if form.accepted():
        unit_id = int(form.unit.data)
        allow(rules.may_write_for(actor(), unit_id))
        try:
            making.copy_course(place.version, slug=form.slug.data or "", code=form.code.data or "", unit_id=unit_id, by=actor().account_id)
        except (SlugTaken, WrongSlug) as error:
            transactions.failed()
            form.slug.errors = [str(error)]
        else:
            flash(_("The copy is a draft of yours: change what you like, then publish it."), "done")
            return redirect(url_for("course_outline.outline", slug=form.slug.data))
    return render_template("courses/editing/copy.html", form=form, place=place), 422 if form.errors else 200


@bp.post("/authoring/<slug>/version")
@with_role(*AUTHORS)
def version(slug: str) -> ResponseReturnValue:
    """Begin the next version of a published course."""
    place = found(queries.place(slug))
    allow(rules.may_write(actor(), place.course))
    making.new_version(place.version, by=actor().account_id)
    return redirect(url_for("course_outline.outline", slug=slug))


@bp.route("/authoring/<slug>/publish", methods=["GET", "POST"])
@with_role(*AUTHORS)
def publish(slug: str) -> ResponseReturnValue:
    """Say what is missing, and publish a draft that misses nothing."""
    place = found(queries.place(slug))
    allow(rules.may_write(actor(), place.course))
    return _published(place)


@bp.route("/authoring/<slug>/discard", methods=["GET", "POST"])
@with_role(*AUTHORS)
def discard(slug: str) -> ResponseReturnValue:
    """Throw a draft away, after asking once."""
    place = _writable(slug)
    return _discarded(place)


def _published(place: CoursePlace) -> ResponseReturnValue:
    lacks = publishing.lacks(place.version) if place.is_draft else []
    steps = queries.step_count(place.version)
    review = reviewing.review(place.version)
    is_free = review.is_approved or current_app.extensions["settings"].course_review != "required"
    if transactions.is_writing() and place.is_draft and steps.required and not lacks and is_free:
        try:
            authoring.publish(drafts.locked(place.version.id))
        except LmsError as error:
            transactions.failed()
            flash(str(error), "late")
        else:
            drafts.note_published(place.version, by=actor().account_id)
            flash(_("Published. Whoever begins the course from now on gets this version."), "done")
            return redirect(url_for("course_outline.outline", slug=place.course.slug))
    return render_template("courses/editing/publish.html", place=place, lacks=lacks, steps=steps, review=review, is_free=is_free)


def _discarded(place: CoursePlace) -> ResponseReturnValue:
    if transactions.is_writing():
        making.discard(place.version.id, by=actor().account_id)
        flash(_("The draft was thrown away."), "done")
        return redirect(url_for(".courses"))
    return render_template("courses/editing/discard.html", place=place, steps=queries.step_count(place.version))


def _writable(slug: str) -> CoursePlace:
    """Return a course whose draft one may change; NotFound when nobody changes it now."""
    place = found(queries.place(slug))
    allow(rules.may_write(actor(), place.course))
    return found(place if place.is_draft else None)
