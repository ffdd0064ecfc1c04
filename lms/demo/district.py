"""The invented district: a department, fifteen wards and their schools, with the reform of 2025 in its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from lms.certificates import issuing
from lms.demo.invented_names import SCHOOLS, WARDS
from lms.schools import kinds, tree
from lms.schools.models import Unit

OPENED = date(2019, 1, 1)
REFORM = date(2025, 7, 1)
REFORM_ACT = "Chính quyền địa phương hai cấp từ 01/07/2025 (sự kiện của bộ dữ liệu mẫu)"

# Per stage: how many schools, the word before the name, staff from-to, grades with pupils here.
STAGES = {
    "mn": (38, "MN", (22, 34), ()),
    "th": (36, "TH", (28, 42), (1, 2, 3, 4, 5)),
    "thcs": (24, "THCS", (34, 52), (6, 7, 8, 9)),
    "thpt": (8, "THPT", (44, 62), (10, 11, 12)),
}


@dataclass(frozen=True)
class School:
    """A school to be filled: who works and learns there."""

    unit: Unit
    stage: str
    staff: int
    grades: tuple[int, ...]


@dataclass(frozen=True)
class District:
    """The units of the demo."""

    department: Unit
    wards: list[Unit]
    schools: list[School]


def build(random: Random, *, wards: int, share_of_schools: float = 1.0) -> District:
    """Open the department, the old district, its wards and schools; then let the reform happen."""
    kinds.seed()
    department = tree.open_unit("SGD-HV", "so", "Sở Giáo dục và Đào tạo Hải Vân", short_name="Sở GD&ĐT Hải Vân", day=OPENED)
    old = tree.open_unit(
        "Q-SX", "quan_huyen", "Phòng Giáo dục và Đào tạo quận Sông Xanh", short_name="Quận Sông Xanh", parent=department, day=OPENED
    )
    wards_made = [
        tree.open_unit(f"P{number:02d}", "phuong_xa", f"Ủy ban nhân dân phường {name}", short_name=f"Phường {name}", parent=old, day=OPENED)
        for number, name in enumerate(WARDS[:wards], start=1)
    ]
    schools = list(_schools(random, wards_made, share_of_schools))
    for ward in wards_made:
        tree.move(ward, department, REFORM, legal_act=REFORM_ACT)
    tree.close_unit(old, REFORM, legal_act=REFORM_ACT)
    issuing.make_issuer(
        department.id,
        code="SGDĐT",
        name="Sở Giáo dục và Đào tạo",
        parent_name="UBND thành phố Hải Vân",
        place="Hải Vân",
        signer_title="Phó Giám đốc",
        signer_name="Trần Thị Ngọc Diễm",
    )
    return District(department, wards_made, schools)


def _schools(random: Random, wards: list[Unit], share: float) -> Iterator[School]:
    number = 0
    for stage, (count, word, (least, most), grades) in STAGES.items():
        for index in range(max(1, round(count * share))):
            number += 1
            ward = wards[(index * 7 + number) % len(wards)]
            name = SCHOOLS[(index + len(stage) * 5) % len(SCHOOLS)]
            title = {"mn": "Mầm non", "th": "Tiểu học", "thcs": "Trung học cơ sở", "thpt": "Trung học phổ thông"}[stage]
            unit = tree.open_unit(
                f"{word}-{number:03d}",
                "truong",
                f"Trường {title} {name}",
                short_name=f"{word} {name}",
                parent=ward,
                stage=stage,
                day=OPENED,
            )
            yield School(unit, stage, random.randint(least, most), grades)
