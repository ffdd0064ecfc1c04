"""Giving a version of a course to other installations as a signed package."""

from sqlalchemy import select

from lms.core import audit, clock, signing
from lms.core.db import session
from lms.core.signing import Signer
from lms.courses import sources
from lms.courses.models import Course, Version
from lms.courses.sharing import packing
from lms.courses.sharing.origins import Origin
from lms.schools import tree

PURPOSE = "courses"  # of the key that signs
PROGRAM = "An toàn số"  # who gives out what is built in


def versions(course: Course) -> list[Version]:
    """Return the versions that can be given: those that were published, the newest first."""
    return list(
        session.scalars(
            select(Version).where(Version.course_id == course.id, Version.published_at.is_not(None)).order_by(Version.number.desc())
        )
    )


def prepare(version: Version, secret: str, *, by: int) -> None:
    """See to it that there is a key, and note that a version was given out.  Raises DraftProblems."""
    sources.files_of(version)
    signing.signer(PURPOSE, secret)
    audit.record("courses.version.packed", f"version:{version.id}", account_id=by, number=version.number)


def package(version: Version, signer: Signer, address: str) -> bytes:
    """Return a version as a package; ``address`` is that of this installation."""
    course = version.course
    name = tree.name_on(course.owner_unit_id, clock.today()) if course.owner_unit_id is not None else PROGRAM
    moment = clock.now().isoformat(timespec="seconds")
    return packing.sealed(sources.files_of(version), Origin(course.slug, version.number, name, address, moment), signer)


def file_name(version: Version) -> str:
    """Return what a package is called."""
    return f"{version.course.slug}-{version.number}.zip"
