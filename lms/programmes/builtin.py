"""The programmes that come with the program: one for each built-in course that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.i18n import lazy_
from lms.courses.models import Course
from lms.programmes import targets
from lms.programmes.models import Programme, Rule

STAFF = "an-toan-mang-can-bo-giao-vien"
HELPERS = "bao-ve-hoc-sinh"
KEEPERS = "quan-tri-trang-du-lieu"
PUPILS = "cong-dan-so-thcs"

LAW_IN_FORCE = date(2026, 7, 1)

# QĐ 3296/QĐ-BGDĐT set 85 % by the end of 2021 and 100 % by the end of 2025.  No decision for 2026-2030 was found: the later
# values are a template that an administrator replaces, and so are its deadlines.
TARGETS = {2021: 0.85, 2025: 1.0, 2026: 0.85, 2027: 0.90, 2028: 0.95, 2029: 1.0, 2030: 1.0}
# The two courses that were not there before the law of 2026 have a year longer to begin with.
TARGETS_OF_NEW = {2027: 0.85, 2028: 0.90, 2029: 0.95, 2030: 1.0}
# Every school reports before 10 October.
REPORT_DAY = (10, 10)
LAST_YEAR = 2030
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
    from_day: date = LAW_IN_FORCE
    valid_months: int | None = None
    positions: Sequence[str] = ()
    grades: Sequence[int] = ()
    targets: Mapping[int, float] = field(default_factory=dict)


_PUPILS_BASIS = {
    "vi": "Luật An ninh mạng số 116/2025/QH15; Thông tư 02/2025/TT-BGDĐT về Khung năng lực số cho người học",
    "en": "Law on Cybersecurity 116/2025/QH15; Circular 02/2025/TT-BGDĐT on the digital competence framework for learners",
}

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
        from_day=date(2021, 1, 1),
        valid_months=24,
        targets=TARGETS,
    ),
    _BuiltIn(
        slug=PUPILS,
        course="hs3",
        audience="pupils",
        title={"vi": "Công dân số trung học cơ sở", "en": "Digital citizens of lower-secondary school"},
        legal_basis=_PUPILS_BASIS,
        from_day=date(2021, 1, 1),
        grades=(6, 7, 8, 9),
    ),
    _BuiltIn(
        slug=HELPERS,
        course="cb2",
        audience="staff",
        title={
            "vi": "Bảo vệ học sinh trên môi trường mạng",
            "en": "Protecting pupils online",
        },
        legal_basis={
            "vi": "Luật An ninh mạng số 116/2025/QH15 (Điều 16); Luật Trẻ em 102/2016/QH13 (Điều 54)",
            "en": "Law on Cybersecurity 116/2025/QH15 (Article 16); Law on Children 102/2016/QH13 (Article 54)",
        },
        valid_months=24,
        positions=("manager", "homeroom_teacher", "counsellor", "youth_leader"),
        targets=TARGETS_OF_NEW,
    ),
    # The second group of the plan of 2019: whoever runs the website and the pages of a school, and whoever keeps its lists.
    _BuiltIn(
        slug=KEEPERS,
        course="cb3",
        audience="staff",
        title={
            "vi": "An toàn tài khoản, dữ liệu và trang thông tin của nhà trường",
            "en": "Safe accounts, data and pages of a school",
        },
        legal_basis={
            "vi": "Luật An ninh mạng số 116/2025/QH15; Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15",
            "en": "Law on Cybersecurity 116/2025/QH15; Law on Personal Data Protection 91/2025/QH15",
        },
        valid_months=24,
        positions=("manager", "it_teacher", "page_admin", "clerk"),
        targets=TARGETS_OF_NEW,
    ),
    _BuiltIn(
        slug="ban-nho-va-man-hinh",
        course="hs1",
        audience="pupils",
        title={"vi": "Bạn nhỏ và chiếc màn hình", "en": "Little ones and the screen"},
        legal_basis=_PUPILS_BASIS,
        grades=(1, 2, 3),
    ),
    _BuiltIn(
        slug="cong-dan-so-nho-tuoi",
        course="hs2",
        audience="pupils",
        title={"vi": "Em là công dân số nhỏ tuổi", "en": "I am a young digital citizen"},
        legal_basis=_PUPILS_BASIS,
        grades=(4, 5),
    ),
    _BuiltIn(
        slug="cong-dan-so-thpt",
        course="hs4",
        audience="pupils",
        title={"vi": "Công dân số trung học phổ thông", "en": "Digital citizens of upper-secondary school"},
        legal_basis=_PUPILS_BASIS,
        grades=(10, 11, 12),
    ),
)


def set_template(programme: Programme, *, after: date) -> None:
    """Set the targets and report days of 2026-2030 that lie in a programme and after a day."""
    last = programme.until_day or date(LAST_YEAR + 1, 1, 1)
    for year, share in TARGETS.items():
        if max(after, programme.from_day) < (day := date(year, 12, 31)) < last:
            targets.set_target(programme.id, day, share)
    for year in range(programme.from_day.year, LAST_YEAR + 1):
        if max(after, programme.from_day) < (day := date(year, *REPORT_DAY[::-1])) < last:
            targets.set_deadline(programme.id, day, _report_title(year))


def _report_title(year: int) -> dict[str, str]:
    return {language: text.format(year=year) for language, text in REPORT_TITLE.items()}


def ensure() -> list[Programme]:
    """Make the built-in programmes that are missing, with their targets and deadlines; return them all, in the order of BUILT_IN.

    A programme whose course is not there waits until it is.  What an
    administrator changed since is left alone.  Raises NoCourse when none of
    the courses is there.
    """
    found = [programme for programme in map(_ensure, BUILT_IN) if programme is not None]
    if not found:
        raise NoCourse(slug=BUILT_IN[0].course)
    return found


def _ensure(wanted: _BuiltIn) -> Programme | None:
    known = session.scalar(select(Programme).where(Programme.slug == wanted.slug))
    if known is not None:
        return known
    course = session.scalar(select(Course).where(Course.slug == wanted.course))
    if course is None:
        return None
    programme = Programme(
        slug=wanted.slug,
        title=dict(wanted.title),
        legal_basis=dict(wanted.legal_basis),
        audience=wanted.audience,
        from_day=wanted.from_day,
        certificate=True,
    )
    session.add(programme)
    session.flush()
    rule = Rule(
        programme_id=programme.id,
        number=1,
        course_id=course.id,
        positions=list(wanted.positions),
        grades=list(wanted.grades),
        valid_months=wanted.valid_months,
        from_day=wanted.from_day,
    )
    session.add(rule)
    session.flush()
    for year, share in wanted.targets.items():
        targets.set_target(programme.id, date(year, 12, 31), share)
    if wanted.targets:
        for year in range(min(wanted.targets), LAST_YEAR + 1):
            targets.set_deadline(programme.id, date(year, *REPORT_DAY[::-1]), _report_title(year))
    return programme
