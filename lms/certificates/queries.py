"""Reading certificates."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from lms.certificates.models import Certificate, StateChange
from lms.core.db import session


def of_person(person_id: int) -> Sequence[Certificate]:
    """Return a person's certificates, the newest first."""
    return session.scalars(
        select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    ).all()


def by_code(code: str) -> Certificate | None:
    """Return the certificate with exactly this code."""
    return session.scalar(select(Certificate).where(Certificate.code == code))


def by_number(serial: str) -> Certificate | None:
    """Return the certificate with exactly this serial number."""
    return session.scalar(select(Certificate).where(Certificate.serial == serial))


def of_cycle(person_id: int, source: str, cycle: int) -> Certificate | None:
    """Return the certificate that a person was given last for a source and a cycle, in force or not."""
    return session.scalar(
        select(Certificate)
        .where(Certificate.person_id == person_id, Certificate.source == source, Certificate.cycle == cycle)
        .order_by(Certificate.id.desc())
        .limit(1)
    )


def changed_at(certificate: Certificate) -> datetime | None:
    """Return when the state of a certificate changed last; None when it never did."""
    return session.scalar(
        select(StateChange.at).where(StateChange.certificate_id == certificate.id).order_by(StateChange.id.desc()).limit(1)
    )
