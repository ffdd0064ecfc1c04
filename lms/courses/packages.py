"""Courses as folders and as .zip files: opening what somebody brings, and giving back what a version was made of."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select

from lms.core import archives
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


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Give the folder of a course, be it a folder or a .zip file.

    Raises NoCourse, and as archives.open_zip does when the file is not safe.
    """
    if path.is_dir():
        yield path
        return
    archive = archives.open_zip(path.read_bytes(), LIMITS)
    names = [entry.name for entry in archive.entries if not entry.is_folder]
    top = root(names)
    with TemporaryDirectory(prefix="lms-course-") as folder:
        for name in names:
            if not name.startswith(top):
                continue
            file = Path(folder) / name.removeprefix(top)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(name))
        yield Path(folder)


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
