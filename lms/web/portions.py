"""Sending a stored file, a long video in portions (RFC 9110, section 14)."""

from typing import Protocol

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Range

from lms.core import files

# What is opened by itself, outside of a page of ours, can do nothing at all.
POLICY = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
PORTION = files.MEGABYTE  # of a video in one answer


class Sendable(Protocol):
    """A stored file; ``size`` in bytes."""

    @property
    def file_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...


def sent(file: Sendable) -> ResponseReturnValue:
    """Return the answer that sends a file: videos, captions and pictures to be shown, anything else to be kept."""
    in_portions = file.media_type.startswith("video/")
    asked = _asked(file) if in_portions else None
    if asked == (0, 0):
        return "", 416, {"Content-Range": f"bytes */{file.size}", "Accept-Ranges": "bytes"}
    start, end = asked or (0, file.size)
    response = Response(files.part(file.file_id, start, end - start), mimetype=file.media_type)
    if asked:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    response.headers["Accept-Ranges"] = "bytes" if in_portions else "none"
    is_shown = file.media_type.startswith(("video/", "image/", "text/vtt"))
    response.headers.set("Content-Disposition", "inline" if is_shown else "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # The address carries the content's own hash: what is behind it never changes.
    response.cache_control.private = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response


def _asked(file: Sendable) -> tuple[int, int] | None:
    """Return from which byte to which a player asks, at most PORTION; (0, 0) for a place behind the end, None for the whole."""
    asked: Range | None = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None if file.size <= PORTION else (0, PORTION)
    limits = asked.range_for_length(file.size)
    if limits is None:
        return 0, 0
    start, end = limits
    return start, min(end, start + PORTION)
