"""Exemptions: who need not be trained for some time; nothing is overwritten."""

from datetime import date

from sqlalchemy import or_, select, update

from lms.accounts.models import Person
from lms.core import audit, clock, journal
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.programmes.models import Exemption

REASONS = {
    "on_leave": lazy_("On leave"),
    "new": lazy_("New in service"),
    "retiring": lazy_("About to retire"),
    "seconded": lazy_("Seconded elsewhere"),
    "medical": lazy_("Medical reasons"),
    "more_time": lazy_("More time, until the last day"),
    "other": lazy_("Another reason"),
}


class NotARange(Invalid):
    code = "not_a_range"
    message = lazy_("The last day must come after the first day.")


class UnknownReason(Invalid):
    code = "unknown_reason"
    message = lazy_("Choose one of the reasons in the list.")


class NoEnd(Invalid):
    code = "exemption_without_end"
    message = lazy_("More time ends on a day: say which.")


class AlreadyExempt(Conflict):
    code = "already_exempt"
    message = lazy_("This person is already exempt during some of these days. End that exemption first.")


class Replaced(Conflict):
    code = "exemption_replaced"
    message = lazy_("Somebody changed this exemption at the same time. Look at the list again.")


def approve(
    *,
    person_id: int,
    programme_id: int,
    reason: str,
    from_day: date,
    until_day: date | None,
    by: int | None,
    note: str = "",
    file_id: int | None = None,
    file_name: str = "",
) -> Exemption:
    """Exempt a person from a programme from a day until (not including) another, None for open.

    Raises UnknownReason, NotARange, NoEnd, and AlreadyExempt when days overlap, also
    with one that somebody approves at the same moment.
    """
    if reason not in REASONS:
        raise UnknownReason()
    if until_day is not None and until_day <= from_day:
        raise NotARange()
    if reason == "more_time" and until_day is None:
        raise NoEnd()
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    overlapping = select(Exemption.id).where(
        Exemption.person_id == person_id,
        Exemption.programme_id == programme_id,
        Exemption.replaced_at.is_(None),
        or_(Exemption.until_day.is_(None), Exemption.until_day > from_day),
    )
    if until_day is not None:
        overlapping = overlapping.where(Exemption.from_day < until_day)
    if session.scalar(overlapping.limit(1)) is not None:
        raise AlreadyExempt()
    return _record(
        Exemption(
            person_id=person_id,
            programme_id=programme_id,
            reason=reason,
            note=note,
            file_id=file_id,
            file_name=file_name,
            from_day=from_day,
            until_day=until_day,
            approved_by_id=by,
            recorded_at=clock.now(),
        ),
        "exemption.approved",
        by,
    )


def end(exemption: Exemption, until_day: date, *, by: int | None) -> Exemption:
    """Let an exemption end on a day: a new row takes the place of the old one, which stays to be seen.

    Raises NotARange when it would end before it began, and Replaced when
    another change was quicker.
    """
    if until_day <= exemption.from_day:
        raise NotARange()
    moment = clock.now()
    replaced = session.scalar(
        update(Exemption)
        .where(Exemption.id == exemption.id, Exemption.replaced_at.is_(None))
        .values(replaced_at=moment)
        .returning(Exemption.id)
    )
    if replaced is None:
        raise Replaced()
    return _record(
        Exemption(
            person_id=exemption.person_id,
            programme_id=exemption.programme_id,
            reason=exemption.reason,
            note=exemption.note,
            file_id=exemption.file_id,
            file_name=exemption.file_name,
            from_day=exemption.from_day,
            until_day=until_day,
            approved_by_id=by,
            recorded_at=moment,
            replaces_id=exemption.id,
        ),
        "exemption.ended",
        by,
    )


def _record(exemption: Exemption, action: str, by: int | None) -> Exemption:
    session.add(exemption)
    session.flush()
    journal.note("person", [exemption.person_id])
    audit.record(
        action,
        f"person:{exemption.person_id}",
        account_id=by,
        programme=exemption.programme_id,
        reason=exemption.reason,
        from_day=exemption.from_day.isoformat(),
        until_day=exemption.until_day.isoformat() if exemption.until_day else None,
    )
    return exemption
