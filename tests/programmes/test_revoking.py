"""Taking a pass back and giving it again: what counts, what is told, what is kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.certificates import verifying
from lms.certificates.models import Certificate, StateChange
from lms.core import clock
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.learning import enrolment as enrolments
from lms.learning import outcomes, repairing
from lms.notifications import mail
from lms.notifications.models import Message
from lms.programmes import queries, revoking
from lms.programmes.models import Qualification, QualificationChange
from lms.reports import coverage
from tests.cast import Cast, make_cast
from tests.factories_certificates import make_issuer
from tests.factories_courses import make_enrolment, make_programme, make_version, noon
from tests.together import at_once

DAY = date(2026, 9, 1)
MONDAY = date(2026, 10, 5)
REASON = "Người khác làm bài thay."


def make_pass(cast: Cast, *, issuer: bool = True) -> Qualification:
    """The teacher completed a course of a programme, and was given a certificate when somebody issues one."""
    if issuer:
        make_issuer(cast.units["so"])
    version = make_version("a")
    make_programme(version.course)
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    outcomes.record(enrolment.id, "a", source="view", at=noon(DAY))
    return session.scalars(select(Qualification)).one()


def certificate_state() -> str:
    return verifying.by_text(session.scalars(select(Certificate.code)).one()).state


def history() -> list[tuple[str, str, int | None]]:
    rows = session.scalars(select(QualificationChange).order_by(QualificationChange.id))
    return [(each.state, each.reason, each.by_account_id) for each in rows]


def test_a_pass_that_was_taken_back_counts_nowhere_from_that_moment(cast: Cast) -> None:
    one = make_pass(cast)
    by = cast.accounts["officer"].id

    with clock.at(MONDAY):
        revoking.revoke(one, reason=REASON, by=by)

        assert queries.qualification_on(one.person_id, one.programme_id, MONDAY) is None
        assert certificate_state() == "revoked"
        assert coverage.figure([cast.units["school_a"].id], one.programme_id, MONDAY)[cast.units["school_a"].id].trained == 0
    assert history() == [("revoked", REASON, by)]
    assert [(each.state, each.reason, each.by_account_id) for each in session.scalars(select(StateChange))] == [("revoked", REASON, by)]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "qualification.revoked")).one()
    assert (entry.subject, entry.account_id, entry.details["reason"]) == (f"person:{one.person_id}", by, REASON)


def test_what_was_known_on_an_earlier_day_stays(cast: Cast) -> None:
    school = cast.units["school_a"].id
    with clock.at(MONDAY):
        one = make_pass(cast)
        coverage.fold()
    with clock.at(MONDAY + timedelta(days=3)):
        revoking.revoke(one, reason=REASON, by=None)
        coverage.fold()

        now = coverage.figure([school], one.programme_id, MONDAY)
        then = coverage.figure([school], one.programme_id, MONDAY, MONDAY)
        assert (now[school].trained, then[school].trained) == (0, 1)
        assert coverage.verify().differences == ()


def test_the_person_is_told_on_the_page_and_by_mail_each_time(cast: Cast) -> None:
    one = make_pass(cast)

    revoking.revoke(one, reason=REASON, by=None)
    revoking.restore(one, reason="Đã xác minh lại.", by=None)
    revoking.revoke(one, reason="Vẫn không đúng người.", by=None)

    rows = session.scalars(select(Message).where(Message.kind.like("pass%")).order_by(Message.id)).all()
    assert {each.account_id for each in rows} == {cast.accounts["teacher"].id}
    assert [(each.kind, each.channel, each.payload["reason"]) for each in rows] == [
        (kind, channel, reason)
        for kind, reason in (("pass_revoked", REASON), ("pass_restored", "Đã xác minh lại."), ("pass_revoked", "Vẫn không đúng người."))
        for channel in ("page", "mail")
    ]
    who = {"name": "Hường", "site": "https://antoanso.example"}
    assert REASON in mail.write("pass_revoked", "vi", rows[1].payload | who).text


def test_a_pass_given_again_has_its_days_and_its_certificate(cast: Cast) -> None:
    one = make_pass(cast)
    revoking.revoke(one, reason=REASON, by=None)

    revoking.restore(one, reason="Đã xác minh lại.", by=cast.accounts["head"].id)

    held = queries.qualification_on(one.person_id, one.programme_id, MONDAY)
    assert held is not None
    assert (held.id, held.from_day, held.until_day) == (one.id, DAY, date(2028, 9, 1))
    assert certificate_state() == "valid"
    assert [state for state, _, _ in history()] == ["revoked", "valid"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_taken_back_without_a_reason(cast: Cast, reason: str) -> None:
    one = make_pass(cast)

    with pytest.raises(revoking.NoReason):
        revoking.revoke(one, reason=reason, by=None)

    assert (one.state, history(), certificate_state()) == ("valid", [], "valid")


def test_a_second_time_does_nothing(cast: Cast) -> None:
    one = make_pass(cast)
    revoking.revoke(one, reason=REASON, by=None)

    with pytest.raises(revoking.AlreadyChanged):
        revoking.revoke(one, reason="Nhầm lẫn khác.", by=None)

    assert history() == [("revoked", REASON, None)]


def test_a_page_that_shows_an_older_state_changes_nothing(cast: Cast) -> None:
    one = make_pass(cast)
    revoking.revoke(one, reason=REASON, by=None)
    revoking.restore(one, reason="Đã xác minh lại.", by=None)

    with pytest.raises(revoking.AlreadyChanged):
        revoking.revoke(one, reason=REASON, by=None, known=0)

    session.refresh(one)
    assert (one.state, len(history())) == ("valid", 2)


def test_no_night_gives_back_what_was_taken(cast: Cast) -> None:
    one = make_pass(cast, issuer=False)
    revoking.revoke(one, reason=REASON, by=None)
    make_issuer(cast.units["so"])

    repairing.repair()
    outcomes.repair(int(one.evidence.partition(":")[2]))

    assert (session.scalars(select(Qualification.state)).all(), session.scalars(select(Certificate)).all()) == (["revoked"], [])


def test_whose_pass_was_taken_back_may_take_the_course_again_and_is_trained_anew(cast: Cast) -> None:
    one = make_pass(cast)
    revoking.revoke(one, reason=REASON, by=None)

    again = enrolments.renew(one.person_id, queries.duties_on(DAY)[0].rule.course_id)
    outcomes.record(again.id, "a", source="view", at=noon(MONDAY))

    held = queries.qualification_on(one.person_id, one.programme_id, MONDAY)
    assert held is not None
    assert (held.cycle, held.from_day) == (2, MONDAY)
    assert sorted(session.scalars(select(Certificate.state))) == ["revoked", "valid"]


@pytest.mark.real_database
def test_of_two_who_take_back_at_the_same_moment_one_does(real_database: str) -> None:
    cast = make_cast()
    one_id, head, officer = make_pass(cast).id, cast.accounts["head"].id, cast.accounts["officer"].id
    session.commit()
    session.remove()

    came = at_once(*[lambda by=by: revoking.revoke(session.get_one(Qualification, one_id), reason=REASON, by=by) for by in (head, officer)])

    assert sorted(type(each) is revoking.AlreadyChanged for each in came) == [False, True]
    assert [(state, reason) for state, reason, _ in history()] == [("revoked", REASON)]
    assert session.scalars(select(StateChange.state)).all() == ["revoked"]
    assert len(session.scalars(select(Message).where(Message.kind == "pass_revoked")).all()) == 2


@pytest.mark.real_database
def test_a_certificate_given_late_and_a_pass_taken_back_at_the_same_moment_never_leave_one_in_force(real_database: str) -> None:
    cast = make_cast()
    one = make_pass(cast, issuer=False)
    make_issuer(cast.units["so"])
    one_id, enrolment_id = one.id, int(one.evidence.partition(":")[2])
    session.commit()
    session.remove()

    came = at_once(
        lambda: revoking.revoke(session.get_one(Qualification, one_id), reason=REASON, by=None),
        lambda: outcomes.repair(enrolment_id),
    )

    assert [each for each in came if isinstance(each, Exception)] == []
    assert session.scalars(select(Qualification.state)).one() == "revoked"
    assert session.scalars(select(Certificate).where(Certificate.state == "valid")).all() == []
