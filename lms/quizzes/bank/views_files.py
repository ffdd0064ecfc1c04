"""Files of questions: pictures, sound and papers that stand in their texts."""

from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from lms.core import files
from lms.quizzes.bank import queries, rules
from lms.web.guards import allow, found, signed_in
from lms.web.signin import actor

bp = Blueprint("bank_files", __name__)

# What is opened by itself, outside of a page of ours, can do nothing at all.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@bp.get("/questions/files/<sha256>/<path:name>")
@signed_in
def file(sha256: str, name: str) -> ResponseReturnValue:
    """Send a file that belongs to a question; its address is known to whoever was shown the question."""
    file_id = found(queries.file_of_a_question(sha256))
    allow(rules.may_see_files(actor()))
    stored = files.stored(file_id)
    response = send_file(
        BytesIO(stored.content),
        mimetype=stored.media_type,
        download_name=None if stored.opens else name.rpartition("/")[2],
        as_attachment=not stored.opens,
    )
    response.headers["Content-Security-Policy"] = POLICY
    # The address carries the content's own hash: what is behind it never changes.
    response.cache_control.no_cache = None
    response.cache_control.private = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response
