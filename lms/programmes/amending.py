"""Amending programmes: a new rule takes over on a day, the former keeps its own."""

from datetime import date

from sqlalchemy import func, select

from lms.core.db import session
from lms.programmes.models import Rule


def succeed(rule: Rule, *, course_id: int, from_day: date, valid_months: int | None) -> Rule:
    """Let another course fulfil the programme from that day on; positions and grades stay as they are."""
    rule.until_day = from_day
    last = session.scalar(select(func.max(Rule.number)).where(Rule.programme_id == rule.programme_id)) or 0
    follower = Rule(
        programme_id=rule.programme_id,
        number=last + 1,
        course_id=course_id,
        positions=list(rule.positions),
        grades=list(rule.grades),
        valid_months=valid_months,
        from_day=from_day,
    )
    session.add(follower)
    session.flush()
    return follower
