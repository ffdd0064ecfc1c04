"""What hinders publishing a version: activities that are not ready, and rules that nobody can fulfil."""

from dataclasses import dataclass

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.i18n import localised
from lms.courses import availability, completion, kinds, reaching
from lms.courses.availability import WrongConditionError
from lms.courses.models import Activity, Section, Version
from lms.courses.reaching import Reachable


@dataclass(frozen=True)
class Lack:
    """Why a version cannot be published yet, and at which activity; ``key`` is "" for the whole course."""

    key: str
    reason: str


def lacks(version: Version) -> list[Lack]:
    """Return why a version cannot be published yet; nothing when it can."""
    rows = session.execute(
        select(Activity, Section.key)
        .join(Section, Section.id == Activity.section_id)
        .where(Activity.version_id == version.id)
        .order_by(Section.position, Activity.position)
    ).all()
    found = [Lack(row.key, reason) for row, _section in rows if (reason := kinds.get(row.kind).not_ready(row))]
    activities = []
    for row, section_key in rows:
        kind = kinds.get(row.kind)
        try:
            completion.read(row.completion, kind.meets, kind.usual)
            activities.append(
                Reachable(
                    key=row.key,
                    section=section_key,
                    title=localised(row.title),
                    required=row.required,
                    has_marks=completion.PASSED in kind.meets,
                    available=availability.read(row.available) if row.available else None,
                )
            )
        except WrongConditionError as error:
            found.append(Lack(row.key, f"{localised(row.title)}: {error}"))
    if len(activities) == len(rows):
        found += [Lack(each.key, each.reason) for each in reaching.hindrances(activities, version.needed, clock.today())]
    return found
