"""What share is to be reached by when, and which deadline comes next."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from lms.core.db import session
from lms.programmes.models import Deadline, Target


def targets_of(programme_id: int) -> Sequence[Target]:
    """Return all targets of a programme by day."""
    return session.scalars(select(Target).where(Target.programme_id == programme_id).order_by(Target.day)).all()


def target_on(programme_id: int, day: date) -> Target | None:
    """Return the target that people work towards on a day: the next one, or the last when all days have passed."""
    return pick(targets_of(programme_id), day)


def pick(targets: Sequence[Target], day: date) -> Target | None:
    """Return the target of these (in order of days) that counts on a day."""
    return next((target for target in targets if target.day >= day), targets[-1] if targets else None)


def deadlines_of(programme_id: int) -> Sequence[Deadline]:
    """Return all deadlines of a programme by day."""
    return session.scalars(select(Deadline).where(Deadline.programme_id == programme_id).order_by(Deadline.day)).all()


def next_deadline(programme_id: int, day: date) -> Deadline | None:
    """Return the deadline on or next after a day; None when none is set."""
    return session.scalar(
        select(Deadline).where(Deadline.programme_id == programme_id, Deadline.day >= day).order_by(Deadline.day).limit(1)
    )


def set_target(programme_id: int, day: date, share: float) -> Target:
    """Set what share (0.0 to 1.0) is to be reached by a day; a day has one target."""
    target = session.scalar(select(Target).where(Target.programme_id == programme_id, Target.day == day))
    if target is None:
        target = Target(programme_id=programme_id, day=day, share=share)
        session.add(target)
    target.share = share
    session.flush()
    return target


def set_deadline(programme_id: int, day: date, title: dict[str, str]) -> Deadline:
    """Set a day by which something is due; a day has one deadline."""
    deadline = session.scalar(select(Deadline).where(Deadline.programme_id == programme_id, Deadline.day == day))
    if deadline is None:
        deadline = Deadline(programme_id=programme_id, day=day, title=title)
        session.add(deadline)
    deadline.title = title
    session.flush()
    return deadline
