"""Reading discussions: what its readers see, and what moderators look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Person
from lms.core import clock
from lms.core.db import session
from lms.courses.models import Course
from lms.discussions import rules
from lms.discussions.models import Contribution, Report
from lms.schools import facts, tree
from lms.schools.models import Post
from lms.web.signin import Actor

PER_PAGE = 20  # threads
MOST_REPLIES = 200  # of all threads of a page
MOST_WAITING = 200


@dataclass(frozen=True)
class Said:
    """A contribution with who wrote it, and where that person works."""

    row: Contribution
    author: str
    unit_name: str
    is_own: bool


@dataclass(frozen=True)
class Thread:
    """The beginning of a thread with its replies, the oldest first."""

    begin: Said
    replies: list[Said]


@dataclass(frozen=True)
class Page:
    """Threads, the last touched first; ``more`` says whether there are further ones."""

    threads: list[Thread]
    more: bool


@dataclass(frozen=True)
class Case:
    """What a moderator looks at; ``reports`` are those not settled."""

    said: Said
    course: Course
    reports: int


def page(course_id: int, key: str, person_id: int, number: int = 1) -> Page:
    """Return the threads of a discussion that somebody sees: what is shown, and one's own.  Four statements."""
    here = (Contribution.course_id == course_id, Contribution.activity_key == key)
    seen = or_(Contribution.state == "shown", and_(Contribution.person_id == person_id, Contribution.state.in_(("waiting", "hidden"))))
    reply = aliased(Contribution)
    answered = (
        select(func.count()).where(reply.thread_id == Contribution.id, reply.state == "shown").correlate(Contribution).scalar_subquery()
    )
    touched = (
        select(func.max(reply.written_at)).where(reply.thread_id == Contribution.id, reply.state == "shown").correlate(Contribution)
    ).scalar_subquery()
    # A beginning that was hidden or taken back stays as a gap where others answered it.
    begins = session.scalars(
        select(Contribution)
        .where(*here, Contribution.thread_id.is_(None), or_(seen, answered > 0))
        .order_by(func.coalesce(touched, Contribution.written_at).desc(), Contribution.id.desc())
        .limit(PER_PAGE + 1)
        .offset((number - 1) * PER_PAGE)
    ).all()
    shown = begins[:PER_PAGE]
    replies = session.scalars(
        select(Contribution)
        .where(Contribution.thread_id.in_([each.id for each in shown]), seen)
        .order_by(Contribution.written_at, Contribution.id)
        .limit(MOST_REPLIES)
    ).all()
    said = _said([*shown, *replies], person_id)
    threads = [Thread(said[each.id], [said[other.id] for other in replies if other.thread_id == each.id]) for each in shown]
    return Page(threads, len(begins) > PER_PAGE)


def cases(actor: Actor) -> list[Case]:
    """Return what waits for a moderator: what is not shown yet, and what was reported; the oldest first."""
    reports = (
        select(func.count()).where(Report.contribution_id == Contribution.id, Report.settled_at.is_(None)).correlate(Contribution)
    ).scalar_subquery()
    rows = session.execute(
        select(Contribution, Course, reports)
        .join(Course, Course.id == Contribution.course_id)
        .where(rules.moderated(actor), or_(Contribution.state == "waiting", and_(Contribution.state == "shown", reports > 0)))
        .order_by(Contribution.written_at, Contribution.id)
        .limit(MOST_WAITING)
    ).all()
    said = _said([row[0] for row in rows], actor.person_id)
    return [Case(said[contribution.id], course, count) for contribution, course, count in rows]


def by_id(contribution_id: int) -> Contribution | None:
    """Return a contribution."""
    return session.get(Contribution, contribution_id)


def _said(rows: Iterable[Contribution], person_id: int) -> Mapping[int, Said]:
    rows = list(rows)
    people = {each.person_id for each in rows}
    names = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(people)))}
    today = clock.today()
    posts = select(Post.person_id, func.min(Post.unit_id).label("unit_id")).where(Post.person_id.in_(people), facts.true_on(Post, today))
    works_at: dict[int, int] = {row.person_id: row.unit_id for row in session.execute(posts.group_by(Post.person_id))}
    units = tree.names_on(set(works_at.values()), today)
    return {
        each.id: Said(each, names[each.person_id].full_name, units.get(works_at.get(each.person_id, 0), ""), each.person_id == person_id)
        for each in rows
    }
