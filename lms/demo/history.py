"""Two school years of the demo: who was trained when, who is on the way, who is exempt."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from lms.core import clock
from lms.courses import outline
from lms.courses.steps import Step
from lms.demo.courses import LAW_IN_FORCE, Courses
from lms.learning import enrolment, outcomes
from lms.learning.outcomes import Outcome
from lms.programmes import exemptions

REASONS = ("on_leave", "medical", "seconded", "retiring")


def train(random: Random, courses: Courses, person_ids: Sequence[int], *, eagerness: float, by: int) -> Iterator[int]:
    """Let the staff of a school be trained over two years; ``eagerness`` is 0.0 to 1.0; yields after each person."""
    today = clock.today()
    for person_id in person_ids:
        fate = random.random()
        if fate < eagerness * 0.62:
            _trained_on_paper(courses, person_id, _day(random, date(2025, 9, 20), date(2026, 6, 20)))
        elif fate < eagerness * 0.92:
            _trained_online(random, courses, person_id, _day(random, LAW_IN_FORCE, today - timedelta(days=3)))
        elif fate < eagerness * 0.92 + (1 - eagerness * 0.92) * 0.35:
            _on_the_way(random, courses, person_id, _day(random, today - timedelta(days=60), today - timedelta(days=1)))
        elif random.random() < 0.10:
            begin = _day(random, today - timedelta(days=200), today - timedelta(days=10))
            exemptions.approve(
                person_id=person_id,
                programme_id=courses.programme.id,
                reason=random.choice(REASONS),
                from_day=begin,
                until_day=begin + timedelta(days=365),
                by=by,
            )
        yield person_id


def _trained_on_paper(courses: Courses, person_id: int, day: date) -> None:
    moment = _moment(day)
    with clock.at(moment):
        row = enrolment.enrol(person_id, courses.paper, source="import")
        outcomes.record(row.id, "meeting", source="recognised", evidence="Danh sách ký tên", at=moment)


def _trained_online(random: Random, courses: Courses, person_id: int, day: date) -> None:
    begun = _moment(day)
    with clock.at(begun):
        row = enrolment.enrol(person_id, courses.staff, source="rule")
    done = []
    for number, step in enumerate(_asked_for(courses)):
        moment = begun + timedelta(minutes=12 * number)
        if step.kind == "quiz":
            done.append(Outcome(step.key, "quiz", share=random.choice((0.8, 0.87, 0.93, 1.0)), passed=True, at=moment))
        else:
            done.append(Outcome(step.key, "view", at=moment))
    with clock.at(done[-1].at or begun):
        outcomes.record_many(row.id, done)


def _on_the_way(random: Random, courses: Courses, person_id: int, day: date) -> None:
    steps = _asked_for(courses)
    begun = _moment(day)
    done = [Outcome(step.key, "view", at=begun) for step in steps[: random.randint(0, len(steps) - 2)]]
    if random.random() < 0.15:
        done.append(Outcome(steps[-1].key, "quiz", share=random.choice((0.53, 0.6, 0.73)), passed=False, at=begun))
    with clock.at(begun):
        row = enrolment.enrol(person_id, courses.staff, source="rule")
        outcomes.record_many(row.id, done)


def _asked_for(courses: Courses) -> list[Step]:
    """The steps that count; what is of free choice these people leave out."""
    return [step for step in outline.outline(courses.staff.id).steps if step.required]


def _day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randrange(max(1, (last - first).days)))


def _moment(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=14)
