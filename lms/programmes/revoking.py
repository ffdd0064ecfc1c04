"""Taking a pass back and giving it again: the qualification, its certificate, and the word to its holder."""

from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.certificates import issuing
from lms.certificates import queries as certificates
from lms.core import audit, clock, journal
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.notifications import outbox
from lms.programmes.models import Programme, Qualification, QualificationChange

LONGEST_REASON = 500


class NoReason(Invalid):
    code = "no_reason"
    message = lazy_("Say why. The person concerned reads it.")


class AlreadyChanged(Conflict):
    code = "pass_already_changed"
    message = lazy_("Somebody changed this result at the same time. Look at the page again.")


def revoke(qualification: Qualification, *, reason: str, by: int | None, known: int | None = None) -> QualificationChange:
    """Take a pass back: it counts no longer from now on, its certificate is revoked, and the person is told why.

    Nothing is deleted: the row keeps its days, its history says when, why and by
    whom, and figures of past days, as known then, stay.  The course stays
    completed and may be taken again at once.  ``known`` is how many changes whoever
    asks has seen of this pass; None when nobody looked.

    Raises NoReason, and AlreadyChanged when the pass is taken back already, or
    was changed since, also by a second click or in another tab at this moment.
    """
    return _change(qualification, before="valid", after="revoked", reason=reason, by=by, known=known)


def restore(qualification: Qualification, *, reason: str, by: int | None, known: int | None = None) -> QualificationChange:
    """Let a pass that was taken back count again, for the days that it had, with the same certificate.

    Raises NoReason and AlreadyChanged, as ``revoke`` does.
    """
    return _change(qualification, before="revoked", after="valid", reason=reason, by=by, known=known)


def _change(
    qualification: Qualification, *, before: str, after: str, reason: str, by: int | None, known: int | None
) -> QualificationChange:
    reason = reason.strip()
    if not reason:
        raise NoReason()
    _become(qualification, before, after, known)
    change = QualificationChange(
        qualification_id=qualification.id, state=after, reason=reason[:LONGEST_REASON], by_account_id=by, recorded_at=clock.now()
    )
    session.add(change)
    session.flush()
    certificate = certificates.of_cycle(qualification.person_id, f"programme:{qualification.programme_id}", qualification.cycle)
    if certificate is not None:
        (issuing.revoke if after == "revoked" else issuing.restore)(certificate, reason=change.reason, by=by)
    journal.note("person", [qualification.person_id])
    audit.record(
        f"qualification.{'revoked' if after == 'revoked' else 'restored'}",
        f"person:{qualification.person_id}",
        account_id=by,
        qualification=qualification.id,
        programme=qualification.programme_id,
        certificate=certificate.serial if certificate else None,
        reason=change.reason,
    )
    _tell(qualification, change)
    return change


def _become(qualification: Qualification, before: str, after: str, known: int | None) -> None:
    """Let exactly one caller through, and only one who saw the newest state; nothing is written for another."""
    # Held until this transaction ends, so that nobody adds a change between the look and the write.
    session.refresh(qualification, with_for_update=True)
    so_far = session.scalar(select(func.count(QualificationChange.id)).where(QualificationChange.qualification_id == qualification.id))
    if qualification.state != before or (known is not None and so_far != known):
        raise AlreadyChanged()
    qualification.state = after
    session.flush()


def _tell(qualification: Qualification, change: QualificationChange) -> None:
    programme = session.get_one(Programme, qualification.programme_id)
    account_ids = session.scalars(select(Account.id).where(Account.person_id == qualification.person_id, Account.disabled.is_(False))).all()
    kind = "pass_revoked" if change.state == "revoked" else "pass_restored"
    for channel in ("page", "mail"):
        outbox.add_many(
            account_ids,
            kind,
            channel=channel,
            dedupe_prefix=f"{kind}:{change.id}:{channel}",
            programme_title=programme.title,
            reason=change.reason,
            audience=programme.audience,
        )
