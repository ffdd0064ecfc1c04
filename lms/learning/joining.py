"""Who joins is enrolled: follows the journal and lets rules of programmes enrol those about whom there are new facts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lms.core import journal
from lms.core.jobs import JobKind
from lms.learning import enrolment

CURSOR = "learning.join"


def join() -> int:
    """Enrol whom new facts oblige to a course; return how many enrolments were made.  Doing it twice changes nothing."""
    up_to = journal.last()
    noted = journal.unread("person", journal.position(CURSOR), up_to)
    made = enrolment.enrol_by_rules(sorted(noted)) if noted else 0
    journal.move(CURSOR, up_to)
    return made


def catch_up() -> None:
    """Begin with what is noted from now on."""
    journal.move(CURSOR, journal.last())


def _run(_payload: Mapping[str, Any]) -> None:
    join()


JOB = JobKind("learning.join", _run, every=timedelta(seconds=30))
