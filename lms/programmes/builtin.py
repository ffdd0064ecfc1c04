"""The programmes that come with the program: all staff (CB1) and lower-secondary pupils (HS3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.i18n import lazy_
from lms.courses.models import Course
from lms.programmes import targets
from lms.programmes.models import Programme, Rule

STAFF = "an-toan-mang-can-bo-giao-vien"
PUPILS = "cong-dan-so-thcs"

# QĐ 3296/QĐ-BGDĐT set 85 % by the end of 2021 and 100 % by the end of 2025.  No decision for 2026-2030 was found: the later
# values are a template that an administrator replaces, and so are its deadlines.
TARGETS = {2021: 0.85, 2025: 1.0, 2026: 0.85, 2027: 0.90, 2028: 0.95, 2029: 1.0, 2030: 1.0}
# Every school reports before 10 October.
REPORT_DAY = (10, 10)
FIRST_YEAR, LAST_YEAR = 2021, 2030
REPORT_TITLE = {"vi": "Hạn hoàn thành tập huấn và báo cáo năm {year}", "en": "Training and report due, {year}"}


class NoCourse(NotFound):
    code = "no_course"
    message = lazy_('The course "{slug}" is not there yet. Bring in the built-in courses first: lms courses import.')


@dataclass(frozen=True)
class _BuiltIn:
    slug: str
    course: str
    audience: str
    title: Mapping[str, str]
    legal_basis: Mapping[str, str]
    valid_months: int | None
    grades: Sequence[int]
    certificate: bool
    from_day: date
    has_targets: bool


BUILT_IN = (
    _BuiltIn(
        slug=STAFF,
        course="cb1",
        audience="staff",
        title={
            "vi": "An toàn, an ninh mạng cho cán bộ, giáo viên, nhân viên",
            "en": "Cyber-security and online safety for all school staff",
        },
        legal_basis={
            "vi": "Luật An ninh mạng số 116/2025/QH15; giai đoạn đến năm 2025: Quyết định 3296/QĐ-BGDĐT",
            "en": "Law on Cybersecurity 116/2025/QH15; until 2025: Decision 3296/QĐ-BGDĐT",
        },
        valid_months=24,
        grades=(),
        certificate=True,
        from_day=date(2021, 1, 1),
        has_targets=True,
    ),
    _BuiltIn(
        slug=PUPILS,
        course="hs3",
        audience="pupils",
        title={"vi": "Công dân số trung học cơ sở", "en": "Digital citizens of lower-secondary school"},
        legal_basis={
            "vi": "Luật An ninh mạng số 116/2025/QH15; Thông tư 02/2025/TT-BGDĐT về Khung năng lực số cho người học",
            "en": "Law on Cybersecurity 116/2025/QH15; Circular 02/2025/TT-BGDĐT on the digital competence framework for learners",
        },
        valid_months=None,
        grades=(6, 7, 8, 9),
        certificate=False,
        from_day=date(2021, 1, 1),
        has_targets=False,
    ),
)


def ensure() -> list[Programme]:
    """Make the built-in programmes that are missing, with their targets and deadlines; return them all.

    What an administrator changed since is left alone.  Raises NoCourse when a
    course is not there.
    """
    return [_ensure(each) for each in BUILT_IN]


def _ensure(wanted: _BuiltIn) -> Programme:
    known = session.scalar(select(Programme).where(Programme.slug == wanted.slug))
    if known is not None:
        return known
    course = session.scalar(select(Course).where(Course.slug == wanted.course))
    if course is None:
        raise NoCourse(slug=wanted.course)
    programme = Programme(
        slug=wanted.slug,
        title=dict(wanted.title),
        legal_basis=dict(wanted.legal_basis),
        audience=wanted.audience,
        from_day=wanted.from_day,
        certificate=wanted.certificate,
    )
    session.add(programme)
    session.flush()
    rule = Rule(
        programme_id=programme.id,
        number=1,
        course_id=course.id,
        positions=[],
        grades=list(wanted.grades),
        valid_months=wanted.valid_months,
        from_day=wanted.from_day,
    )
    session.add(rule)
    session.flush()
    if wanted.has_targets:
        for year, share in TARGETS.items():
            targets.set_target(programme.id, date(year, 12, 31), share)
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            title = {language: text.format(year=year) for language, text in REPORT_TITLE.items()}
            targets.set_deadline(programme.id, date(year, *REPORT_DAY[::-1]), title)
    return programme
