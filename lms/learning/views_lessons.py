"""What belongs to a lesson: its pictures, and its pages to print."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from lms.core import i18n
from lms.courses import outline, pictures
from lms.learning import queries, rules
from lms.learning.queries import Visit
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("lessons", __name__, template_folder="templates")

# What is opened by itself, outside of a page of ours, can do nothing at all.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@bp.get("/courses/<slug>/pictures/<string(length=64):sha256>/<name>")
@signed_in
def picture(slug: str, sha256: str, name: str) -> ResponseReturnValue:
    """Send a picture to whoever may read the course."""
    _visit(slug)
    shown = found(pictures.of_course(slug, sha256))
    response = Response(shown.content, mimetype=shown.media_type)
    response.headers["Content-Security-Policy"] = POLICY
    # The address carries the content's own hash: what is behind it never changes.
    response.cache_control.private = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response


@bp.get("/courses/<slug>/<key>/aid/<int:number>")
@signed_in
def aid(slug: str, key: str, number: int) -> ResponseReturnValue:
    """Show an aid of a lesson by itself, to print on one sheet."""
    visit = _visit(slug)
    step = found(visit.outline.step(key))
    if step.key not in visit.progress.done_keys:
        found(visit.is_open(step) or None)
    lesson = found(outline.lesson(step, i18n.language()))
    title, text = found(lesson.aids[number - 1] if 1 <= number <= len(lesson.aids) else None)
    return render_template("learning/aid.html", visit=visit, step=step, lesson=lesson, title=title, text=text)


def _visit(slug: str) -> Visit:
    visit = found(queries.visit(actor().person_id, slug))
    allow(rules.may_open(actor(), visit))
    return visit
