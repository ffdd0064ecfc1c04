"""Files that a course gives to its learners: documents to keep, videos and their captions; kept with the version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lms.core import files, names
from lms.core.db import session
from lms.core.i18n import gettext
from lms.core.models import File
from lms.courses import captions
from lms.courses.captions import WrongCaptionsError
from lms.courses.drafts import MATERIALS, Problem
from lms.courses.models import Course, CourseFile, Version

PATH = re.compile(r"files/[a-z0-9]+(?:[-.][a-z0-9]+)*\.[a-z0-9]{2,5}")
LARGEST_DOCUMENT = 20 * files.MEGABYTE
LARGEST_VIDEO = 100 * files.MEGABYTE
CAPTIONS = "text/vtt"
VIDEOS = {"mp4": "video/mp4", "webm": "video/webm"}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": f"{_OPEN}text",
    "ods": f"{_OPEN}spreadsheet",
    "odp": f"{_OPEN}presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain",
}
_MEDIA_TYPES = {**DOCUMENTS, **VIDEOS, "vtt": CAPTIONS}


@dataclass(frozen=True)
class Material:
    """A file as learners get it; ``size`` in bytes."""

    file_id: int
    path: str
    sha256: str
    media_type: str
    size: int

    @property
    def name(self) -> str:
        """Return its name without the folder."""
        return self.path.removeprefix(MATERIALS)


def ending(path: str) -> str:
    """Return the ending of a name, small and in its usual spelling."""
    found = path.rpartition(".")[2].lower()
    return {"jpeg": "jpg", "m4v": "mp4"}.get(found, found)


def path_for(file_name: str, taken: set[str]) -> str:
    """Return the path under which an uploaded file is kept: "Quy chế 2026.pdf" gives "files/quy-che-2026.pdf"."""
    stem = re.sub(r"[^a-z0-9]+", "-", names.fold(file_name.rpartition(".")[0])).strip("-")[:60].strip("-") or "file"
    count = 1
    while (path := f"{MATERIALS}{stem}{f'-{count}' if count > 1 else ''}.{ending(file_name)}") in taken:
        count += 1
    return path


def problems(path: str, data: bytes) -> list[Problem]:
    """Return why a file cannot be given to learners."""
    kind = ending(path)
    if kind not in _MEDIA_TYPES:
        return [Problem(path, 1, gettext("Files ending in .{ending} are not taken.", ending=kind), _possible())]
    largest = LARGEST_VIDEO if kind in VIDEOS else LARGEST_DOCUMENT
    if len(data) > largest:
        return [
            Problem(
                path,
                1,
                gettext("The file has {size} MB.", size=-(-len(data) // files.MEGABYTE)),
                gettext("At most {limit} MB are possible.", limit=largest // files.MEGABYTE),
            )
        ]
    if kind == "vtt":
        try:
            captions.read(data)
        except WrongCaptionsError as error:
            return [Problem(path, error.line, str(error), gettext("Save the captions as WebVTT in UTF-8."))]
        return []
    if files.media_type_of(data) != _MEDIA_TYPES[kind]:
        return [Problem(path, 1, gettext("The file is not what its name says."), _possible())]
    if files.has_macros(data):
        return [Problem(path, 1, gettext("The file brings programs (macros) along."), gettext("Save it without them."))]
    return []


def keep(version: Version, path: str, data: bytes) -> None:
    """Keep a file that was looked through; one of the same path is replaced."""
    file_id = files.keep_as(data, _MEDIA_TYPES[ending(path)])
    known = session.scalars(select(CourseFile).where(CourseFile.version_id == version.id, CourseFile.path == path)).one_or_none()
    if known is None:
        session.add(CourseFile(version_id=version.id, path=path, file_id=file_id))
    else:
        known.file_id = file_id
    session.flush()


def of_version(version_id: int, paths: list[str]) -> Mapping[str, Material]:
    """Return these files of a version by their path; those that are not there are left out.  One statement."""
    rows = session.execute(
        select(File.id, CourseFile.path, File.sha256, File.media_type, File.size)
        .join(CourseFile, CourseFile.file_id == File.id)
        .where(CourseFile.version_id == version_id, CourseFile.path.in_(paths))
    )
    return {row.path: Material(*row) for row in rows}


def of_course(slug: str, sha256: str) -> Material | None:
    """Return the file of this content that any version of a course gives; None when there is none."""
    row = session.execute(
        select(File.id, CourseFile.path, File.sha256, File.media_type, File.size)
        .join(CourseFile, CourseFile.file_id == File.id)
        .join(Version, Version.id == CourseFile.version_id)
        .join(Course, Course.id == Version.course_id)
        .where(Course.slug == slug, File.sha256 == sha256, CourseFile.path.startswith(MATERIALS))
        .limit(1)
    ).first()
    return Material(*row) if row else None


def _possible() -> str:
    return gettext("Possible are {endings}.", endings=", ".join(f".{each}" for each in _MEDIA_TYPES))
