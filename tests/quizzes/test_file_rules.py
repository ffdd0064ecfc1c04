"""Which files an essay takes, and under which names."""

import unicodedata

import pytest

from lms.core import files, i18n
from lms.quizzes import file_rules
from lms.quizzes.bodies.every import body_from_json, body_to_json
from lms.quizzes.bodies.writing import EssayBody
from lms.quizzes.types.essay import check_files
from tests.factories_files import NOTE, PDF, PROGRAM, zipped
from tests.factories_quizzes import PICTURE

WORD = zipped("word/document.xml")


def body(types: str = "", size: int = 0) -> EssayBody:
    return EssayBody(attachments=3, attachment_types=types, attachment_bytes=size)


@pytest.mark.parametrize(
    ("types", "name", "data", "taken"),
    [
        ("", "bài.pdf", PDF, True),
        ("", "ảnh.png", PICTURE, True),
        ("", "bài.docx", WORD, True),
        ("", "bài.docm", zipped("word/document.xml", "word/vbaProject.bin"), False),
        ("", "bài.pdf", PROGRAM, False),
        ("", "bài.exe", PROGRAM, False),
        ("", "trang.html", b"<html><script>1</script>", False),
        ("", "hình.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        ("", "trống.txt", b"", False),
        ("image", "ảnh.png", PICTURE, True),
        ("image", "bài.pdf", PDF, False),
        ("image", "bài.png", PDF, False),
        (".pdf, .docx", "bài.docx", WORD, True),
        (".pdf .docx", "bài.zip", WORD, True),
        (".docx", "bài.docx", zipped("a.txt"), False),
        ("pdf", "bài.pdf", PDF, True),
        (".py", "bài.py", b"print(1)", True),
        (".py", "bài.txt", b"print(1)", False),
        ("application/pdf", "bài", PDF, True),
        ("*", "bài.pdf", PDF, True),
        ("document;spreadsheet", "ghi chép.txt", NOTE, True),
    ],
)
def test_what_a_file_is_follows_from_its_content(types: str, name: str, data: bytes, taken: bool) -> None:
    assert (file_rules.refusal(body(types), name, data) is None) is taken


@pytest.mark.parametrize(
    ("sent", "data", "kept"),
    [
        ("bài làm.pdf", PDF, "bài làm.pdf"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Hường.pdf"), PDF, "Nguyễn Thị Hường.pdf"),
        ("C:\\Users\\em\\bài.pdf", PDF, "bài.pdf"),
        ("../../etc/passwd", NOTE, "passwd.txt"),
        ("ảnh.exe", PICTURE, "ảnh.exe.png"),
        ("chạy.bat", NOTE, "chạy.bat.txt"),
        ("bài\u202efdp.exe", PDF, "bàifdp.exe.pdf"),
        ("ANH.JPEG", b"\xff\xd8\xff\xe0", "ANH.JPEG"),
        ("a\r\nb: c.pdf", PDF, "a b c.pdf"),
        ("", PDF, "tep.pdf"),
        (".pdf", PDF, "pdf.pdf"),
        ("x" * 300 + ".pdf", PDF, "x" * 116 + ".pdf"),
    ],
)
def test_names_keep_their_letters_and_lose_what_is_dangerous(sent: str, data: bytes, kept: str) -> None:
    assert file_rules.kept_name(sent, files.media_type_of(data)) == kept


def test_a_file_above_the_limit_is_refused_in_both_languages_and_says_how_much_is_allowed() -> None:
    small = body(size=10)
    said = {}
    for code in ("vi", "en"):
        with i18n.in_language(code):
            said[code] = str(file_rules.refusal(small, "bài.pdf", PDF))

    assert said["en"] == "“bài.pdf” was not taken: it is too large. One file has at most 1 KB."
    assert said["vi"] == "Không nhận “bài.pdf”: tệp quá lớn. Mỗi tệp nhiều nhất 1 KB."


def test_the_limit_of_a_question_never_goes_above_that_of_the_installation() -> None:
    assert [file_rules.largest(body(size=size)) for size in (0, 2_097_152, 10**9)] == [files.LARGEST, 2_097_152, files.LARGEST]


def test_an_author_is_told_of_kinds_that_cannot_be_kept() -> None:
    def said(types: str, required: int) -> list[str]:
        wanted = EssayBody(attachments=1, attachments_required=required, attachment_types=types)
        return [problem.severity for problem in check_files(wanted)]

    assert (said("image", 1), said(".xyz,image", 1), said(".xyz", 0), said(".xyz", 1)) == ([], ["warning"], ["warning"], ["error"])


def test_the_dialogue_of_a_browser_offers_what_is_taken() -> None:
    assert file_rules.accept(body(".pdf")) == ".pdf"
    assert "image/jpeg" in file_rules.accept(body("image")).split(",")


def test_bodies_from_before_files_could_be_added_are_still_read() -> None:
    old = {name: value for name, value in body_to_json(EssayBody()).items() if not name.startswith("attachment_")}

    read = [
        body_from_json("essay", {**old, "attachment_kind": kind, "attachment_megabytes": size})
        for kind, size in (("any", 5), ("pictures", 2), ("documents", 5))
    ]

    assert read == [EssayBody(), EssayBody(attachment_types="image", attachment_bytes=2_097_152), EssayBody(attachment_types="document")]
