"""make_...: what coverage is about, noted in the journal as the services do."""

from datetime import date

from lms.accounts.models import Person
from lms.core import clock, journal
from lms.courses.models import Course, Version
from lms.programmes.models import Exemption, Programme, Qualification, Rule
from tests import factories
from tests.factories_courses import make_programme as programme_of_course

LONG_AGO = factories.LONG_AGO
TITLE = {"vi": "Bồi dưỡng an ninh mạng", "en": "Cyber-security training"}


def make_course(slug: str = "cb1") -> Course:
    """A course without lessons: coverage only needs its name."""
    course = factories.save(Course(slug=slug, code=slug.upper(), audience="staff", created_at=clock.now()))
    factories.save(
        Version(
            course_id=course.id,
            number=1,
            state="published",
            title={"vi": f"Khóa {slug.upper()}", "en": f"Course {slug.upper()}"},
            summary={},
            outcomes={},
            languages=["vi", "en"],
            grades=[],
            periods=4,
            valid_months=24,
            as_of=LONG_AGO,
            content_hash=slug,
            created_at=clock.now(),
        )
    )
    return course


def make_programme(
    slug: str = "cb1",
    *,
    positions: tuple[str, ...] = (),
    since: date = LONG_AGO,
    until: date | None = None,
    owner_unit_id: int | None = None,
) -> Programme:
    """A programme for staff with one rule."""
    return programme_of_course(make_course(slug), slug=slug, positions=positions, since=since, until=until, owner_unit_id=owner_unit_id)


def make_qualification(
    person: Person, programme: Programme, from_day: date, until_day: date | None = None, *, cycle: int = 1
) -> Qualification:
    rule = programme_rule(programme)
    qualification = factories.save(
        Qualification(
            programme_id=programme.id,
            person_id=person.id,
            cycle=cycle,
            rule_id=rule.id,
            from_day=from_day,
            until_day=until_day,
            evidence=f"test:{person.id}.{cycle}",
            recorded_at=clock.now(),
        )
    )
    journal.note("person", [person.id])
    return qualification


def make_exemption(
    person: Person, programme: Programme, from_day: date, until_day: date | None = None, *, reason: str = "on_leave"
) -> Exemption:
    exemption = factories.save(
        Exemption(
            programme_id=programme.id, person_id=person.id, reason=reason, from_day=from_day, until_day=until_day, recorded_at=clock.now()
        )
    )
    journal.note("person", [person.id])
    return exemption


def programme_rule(programme: Programme) -> Rule:
    return programme.rules[-1]
