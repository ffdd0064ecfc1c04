"""Files of answers: one that a script adds or takes out, and giving one to whoever may see the answer."""

from io import BytesIO

from flask import Blueprint, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock, files, formats
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes import attaching, queries, queries_files, reviewing, rules, timing
from lms.quizzes.marking import rules as marking
from lms.quizzes.queries import Seat, Sitting
from lms.quizzes.review import Item
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("quizzes_files", __name__)

# A file of somebody else's is only ever saved. Should a browser show it all the same, it can do nothing.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class NoFileSent(Invalid):
    code = "no_file_sent"
    message = lazy_("No file arrived. Choose it again.")


@bp.post("/attempts/<int:attempt_id>/<int:slot>/files")
@signed_in
def add(attempt_id: int, slot: int) -> ResponseReturnValue:
    """Add one file to an answer; acknowledged only when it is in the database."""
    seat = _my_seat(attempt_id, slot)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise NoFileSent()
    kept = attaching.add(seat, upload.filename, upload.read(files.LARGEST + 1))
    return jsonify(
        sequence=kept.saved.sequence,
        saved=_clock_time(),
        file={
            "id": kept.file.id,
            "name": kept.file.name,
            "size": formats.file_size(kept.file.size),
            "url": url_for(".file", attempt_id=attempt_id, attachment_id=kept.file.id),
            "remove": url_for(".remove", attempt_id=attempt_id, slot=slot, attachment_id=kept.file.id),
        },
    )


@bp.post("/attempts/<int:attempt_id>/<int:slot>/files/<int:attachment_id>/remove")
@signed_in
def remove(attempt_id: int, slot: int, attachment_id: int) -> ResponseReturnValue:
    """Take a file out of an answer; a second click changes nothing."""
    saved = attaching.remove(_my_seat(attempt_id, slot), attachment_id)
    return jsonify(sequence=saved.sequence, saved=_clock_time())


@bp.get("/attempts/<int:attempt_id>/files/<int:attachment_id>")
@signed_in
def file(attempt_id: int, attachment_id: int) -> ResponseReturnValue:
    """Give a file of an answer to be saved: to its learner, and to those who see and mark the answer."""
    sitting = found(queries.sitting(attempt_id))
    allow(_may_see_answers(sitting) or marking.may_mark(actor(), sitting.enrolment.person_id, sitting.course.audience))
    attached = found(queries_files.in_attempt(attempt_id, attachment_id))
    stored = files.stored(attached.file_id)
    response = send_file(BytesIO(stored.content), mimetype=stored.media_type, download_name=attached.name, as_attachment=True)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _may_see_answers(sitting: Sitting) -> bool:
    """Return whether it is the own attempt, and its answers are shown now: the same as on the page of the review."""
    if not rules.may_work_on(actor(), sitting.enrolment.person_id):
        return False
    return sitting.state in timing.OPEN or Item.ANSWERS in reviewing.items_now(sitting, clock.now())


def _my_seat(attempt_id: int, slot: int) -> Seat:
    seat = found(queries.seat(attempt_id, slot))
    allow(rules.may_work_on(actor(), seat.learner_id))
    return seat


def _clock_time() -> str:
    return formats.clock_time(clock.now())
