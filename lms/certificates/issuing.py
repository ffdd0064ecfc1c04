"""Issuing certificates: one row per person, source and cycle; facts frozen; nothing drawn here."""

from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import Person
from lms.certificates import serials
from lms.certificates.facts import SCHEMA, Body, Facts, Holder, Statement
from lms.certificates.models import Certificate, Issuer, Series, StateChange
from lms.core import clock
from lms.core.db import session
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.schools.models import Place, Post, SchoolClass, UnitName, UnitReach

__all__ = ["Facts", "NoIssuer", "issue", "issuer_for", "make_issuer", "restore", "revoke"]


class NoIssuer(Invalid):
    code = "no_issuer"
    message = lazy_("No office above this school issues certificates yet. An administrator sets this up under units.")


def issue(*, person_id: int, source: str, cycle: int, issued_on: date, valid_until: date | None, facts: Facts) -> Certificate:
    """Return the certificate of this person for this source and cycle, made now when there is none.

    ``source`` names what was fulfilled ("programme:1"); ``issued_on`` comes
    from the evidence; ``valid_until`` is half open, None for ever.  Asking
    twice, also at the same moment, gives the same certificate.

    Raises NoIssuer when no unit above the person issues certificates.
    """
    known = _in_force(person_id, source, cycle)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            return _issue(person_id, source, cycle, issued_on, valid_until, facts)
    except IntegrityError:
        # Somebody else issued it between our look and our insert.
        known = _in_force(person_id, source, cycle)
        if known is None:
            raise
        return known


def revoke(certificate: Certificate, *, reason: str, by: int | None) -> None:
    """Take a certificate back; it stays in the books, and the public page says so.  One that is not in force stays as it is."""
    _become(certificate, before="valid", after="revoked", reason=reason, by=by)


def restore(certificate: Certificate, *, reason: str, by: int | None) -> None:
    """Let a certificate that was taken back be in force again, with the same number and code; others stay as they are."""
    _become(certificate, before="revoked", after="valid", reason=reason, by=by)


def make_issuer(
    unit_id: int, *, code: str, name: str, parent_name: str = "", place: str = "", signer_title: str = "", signer_name: str = ""
) -> Issuer:
    """Let a unit issue certificates, for itself and all units below it.

    For one that does already, what is printed on the next ones changes;
    certificates that were issued keep what was stated then.
    """
    issuer = session.scalar(select(Issuer).where(Issuer.unit_id == unit_id)) or Issuer(unit_id=unit_id)
    issuer.code, issuer.name, issuer.parent_name, issuer.place = code, name, parent_name, place
    issuer.signer_title, issuer.signer_name = signer_title, signer_name
    session.add(issuer)
    session.flush()
    return issuer


def issuer_for(unit_id: int) -> Issuer | None:
    """Return the nearest issuer at or above a unit, on today's map."""
    return session.scalar(
        select(Issuer)
        .join(UnitReach, UnitReach.ancestor_id == Issuer.unit_id)
        .where(UnitReach.unit_id == unit_id)
        .order_by(UnitReach.depth)
        .limit(1)
    )


def _become(certificate: Certificate, *, before: str, after: str, reason: str, by: int | None) -> None:
    moved = session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.state == before)
        .values(state=after)
        .returning(Certificate.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(certificate)
    if moved is not None:
        session.add(StateChange(certificate_id=certificate.id, state=after, reason=reason, by_account_id=by, at=clock.now()))
        session.flush()


def _in_force(person_id: int, source: str, cycle: int) -> Certificate | None:
    return session.scalar(
        select(Certificate).where(
            Certificate.person_id == person_id, Certificate.source == source, Certificate.cycle == cycle, Certificate.state == "valid"
        )
    )


def _issue(person_id: int, source: str, cycle: int, issued_on: date, valid_until: date | None, facts: Facts) -> Certificate:
    person = session.get_one(Person, person_id)
    unit_id, unit_name, learns = _unit_of(person_id, issued_on)
    issuer = issuer_for(unit_id) if unit_id else None
    if issuer is None:
        raise NoIssuer()
    number = _next_number(issuer.id, issued_on.year)
    statement = Statement(
        serial=serials.serial(number, issued_on.year, issuer.code),
        code=serials.new_code(),
        issued_on=issued_on,
        valid_until=valid_until,
        holder=Holder(
            full_name=person.full_name,
            gender=person.gender,
            birth_date=person.birth_date,
            unit_name=unit_name,
            # Of a pupil whose birthday is not known the public page must not say more than of a child.
            is_minor=_years(person.birth_date, issued_on) < 18 if person.birth_date else learns,
        ),
        achievement=facts,
        issuer=Body(issuer.name, issuer.parent_name, issuer.place, issuer.signer_title, issuer.signer_name),
    )
    certificate = Certificate(
        issuer_id=issuer.id,
        year=issued_on.year,
        number=number,
        serial=statement.serial,
        code=statement.code,
        person_id=person_id,
        source=source,
        cycle=cycle,
        facts=statement.to_json(),
        facts_schema=SCHEMA,
        facts_hash=statement.hash(),
        state="valid",
        issued_on=issued_on,
        valid_until=valid_until,
        created_at=clock.now(),
    )
    session.add(certificate)
    session.flush()
    return certificate


def _next_number(issuer_id: int, year: int) -> int:
    """Return the next number of the series; the row lock lets nobody have the same one."""
    taken = (
        update(Series)
        .where(Series.issuer_id == issuer_id, Series.year == year)
        .values(last_number=Series.last_number + 1)
        .returning(Series.last_number)
    )
    number = session.scalar(taken)
    if number is not None:
        return number
    try:
        with session.begin_nested():
            session.execute(insert(Series).values(issuer_id=issuer_id, year=year, last_number=0))
    except IntegrityError:
        pass  # another one opened the series at this moment
    return session.scalars(taken).one()


def _unit_of(person_id: int, day: date) -> tuple[int | None, str, bool]:
    """Return where the person worked, or learnt, on that day: the unit, its name then, and whether as a pupil."""
    post = session.execute(
        select(Post.unit_id)
        .where(
            Post.person_id == person_id,
            Post.replaced_at.is_(None),
            Post.from_day <= day,
            (Post.until_day.is_(None)) | (Post.until_day > day),
        )
        .order_by(Post.from_day)
        .limit(1)
    ).scalar()
    unit_id = (
        post
        or session.execute(
            select(SchoolClass.unit_id)
            .join(Place, Place.class_id == SchoolClass.id)
            .where(Place.person_id == person_id, Place.replaced_at.is_(None))
            .order_by(Place.from_day.desc())
            .limit(1)
        ).scalar()
    )
    if unit_id is None:
        return None, "", False
    name = session.scalar(
        select(UnitName.name)
        .where(UnitName.unit_id == unit_id, UnitName.replaced_at.is_(None), UnitName.from_day <= day)
        .order_by(UnitName.from_day.desc())
        .limit(1)
    )
    return unit_id, name or "", post is None


def _years(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
