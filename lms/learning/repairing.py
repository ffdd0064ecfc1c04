"""The nightly look for what a fault left undone: courses not counted, programmes not fulfilled, certificates not issued."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, func, literal, select

from lms.certificates.models import Certificate
from lms.core.db import session
from lms.core.jobs import JobKind
from lms.learning import outcomes
from lms.learning.models import Enrolment, Result
from lms.programmes.models import Programme, Qualification, Rule

# So many of each kind a night, so that the write lock is not held for long.  They come in random order: what cannot be mended
# (no issuer above the school) does not stand before the others for ever.
MOST = 500


def repair() -> int:
    """Let follow what should have followed; return how many enrolments it was about.  Doing it twice changes nothing."""
    mended = 0
    for enrolment_id in sorted({*_uncounted(), *_unfulfilled(), *_uncertified()}):
        outcomes.repair(enrolment_id)
        mended += 1
    return mended


def _run(_payload: Mapping[str, Any]) -> None:
    repair()


KIND = JobKind("learning.repair", _run, every=timedelta(days=1))


def _uncounted() -> Iterable[int]:
    """Return enrolments with every required result that are not completed."""
    done = (
        select(func.count())
        .where(Result.enrolment_id == Enrolment.id, Result.state.in_(("completed", "passed")))
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return session.scalars(
        select(Enrolment.id)
        .where(Enrolment.state == "active", Enrolment.required > 0, done >= Enrolment.required)
        .order_by(func.random())
        .limit(MOST)
    ).all()


def _unfulfilled() -> Iterable[int]:
    """Return completed enrolments in a course of a programme that led to no qualification."""
    evidence = literal("enrolment:") + cast(Enrolment.id, String)
    known = select(Qualification.id).where(Qualification.evidence == evidence).exists()
    return session.scalars(
        select(Enrolment.id)
        .join(Rule, Rule.course_id == Enrolment.course_id)
        .where(
            # One course of several fulfils nothing by itself.
            Rule.needed == 1,
            Enrolment.state == "completed",
            Enrolment.completed_at.is_not(None),
            func.date(Enrolment.completed_at) >= Rule.from_day,
            (Rule.until_day.is_(None)) | (func.date(Enrolment.completed_at) < Rule.until_day),
            ~known,
        )
        .order_by(func.random())
        .limit(MOST)
    ).all()


def _uncertified() -> Iterable[int]:
    """Return completed enrolments whose qualification has no certificate although its programme gives one."""
    evidence = literal("enrolment:") + cast(Enrolment.id, String)
    certificate = (
        select(Certificate.id)
        .where(
            Certificate.person_id == Qualification.person_id,
            Certificate.source == literal("programme:") + cast(Qualification.programme_id, String),
            Certificate.cycle == Qualification.cycle,
        )
        .exists()
    )
    return session.scalars(
        select(Enrolment.id)
        .join(Qualification, Qualification.evidence == evidence)
        .join(Programme, Programme.id == Qualification.programme_id)
        .where(Programme.certificate, Qualification.state == "valid", ~certificate)
        .order_by(func.random())
        .limit(MOST)
    ).all()
