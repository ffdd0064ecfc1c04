"""Who joins is enrolled: follows the journal and lets rules of programmes enrol those about whom there are new facts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lms.core import clock, journal
from lms.core.jobs import JobKind
from lms.learning import enrolment
from lms.programmes import queries as programmes
from lms.schools import queries as schools

CURSOR = "learning.join"
DAYS, RULES = "learning.join_days", "learning.join_rules"
PORTION = 1_000


def join() -> int:
    """Enrol whom new facts oblige to a course; return how many enrolments were made.  Doing it twice changes nothing."""
    up_to = journal.last()
    noted = journal.unread("person", journal.position(CURSOR), up_to)
    made = enrolment.enrol_by_rules(sorted(noted)) if noted else 0
    journal.move(CURSOR, up_to)
    return made


def join_of_days() -> int:
    """Enrol whom the days since the last look oblige: posts and places planned ahead, and rules that began; return how many.

    When a rule began, everybody is noted, and followed like people with new facts.
    """
    today, newest = clock.today(), programmes.newest_rule()
    last = date.fromordinal(journal.position(DAYS) or today.toordinal())
    known = journal.position(RULES) or newest
    journal.move(DAYS, today.toordinal())
    journal.move(RULES, newest)
    if programmes.rules_begin(last, today, newer_than=known):
        after = 0
        while people := schools.people_after(after, PORTION):
            journal.note("person", people)
            after = people[-1]
        return 0
    return enrolment.enrol_by_rules(schools.people_beginning(last, today))


def catch_up() -> None:
    """Begin with what is noted from now on."""
    journal.move(CURSOR, journal.last())


def _run(_payload: Mapping[str, Any]) -> None:
    join()


def _run_days(_payload: Mapping[str, Any]) -> None:
    join_of_days()


JOB = JobKind("learning.join", _run, every=timedelta(seconds=30))
DAILY = JobKind("learning.join_days", _run_days, every=timedelta(hours=6))
