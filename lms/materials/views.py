"""Pages of learners around a file: getting it, confirming it, watching it; and who confirmed it."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import Conflict, Invalid
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_
from lms.courses import materials
from lms.courses.steps import Step
from lms.learning import enrolment as enrolments
from lms.learning import queries as learning
from lms.learning import rules as learning_rules
from lms.learning.queries import Visit
from lms.materials import confirming, queries, ranges, rules, settings, watching
from lms.materials.kinds import AcknowledgementKind, VideoKind
from lms.web import portions
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("materials", __name__, template_folder="templates")


class NotTicked(Invalid):
    code = "confirmation_not_ticked"
    message = lazy_("Tick that you have read it, then confirm.")


class NoReport(Invalid):
    code = "no_report_of_watching"
    message = lazy_("What was watched did not arrive. Play the video once more.")


class NoSuchFile(Conflict):
    code = "no_file_to_confirm"
    message = lazy_("The document is not there. Tell whoever made the course.")


@bp.get("/courses/<slug>/files/<string(length=64):sha256>/<name>")
@signed_in
def file(slug: str, sha256: str, name: str) -> ResponseReturnValue:
    """Send a file of a course to whoever may read the course; a video in portions."""
    _visit(slug)
    return portions.sent(found(materials.of_course(slug, sha256)))


@bp.post("/courses/<slug>/<key>/confirm")
@signed_in
def confirm(slug: str, key: str) -> ResponseReturnValue:
    """Note that the learner has read a document in its present edition."""
    visit, step = _step(slug, key, AcknowledgementKind.key)
    if request.form.get("read") != "yes":
        raise NotTicked()
    document = settings.document(step.settings, confirmed=True)
    material = queries.shown(visit.outline.version_id, document.files)
    if material is None:
        raise NoSuchFile()
    confirming.confirm(
        enrolments.enrolled(actor().person_id, visit), step, material, seen=request.form.get("seen", ""), by=actor().account_id
    )
    flash(_("Your confirmation is kept: edition {edition}.", edition=document.edition), "done")
    return redirect(url_for("learning.activity", slug=slug, key=key))


@bp.post("/courses/<slug>/<key>/watched")
@signed_in
def watched(slug: str, key: str) -> ResponseReturnValue:
    """Join what a player reports to what was watched; answers how much that is."""
    visit, step = _step(slug, key, VideoKind.key)
    try:
        parts = ranges.read(request.form.get("ranges", ""))
        at_second = float(request.form.get("at", "0"))
    except ValueError as error:
        raise NoReport() from error
    if not 0 <= at_second < 1_000_000:
        raise NoReport()
    row = watching.watched(enrolments.enrolled(actor().person_id, visit), step, parts, at_second)
    need = settings.video(step.settings).need
    return jsonify(share=int(row.share * 100), done=watching.is_enough(row.share, need))


@bp.get("/courses/<slug>/<key>/confirmations")
@signed_in
def confirmations(slug: str, key: str) -> ResponseReturnValue:
    """List who of one's own staff confirmed a document, and who did not."""
    units = rules.units_seen(actor())
    allow(bool(units))
    visit = _visit(slug)
    step = found(visit.outline.step(key))
    found(step if step.kind == AcknowledgementKind.key else None)
    # Newcomers get the newest version: that is the edition that everybody should have read.
    newest = found(enrolments.latest_version(visit.outline.course_id))
    document = settings.document(step.settings, confirmed=True)
    material = found(queries.shown(newest.id, document.files))
    words = request.args.get("words", "")[:100]
    return render_template(
        "materials/confirmations.html",
        visit=visit,
        step=step,
        edition=document.edition,
        words=words,
        found=queries.confirmations(units, visit.outline.course_id, key, material.sha256, words),
        most=queries.MOST_LINES,
    )


def _step(slug: str, key: str, kind: str) -> tuple[Visit, Step]:
    """Return a step of this kind that is open to the learner now."""
    visit = _visit(slug)
    step = found(visit.outline.step(key))
    found(step if step.kind == kind else None)
    learning_rules.must_be_open(visit, step)
    return visit, step


def _visit(slug: str) -> Visit:
    visit = found(learning.visit(actor().person_id, slug))
    allow(learning_rules.may_open(actor(), visit))
    return visit
