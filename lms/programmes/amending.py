"""Amending programmes: a new rule takes over on a day, the former keeps its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.programmes import targets
from lms.programmes.models import Deadline, Programme, Rule, Target


class BeforeTheLast(Invalid):
    code = "rule_before_the_last"
    message = lazy_("A new rule begins after the last one, which holds since {day}: what was asked of people before stays as it was.")


class TooManyNeeded(Invalid):
    code = "more_courses_needed_than_there_are"
    message = lazy_("More courses are asked for than are named: name further ones, or ask for fewer.")


class SlugTaken(Conflict):
    code = "programme_slug_taken"
    message = lazy_("There is a programme of this short name already.")


class NotAPeriod(Invalid):
    code = "programme_ends_before_it_begins"
    message = lazy_("The programme would end before it begins.")


class DayIsOver(Invalid):
    code = "day_is_over"
    message = lazy_("This day is over: what was to be reached by it stays in the books.")


class ChangedMeanwhile(Conflict):
    code = "programme_changed_meanwhile"
    message = lazy_("Somebody else changed this programme at the same moment. Look at it again.")


@dataclass(frozen=True)
class NewRule:
    """What a programme asks for from a day on; the fields are those of ``Rule``.

    Empty lists mean everybody of its audience, no months: without an end.
    """

    from_day: date
    course_id: int
    positions: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    further: tuple[int, ...] = ()
    needed: int = 1
    renewed_by_id: int | None = None
    valid_months: int | None = None
    renewal_months: int = 3
    due_days: int | None = None

    def row(self, programme_id: int, number: int) -> Rule:
        """Return it as a row."""
        return Rule(
            programme_id=programme_id,
            number=number,
            course_id=self.course_id,
            positions=list(self.positions),
            grades=list(self.grades),
            unit_kinds=list(self.unit_kinds),
            stages=list(self.stages),
            further=list(self.further),
            needed=self.needed,
            renewed_by_id=self.renewed_by_id,
            valid_months=self.valid_months,
            renewal_months=self.renewal_months,
            due_days=self.due_days,
            from_day=self.from_day,
        )


def as_new(rule: Rule) -> NewRule:
    """Return what a rule asks for, to be asked for again with something changed."""
    return NewRule(
        from_day=rule.from_day,
        course_id=rule.course_id,
        positions=tuple(rule.positions),
        grades=tuple(rule.grades),
        unit_kinds=tuple(rule.unit_kinds),
        stages=tuple(rule.stages),
        further=tuple(rule.further),
        needed=rule.needed,
        renewed_by_id=rule.renewed_by_id,
        valid_months=rule.valid_months,
        renewal_months=rule.renewal_months,
        due_days=rule.due_days,
    )


@dataclass(frozen=True)
class NewProgramme:
    """A programme as it begins; texts by language.  ``owner_unit_id`` None: for everybody."""

    slug: str
    title: Mapping[str, str]
    legal_basis: Mapping[str, str]
    audience: str
    owner_unit_id: int | None
    until_day: date | None
    certificate: bool
    rule: NewRule


def succeed(rule: Rule, *, course_id: int, from_day: date, valid_months: int | None) -> Rule:
    """Let another course fulfil the programme from that day on; whom it is for, and all else, stays as it is."""
    rule.until_day = from_day
    last = session.scalar(select(func.max(Rule.number)).where(Rule.programme_id == rule.programme_id)) or 0
    follower = replace(as_new(rule), course_id=course_id, from_day=from_day, valid_months=valid_months).row(rule.programme_id, last + 1)
    session.add(follower)
    session.flush()
    return follower


def amend(programme_id: int, new: NewRule, *, known: int, by: int) -> Rule:
    """Let a new rule take over on a day; ``known`` is the number of the last rule that the page showed.

    Figures of the days before stay as they were; those from that day on follow with
    the next fold of the ledger.  Raises BeforeTheLast, TooManyNeeded and ChangedMeanwhile.
    """
    programme = session.scalars(select(Programme).where(Programme.id == programme_id).with_for_update()).one()
    last = session.scalars(select(Rule).where(Rule.programme_id == programme.id).order_by(Rule.number.desc()).limit(1)).one()
    if last.number != known:
        raise ChangedMeanwhile()
    if new.from_day <= last.from_day:
        raise BeforeTheLast(day=last.from_day.strftime("%d/%m/%Y"))
    last.until_day = new.from_day
    _refuse_impossible(new)
    rule = new.row(programme.id, last.number + 1)
    session.add(rule)
    session.flush()
    audit.record("programmes.amended", f"programme:{programme.id}", account_id=by, rule=rule.number, from_day=new.from_day.isoformat())
    return rule


def begin(new: NewProgramme, *, by: int) -> Programme:
    """Begin a programme with its first rule, on the day of that rule.  Raises SlugTaken, NotAPeriod, TooManyNeeded."""
    _refuse_impossible(new.rule)
    if new.until_day is not None and new.until_day <= new.rule.from_day:
        raise NotAPeriod()
    programme = Programme(
        slug=new.slug,
        title=dict(new.title),
        legal_basis=dict(new.legal_basis),
        audience=new.audience,
        owner_unit_id=new.owner_unit_id,
        from_day=new.rule.from_day,
        until_day=new.until_day,
        certificate=new.certificate,
    )
    try:
        with session.begin_nested():
            session.add(programme)
    except IntegrityError as error:
        raise SlugTaken() from error
    session.add(new.rule.row(programme.id, 1))
    session.flush()
    audit.record("programmes.begun", f"programme:{programme.id}", account_id=by, slug=new.slug)
    return programme


def _refuse_impossible(rule: NewRule) -> None:
    if not 1 <= rule.needed <= len({rule.course_id, *rule.further}):
        raise TooManyNeeded()


def set_target(programme: Programme, day: date, share: float, *, by: int) -> None:
    """Set what share, 0.0 to 1.0, is to be reached by a day to come, and write down who did.  Raises DayIsOver."""
    _must_come(day)
    targets.set_target(programme.id, day, share)
    audit.record("programmes.target_set", f"programme:{programme.id}", account_id=by, day=day.isoformat(), share=share)


def drop_target(programme: Programme, day: date, *, by: int) -> None:
    """Take the target of a day to come away; one that is not there is no fault.  Raises DayIsOver."""
    _must_come(day)
    session.execute(
        delete(Target).where(Target.programme_id == programme.id, Target.day == day).execution_options(synchronize_session=False)
    )
    audit.record("programmes.target_dropped", f"programme:{programme.id}", account_id=by, day=day.isoformat())


def set_deadline(programme: Programme, day: date, title: dict[str, str], *, by: int) -> None:
    """Set a day to come by which something is due, and write down who did.  Raises DayIsOver."""
    _must_come(day)
    targets.set_deadline(programme.id, day, title)
    audit.record("programmes.deadline_set", f"programme:{programme.id}", account_id=by, day=day.isoformat())


def drop_deadline(programme: Programme, day: date, *, by: int) -> None:
    """Take a deadline to come away; one that is not there is no fault.  Raises DayIsOver."""
    _must_come(day)
    session.execute(
        delete(Deadline).where(Deadline.programme_id == programme.id, Deadline.day == day).execution_options(synchronize_session=False)
    )
    audit.record("programmes.deadline_dropped", f"programme:{programme.id}", account_id=by, day=day.isoformat())


def _must_come(day: date) -> None:
    if day < clock.today():
        raise DayIsOver()
