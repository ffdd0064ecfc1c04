"""What now?  One answer for a learner, then what is due, from the duties and the enrolments of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms.core import clock
from lms.core.db import month_later
from lms.learning import queries
from lms.learning.queries import Visit
from lms.programmes import queries as programmes
from lms.programmes import targets
from lms.programmes.queries import Duty

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Task:
    """A course that somebody should, or may, go on with.

    ``due`` is the day by which, None when nobody set one; ``late`` says that it
    has passed; ``renewal`` that the person is trained and it is time again; ``news``
    that it tells what changed in the law since a course was completed.
    """

    visit: Visit
    duty: Duty | None
    due: date | None = None
    late: bool = False
    renewal: bool = False
    news: bool = False

    @property
    def obliged(self) -> bool:
        return self.duty is not None

    def days_left(self, today: date) -> int | None:
        return (self.due - today).days if self.due else None

    def is_soon(self, today: date) -> bool:
        return not self.late and self.due is not None and self.due - today <= SOON


@dataclass(frozen=True)
class Home:
    """What the learner's home shows."""

    tasks: Sequence[Task]
    periods_this_year: int  # tiết of 45 minutes completed since 1 January
    valid_until: date | None  # of the qualification that ends first
    trained: bool  # in everything that one must

    @property
    def now(self) -> Task | None:
        return self.tasks[0] if self.tasks else None

    @property
    def later(self) -> Sequence[Task]:
        return self.tasks[1:]


def home(person_id: int) -> Home:
    """Return what a person should do next: what is late, then what ends first, then what was begun, then the rest."""
    today = clock.today()
    duties = programmes.duties_of(person_id, today)
    held = programmes.held_on(person_id, today)
    exempt = programmes.exempt_programmes(person_id, today)
    asked = {course_id for duty in duties for course_id in (*duty.rule.courses, duty.rule.renewed_by_id) if course_id}
    visits = {each.outline.course_id: each for each in queries.visits_for(person_id, sorted(asked))}
    tasks = []
    for duty in duties:
        qualification = held.get(duty.programme.id)
        if duty.programme.id in exempt:
            continue
        if qualification is None:
            due, late = _due(person_id, duty, today)
            tasks += [Task(visit, duty, due, late) for visit in _open_courses(person_id, duty, visits)]
        elif qualification.until_day and month_later(qualification.until_day, -duty.rule.renewal_months) <= today:
            again = [duty.rule.renewed_by_id] if duty.rule.renewed_by_id else duty.rule.courses[: duty.rule.needed]
            tasks += [Task(visits[each], duty, qualification.until_day, renewal=True) for each in again if each in visits]
    offered = queries.law_offers(person_id, today) - visits.keys()
    if offered:
        visits |= {each.outline.course_id: each for each in queries.visits_for(person_id, sorted(offered))}
    tasks += [Task(visits[each], None, news=True) for each in sorted(offered & visits.keys()) if visits[each].state != "completed"]
    in_tasks = {task.visit.outline.course_id for task in tasks}
    tasks += [Task(each, None) for each in visits.values() if each.state == "active" and each.outline.course_id not in in_tasks]
    ends = [each.until_day for each in held.values() if each.until_day]
    return Home(
        tasks=sorted(tasks, key=_urgency),
        periods_this_year=sum(each.outline.periods for each in visits.values() if _completed_in(each, today.year)),
        valid_until=min(ends, default=None),
        trained=bool(duties) and all(duty.programme.id in held or duty.programme.id in exempt for duty in duties),
    )


def _open_courses(person_id: int, duty: Duty, visits: Mapping[int, Visit]) -> list[Visit]:
    """Return the courses by which somebody can fulfil a duty now, those begun before the others.

    Where one of several is asked for and one was begun, that one; where somebody was trained before, the shorter course.
    """
    rule = duty.rule
    if rule.renewed_by_id is not None and rule.renewed_by_id in visits and programmes.was_held(person_id, duty.programme.id):
        return [visits[rule.renewed_by_id]]
    if rule.needed == 1 and len(rule.courses) == 1:
        return [visits[each] for each in rule.courses if each in visits]
    found = sorted((visits[each] for each in rule.courses if each in visits), key=lambda visit: not visit.begun)
    done = sum(visit.state == "completed" for visit in found)
    left = [visit for visit in found if visit.state != "completed"]
    return left[: max(rule.needed - done, 1)] if any(visit.begun for visit in left) else left


def _urgency(task: Task) -> tuple[bool, bool, date, bool]:
    return (not task.late, not task.obliged, task.due or date.max, not task.visit.begun)


def _due(person_id: int, duty: Duty, today: date) -> tuple[date | None, bool]:
    """Return by when somebody who is not trained has to be, and whether that day has passed.

    A deadline that has passed counts for whoever was obliged on it already; who
    came later has until the next.  Where the rule counts days from the beginning of a
    post, these count.
    """
    if duty.rule.due_days is not None:
        since = programmes.obliged_since(person_id, duty, today)
        due = since + timedelta(days=duty.rule.due_days) if since else None
        return due, due is not None and due < today
    deadlines = targets.deadlines_of(duty.programme.id)
    past = [each.day for each in deadlines if each.day < today]
    if past and programmes.obliges(duty, programmes.facts_of([person_id], past[-1])[person_id]):
        return past[-1], True
    return next((each.day for each in deadlines if each.day >= today), None), False


def _completed_in(visit: Visit, year: int) -> bool:
    return visit.completed_at is not None and clock.local(visit.completed_at).year == year
