"""make_...: courses, programmes and enrolments for tests."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from lms.core import clock
from lms.courses import authoring, completion, kinds
from lms.courses.drafts import ActivityDraft, CourseDraft, SectionDraft, TextFile
from lms.courses.models import Course, Version
from lms.learning import enrolment as enrolments
from lms.learning.models import Enrolment
from lms.programmes.models import Programme, Rule
from tests.factories import LONG_AGO, save

LAW_READ = date(2026, 11, 23)
LESSON = """---
lead: Why this matters.
outcomes:
  - Know one thing.
sources:
  - {ref: "116/2025/QH15 Đ44.1", as_of: 2026-11-23}
---

## First heading

Some words [[116/2025/QH15 Đ7.2.g]].

:::check
Which one?
- [ ] This :: No, see [[116/2025/QH15 Đ7]].
- [x] That :: Yes.
:::
"""
LOCK = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="9" height="9"/></svg>'
# A lesson with a picture and a page to print.
DRAWN_LESSON = (
    LESSON
    + """
![A lock](pictures/lock.svg)

:::aid To pin beside the desk
1. Stop [[116/2025/QH15 Đ42.2]].
:::
"""
)
_numbers = count(1)


class StandIn(kinds.ActivityKind):
    """Stands for a quiz where a test needs an activity that a learner cannot declare done."""

    key = "stand_in"
    meets = (completion.SUBMITTED, completion.REACHED, completion.PASSED, completion.MARKED)
    usual = (completion.PASSED,)

    def entry(self, place: kinds.Place) -> kinds.Entry:
        return kinds.Entry("learning/step.html")


def activity(key: str, kind: str = "page", *, required: bool = True, text: str = LESSON, **more: Any) -> ActivityDraft:
    """An activity; ``more`` are completion, available and hidden."""
    texts = {language: TextFile(f"{key}.{language}.md", text) for language in ("vi", "en")} if kind == "page" else {}
    return ActivityDraft(key, kind, 10, {"vi": f"Bài {key}", "en": f"Lesson {key}"}, texts, {}, required, **more)


def draft(
    *activities: str | ActivityDraft,
    slug: str | None = None,
    audience: str = "staff",
    grades: Iterable[int] = (),
    per_section: int = 3,
    **more: Any,
) -> CourseDraft:
    """A course with these activities; a key "quiz..." is a stand-in for one, others are pages."""
    steps = [
        each if isinstance(each, ActivityDraft) else activity(each, StandIn.key if each.startswith("quiz") else "page")
        for each in activities
    ]
    slug = slug or f"khoa-{next(_numbers)}"
    sections = tuple(
        SectionDraft(f"m{place}", {"vi": f"Phần {place}", "en": f"Part {place}"}, tuple(steps[start : start + per_section]))
        for place, start in enumerate(range(0, len(steps), per_section), start=1)
    )
    values: dict[str, Any] = {
        "code": slug.upper(),
        "title": {"vi": f"Khóa {slug}", "en": f"Course {slug}"},
        "summary": {"vi": "Tóm tắt", "en": "Summary"},
        "as_of": LAW_READ,
        "periods": 4,
        "valid_months": 24,
        "languages": ("vi", "en"),
    }
    return CourseDraft(slug=slug, audience=audience, grades=tuple(grades), sections=sections, **(values | more))


def make_version(*activities: str | ActivityDraft, published: bool = True, **more: Any) -> Version:
    """A version of a course; see ``draft``."""
    if StandIn.key not in kinds.known():
        kinds.configure([*(kinds.get(key) for key in kinds.known()), StandIn()])
    version = authoring.import_draft(draft(*(activities or ("a", "b", "c")), **more))
    return authoring.publish(version) if published else version


def make_drawn_version(slug: str, **more: Any) -> Version:
    """A course of one lesson, "a", with a picture and a page to print."""
    return make_version(activity("a", text=DRAWN_LESSON), slug=slug, files={"pictures/lock.svg": LOCK}, **more)


def make_programme(
    course: Course,
    *,
    slug: str | None = None,
    audience: str = "staff",
    positions: Iterable[str] = (),
    grades: Iterable[int] = (),
    valid_months: int | None = 24,
    certificate: bool = True,
    since: date = LONG_AGO,
    until: date | None = None,
    owner_unit_id: int | None = None,
) -> Programme:
    programme = save(
        Programme(
            slug=slug or f"chuong-trinh-{next(_numbers)}",
            title={"vi": "Chương trình", "en": "Programme"},
            legal_basis={"vi": "Luật", "en": "Law"},
            audience=audience,
            owner_unit_id=owner_unit_id,
            from_day=since,
            until_day=until,
            certificate=certificate,
        )
    )
    save(
        Rule(
            programme_id=programme.id,
            number=1,
            course_id=course.id,
            positions=list(positions),
            grades=list(grades),
            valid_months=valid_months,
            from_day=since,
            until_day=None,
        )
    )
    return programme


def make_enrolment(person_id: int, version: Version, *, source: str = "self") -> Enrolment:
    return enrolments.enrol(person_id, version, source=source)


def noon(day: date):  # type: ignore[no-untyped-def]
    """Noon of a Vietnamese day."""
    with clock.at(day):
        return clock.now()
