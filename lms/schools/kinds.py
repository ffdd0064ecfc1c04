"""The kinds of units and the positions of staff that an installation starts with."""

from sqlalchemy import select

from lms.core.db import session
from lms.schools.models import Position, UnitKind

# code, Vietnamese, English, is it a school; from the highest level down.
UNIT_KINDS = (
    ("bo", "Bộ", "Ministry", False),
    ("so", "Sở Giáo dục và Đào tạo", "Department of Education", False),
    ("cum", "Cụm trường", "School cluster", False),
    ("quan_huyen", "Quận, huyện", "District", False),
    ("phuong_xa", "Phường, xã", "Ward, commune", False),
    ("dac_khu", "Đặc khu", "Special zone", False),
    ("truong", "Trường", "School", True),
    ("to", "Tổ chuyên môn", "Subject group", False),
)
POSITIONS = (
    ("manager", "Cán bộ quản lý", "Manager"),
    ("group_head", "Tổ trưởng chuyên môn", "Head of a subject group"),
    ("teacher", "Giáo viên", "Teacher"),
    ("homeroom_teacher", "Giáo viên chủ nhiệm", "Homeroom teacher"),
    ("it_teacher", "Giáo viên tin học", "IT teacher"),
    ("counsellor", "Tư vấn học đường", "School counsellor"),
    ("youth_leader", "Phụ trách Đoàn, Đội", "Youth leader"),
    ("page_admin", "Quản trị trang, kênh thông tin", "Page administrator"),
    ("clerk", "Văn thư, kế toán, thư viện", "Clerk"),
    ("staff", "Nhân viên", "Staff"),
    ("officer", "Chuyên viên", "Officer"),
)
STAGES = {
    "mn": {"vi": "Mầm non", "en": "Kindergarten"},
    "th": {"vi": "Tiểu học", "en": "Primary school"},
    "thcs": {"vi": "Trung học cơ sở", "en": "Lower secondary school"},
    "thpt": {"vi": "Trung học phổ thông", "en": "Upper secondary school"},
    "lien_cap": {"vi": "Trường nhiều cấp học", "en": "School of several stages"},
    "gdtx": {"vi": "Giáo dục thường xuyên", "en": "Continuing education centre"},
}


def seed() -> None:
    """Add the kinds and positions that are not there yet; those that are there stay as they are."""
    kinds = set(session.scalars(select(UnitKind.code)))
    for position, (code, vi, en, is_school) in enumerate(UNIT_KINDS):
        if code not in kinds:
            session.add(UnitKind(code=code, title={"vi": vi, "en": en}, position=position, is_school=is_school))
    positions = set(session.scalars(select(Position.code)))
    for position, (code, vi, en) in enumerate(POSITIONS):
        if code not in positions:
            session.add(Position(code=code, title={"vi": vi, "en": en}, position=position))
    session.flush()


def position_titles() -> dict[str, dict[str, str]]:
    """Return the titles of all positions by code, in their order."""
    return {row.code: row.title for row in session.scalars(select(Position).order_by(Position.position))}
