"""Files of a course: pictures that may be shown, kept with the version that shows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lms.core import files
from lms.core.db import session
from lms.core.i18n import gettext
from lms.core.models import File
from lms.courses import drawings, materials
from lms.courses.drafts import MATERIALS, PICTURES, Problem
from lms.courses.lesson_markdown import Picture
from lms.courses.models import Course, CourseFile, Version

LARGEST = 500_000  # bytes of a photograph: a phone loads several on one page
MOST_DOTS = 4_000  # on a side

_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
_DRAWING = "image/svg+xml"
_TEXT = "text/plain"


@dataclass(frozen=True)
class Shown:
    """A picture as it is sent."""

    media_type: str
    content: bytes


def problems(path: str, data: bytes) -> list[Problem]:
    """Return why a file cannot be a picture of a course, with the line where it has lines."""
    ending = path.rpartition(".")[2]
    if ending == "svg":
        return [Problem(path, each.line, each.what, each.cure) for each in drawings.problems(data)]
    if len(data) > LARGEST:
        return [
            Problem(
                path,
                1,
                gettext("The picture has {size} kB.", size=len(data) // 1000),
                gettext("At most {limit} kB are possible: make it smaller, about 1200 dots wide.", limit=LARGEST // 1000),
            )
        ]
    if files.media_type_of(data) != _MEDIA_TYPES.get(ending):
        return [
            Problem(
                path, 1, gettext("The file is not what its name says."), gettext("Save it again as PNG, JPEG or WebP, with that ending.")
            )
        ]
    width, height = _size(data, ending)
    if not 0 < width <= MOST_DOTS or not 0 < height <= MOST_DOTS:
        return [
            Problem(
                path,
                1,
                gettext("The picture has {width} × {height} dots.", width=width, height=height),
                gettext("At most {limit} on a side are possible.", limit=MOST_DOTS),
            )
        ]
    return []


def keep(version: Version, contents: Mapping[str, bytes]) -> None:
    """Keep the files that a new version is made of; they were checked when the course was read."""
    for path, data in contents.items():
        if path.startswith(MATERIALS):
            materials.keep(version, path, data)
            continue
        # A drawing was looked through and holds no code; anything else that is no picture is only ever given back as text.
        media_type = (_DRAWING if path.endswith(".svg") else None) if path.startswith(PICTURES) else _TEXT
        file_id = files.keep_as(data, media_type) if media_type else files.keep(data)
        session.add(CourseFile(version_id=version.id, path=path, file_id=file_id))
    session.flush()


def of_version(slug: str, version_id: int) -> dict[str, Picture]:
    """Return the pictures of a version by their path, as its lessons show them."""
    rows = session.execute(
        select(CourseFile.path, File.sha256, File.content)
        .join(File, File.id == CourseFile.file_id)
        .where(CourseFile.version_id == version_id, CourseFile.path.startswith(PICTURES))
    )
    shown = {}
    for path, sha256, content in rows:
        width, height = _size(content, path.rpartition(".")[2])
        shown[path] = Picture(f"/courses/{slug}/{PICTURES}{sha256}/{path.removeprefix(PICTURES)}", width, height)
    return shown


def of_course(slug: str, sha256: str) -> Shown | None:
    """Return a picture that any version of a course shows; None when there is none with this content."""
    row = session.execute(
        select(File.media_type, File.content)
        .join(CourseFile, CourseFile.file_id == File.id)
        .join(Version, Version.id == CourseFile.version_id)
        .join(Course, Course.id == Version.course_id)
        .where(Course.slug == slug, File.sha256 == sha256, CourseFile.path.startswith(PICTURES))
        .limit(1)
    ).first()
    return Shown(row.media_type, row.content) if row else None


def _size(data: bytes, ending: str) -> tuple[int, int]:
    """Return width and height in dots; 0 and 0 when they cannot be read."""
    if ending == "svg":
        return drawings.size(data)
    if ending == "webp":
        return _size_of_webp(data)
    return files.size_of_picture(data) or (0, 0)


def _size_of_webp(data: bytes) -> tuple[int, int]:
    """Read the first chunk of a WebP (RFC 9649): lossy, lossless, or with the canvas first."""
    chunk = data[12:16]
    if chunk == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    frame = re.search(rb"\x9d\x01\x2a(.{2})(.{2})", data[20:40], re.DOTALL) if chunk == b"VP8 " else None
    if frame is None:
        return 0, 0
    return int.from_bytes(frame[1], "little") & 0x3FFF, int.from_bytes(frame[2], "little") & 0x3FFF
