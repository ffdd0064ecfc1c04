"""The journal: followers read what is new, once, also what was committed late."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lms.core import clock, journal
from lms.core.db import session
from lms.core.models import JournalEntry

pytestmark = pytest.mark.usefixtures("database")


def let_everything_be_old() -> None:
    session.execute(update(JournalEntry).values(recorded_at=clock.now() - journal.LOOK_BACK - timedelta(minutes=1)))


def test_a_follower_sees_what_is_new_of_its_topic():
    journal.note("person", [3, 4])
    journal.note("unit", [9])
    journal.note("person", [4, 5])

    assert journal.unread("person", after=journal.position("coverage"), up_to=journal.last()) == {3, 4, 5}
    assert journal.unread("unit", after=0, up_to=journal.last()) == {9}


def test_what_was_read_long_ago_is_not_read_again():
    journal.note("person", [3])
    let_everything_be_old()
    journal.move("coverage", journal.last())
    journal.note("person", [4])

    assert journal.unread("person", after=journal.position("coverage"), up_to=journal.last()) == {4}


def test_recent_entries_are_looked_at_again_because_a_lower_number_can_appear_late():
    journal.note("person", [3])
    journal.move("coverage", journal.last())

    assert journal.unread("person", after=journal.position("coverage"), up_to=journal.last()) == {3}


def test_each_follower_has_its_own_place():
    journal.note("person", [3])
    journal.move("coverage", journal.last())

    assert (journal.position("coverage"), journal.position("grades")) == (journal.last(), 0)


def test_nothing_to_note_writes_nothing():
    journal.note("person", [])
    assert journal.last() == 0
