"""make_...: course packages, as another installation signs them."""

import base64
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.core.signing import Signer
from lms.courses import packages
from lms.courses.sharing import packing
from lms.courses.sharing.origins import Origin
from tests.factories_courses import LESSON

COURSE = """slug: {slug}
code: G1
title: {{vi: Khóa từ nơi khác, en: A course from elsewhere}}
audience: staff
periods: 1
valid_months: 24
as_of: 2026-11-23
languages: [vi, en]
sections:
  - key: m1
    title: {{vi: Phần một, en: Part one}}
    activities:
      - {{key: a, kind: page, minutes: 10, file: lessons/a, title: {{vi: Bài đọc, en: A lesson}}}}
      - {{key: quiz, kind: quiz, minutes: 5, file: questions, title: {{vi: Bài kiểm tra, en: Quiz}}}}
"""
GIFT = "// [id:g-1]\n::g-1::{text} {{T}}\n"
ELSEWHERE = Origin("goi", 3, "Sở GD&ĐT Nơi Khác", "https://noikhac.example.vn", "2026-11-20T08:00:00+00:00")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def signer_of(key: Ed25519PrivateKey = KEY) -> Signer:
    return Signer(base64.b64encode(key.public_key().public_bytes_raw()).decode(), key)


def course_files(slug: str = "goi") -> dict[str, bytes]:
    """The folder of a small course: a lesson and a quiz, in two languages."""
    texts = {f"lessons/a.{language}.md": LESSON for language in ("vi", "en")}
    texts |= {"questions.vi.gift": GIFT.format(text="Đúng chứ?"), "questions.en.gift": GIFT.format(text="Right?")}
    return {path: text.encode() for path, text in ({"course.yaml": COURSE.format(slug=slug)} | texts).items()}


def make_package(slug: str = "goi", *, key: Ed25519PrivateKey = KEY, files: dict[str, bytes] | None = None, **origin: object) -> bytes:
    """A package that is signed elsewhere."""
    said = replace(ELSEWHERE, course=slug, **origin)  # type: ignore[arg-type]
    return packing.sealed(files or course_files(slug), said, signer_of(key))


def make_plain_zip(slug: str = "goi") -> bytes:
    """The same without a signature."""
    return packages.zipped(course_files(slug))
