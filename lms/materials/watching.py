"""Watching a video: what was played is joined to what was played before, and counts when it is enough."""

from collections.abc import Sequence

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.rows import insert_new
from lms.courses.steps import Step
from lms.learning import outcomes
from lms.learning.models import Enrolment
from lms.materials import ranges, settings
from lms.materials.models import Watched
from lms.materials.ranges import Range

SOURCE = "watched"


def watched(enrolment_id: int, step: Step, parts: Sequence[Range], at_second: float) -> Watched:
    """Join what was played to what is known, and note the step when it is enough; a report sent twice changes nothing."""
    video = settings.video(step.settings)
    # Two windows play at once: one after the other.
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())
    now = clock.now()
    new = {"enrolment_id": enrolment_id, "activity_key": step.key, "ranges": [], "share": 0.0, "at_second": 0.0, "updated_at": now}
    insert_new(Watched, [new])
    row = session.scalars(
        select(Watched)
        .where(Watched.enrolment_id == enrolment_id, Watched.activity_key == step.key)
        .execution_options(populate_existing=True)
    ).one()
    row.ranges = [list(each) for each in ranges.joined([*row.ranges, *parts], video.seconds)]
    row.share = ranges.share(row.ranges, video.seconds)
    row.at_second, row.updated_at = min(at_second, float(video.seconds)), now
    session.flush()
    if is_enough(row.share, video.need):
        outcomes.record(enrolment_id, step.key, source=SOURCE, evidence=f"watched:{row.id}")
    return row


def of(enrolment_id: int | None, key: str) -> Watched | None:
    """Return what was watched in an enrolment; None when nothing was."""
    if enrolment_id is None:
        return None
    return session.scalars(select(Watched).where(Watched.enrolment_id == enrolment_id, Watched.activity_key == key)).one_or_none()


def is_enough(share: float, need: float) -> bool:
    """Return whether so much is enough; compared as percentages with two places, as everywhere."""
    return round(share, 4) >= round(need, 4)
