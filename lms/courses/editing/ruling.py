"""When an activity of a draft is done, and when it may be done: keeping what an author says."""

from dataclasses import dataclass

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import NotFound
from lms.courses import availability, completion
from lms.courses.availability import Condition
from lms.courses.completion import Rule
from lms.courses.editing import drafts
from lms.courses.models import Activity


@dataclass(frozen=True)
class Ruling:
    """What an author says; no condition: it may always be done."""

    rule: Rule
    available: Condition | None
    hidden: bool


def save(version_id: int, key: str, ruling: Ruling, *, by: int) -> None:
    """Keep the rules of an activity; whether the course can be completed with them is told where it is published.

    Raises NotFound and Published.
    """
    version = drafts.locked(version_id)
    activity = session.scalars(select(Activity).where(Activity.version_id == version.id, Activity.key == key)).one_or_none()
    if activity is None:
        raise NotFound()
    activity.completion = completion.written(ruling.rule)
    activity.available = availability.written(ruling.available) if ruling.available else None
    activity.hidden = ruling.hidden and ruling.available is not None
    drafts.note_change(version, "rules_written", by=by, key=key)
