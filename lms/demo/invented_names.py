"""Invented names of people and schools; nobody and no place in it is real."""

from random import Random

FAMILY = ("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trương Lâm Mai Cao Tạ Hà Lưu Thái Châu Tống Quách").split()
# Families are not equally common: the first ones are drawn more often.
FAMILY_WEIGHTS = [38, 12, 10, 7, 5, 5, 5, 4, 4, 3, 3, 2, 2, 2, 2] + [1] * (len(FAMILY) - 15)
WOMEN_MIDDLE = ("Thị", "Thị", "Thị", "Thị", "Thị Ngọc", "Thị Thu", "Thị Minh", "Thị Kim", "Thị Bích", "Thị Thanh", "Thị Hồng", "Ngọc", "Mỹ", "Thùy", "Bảo", "Khánh", "Phương", "Diễm", "Quỳnh")
WOMEN = ("Hương Lan Mai Hoa Hồng Thảo Trang Linh Ngọc Ánh Hường Yến Oanh Phượng Thủy Thúy Loan Nga Nhung Duyên Hạnh Hiền Hằng Vân Xuân Quyên Trâm Vy Châu Dung Giang Hà My Nhi Như Tâm Tuyết Uyên").split()
MEN_MIDDLE = "Văn Văn Văn Văn Hữu Đức Minh Quang Quốc Thanh Xuân Đình Hoàng Công Ngọc Trọng Tuấn Anh Gia Bá".split()
MEN = ("Hùng Dũng Nam Tuấn Minh Long Sơn Hải Khánh Khôi Phúc Lộc Thành Trung Quân Bình Cường Đạt Duẩn Hiếu Hưng Huy Kiên Khoa Lâm Mẫn Nghĩa Phong Quý Sang Tài Thắng Tín Toàn Trí Vinh Vũ").split()
PUPIL_WOMEN = "An Anh Bảo Chi Châu Diệp Giang Hân Khánh Lam Linh Mai My Ngân Ngọc Nhi Như Phương Quỳnh Thảo Thư Trâm Trang Uyên Vy Yến".split()
PUPIL_MEN = "An Anh Bách Bảo Dũng Duy Đạt Đăng Gia Hải Hiếu Huy Hưng Khang Khánh Khoa Khôi Kiên Lâm Long Minh Nam Nguyên Nhân Phát Phong Phúc Quân Quang Sơn Thiên Thịnh Trí Vinh".split()

WARDS = (
    "Sông Xanh", "Cầu Đá", "Bãi Dừa", "Lũy Tre", "Gò Mây", "Đồng Lúa", "Hoa Phượng", "Bến Đò",
    "Cây Bàng", "Giếng Nước", "Thượng Nguồn", "Hạ Lưu", "Vườn Trầu", "Hòn Én", "Chợ Nổi",
)  # fmt: skip
SCHOOLS = (
    "Ban Mai", "Họa Mi", "Sao Mai", "Vàng Anh", "Hướng Dương", "Măng Non", "Tuổi Ngọc", "Hoa Sen", "Cầu Vồng", "Bình Minh",
    "Ngọn Hải Đăng", "Ánh Dương", "Cánh Diều", "Trăng Rằm", "Bồ Câu", "Hải Âu", "Đom Đóm", "Lá Xanh", "Mặt Trời", "Suối Reo",
    "Gió Mới", "Biển Rộng", "Núi Cao", "Đất Lành", "Mùa Xuân", "Cây Xoài", "Bông Lúa", "Hạt Nắng", "Chim Én", "Thuyền Giấy",
    "Tre Ngà", "Sen Hồng", "Phù Sa", "Rạng Đông", "Hừng Sáng", "Bến Nước", "Đồng Xanh", "Cát Vàng", "Sóng Biếc", "Mây Trắng",
)  # fmt: skip
GROUPS = ("Ngữ văn", "Toán – Tin", "Ngoại ngữ", "Khoa học tự nhiên", "Lịch sử – Địa lí", "Nghệ thuật", "Thể chất", "Văn phòng")


def adult(random: Random, *, woman: bool) -> str:
    """Return the name of an invented grown-up."""
    middle = random.choice(WOMEN_MIDDLE if woman else MEN_MIDDLE)
    return f"{_family(random)} {middle} {random.choice(WOMEN if woman else MEN)}"


def child(random: Random, *, girl: bool) -> str:
    """Return the name of an invented pupil."""
    middle = random.choice(PUPIL_WOMEN if girl else PUPIL_MEN)
    given = random.choice([name for name in (PUPIL_WOMEN if girl else PUPIL_MEN) if name != middle])
    return f"{_family(random)} {middle} {given}"


def _family(random: Random) -> str:
    return random.choices(FAMILY, FAMILY_WEIGHTS)[0]
