"""Exemptions and training from elsewhere: by a second person, once, and apart in the figures."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.core.db import session
from lms.core.errors import LmsError
from lms.notifications.models import Message
from lms.programmes import exemptions, queries_exceptions, recognising
from lms.programmes.exemptions import AlreadyExempt, NoEnd, NotARange
from lms.programmes.models import Exemption, Programme, Qualification, Recognition
from lms.programmes.recognising import Decided, Document, NeedsAnother, NoReason, NotYet, Over, ProposedAlready
from tests.cast import Cast, make_cast
from tests.factories_courses import make_programme, make_version
from tests.together import at_once

DAY = date(2026, 3, 1)
DOCUMENT = Document("GCN số 12/2026", "Trường ĐHSP", DAY)


@pytest.fixture
def programme(cast: Cast) -> Programme:
    return make_programme(make_version("a").course, valid_months=24)


def proposed(cast: Cast, programme: Programme, document: Document = DOCUMENT, *, by: str = "teacher") -> Recognition:
    return recognising.propose(cast.persons["teacher"].id, programme.id, document, by=cast.accounts[by].id)


def test_an_approved_document_counts_from_its_day_as_long_as_the_programme_says(cast: Cast, programme: Programme) -> None:
    row = proposed(cast, programme)
    recognising.approve(row, by=cast.accounts["head"].id)
    made = session.scalars(select(Qualification)).one()

    assert (made.from_day, made.until_day, made.evidence) == (DAY, date(2028, 3, 1), f"recognition:{row.id}")
    assert [each.kind for each in session.scalars(select(Message).where(Message.channel == "page"))] == ["recognition_decided"]


def test_a_document_that_names_an_end_counts_until_then(cast: Cast, programme: Programme) -> None:
    recognising.approve(proposed(cast, programme, Document("GCN", "Sở", DAY, date(2027, 1, 1))), by=cast.accounts["head"].id)

    assert session.scalars(select(Qualification.until_day)).one() == date(2027, 1, 1)


def test_a_document_older_than_the_programme_counts_by_its_first_rule(cast: Cast) -> None:
    programme = make_programme(make_version("a").course, valid_months=None)
    recognising.approve(proposed(cast, programme, Document("GCN", "Sở", date(1999, 1, 1))), by=cast.accounts["head"].id)

    assert session.scalars(select(Qualification.from_day)).one() == date(1999, 1, 1)


@pytest.mark.parametrize(
    ("from_day", "until_day", "error"),
    [(date(2999, 1, 1), None, NotYet), (date(2021, 3, 1), None, Over), (DAY, DAY, NotARange), (DAY, DAY + timedelta(days=1), Over)],
)
def test_a_document_that_cannot_count_is_refused_at_once(
    cast: Cast, programme: Programme, from_day: date, until_day: date | None, error: type[LmsError]
) -> None:
    with pytest.raises(error):
        proposed(cast, programme, Document("GCN", "Sở", from_day, until_day))
    assert session.scalars(select(Recognition)).all() == []


def test_who_brought_it_in_does_not_approve_it(cast: Cast, programme: Programme) -> None:
    row = proposed(cast, programme, by="head")
    with pytest.raises(NeedsAnother):
        recognising.approve(row, by=cast.accounts["head"].id)
    recognising.approve(row, by=cast.accounts["officer"].id)

    assert row.state == "approved"


def test_a_document_is_decided_once(cast: Cast, programme: Programme) -> None:
    row = proposed(cast, programme)
    with pytest.raises(NoReason):
        recognising.refuse(row, " ", by=cast.accounts["head"].id)
    recognising.refuse(row, "Thiếu dấu", by=cast.accounts["head"].id)

    with pytest.raises(Decided):
        recognising.approve(row, by=cast.accounts["officer"].id)
    assert session.scalars(select(Qualification)).all() == []
    # A better copy may be brought in afterwards.
    assert proposed(cast, programme).state == "proposed"


def test_one_document_waits_at_a_time(cast: Cast, programme: Programme) -> None:
    first = proposed(cast, programme)

    with pytest.raises(ProposedAlready):
        proposed(cast, programme)
    assert session.scalars(select(Recognition.id)).all() == [first.id]


@pytest.mark.usefixtures("real_database")
def test_two_who_decide_at_once_leave_one_decision() -> None:
    with db.transaction():
        cast = make_cast()
        row_id = proposed(cast, make_programme(make_version("a").course)).id
        head, officer = cast.accounts["head"].id, cast.accounts["officer"].id

    def row() -> Recognition:
        return session.get_one(Recognition, row_id)

    came = at_once(lambda: recognising.approve(row(), by=head), lambda: recognising.refuse(row(), "Thiếu dấu", by=officer))

    assert sorted(type(each).__name__ for each in came) == ["Decided", "NoneType"]
    assert len(session.scalars(select(Qualification)).all()) == (1 if row().state == "approved" else 0)


@pytest.mark.usefixtures("real_database")
def test_two_who_exempt_at_once_leave_one_exemption() -> None:
    with db.transaction():
        cast = make_cast()
        person_id, programme_id = cast.persons["teacher"].id, make_programme(make_version("a").course).id

    def exempt() -> None:
        exemptions.approve(person_id=person_id, programme_id=programme_id, reason="on_leave", from_day=DAY, until_day=None, by=None)

    came = at_once(exempt, exempt)

    assert sorted(type(each).__name__ for each in came) == ["AlreadyExempt", "NoneType"]
    assert isinstance(next(each for each in came if each), AlreadyExempt)


def test_more_time_has_an_end(cast: Cast, programme: Programme) -> None:
    wanted = {"person_id": cast.persons["teacher"].id, "programme_id": programme.id, "reason": "more_time", "from_day": DAY, "by": None}
    with pytest.raises(NoEnd):
        exemptions.approve(**wanted, until_day=None)  # type: ignore[arg-type]
    exemptions.approve(**wanted, until_day=date(2027, 1, 1))  # type: ignore[arg-type]

    assert session.scalars(select(Exemption.reason)).all() == ["more_time"]


def test_lists_are_of_the_own_units(cast: Cast, programme: Programme) -> None:
    proposed(cast, programme)
    exemptions.approve(
        person_id=cast.persons["neighbour"].id, programme_id=programme.id, reason="new", from_day=DAY, until_day=None, by=None
    )
    today = clock.today()

    def seen(code: str) -> tuple[int, int]:
        units = [cast.units[code].id]
        return len(queries_exceptions.waiting(units, today)), len(queries_exceptions.running(units, today))

    assert [seen(code) for code in ("school_a", "school_a2", "ward_a", "ward_b")] == [(1, 0), (0, 1), (1, 1), (0, 0)]
    assert [each.person.given_name for each in queries_exceptions.running([cast.units["so"].id], today, "man") if each.person] == ["Mẫn"]
