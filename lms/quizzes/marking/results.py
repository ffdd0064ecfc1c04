"""The attempts at a quiz, for those who teach or look after its learners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from lms.accounts.models import Person
from lms.core import clock, names
from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.learning.models import Enrolment
from lms.quizzes import timing
from lms.quizzes.marking import rules
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.timing import State
from lms.schools import facts, tree
from lms.schools.models import Place, Post, SchoolClass
from lms.web.signin import Actor

_MOST_GROUPS = 200  # in a list to choose from


class Standing(StrEnum):
    """How far an attempt is, for those who look after it."""

    ALL = ""
    WAITING = "waiting"  # handed in, and somebody has to mark it
    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class QuizLine:
    """A quiz with how many attempts of one's own people there are."""

    quiz_id: int
    title: Mapping[str, str]
    code: str
    version: int
    audience: str
    may_mark: bool  # else the figures are all that one sees
    attempts: int
    waiting: int


@dataclass(frozen=True)
class QuizPlace:
    """A quiz and the course it stands in."""

    quiz: Quiz
    activity: Activity
    version: Version
    course: Course


@dataclass(frozen=True)
class AttemptLine:
    """An attempt in the list: whose, and what came of it; ``group`` is the class, or the unit of staff."""

    attempt: Attempt
    person_id: int
    name: str
    group: str
    unit: str


@dataclass(frozen=True)
class Wish:
    """Which attempts are asked for; ``group_id`` is a class of pupils or a unit of staff."""

    standing: Standing = Standing.ALL
    group_id: int | None = None
    words: str = ""
    newest: bool = False  # by the moment of handing in; else by name


def quiz_place(quiz_id: int) -> QuizPlace | None:
    """Return a quiz with its course.  One statement."""
    row = session.execute(
        select(Quiz, Activity, Version, Course)
        .join(Activity, Activity.id == Quiz.activity_id)
        .join(Version, Version.id == Activity.version_id)
        .join(Course, Course.id == Version.course_id)
        .where(Quiz.id == quiz_id)
    ).first()
    return QuizPlace(*row) if row else None


def quiz_lines(actor: Actor) -> list[QuizLine]:
    """Return the quizzes that somebody has to do with, those that wait for marking first."""
    counts: dict[int, tuple[int, int]] = {}
    marking = [audience for audience in rules.MARKING if rules.may_mark_at(actor, audience)]
    for audience in marking:
        counted = session.execute(
            select(Attempt.quiz_id, func.count(Attempt.id), func.sum(case((_standing(Standing.WAITING), 1), else_=0)))
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .join(Course, Course.id == Enrolment.course_id)
            .where(Course.audience == audience, Enrolment.person_id.in_(rules.learners(actor, audience)))
            .group_by(Attempt.quiz_id)
        )
        counts |= {row[0]: (row[1], row[2]) for row in counted}
    rows = session.execute(
        select(Quiz.id, Activity.title, Course.code, Version.number, Course.audience)
        .join(Activity, Activity.id == Quiz.activity_id)
        .join(Version, Version.id == Activity.version_id)
        .join(Course, Course.id == Version.course_id)
        .where(rules.looked_after(actor), Version.state != "draft")
    )
    lines = [QuizLine(row[0], row[1], row[2], row[3], row[4], row[4] in marking, *counts.get(row[0], (0, 0))) for row in rows]
    return sorted(lines, key=lambda line: (not line.waiting, line.audience, line.code, -line.version, line.quiz_id))


def counts(actor: Actor, place: QuizPlace, wish: Wish) -> dict[Standing, int]:
    """Return how many attempts there are of each standing, else as wished for.  One statement."""
    columns = [func.sum(case((_standing(each), 1), else_=0)) for each in Standing]
    row = session.execute(_of(actor, place, Wish(group_id=wish.group_id, words=wish.words)).with_only_columns(*columns)).one()
    return {each: row[number] or 0 for number, each in enumerate(Standing)}


def lines(actor: Actor, place: QuizPlace, wish: Wish, *, first: int = 0, most: int = 50) -> list[AttemptLine]:
    """Return the attempts at a quiz of those whom somebody looks after; never sorted by mark: this is no ranking.

    Two statements for names of classes or units beside that of the attempts.
    """
    query = _of(actor, place, wish)
    order = (
        (Attempt.finished_at.is_(None), Attempt.finished_at.desc(), Attempt.id)
        if wish.newest
        else (Person.sort_key, Person.id, Attempt.number)
    )
    rows = session.execute(query.order_by(*order).offset(first).limit(most)).all()
    groups = _groups({row[1].id for row in rows}, place.course.audience)
    return [AttemptLine(attempt, person.id, person.full_name, *groups.get(person.id, ("", ""))) for attempt, person in rows]


def groups(actor: Actor, audience: str) -> dict[int, str]:
    """Return the classes (of pupils) or units (of staff) that one can choose from; none when there are too many."""
    day = clock.today()
    people = rules.learners(actor, audience)
    if audience == "pupils":
        query = (
            select(SchoolClass.id, SchoolClass.name)
            .join(Place, Place.class_id == SchoolClass.id)
            .where(Place.person_id.in_(people), facts.true_on(Place, day))
            .distinct()
            .order_by(SchoolClass.name)
        )
        found = {row.id: row.name for row in session.execute(query.limit(_MOST_GROUPS + 1))}
    else:
        units = select(Post.unit_id).where(Post.person_id.in_(people), facts.true_on(Post, day)).distinct().limit(_MOST_GROUPS + 1)
        ids = list(session.scalars(units))
        found = tree.names_on(ids, day) if 1 < len(ids) <= _MOST_GROUPS else {}
    return dict(sorted(found.items(), key=lambda each: names.fold(each[1]))) if len(found) <= _MOST_GROUPS else {}


def standing_of(attempt: Attempt) -> Standing:
    """Return how far an attempt is."""
    if attempt.state in timing.OPEN:
        return Standing.OPEN
    if attempt.state == State.ABANDONED:
        return Standing.ABANDONED
    if attempt.share is None:
        return Standing.WAITING
    return Standing.PASSED if attempt.passed else Standing.FAILED


def _of(actor: Actor, place: QuizPlace, wish: Wish) -> Select[Attempt, Person]:
    audience = place.course.audience
    query = (
        select(Attempt, Person)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Attempt.quiz_id == place.quiz.id, Person.id.in_(rules.learners(actor, audience)), _standing(wish.standing))
    )
    if wish.group_id is not None:
        query = query.where(Person.id.in_(_members(wish.group_id, audience)))
    if wish.words:
        query = query.where(Person.search_key.contains(names.fold(wish.words), autoescape=True))
    return query


def _members(group_id: int, audience: str) -> Select[int]:
    day = clock.today()
    if audience == "pupils":
        return select(Place.person_id).where(Place.class_id == group_id, facts.true_on(Place, day))
    return select(Post.person_id).where(Post.unit_id == group_id, facts.true_on(Post, day))


def _standing(standing: Standing) -> ColumnElement[bool]:
    finished = Attempt.state == State.FINISHED
    return {
        Standing.ALL: Attempt.id.is_not(None),
        Standing.WAITING: and_(finished, Attempt.share.is_(None)),
        Standing.PASSED: and_(finished, Attempt.passed.is_(True)),
        Standing.FAILED: and_(finished, Attempt.passed.is_(False)),
        Standing.OPEN: Attempt.state.in_(timing.OPEN),
        Standing.ABANDONED: Attempt.state == State.ABANDONED,
    }[standing]


def _groups(person_ids: Sequence[int] | set[int], audience: str) -> dict[int, tuple[str, str]]:
    """Return for each person the class and school, or the group and unit of staff."""
    day = clock.today()
    if audience == "pupils":
        rows = session.execute(
            select(Place.person_id, SchoolClass.name, SchoolClass.unit_id)
            .join(SchoolClass, SchoolClass.id == Place.class_id)
            .where(Place.person_id.in_(person_ids), facts.true_on(Place, day))
        ).all()
    else:
        rows = session.execute(
            select(Post.person_id, Post.department, Post.unit_id).where(Post.person_id.in_(person_ids), facts.true_on(Post, day))
        ).all()
    units = tree.names_on({row[2] for row in rows}, day)
    return {row[0]: (row[1], units.get(row[2], "")) for row in rows}
