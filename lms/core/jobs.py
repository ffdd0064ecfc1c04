"""Work done later: rows with a lease, so that a killed worker loses nothing."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from lms.core import clock
from lms.core.db import session, transaction
from lms.core.models import Job

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_TRIES = 6
KEPT = timedelta(hours=6)


@dataclass(frozen=True)
class JobKind:
    """What runs jobs of one kind; ``every`` makes it periodic."""

    key: str
    run: Callable[[Mapping[str, Any]], None]
    every: timedelta | None = None


def add(kind: str, **payload: Any) -> int:
    """Put work in the queue as part of the running transaction; return the job's id."""
    job = Job(kind=kind, payload=payload, due_at=clock.now(), created_at=clock.now())
    session.add(job)
    session.flush()
    return job.id


def progress(job_id: int, *, done: int, of: int) -> None:
    """Note how far the job is and renew its lease."""
    session.execute(update(Job).where(Job.id == job_id).values(done_parts=done, all_parts=of, lease_until=clock.now() + LEASE))


def run_due(kinds: Mapping[str, JobKind]) -> int:
    """Run every job that is due, each in its own transactions; return how many ran."""
    _plan_periodic(kinds)
    ran = 0
    while (job := _claim(kinds)) is not None:
        job_id, kind, payload = job
        _run(job_id, kinds[kind], payload)
        ran += 1
    return ran


def _plan_periodic(kinds: Mapping[str, JobKind]) -> None:
    moment = clock.now()
    for kind in kinds.values():
        if kind.every is None:
            continue
        slot = int(moment.timestamp() // kind.every.total_seconds())
        row = {"kind": kind.key, "period": str(slot), "payload": {}, "due_at": moment, "created_at": moment}
        try:
            with transaction():
                known = session.scalar(select(Job.id).where(Job.kind == kind.key, Job.period == str(slot)))
                if known is None:
                    session.execute(insert(Job), [row])
                    _forget(kind.key, moment)
        except IntegrityError:
            continue  # another runner planned the same slot


def _forget(kind: str, moment: datetime) -> None:
    """Drop the rows of periodic work that is long done: there are thousands a day."""
    session.execute(delete(Job).where(Job.kind == kind, Job.period.is_not(None), Job.state == "done", Job.finished_at < moment - KEPT))


def _claim(kinds: Mapping[str, JobKind]) -> tuple[int, str, Mapping[str, Any]] | None:
    """Take the next job that is due, or whose former runner died; one runner gets it."""
    moment = clock.now()
    with transaction():
        candidate = (
            select(Job.id)
            .where(
                Job.kind.in_(list(kinds)),
                Job.due_at <= moment,
                or_(Job.state == "waiting", (Job.state == "running") & (Job.lease_until < moment)),
            )
            .order_by(Job.due_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        row = session.execute(
            update(Job)
            .where(Job.id == candidate)
            .values(state="running", lease_until=moment + LEASE, tries=Job.tries + 1)
            .returning(Job.id, Job.kind, Job.payload)
        ).first()
    return (row.id, row.kind, row.payload) if row else None


def _run(job_id: int, kind: JobKind, payload: Mapping[str, Any]) -> None:
    try:
        with transaction():
            kind.run({**payload, "job_id": job_id})
            session.execute(update(Job).where(Job.id == job_id).values(state="done", finished_at=clock.now(), error=None))
    except Exception as error:  # one failing job must not stop the others
        log.exception("job %s (%s) failed", job_id, kind.key)
        _put_back(job_id, repr(error))


def _put_back(job_id: int, error: str) -> None:
    with transaction():
        job = session.get_one(Job, job_id)
        job.error = error[:2000]
        if job.tries >= MOST_TRIES:
            job.state, job.finished_at = "failed", clock.now()
        else:
            job.state, job.due_at = "waiting", clock.now() + timedelta(seconds=10 * 4**job.tries)
