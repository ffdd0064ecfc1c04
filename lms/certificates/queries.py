"""Reading certificates."""

from collections.abc import Sequence

from sqlalchemy import select

from lms.certificates.models import Certificate
from lms.core.db import session


def of_person(person_id: int) -> Sequence[Certificate]:
    """Return a person's certificates, the newest first."""
    return session.scalars(
        select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    ).all()


def by_code(code: str) -> Certificate | None:
    """Return the certificate with exactly this code."""
    return session.scalar(select(Certificate).where(Certificate.code == code))
