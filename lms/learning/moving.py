"""Moving learners who are under way to a newer version of their course, with what they did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.accounts.models import Account
from lms.core import audit, jobs
from lms.core.db import session
from lms.core.jobs import JobKind
from lms.courses import kinds
from lms.courses import outline as outlines
from lms.courses.models import Version
from lms.courses.outline import Outline
from lms.learning import outcomes
from lms.learning.enrolment import latest_version
from lms.learning.models import Enrolment
from lms.notifications import outbox

PORTION = 200  # enrolments of one transaction


@dataclass(frozen=True)
class VersionCount:
    """How many learners a version of a course has."""

    version: Version
    active: int
    completed: int


def counts(course_id: int) -> list[VersionCount]:
    """Return how many are under way in, and how many completed, each version that was ever published; the newest first."""
    versions = session.scalars(
        select(Version).where(Version.course_id == course_id, Version.state != "draft").order_by(Version.number.desc())
    ).all()
    rows = session.execute(
        select(
            Enrolment.version_id,
            func.count().filter(Enrolment.state == "active").label("active"),
            func.count().filter(Enrolment.state == "completed").label("completed"),
        )
        .where(Enrolment.course_id == course_id)
        .group_by(Enrolment.version_id)
    )
    found = {row.version_id: row for row in rows}
    return [
        VersionCount(each, found[each.id].active if each.id in found else 0, found[each.id].completed if each.id in found else 0)
        for each in versions
    ]


def begin(course_id: int, *, by: int) -> int:
    """Let everybody who is under way in an older version be moved to the newest, in the background; return how many that are now."""
    target = latest_version(course_id)
    if target is None:
        return 0
    people = session.scalar(select(func.count()).where(*_behind(target))) or 0
    if people:
        audit.record("learning.moving", f"course:{course_id}", account_id=by, version=target.number, people=people)
        jobs.add(JOB, version_id=target.id, by=by, after=0)
    return people


def run(payload: Mapping[str, Any]) -> None:
    """Move the next portion, and leave the rest to another job; a job that runs twice moves nobody twice."""
    target = session.get(Version, payload["version_id"])
    if target is None or target.state != "published":
        return
    ids = session.scalars(
        select(Enrolment.id).where(*_behind(target), Enrolment.id > payload["after"]).order_by(Enrolment.id).limit(PORTION)
    ).all()
    for enrolment_id in ids:
        move(enrolment_id, target, by=payload["by"])
    if len(ids) == PORTION:
        jobs.add(JOB, version_id=target.id, by=payload["by"], after=ids[-1])


def move(enrolment_id: int, target: Version, *, by: int) -> bool:
    """Move one enrolment with what was done in it; return whether that was possible.

    Steps are told apart by their keys: what the newer version does not have stays in the
    books and counts for nothing; a step of another kind, or with other conditions, is
    done when what was met meets them.  Whoever has an attempt open stays until the next
    time, and so does whoever completed the course.
    """
    enrolment = session.scalars(
        select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    former = outlines.outline(enrolment.version_id)
    if enrolment.state != "active" or enrolment.version_id == target.id or _is_busy(former, enrolment_id):
        return False
    before = enrolment.version.number
    enrolment.version_id = target.id
    session.flush()
    session.expire(enrolment, ["version"])
    outcomes.count_again(enrolment_id)
    audit.record("learning.moved", f"enrolment:{enrolment_id}", account_id=by, before=before, after=target.number, done=enrolment.done)
    _tell(enrolment, target)
    return True


def _behind(target: Version) -> Sequence[ColumnElement[bool]]:
    return (Enrolment.course_id == target.course_id, Enrolment.state == "active", Enrolment.version_id != target.id)


def _is_busy(outline: Outline, enrolment_id: int) -> bool:
    return any(kinds.get(step.kind).is_under_way(step.id, enrolment_id) for step in outline.steps)


def _tell(enrolment: Enrolment, target: Version) -> None:
    person = Account.person_id == enrolment.person_id
    account_ids = session.scalars(select(Account.id).where(person, Account.disabled.is_(False))).all()
    outbox.add_many(
        account_ids,
        "course_moved",
        channel="page",
        dedupe_prefix=f"course_moved:{enrolment.id}:{target.id}",
        course_title=target.title,
        slug=target.course.slug,
    )


JOB = "learning.move"
KIND = JobKind(JOB, run)
