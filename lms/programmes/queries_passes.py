"""Reading the passes of a person: each with its programme, its history and its certificate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from lms.certificates.models import Certificate
from lms.core.db import session
from lms.programmes.models import ELSEWHERE, Programme, Qualification, QualificationChange


@dataclass(frozen=True)
class Pass:
    """A qualification with what belongs to it; the newest change comes first."""

    qualification: Qualification
    programme: Programme
    changes: Sequence[QualificationChange]
    certificate: Certificate | None

    @property
    def is_revoked(self) -> bool:
        return self.qualification.state == "revoked"

    def is_recognised(self) -> bool:
        """Return whether training from elsewhere gave it."""
        return self.qualification.evidence.startswith(ELSEWHERE)

    def has_ended(self, day: date) -> bool:
        """Return whether its days are over."""
        return self.qualification.until_day is not None and self.qualification.until_day <= day


def of_person(person_id: int, audiences: Collection[str]) -> list[Pass]:
    """Return the passes of a person in programmes for these audiences, the newest first.  Three statements."""
    return _passes(Qualification.person_id == person_id, Programme.audience.in_(audiences))


def by_id(qualification_id: int) -> Pass | None:
    """Return one pass."""
    return next(iter(_passes(Qualification.id == qualification_id)), None)


def of_certificate(certificate: Certificate) -> Pass | None:
    """Return the pass that a certificate states; None when it states something else, or its holder was erased."""
    kind, _, programme_id = certificate.source.partition(":")
    if kind != "programme" or not programme_id.isdigit():
        return None
    return next(
        iter(
            _passes(
                Qualification.person_id == certificate.person_id,
                Qualification.programme_id == int(programme_id),
                Qualification.cycle == certificate.cycle,
            )
        ),
        None,
    )


def _passes(*conditions: ColumnElement[bool]) -> list[Pass]:
    rows = session.execute(
        select(Qualification, Programme)
        .join(Programme, Programme.id == Qualification.programme_id)
        .where(*conditions)
        .order_by(Qualification.from_day.desc(), Qualification.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    ids, people = [row[0].id for row in rows], {row[0].person_id for row in rows}
    changes = session.scalars(
        select(QualificationChange).where(QualificationChange.qualification_id.in_(ids)).order_by(QualificationChange.id.desc())
    ).all()
    given = session.scalars(select(Certificate).where(Certificate.person_id.in_(people)).order_by(Certificate.id)).all()
    # Of a corrected certificate and the one it replaces the later counts.
    certificates = {(each.person_id, each.source, each.cycle): each for each in given}
    return [
        Pass(
            qualification,
            programme,
            [each for each in changes if each.qualification_id == qualification.id],
            certificates.get((qualification.person_id, f"programme:{programme.id}", qualification.cycle)),
        )
        for qualification, programme in rows
    ]
