"""Training from elsewhere: proposed with its document, approved or refused by a second person."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import Account
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Forbidden, Invalid
from lms.core.i18n import lazy_
from lms.notifications import outbox
from lms.programmes import qualifications
from lms.programmes.exemptions import NotARange
from lms.programmes.models import ELSEWHERE, Programme, Recognition

LONGEST = 200


class NotYet(Invalid):
    code = "recognition_of_the_future"
    message = lazy_("The document is of a day that has not come yet.")


class Over(Invalid):
    code = "recognition_over"
    message = lazy_("The document counts until {day} only: that is over.")


class ProposedAlready(Conflict):
    code = "recognition_proposed_already"
    message = lazy_("A document of this person for this programme waits for a decision already.")


class Decided(Conflict):
    code = "recognition_decided"
    message = lazy_("Somebody decided on this document already.")


class NeedsAnother(Forbidden):
    code = "recognition_needs_another"
    message = lazy_("Who brought in a document cannot approve it: a second person does.")


class NoReason(Invalid):
    code = "recognition_refused_without_reason"
    message = lazy_("Say why it is refused; the person concerned reads it.")


@dataclass(frozen=True)
class Document:
    """What proves the training: what it is called, who gave it, its days, and a copy."""

    name: str
    issuer: str
    from_day: date
    until_day: date | None = None
    file_id: int | None = None
    file_name: str = ""


def propose(person_id: int, programme_id: int, document: Document, *, by: int) -> Recognition:
    """Let a document wait for a second person.  Raises NotYet, Over, NotARange and ProposedAlready."""
    today = clock.today()
    if document.from_day > today:
        raise NotYet()
    if document.until_day is not None and document.until_day <= document.from_day:
        raise NotARange()
    until = document.until_day or qualifications.recognised_until(programme_id, document.from_day)
    if until is not None and until <= today:
        raise Over(day=until.strftime("%d/%m/%Y"))
    made = Recognition(
        programme_id=programme_id,
        person_id=person_id,
        document=document.name,
        issuer=document.issuer,
        from_day=document.from_day,
        until_day=document.until_day,
        file_id=document.file_id,
        file_name=document.file_name,
        proposed_by_id=by,
        proposed_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise ProposedAlready() from error
    audit.record("recognition.proposed", f"person:{person_id}", account_id=by, programme=programme_id, recognition=made.id)
    return made


def approve(recognition: Recognition, *, by: int) -> None:
    """Let a document count as training in its programme.  Raises Decided, NeedsAnother."""
    _decide(recognition, "approved", "", by=by)
    qualifications.recognise(
        recognition.person_id, recognition.programme_id, f"{ELSEWHERE}{recognition.id}", recognition.from_day, recognition.until_day
    )
    _tell(recognition)


def refuse(recognition: Recognition, reason: str, *, by: int) -> None:
    """Do not let a document count, and say why.  Raises NoReason, Decided, NeedsAnother."""
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise NoReason()
    _decide(recognition, "refused", reason, by=by)
    _tell(recognition)


def _decide(recognition: Recognition, state: str, reason: str, *, by: int) -> None:
    # Two who decide at the same moment: the second finds it decided.
    session.refresh(recognition, with_for_update=True)
    if recognition.state != "proposed":
        raise Decided()
    if recognition.proposed_by_id == by:
        raise NeedsAnother()
    recognition.state, recognition.reason, recognition.decided_by_id, recognition.decided_at = state, reason, by, clock.now()
    session.flush()
    audit.record(
        f"recognition.{state}",
        f"person:{recognition.person_id}",
        account_id=by,
        programme=recognition.programme_id,
        recognition=recognition.id,
        reason=reason,
    )


def _tell(recognition: Recognition) -> None:
    programme = session.get_one(Programme, recognition.programme_id)
    person = Account.person_id == recognition.person_id
    account_ids = session.scalars(select(Account.id).where(person, Account.disabled.is_(False))).all()
    for channel in ("page", "mail"):
        outbox.add_many(
            account_ids,
            "recognition_decided",
            channel=channel,
            dedupe_prefix=f"recognition:{recognition.id}:{channel}",
            programme_title=programme.title,
            document=recognition.document,
            approved=recognition.state == "approved",
            reason=recognition.reason,
        )
