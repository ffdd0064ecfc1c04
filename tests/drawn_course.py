"""A small course with everything a lesson can hold, read aloud, for tests in the browser."""

from pathlib import Path

from tests.browser.site import Site

_COURSE = """
slug: {slug}
code: CH
title: {{vi: "Có hình", en: "With pictures"}}
summary: {{vi: "Thử.", en: "Trial."}}
audience: staff
as_of: 2026-11-23
languages: [vi, en]
read_aloud: true
sections:
  - key: s
    title: {{vi: "Phần", en: "Part"}}
    activities:
      - {{key: l1, kind: page, minutes: 10, file: lessons/1, title: {{vi: "Ổ khóa", en: "The padlock"}}}}
"""
LESSON = """---
lead: Một ổ khóa nhỏ.
outcomes:
  - Biết giữ kín
sources:
  - {ref: "116/2025/QH15 Đ42.2", as_of: 2026-11-23}
---

## Giữ kín

Mật khẩu là của em. Em không nói cho ai!

![Ổ khóa màu xanh](pictures/lock.svg "Khóa lại")

:::case
**Chuyện của Mai**

Mai có một quyển sổ.
:::

:::check
Bạn hỏi mật khẩu. Em làm gì?
- [ ] Nói :: Chưa đúng.
- [x] Không nói :: Đúng rồi.
:::

## Khi cần giúp

:::tree Phụ huynh gửi ảnh chụp màn hình có lời bắt nạt
- Có ai đang gặp nguy hiểm ngay lúc này không?
  - Có: gọi 111 hoặc 113 trước, rồi báo hiệu trưởng.
  - Không: trong ảnh có học sinh trường mình không?
    - Có:
      1. Giữ lại ảnh, ghi giờ nhận.
      2. Báo hiệu trưởng trong ngày [[116/2025/QH15 Đ42.2]].
    - Không: cảm ơn phụ huynh và chỉ nơi tiếp nhận tin báo.
- Phụ huynh có đồng ý cho chuyển ảnh đi không?
  - Có: chỉ chuyển cho người có trách nhiệm.
:::

:::aid Bốn việc đầu tiên
1. Dừng lại, không chuyển tiếp [[116/2025/QH15 Đ42.2]].
2. Giữ bằng chứng.

| Gọi ai | Số |
|---|---|
| Tổng đài trẻ em | 111 |
:::

:::parent
Cùng người lớn ở nhà xem lại mật khẩu.
:::
"""
LOCK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect x="120" y="130" width="160" height="120" rx="16" fill="#0b4b50"/>
<path d="M150 130V95a50 50 0 01100 0v35" fill="none" stroke="#0b4b50" stroke-width="20"/></svg>
"""


def bring(site: Site, folder: Path, *, slug: str) -> str:
    """Import the course; return the address of its lesson."""
    (folder / "lessons").mkdir(parents=True)
    (folder / "pictures").mkdir()
    (folder / "course.yaml").write_text(_COURSE.format(slug=slug))
    for language in ("vi", "en"):
        (folder / f"lessons/1.{language}.md").write_text(LESSON)
    (folder / "pictures/lock.svg").write_text(LOCK)
    site.lms("courses", "import", str(folder))
    return f"/courses/{slug}/l1"
