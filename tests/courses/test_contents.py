"""Words are counted, and the sentence around a reference is found."""

from datetime import date

import pytest

from lms.courses import contents, lesson_contents
from lms.courses.drafts import TextFile

LESSON = """---
lead: Ba từ đây.
sources:
  - {ref: "116/2025/QH15 Đ44.1", as_of: 2026-11-20}
---

## Đầu đề

Câu **một**. Câu hai [[116/2025/QH15 Đ42.2]]! Câu
ba [liên kết](https://vi.example) [[91/2025/QH15]].

- Điểm một.
- Điểm hai [[116/2025/QH15 Đ7]]

:::law 116/2025/QH15 Đ16.1 as-of=2026-11-23
Tóm tắt.
:::

:::check
Hỏi?
- [ ] Sai :: Vì thế [[116/2025/QH15 Đ7.1]].
- [x] Đúng :: Phải.
:::
"""


def test_every_place_is_listed_with_its_sentence_line_and_day() -> None:
    content = lesson_contents.content(TextFile("1.vi.md", LESSON))

    assert [(each.where, each.line, each.reference.code, each.sentence, each.as_of) for each in content.citations] == [
        ("source", 2, "116/2025/QH15 Đ44.1", "", date(2026, 11, 20)),
        ("text", 9, "116/2025/QH15 Đ42.2", "Câu hai!", date(2026, 11, 20)),
        ("text", 9, "91/2025/QH15", "Câu ba liên kết.", None),
        ("text", 13, "116/2025/QH15 Đ7", "Điểm hai", date(2026, 11, 20)),
        ("law", 15, "116/2025/QH15 Đ16.1", "Tóm tắt.", date(2026, 11, 23)),
        ("text", 21, "116/2025/QH15 Đ7.1", "Sai Vì thế.", date(2026, 11, 20)),
    ]


def test_words_are_those_that_are_read() -> None:
    content = lesson_contents.content(TextFile("1.vi.md", LESSON))

    assert (content.lessons, content.checks) == (1, 1)
    assert content.words == 3 + 2 + 8 + 4 + 2 + 6  # lead, heading, paragraph, list, law, check


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Đậm** và *nghiêng* và `mã`", "Đậm và nghiêng và mã"),
        ("| Ô | Ô hai |", "Ô Ô hai"),
        ("1. Một [[116/2025/QH15]].", "Một."),
        ("![Ổ khóa](pictures/a.svg)", "Ổ khóa"),
    ],
)
def test_markdown_is_read_without_its_signs(markdown: str, plain: str) -> None:
    assert contents.plain(markdown) == plain
