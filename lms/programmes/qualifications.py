"""Qualifications: what follows for a person's programmes when a course was completed."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.certificates import issuing
from lms.certificates.models import Certificate
from lms.core import clock, journal
from lms.core.db import month_later, session
from lms.core.rows import insert_new
from lms.courses.models import Course, Version
from lms.notifications import outbox
from lms.programmes import queries
from lms.programmes.models import Programme, Qualification
from lms.programmes.queries import Duty

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Completion:
    """A course that somebody completed, and which others before it (by course, the last moment of each); ``evidence`` names the row that proves it ("enrolment:12").

    ``share`` is the result of the final quiz, 0.0 to 1.0, None without one.
    """

    course_id: int
    version_id: int
    started_at: datetime
    completed_at: datetime
    evidence: str
    share: float | None = None
    others: Mapping[int, datetime] = field(default_factory=dict)


def review(person_id: int, completion: Completion) -> list[Qualification]:
    """Fulfil every programme whose rule on the day of completion names the course; return the qualifications.

    One row per person, programme and cycle; the days come from the evidence,
    not from now: valid from the day of completion, for the months of the rule.
    Each new evidence opens a new cycle, also while the former is still valid:
    who renews early is qualified from then, and the former row keeps its own
    days.  The same evidence twice, also at the same moment, gives the same row.
    A programme is fulfilled by whoever completes its course, obliged or not, so
    that a change of position later does not cost a training already done.  Where a
    rule asks for several courses, the last of so many fulfils it; its shorter course to
    renew does for whoever was trained in the programme before.
    """
    day = clock.local(completion.completed_at).date()
    fulfilled = []
    for duty in queries.duties_on(day, course_id=completion.course_id):
        if not _is_enough(person_id, duty, completion):
            continue
        months = duty.rule.valid_months
        qualification, is_new = _fulfil(person_id, duty, completion.evidence, day, month_later(day, months) if months else None)
        if is_new:
            _follow_up(person_id, duty, qualification, completion)
        else:
            certify(qualification, completion)
        fulfilled.append(qualification)
    return fulfilled


def _is_enough(person_id: int, duty: Duty, completion: Completion) -> bool:
    """Return whether a rule is fulfilled by this course with those completed before it.

    What was completed before the last qualification began has been used for that: each
    cycle asks for all of it again.
    """
    rule, day = duty.rule, clock.local(completion.completed_at).date()
    known = session.scalars(
        select(Qualification).where(
            Qualification.person_id == person_id, Qualification.programme_id == duty.programme.id, Qualification.from_day <= day
        )
    ).all()
    if any(each.evidence == completion.evidence for each in known):
        return True
    if completion.course_id == rule.renewed_by_id and completion.course_id not in rule.courses:
        return any(each.state == "valid" for each in known)
    if rule.needed == 1:
        return True
    since = max((each.from_day for each in known if each.state == "valid"), default=date.min)
    days = {course_id: clock.local(at).date() for course_id, at in completion.others.items() if at <= completion.completed_at}
    done = {completion.course_id} | {course_id for course_id, day_of in days.items() if day_of > since}
    return len(done & set(rule.courses)) >= rule.needed


def certify(qualification: Qualification, completion: Completion) -> None:
    """Issue the certificate of a qualification when its programme gives one and somebody above may issue it.

    One that was given and taken back stays taken back, and a qualification that was taken back gets none.  A missing issuer must not cost anybody the qualification: it is logged, and
    the repair job tries again every night.
    """
    programme = session.get_one(Programme, qualification.programme_id)
    source = f"programme:{programme.id}"
    if not programme.certificate or _has_certificate(qualification.person_id, source, qualification.cycle):
        return
    # Whoever takes it back at this moment is waited for: no certificate may follow that.
    session.refresh(qualification, with_for_update=True)
    if qualification.state != "valid":
        return
    course, version = session.get_one(Course, completion.course_id), session.get_one(Version, completion.version_id)
    facts = issuing.Facts(
        programme_title=programme.title,
        course_code=course.code,
        course_title=version.title,
        course_version=version.number,
        periods=version.periods,
        started_on=clock.local(completion.started_at).date(),
        completed_on=clock.local(completion.completed_at).date(),
        # To have taken part is what pupils are thanked for; a mark is nobody's business but theirs.
        share=completion.share if programme.audience == "staff" else None,
    )
    try:
        issuing.issue(
            person_id=qualification.person_id,
            source=source,
            cycle=qualification.cycle,
            issued_on=qualification.from_day,
            valid_until=qualification.until_day,
            facts=facts,
        )
    except issuing.NoIssuer:
        log.warning("no issuer for the certificate of qualification %s", qualification.id)


def recognise(person_id: int, programme_id: int, evidence: str, from_day: date, until_day: date | None) -> Qualification:
    """Fulfil a programme by training from elsewhere, from the day of its document on; no certificate of ours states it.

    ``until_day`` None: as long as the rule of that day says, or of the first day when
    the document is older.  The same evidence twice gives the same row.
    """
    duty = _duty(programme_id, from_day)
    qualification, is_new = _fulfil(person_id, duty, evidence, from_day, until_day or recognised_until(programme_id, from_day))
    if is_new:
        journal.note("person", [person_id])
    return qualification


def recognised_until(programme_id: int, from_day: date) -> date | None:
    """Return until when training of that day counts by the programme's rule; None when it has no end."""
    months = _duty(programme_id, from_day).rule.valid_months
    return month_later(from_day, months) if months else None


def _duty(programme_id: int, day: date) -> Duty:
    programme = session.get_one(Programme, programme_id)
    fitting = [rule for rule in programme.rules if rule.until_day is None or day < rule.until_day]
    return Duty(programme, (fitting or programme.rules[-1:])[0])


def _fulfil(person_id: int, duty: Duty, evidence: str, from_day: date, until_day: date | None) -> tuple[Qualification, bool]:
    """Return the qualification of this evidence, and whether it was made now."""
    while True:
        known = session.scalar(
            select(Qualification).where(
                Qualification.person_id == person_id,
                Qualification.programme_id == duty.programme.id,
                Qualification.evidence == evidence,
            )
        )
        if known is not None:
            return known, False
        last_cycle = session.scalar(
            select(func.max(Qualification.cycle)).where(
                Qualification.person_id == person_id, Qualification.programme_id == duty.programme.id
            )
        )
        row = {
            "programme_id": duty.programme.id,
            "person_id": person_id,
            "cycle": (last_cycle or 0) + 1,
            "rule_id": duty.rule.id,
            "from_day": from_day,
            "until_day": until_day,
            "evidence": evidence,
            "state": "valid",
            "recorded_at": clock.now(),
        }
        # When another evidence took this cycle at the same moment, look again and take the next one.
        inserted = insert_new(Qualification, [row])
        if inserted:
            return session.get_one(Qualification, inserted[0]), True


def _has_certificate(person_id: int, source: str, cycle: int) -> bool:
    query = select(Certificate.id).where(Certificate.person_id == person_id, Certificate.source == source, Certificate.cycle == cycle)
    return session.scalar(query.limit(1)) is not None


def _follow_up(person_id: int, duty: Duty, qualification: Qualification, completion: Completion) -> None:
    journal.note("person", [person_id])
    certify(qualification, completion)
    account_ids = session.scalars(select(Account.id).where(Account.person_id == person_id, Account.disabled.is_(False))).all()
    if duty.programme.audience == "staff":
        _tell(account_ids, duty, qualification)


def _tell(account_ids: Iterable[int], duty: Duty, qualification: Qualification) -> None:
    for account_id in account_ids:
        outbox.add(
            account_id,
            "programme_fulfilled",
            dedupe_key=f"programme_fulfilled:{qualification.id}",
            programme_title=duty.programme.title,
            cycle=qualification.cycle,
            from_day=qualification.from_day.isoformat(),
            until_day=qualification.until_day.isoformat() if qualification.until_day else None,
        )
