"""Courses as .zip files: what may be in one and where, and the files that a version goes out as."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select

from lms.core.archives import Limits
from lms.core.db import session
from lms.core.errors import Invalid, NotFound
from lms.core.i18n import lazy_
from lms.courses import catalogue, sources
from lms.courses.models import Course, Version

LIMITS = Limits(total=300_000_000, entries=2_000)  # bytes: a course may hold videos
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same content is the same file, whenever it is written


class NoCourse(Invalid):
    code = "no_course_in_archive"
    message = lazy_("There is no course in this file: a course.yaml is needed at its top, or in its only folder.")


class UnknownCourse(NotFound):
    code = "unknown_course"
    message = lazy_('There is no course "{slug}" with this version.')


def files_of(slug: str, number: int | None = None) -> dict[str, bytes]:
    """Return a version as the files of a folder, by their path; the newest published version when no number is given.

    They are those that it was brought in as, byte for byte, while they still say what people see; else they are
    written from what it holds.  Raises UnknownCourse, and DraftProblems when a draft is not yet fit to be read again.
    """
    chosen = Version.number == number if number else Version.state == "published"
    version = session.scalars(
        select(Version).join(Course).where(Course.slug == slug, chosen).order_by(Version.number.desc()).limit(1)
    ).one_or_none()
    if version is None:
        raise UnknownCourse(slug=slug)
    return sources.files_of(version)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return the files of a course as a .zip file."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(ZipInfo(path, _LONG_AGO), content, ZIP_DEFLATED)
    return buffer.getvalue()


def root(names: Iterable[str]) -> str:
    """Return what stands before every path of the course: nothing, or its only folder.  Raises NoCourse."""
    found = {name.removesuffix(catalogue.COURSE_FILE) for name in names if name.rpartition("/")[2] == catalogue.COURSE_FILE}
    near = [each for each in found if each.count("/") <= 1]
    if "" in near:
        return ""
    if len(near) != 1:
        raise NoCourse()
    return near[0]
