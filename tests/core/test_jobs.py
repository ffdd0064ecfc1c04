"""Jobs: each runs once, a dead runner's job runs again, a failing one waits and gives up in the end."""

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core import clock, jobs
from lms.core.db import session, transaction
from lms.core.jobs import JobKind
from lms.core.models import Job, Mark
from tests.together import at_once


class Worker:
    """Remembers what it was asked to do; ``fails`` many times first."""

    def __init__(self, fails: int = 0) -> None:
        self.asked: list[Any] = []
        self.fails = fails

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self.asked.append(payload.get("what"))
        session.add(Mark(name=f"done {len(self.asked)}", value={}))
        session.flush()
        if len(self.asked) <= self.fails:
            raise RuntimeError("not this time")


def kinds(worker: Worker, every: timedelta | None = None) -> dict[str, JobKind]:
    return {"test": JobKind("test", worker, every=every)}


def all_jobs() -> list[Job]:
    with transaction():
        return list(session.scalars(select(Job).order_by(Job.id)))


def marks() -> list[str]:
    with transaction():
        return list(session.scalars(select(Mark.name)))


def test_a_job_runs_once_with_its_payload(database: None):
    with transaction():
        jobs.add("test", what="this")
    worker = Worker()

    assert [jobs.run_due(kinds(worker)), jobs.run_due(kinds(worker))] == [1, 0]

    assert worker.asked == ["this"]
    assert [(job.state, job.tries, job.error) for job in all_jobs()] == [("done", 1, None)]


def test_jobs_run_in_the_order_in_which_they_came(database: None):
    with transaction():
        for what in "abc":
            jobs.add("test", what=what)
    worker = Worker()

    jobs.run_due(kinds(worker))

    assert worker.asked == ["a", "b", "c"]


def test_a_job_of_a_transaction_that_failed_is_not_there(database: None):
    with pytest.raises(KeyError), transaction():
        jobs.add("test")
        raise KeyError

    assert all_jobs() == []


def test_a_kind_that_this_runner_does_not_know_waits(database: None):
    with transaction():
        jobs.add("unknown")

    assert jobs.run_due(kinds(Worker())) == 0
    assert [job.state for job in all_jobs()] == ["waiting"]


def test_a_failing_job_leaves_nothing_and_comes_again_later(database: None, caplog: pytest.LogCaptureFixture):
    with transaction():
        jobs.add("test", what="this")
    worker = Worker(fails=1)

    with caplog.at_level(logging.CRITICAL):
        jobs.run_due(kinds(worker))
    (job,) = all_jobs()
    assert (job.state, job.error, marks()) == ("waiting", "RuntimeError('not this time')", [])
    assert jobs.run_due(kinds(worker)) == 0

    with clock.at(clock.now() + timedelta(minutes=2)):
        assert jobs.run_due(kinds(worker)) == 1
    assert [job.state for job in all_jobs()] == ["done"]
    assert marks() == ["done 2"]


def test_a_job_that_always_fails_is_given_up_and_does_not_stop_the_others(database: None, caplog: pytest.LogCaptureFixture):
    with transaction():
        jobs.add("test", what="bad")
    worker = Worker(fails=99)
    moment = clock.now()

    with caplog.at_level(logging.CRITICAL):
        for day in range(jobs.MOST_TRIES + 2):
            with clock.at(moment + timedelta(days=day + 1)):
                jobs.run_due(kinds(worker))

    (job,) = all_jobs()
    assert (job.state, job.tries, len(worker.asked)) == ("failed", jobs.MOST_TRIES, jobs.MOST_TRIES)


def test_a_job_whose_runner_was_killed_runs_again_after_its_lease(database: None):
    with transaction():
        job_id = jobs.add("test", what="this")
    worker = Worker()
    with transaction():
        job = session.get_one(Job, job_id)
        job.state, job.lease_until = "running", clock.now() + jobs.LEASE

    assert jobs.run_due(kinds(worker)) == 0
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due(kinds(worker)) == 1
    assert worker.asked == ["this"]


def test_progress_renews_the_lease(database: None):
    with transaction():
        job_id = jobs.add("test")
    later = clock.now() + timedelta(minutes=4)

    with clock.at(later), transaction():
        jobs.progress(job_id, done=3, of=10)

    (job,) = all_jobs()
    assert (job.done_parts, job.all_parts, job.lease_until) == (3, 10, later + jobs.LEASE)


def test_a_periodic_job_runs_once_in_each_period(database: None):
    worker = Worker()
    noon = clock.start_of(clock.today()) + timedelta(hours=12)

    for seconds in (0, 1, 59, 60, 61):
        with clock.at(noon + timedelta(seconds=seconds)):
            jobs.run_due(kinds(worker, every=timedelta(minutes=1)))

    assert len(worker.asked) == 2


def test_two_runners_run_each_job_once(real_database: str):
    with transaction():
        for number in range(10):
            jobs.add("test", what=number)
    asked: list[Any] = []

    def run(payload: Mapping[str, Any]) -> None:
        asked.append(payload["what"])

    known = {"test": JobKind("test", run)}
    ran = at_once(lambda: jobs.run_due(known), lambda: jobs.run_due(known))

    assert sum(ran) == 10
    assert sorted(asked) == list(range(10))
    assert {job.state for job in all_jobs()} == {"done"}


def test_two_runners_plan_a_period_once(real_database: str):
    worker = Worker()
    known = kinds(worker, every=timedelta(hours=1))

    with clock.at(clock.start_of(clock.today()) + timedelta(hours=12)):
        ran = at_once(lambda: jobs.run_due(known), lambda: jobs.run_due(known))

    assert sum(ran) == 1
    assert len(worker.asked) == 1


def test_periodic_work_that_is_long_done_is_forgotten(real_database):
    kind = JobKind("tests.periodic", lambda payload: None, every=timedelta(minutes=1))
    morning = clock.start_of(date(2026, 10, 5))
    with clock.at(morning):
        jobs.run_due({kind.key: kind})
    with clock.at(morning + timedelta(hours=8)):
        jobs.run_due({kind.key: kind})
    with transaction():
        assert session.scalar(select(func.count(Job.id))) == 1
