"""The nightly repair mends what is missing, and nothing else."""

from datetime import date

from sqlalchemy import delete, func, select, update

from lms.certificates import issuing
from lms.certificates.models import Certificate
from lms.core.db import session
from lms.learning import outcomes, repairing
from lms.learning.models import Enrolment
from lms.programmes.models import Qualification
from tests.cast import Cast
from tests.factories_courses import make_enrolment, make_programme, make_version, noon

DAY = date(2026, 10, 5)


def counts() -> tuple[int, int]:
    return (
        session.scalar(select(func.count()).select_from(Qualification)) or 0,
        session.scalar(select(func.count()).select_from(Certificate)) or 0,
    )


def test_a_course_that_was_not_counted_is_completed(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course, certificate=False)
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    outcomes.record(enrolment.id, "a", source="view", at=noon(DAY))
    session.execute(delete(Qualification))
    session.execute(update(Enrolment).values(state="active", completed_at=None, done=0))

    assert (repairing.repair(), repairing.repair()) == (1, 0)

    session.refresh(enrolment)
    assert (enrolment.state, enrolment.completed_at, enrolment.done) == ("completed", noon(DAY), 1)
    assert counts() == (1, 0)


def test_a_programme_made_later_counts_what_was_completed_before(cast: Cast) -> None:
    version = make_version("a")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    outcomes.record(enrolment.id, "a", source="view", at=noon(DAY))
    make_programme(version.course, certificate=False)

    repairing.repair()

    assert session.scalars(select(Qualification.from_day)).all() == [DAY]


def test_a_certificate_follows_when_there_is_an_issuer(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course)
    outcomes.record(make_enrolment(cast.persons["teacher"].id, version).id, "a", source="view", at=noon(DAY))
    assert counts() == (1, 0)

    issuing.make_issuer(cast.units["so"].id, code="SO", name="Sở")
    repairing.repair()

    assert counts() == (1, 1)
    assert session.scalars(select(Certificate.issued_on)).all() == [DAY]


def test_a_revoked_certificate_is_not_given_again(cast: Cast) -> None:
    issuing.make_issuer(cast.units["so"].id, code="SO", name="Sở")
    version = make_version("a")
    make_programme(version.course)
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    outcomes.record(enrolment.id, "a", source="view", at=noon(DAY))
    issuing.revoke(session.scalars(select(Certificate)).one(), reason="nhầm người", by=None)
    session.flush()

    repairing.repair()
    outcomes.repair(enrolment.id)

    assert counts() == (1, 1)
