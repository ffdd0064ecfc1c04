"""The page on which an author gives a document or a video to an activity."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import LmsError
from lms.core.i18n import LANGUAGES
from lms.core.i18n import gettext as _
from lms.courses import kinds
from lms.courses import materials as stored
from lms.courses.editing import queries as courses
from lms.courses.editing import rules
from lms.courses.editing.queries import CoursePlace
from lms.courses.materials import DOCUMENTS, LARGEST_DOCUMENT, LARGEST_VIDEO, VIDEOS
from lms.courses.models import Activity
from lms.materials import making, settings
from lms.materials.forms import AcknowledgementForm, DocumentForm, VideoForm
from lms.materials.kinds import AcknowledgementKind, DocumentKind, VideoKind
from lms.materials.making import Upload
from lms.web import portions, transactions
from lms.web.guards import allow, found, with_role
from lms.web.signin import actor
from lms.web.uploads import takes

bp = Blueprint("materials_making", __name__, template_folder="templates")

AUTHORS = ("author", "administrator")
FORMS: dict[str, type[DocumentForm]] = {
    DocumentKind.key: DocumentForm,
    AcknowledgementKind.key: AcknowledgementForm,
    VideoKind.key: VideoForm,
}
CAPTIONS = ("vtt",)


@bp.route("/authoring/<slug>/activities/<key>/files", methods=["GET", "POST"])
@with_role(*AUTHORS)
@takes(LARGEST_VIDEO + 1_000_000)
def files(slug: str, key: str) -> ResponseReturnValue:
    """Show the files and settings of an activity of a draft; on POST keep what was sent."""
    place = found(courses.place(slug))
    allow(rules.may_write(actor(), place.course))
    activity = found(courses.activity(found(place if place.is_draft else None).version, key))
    form_class = found(FORMS.get(activity.kind))
    form = form_class.of(activity.settings)
    if not form.accepted():
        return _page(place, activity, form)
    taken_out = {(role, code) for role in form.roles for code in LANGUAGES if request.form.get(f"out.{role}.{code}")}
    try:
        activity = making.save(place.version.id, key, form.values(), _uploads(form, place), taken_out=taken_out, by=actor().account_id)
    except LmsError as error:
        transactions.failed()
        return _page(place, found(courses.activity(place.version, key)), form, said=str(error))
    lacks = kinds.get(activity.kind).not_ready(activity)
    flash(lacks or _("Saved."), "soon" if lacks else "done")
    return redirect(url_for(".files", slug=slug, key=key))


@bp.get("/authoring/<slug>/files/<string(length=64):sha256>/<name>")
@with_role(*AUTHORS)
def file(slug: str, sha256: str, name: str) -> ResponseReturnValue:
    """Send a file of a course to whoever makes it, also of a draft."""
    place = found(courses.place(slug))
    allow(rules.may_see(actor(), place.course))
    return portions.sent(found(stored.of_course(slug, sha256)))


def _uploads(form: DocumentForm, place: CoursePlace) -> list[Upload]:
    chosen = [(role, code, request.files.get(f"{role}.{code}")) for role in form.roles for code in place.version.languages]
    return [Upload(role, code, upload.filename, upload.read()) for role, code, upload in chosen if upload is not None and upload.filename]


def _page(place: CoursePlace, activity: Activity, form: DocumentForm, *, said: str = "") -> ResponseReturnValue:
    known = stored.of_version(place.version.id, settings.all_paths(activity.settings))
    is_video = activity.kind == VideoKind.key
    roles: list[dict[str, Any]] = [
        {
            "role": role,
            "endings": CAPTIONS if role == "captions" else VIDEOS if is_video else DOCUMENTS,
            "megabytes": (LARGEST_VIDEO if is_video and role == "files" else LARGEST_DOCUMENT) // 1_048_576,
            "known": {code: known.get(path) for code, path in activity.settings.get(role, {}).items()},
        }
        for role in form.roles
    ]
    page = render_template(
        "materials/files.html", place=place, activity=activity, kind=kinds.get(activity.kind), form=form, roles=roles, said=said
    )
    return page, 422 if form.errors or said else 200
