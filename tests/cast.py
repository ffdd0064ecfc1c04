"""The cast: a small tree of units and the people who must, and must not, see things.

so            Sở GD&ĐT Hải Vân (administrator, author, auditor)
  ward_a      Phường Sông Xanh (officer)
    school_a  THCS Sông Xanh: head, keeper, teacher, other_teacher; class 6A1 with pupil and other_pupil
    school_a2 TH Lũy Tre: neighbour (a teacher)
  ward_b      Phường Cầu Đá (stranger_officer)
    school_b  THCS Cầu Đá: stranger_teacher, stranger_pupil
"""

from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher

from lms.accounts.models import Account, Person
from lms.core.db import session
from lms.schools.models import SchoolClass, Unit
from tests import factories

PASSWORD = "mật khẩu của vai diễn"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Cast:
    """Everybody by name; ``accounts[name]`` and ``persons[name]``, usernames are the names."""

    units: dict[str, Unit]
    persons: dict[str, Person]
    accounts: dict[str, Account]
    school_class: SchoolClass


@cache
def password_hash() -> str:
    # One cheap hash for all: tests sign in often, and the cost is not what they test.
    return CHEAP.hash(PASSWORD)


def make_cast() -> Cast:
    """Put the cast on the stage."""
    factories.make_unit_kinds()
    so = factories.make_unit("so", "so", "Sở GD&ĐT Hải Vân")
    ward_a = factories.make_unit("ward_a", "phuong_xa", "Phường Sông Xanh", parent=so)
    ward_b = factories.make_unit("ward_b", "phuong_xa", "Phường Cầu Đá", parent=so)
    school_a = factories.make_unit("school_a", "truong", "THCS Sông Xanh", parent=ward_a, stage="thcs")
    school_a2 = factories.make_unit("school_a2", "truong", "TH Lũy Tre", parent=ward_a, stage="th")
    school_b = factories.make_unit("school_b", "truong", "THCS Cầu Đá", parent=ward_b, stage="thcs")
    units = {unit.code: unit for unit in (so, ward_a, ward_b, school_a, school_a2, school_b)}
    people = {
        "administrator": ("Trần Văn Quản", "administrator", so, None),
        "author": ("Lê Thị Soạn", "author", so, None),
        "auditor": ("Vũ Đình Kiểm", "auditor", so, None),
        "officer": ("Phạm Thị Tâm", "officer", ward_a, None),
        "stranger_officer": ("Hồ Văn Lạ", "officer", ward_b, None),
        "head": ("Nguyễn Hoàng Phúc", "head_teacher", school_a, "manager"),
        "keeper": ("Trương Mỹ Duyên", "roster_keeper", school_a, "teacher"),
        "teacher": ("Nguyễn Thị Thu Hường", "teacher", school_a, "teacher"),
        "other_teacher": ("Đặng Thị Ngọc Ánh", "teacher", school_a, "teacher"),
        "neighbour": ("Võ Minh Mẫn", "teacher", school_a2, "teacher"),
        "stranger_teacher": ("Lý Quốc Khởi", "teacher", school_b, "teacher"),
        "pupil": ("Trần Minh An", "pupil", school_a, None),
        "other_pupil": ("Bùi Gia Bảo", "pupil", school_a, None),
        "stranger_pupil": ("Đỗ Khánh Chi", "pupil", school_b, None),
    }
    persons, accounts = {}, {}
    for username, (full_name, role, unit, position) in people.items():
        person = factories.make_person(full_name)
        account = factories.make_account(
            person, username, password_hash=password_hash(), email=None if role == "pupil" else f"{username}@truong.example"
        )
        factories.make_role(account, role, unit)
        if position:
            factories.make_post(person, unit, position)
        persons[username], accounts[username] = person, account
    school_class = factories.make_class(school_a, "6A1", 6)
    for username in ("pupil", "other_pupil"):
        factories.make_place(persons[username], school_class)
    factories.make_place(persons["stranger_pupil"], factories.make_class(school_b, "6A1", 6))
    session.commit()
    return Cast(units, persons, accounts, school_class)
