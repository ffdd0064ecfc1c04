"""Whether a version may still be changed, and noting that it was."""

import hashlib
from typing import Any

from sqlalchemy import select

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict
from lms.core.i18n import lazy_
from lms.courses.immutability import Published
from lms.courses.models import Version


class ChangedMeanwhile(Conflict):
    code = "course_changed_meanwhile"
    message = lazy_("Somebody else changed this course at the same moment. Nothing of yours was saved; look at it again.")


def locked(version_id: int) -> Version:
    """Return a draft that nobody else changes until the transaction ends.  Raises Published."""
    version = session.scalars(
        select(Version).where(Version.id == version_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if version.state != "draft":
        raise Published()
    return version


def note_change(version: Version, what: str, *, by: int, **details: Any) -> None:
    """Write down that a draft was changed; it is from now on another than the files that it may have come from."""
    audit.record(f"courses.version.{what}", f"version:{version.id}", account_id=by, **details)
    version.content_hash = hashlib.sha256(f"{version.content_hash} {clock.now().isoformat()}".encode()).hexdigest()
    session.flush()


def note_published(version: Version, *, by: int) -> None:
    """Write down who published a version."""
    audit.record("courses.version.published", f"version:{version.id}", account_id=by, number=version.number)
