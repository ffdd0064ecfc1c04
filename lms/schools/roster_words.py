"""The words of school lists: what columns and positions are called, in Vietnamese and English."""

import re

from lms.core import headers, names

# Folded: without tone marks, lower case, signs as spaces.
STAFF_OR_PUPILS: headers.Synonyms = {
    "number": ("stt", "tt", "so tt", "so thu tu", "no", "#"),
    "full_name": (
        "ho va ten", "ho ten", "hoten", "ho va ten hoc sinh", "ho ten hoc sinh", "ho ten hs", "ho va ten hs", "ten hoc sinh",
        "ho va ten giao vien", "ho ten giao vien", "ho va ten gv", "ho va ten cbgvnv", "ho va ten can bo", "ho ten can bo",
        "ho va ten cb gv nv", "ho va ten vien chuc", "ho ten day du", "ho va ten khai sinh", "full name", "fullname", "name",
        "student name", "teacher name", "staff name",
    ),
    "family_name": (
        "ho dem", "ho va dem", "ho va ten dem", "ho va chu dem", "ho lot", "ho va ten lot", "ho va lot", "ho ten dem", "ho",
        "surname", "last name", "lastname", "family name", "familyname",
    ),
    "middle_name": ("dem", "ten dem", "chu dem", "ten lot", "middle name", "middlename", "middleinitial", "middle initial"),
    "given_name": ("ten", "first name", "firstname", "given name", "givenname"),
    "birth_date": (
        "ngay sinh", "ngay thang nam sinh", "ngay thang sinh", "ngay sinh hoc sinh", "sinh ngay", "nam sinh", "ns", "ntns", "ngaysinh",
        "date of birth", "birth date", "birthdate", "birthday", "dob",
    ),
    "gender": ("gioi tinh", "gioi", "gt", "phai", "nam nu", "gender", "sex"),
    "female": ("nu", "female"),
    "position": (
        "chuc vu", "chuc danh", "chuc vu chuc danh", "chuc danh chuc vu", "vi tri", "vi tri viec lam", "nhiem vu", "cong viec",
        "chuc danh nghe nghiep", "cong viec duoc giao", "phan cong", "position", "job title", "title", "job",
    ),
    "department": (
        "to", "to chuyen mon", "to bo mon", "bo mon", "to cm", "to khoi", "to cong tac", "phong ban", "to nhom", "department", "subject group",
    ),
    "staff_code": (
        "ma gv", "ma giao vien", "ma can bo", "ma cb", "ma nhan vien", "ma nv", "ma vien chuc", "ma cbgvnv", "ma cong chuc", "ma so",
        "ma so gv", "ma so cb", "magv", "staff code", "staff id", "employee id", "employee code", "teacher id", "teacher code",
    ),
    "learner_code": (
        "ma hs", "ma hoc sinh", "ma so hoc sinh", "ma so hs", "mhs", "mahs", "ma hoc vien", "ma hv", "student code", "student id",
        "learner code", "pupil code",
    ),
    "sector_code": (
        "ma dinh danh", "ma dinh danh bo", "ma dinh danh bo gd dt", "ma dinh danh bo gddt", "ma dinh danh bgd", "ma nganh", "ma csdl",
        "ma csdl nganh", "ma dinh danh hoc sinh", "ma dinh danh hs", "ma dinh danh gv", "ma dinh danh giao vien", "ma dinh danh can bo",
        "ma moet", "ma bo gd dt", "sector code", "moet code",
    ),
    "personal_id": (
        "so dinh danh ca nhan", "ma dinh danh ca nhan", "so dinh danh", "cccd", "so cccd", "cmnd", "so cmnd", "cmnd cccd", "cccd cmnd",
        "so cmnd cccd", "can cuoc", "so can cuoc", "can cuoc cong dan", "so can cuoc cong dan", "so ddcn", "ddcn", "national id", "personal id",
    ),
    "email": ("email", "e mail", "thu dien tu", "dia chi email", "dia chi thu dien tu", "mail", "hop thu", "email address", "hop thu dien tu"),
    "class_name": ("lop", "lop hoc", "ten lop", "class", "class name", "homeroom"),
    "grade": ("khoi", "khoi lop", "grade", "year group"),
}  # fmt: skip

# Data that we must not have: NĐ 356/2025/NĐ-CP, Điều 4, and pictures of papers. Dropped before anything is kept.
SENSITIVE = re.compile(
    r"\b(dan toc|ton giao|ethnic\w*|religion|dang vien|ngay vao dang|dang phai|suc khoe|benh|khuyet tat|tinh trang suc khoe|nhom mau|"
    r"(anh|hinh|file|scan|photo|image)\s.*(cccd|cmnd|can cuoc|the|id|khai sinh)|anh chan dung|anh the|photo|so tai khoan|tai khoan ngan hang)\b"
)
STAFF_SIGNS = {"position", "department", "staff_code"}
PUPIL_SIGNS = {"class_name", "grade", "learner_code"}

# Looked for in this order in each part of a cell such as "GVCN, TPT Đội".
_POSITIONS = (
    ("manager", r"hieu truong|\bp?ht\b|hieu pho|cbql|can bo quan ly|giam doc|principal|head ?teacher|headmaster|^manager|bi thu chi bo|hieu bo"),
    ("group_head", r"to truong|to pho|truong bo mon|ttcm|tpcm|\btt\b|head of"),
    ("homeroom_teacher", r"gvcn|chu nhiem|homeroom"),
    ("it_teacher", r"tin hoc|\bgv tin\b|cntt|\bit\b|computer"),
    ("counsellor", r"tu van|tham van|tam ly|counsel"),
    ("youth_leader", r"tong phu trach|\btpt\b|bi thu doan|doan thanh nien|\bdoi\b|\bdoan\b|youth"),
    ("page_admin", r"quan tri|website|fanpage|cong thong tin|trang thong tin|page admin|web admin"),
    ("clerk", r"van thu|ke toan|thu vien|thiet bi|thu quy|van phong|clerk|librarian|accountant|hanh chinh"),
    ("officer", r"chuyen vien|truong phong|pho phong|can su|officer"),
    ("teacher", r"giao vien|\bgv\b|teacher|day |giang day"),
    ("staff", r"nhan vien|\bnv\b|y te|bao ve|tap vu|phuc vu|cap duong|bao mau|lao cong|lai xe|nuoi duong|staff|nurse|guard"),
)  # fmt: skip
_TEACHING_TOO = {"group_head", "homeroom_teacher", "it_teacher"}
_PARTS = re.compile(r"[,;/+&\n]| - | – |\bkiem\b|\bva\b|\band\b")
_GENDERS = {"nam": "M", "m": "M", "male": "M", "boy": "M", "trai": "M", "nu": "F", "f": "F", "female": "F", "girl": "F", "gai": "F"}


def positions(text: str) -> tuple[str, ...]:
    """Return the positions that a cell names, the main one first; empty when none is known."""
    found: list[str] = []
    for part in _PARTS.split(names.fold(text)):
        code = next((code for code, pattern in _POSITIONS if re.search(pattern, part.strip())), None)
        if code and code not in found:
            found.append(code)
    serves = re.search(r"nhan vien|\bnv\b", names.fold(text)) is not None
    if "teacher" not in found and _TEACHING_TOO & set(found) and not serves:
        found.append("teacher")
    return tuple(found)


def gender(text: str) -> str | None:
    """Return "F", "M", or None when the cell does not say."""
    return _GENDERS.get(names.fold(text))
