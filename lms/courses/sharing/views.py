"""Pages of authors: giving a course out as a signed package, and bringing one in from another installation."""

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, imports, signing
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.i18n import _
from lms.core.models import Import
from lms.courses import kinds
from lms.courses.drafts import DraftProblems
from lms.courses.editing import queries, rules
from lms.courses.editing.queries import CoursePlace
from lms.courses.materials import LARGEST_VIDEO
from lms.courses.models import Version
from lms.courses.sharing import bringing, giving
from lms.courses.sharing.bringing import Fate, Outlook
from lms.courses.sharing.forms import BringInForm, PackageForm
from lms.schools import tree
from lms.web import transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor
from lms.web.uploads import takes

bp = Blueprint("course_sharing", __name__, template_folder="../templates")

AUTHORS = ("author", "administrator")
LARGEST = LARGEST_VIDEO + 30_000_000  # bytes of a package that a browser sends; larger ones come in by the command


@bp.get("/authoring/<slug>/share")
@with_role(*AUTHORS)
def share(slug: str) -> ResponseReturnValue:
    """Show which versions of a course can be given out; ``?packed=3`` offers the package of version 3."""
    place = _place(slug)
    versions = giving.versions(place.course)
    signer = signing.current(giving.PURPOSE, _secret())
    packed = request.args.get("packed", type=int)
    return render_template(
        "courses/sharing/share.html",
        place=place,
        versions=versions,
        packed=next((each for each in versions if each.number == packed and signer is not None), None),
        fingerprint=signing.fingerprint(signer.public_key) if signer else "",
        file_name=giving.file_name,
    )


@bp.post("/authoring/<slug>/share/<int:number>")
@with_role(*AUTHORS)
def pack(slug: str, number: int) -> ResponseReturnValue:
    """Make a version ready to be taken along: see to it that there is a key, and note who gave it out."""
    version = _version(_place(slug), number)
    try:
        giving.prepare(version, _secret(), by=actor().account_id)
    except DraftProblems as error:
        transactions.failed()
        flash(str(error), "late")
        return redirect(url_for(".share", slug=slug))
    return redirect(url_for(".share", slug=slug, packed=number))


@bp.get("/authoring/<slug>/share/<int:number>.zip")
@with_role(*AUTHORS)
def package(slug: str, number: int) -> ResponseReturnValue:
    """Send a version as a signed package."""
    version = _version(_place(slug), number)
    signer = found(signing.current(giving.PURPOSE, _secret()))
    response = make_response(giving.package(version, signer, current_app.extensions["settings"].base_url))
    response.headers["Content-Type"] = "application/zip"
    response.headers.set("Content-Disposition", "attachment", filename=giving.file_name(version))
    return response


@bp.route("/authoring/import", methods=["GET", "POST"])
@with_role(*AUTHORS)
@takes(LARGEST)
def new_import() -> ResponseReturnValue:
    """Choose a package; on POST read it and show what it would do."""
    allow(rules.may_write_somewhere(actor()))
    form = PackageForm.from_request()
    form.offer(queries.units_to_write_for(actor()))
    problems = []
    if form.accepted():
        unit_id = int(form.unit.data)
        allow(rules.may_write_for(actor(), unit_id))
        try:
            row = bringing.plan(form.file.data.read(), unit_id=unit_id, file_name=form.file.data.filename or "", by=actor().account_id)
        except DraftProblems as error:
            transactions.failed()
            form.file.errors = [_("This course cannot be brought in as it is. Nothing was changed.")]
            problems = error.problems
        except LmsError as error:
            transactions.failed()
            form.file.errors = [str(error)]
        else:
            return redirect(url_for(".show_import", import_id=row.id))
    return render_template("courses/sharing/import_new.html", form=form, problems=problems), 422 if form.errors else 200


@bp.route("/authoring/imports/<int:import_id>", methods=["GET", "POST"])
@with_role(*AUTHORS)
def show_import(import_id: int) -> ResponseReturnValue:
    """Show what a package would do, or what it did; on POST bring it in, where a second click leads to the result of the first."""
    row = _import(import_id)
    own = _own(row)
    form = BringInForm.from_request(data={"slug": _suggested(row, own)})
    if form.accepted():
        if row.state != "planned":
            return redirect(url_for(".show_import", import_id=import_id))
        try:
            bringing.apply(row, slug=form.slug.data or "", compared=bool(form.compared.data), by=actor().account_id)
        except LmsError as error:
            transactions.failed()
            form.slug.errors = [str(error)]
            row = _import(import_id)
            own = _own(row)
        else:
            return redirect(url_for(".show_import", import_id=import_id))
    return _page(row, form, own)


@bp.post("/authoring/imports/<int:import_id>/cancel")
@with_role(*AUTHORS)
def cancel_import(import_id: int) -> ResponseReturnValue:
    """Drop a plan; nothing was changed."""
    imports.cancel(_import(import_id))
    flash(_("The import was cancelled. Nothing was changed."), "info")
    return redirect(url_for("course_editing.courses"))


@bp.post("/authoring/imports/<int:import_id>/undo")
@with_role(*AUTHORS)
def undo_import(import_id: int) -> ResponseReturnValue:
    """Take out again what a package brought in, while nobody works on it or learns from it."""
    bringing.undo(_import(import_id), by=actor().account_id)
    flash(_("The import was undone. Everything is as it was before."), "done")
    return redirect(url_for(".show_import", import_id=import_id))


def _page(row: Import, form: BringInForm, own: Outlook | None) -> ResponseReturnValue:
    origin = bringing.origin_of(row)
    sender = bringing.sender(origin) if origin else None
    page = render_template(
        "courses/sharing/import_show.html",
        row=row,
        plan=row.plan,
        form=form,
        origin=origin,
        sender=sender,
        fingerprint=signing.fingerprint(origin.key) if origin else "",
        own=own,
        kind_of=kinds.get,
        counts=bringing.kind_counts(row.plan),
        unit_name=tree.name_on(row.unit_id, clock.today()) if row.unit_id else "",
        can_be_undone=imports.can_be_undone(row) and bool((row.result or {}).get("new")),
        undo_days=imports.UNDO_DAYS,
    )
    return page, 422 if form.errors else 200


def _own(row: Import) -> Outlook | None:
    """Return what would become of a planned package under the address it brings along."""
    return bringing.outlook(bringing.draft_of(row), row.unit_id) if row.state == "planned" else None


def _suggested(row: Import, own: Outlook | None) -> str:
    """Return the address of the package, or one like it when others have it or somebody works on it."""
    slug: str = row.plan["slug"]
    return bringing.free_slug(slug) if own is not None and own.fate in (Fate.TAKEN, Fate.DRAFT_THERE) else slug


def _place(slug: str) -> CoursePlace:
    place = found(queries.place(slug))
    allow(rules.may_see(actor(), place.course))
    return place


def _version(place: CoursePlace, number: int) -> Version:
    return found(next((each for each in giving.versions(place.course) if each.number == number), None))


def _import(import_id: int) -> Import:
    row = found(session.get(Import, import_id))
    if row.kind != bringing.KIND or row.unit_id is None:
        return found(None)
    allow(rules.may_write_for(actor(), row.unit_id))
    return row


def _secret() -> str:
    return str(current_app.extensions["settings"].secret_key)
