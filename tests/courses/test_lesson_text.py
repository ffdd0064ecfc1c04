"""Lessons: what is written, what is refused with line and cure, and what is drawn."""

import re
from collections.abc import Mapping
from datetime import date

import pytest

from lms.courses import lesson_drawing, lesson_text
from lms.courses.drafts import DraftProblems
from lms.courses.lesson_markdown import Around, Picture

AS_OF = date(2026, 11, 23)
HEAD = "---\nlead: Mở đầu.\noutcomes:\n  - Biết một điều\n---\n"


LOCK = {"pictures/lock.svg": Picture("/courses/thu/pictures/abc/lock.svg", 400, 300)}


def drawn(body: str, language: str = "vi", pictures: Mapping[str, Picture] | None = None) -> str:
    return lesson_drawing.render(lesson_text.parse(HEAD + body), language, AS_OF, Around(pictures=pictures or {})).html


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(DraftProblems) as found:
        lesson_text.parse(text, "bai.md")
    assert all(problem.cure and problem.file == "bai.md" for problem in found.value.problems)
    return [(problem.line, problem.what) for problem in found.value.problems]


def test_markdown_with_heading_ids() -> None:
    body = "\n## Ai đăng ký?\n\nMột *hai* **ba**.\n\n## Ai đăng ký?\n"

    assert drawn(body) == (
        '<h2 id="ai-dang-ky">Ai đăng ký?</h2>\n<p>Một <em>hai</em> <strong>ba</strong>.</p>\n<h2 id="ai-dang-ky-2">Ai đăng ký?</h2>\n'
    )


def test_raw_html_stays_text() -> None:
    html = drawn("\n<script>alert(1)</script>\n\nx <b onclick=y>z</b>\n")

    assert "<script" not in html
    assert "<b " not in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "vbscript:x"])
def test_links_that_lead_astray_stay_text(url: str) -> None:
    assert "<a " not in drawn(f"\n[x]({url})\n")


def test_honest_links_work() -> None:
    assert drawn("\n[x](https://vanban.example/a)\n") == '<p><a href="https://vanban.example/a">x</a></p>\n'


@pytest.mark.parametrize(
    "written",
    [
        "![x](https://evil.example/pixel.png)",
        "![x](pictures/../secret.svg)",
        "![x](pictures/Lock.svg)",
        "![x](pictures/lock.gif)",
        "![ ](pictures/lock.svg)",
        "Chữ ![](pictures/lock.svg) chữ",
    ],
)
def test_a_picture_is_of_the_course_and_says_what_it_shows(written: str) -> None:
    assert [line for line, _what in problems(HEAD + f"\n{written}\n")] == [7]


def test_what_is_shown_as_it_is_written_is_no_picture() -> None:
    assert "<img" not in drawn("\n```\n![](https://evil.example/pixel.png)\n```\n", pictures=LOCK)


def test_a_picture_alone_is_a_figure_with_its_size() -> None:
    assert drawn('\n![Ổ khóa "xanh"](pictures/lock.svg "Giữ kín")\n', pictures=LOCK) == (
        '<figure class="picture"><img src="/courses/thu/pictures/abc/lock.svg" alt="Ổ khóa &#34;xanh&#34;" width="400" height="300"'
        ' loading="lazy" decoding="async"><figcaption>Giữ kín</figcaption></figure>\n'
    )


def test_a_picture_that_nobody_has_is_told_in_words() -> None:
    assert drawn("\n![Ổ khóa](pictures/lock.svg)\n") == '<figure class="picture"><em>Ổ khóa</em></figure>\n'


def test_a_decision_tree_is_a_list_in_a_list_under_its_title() -> None:
    html = drawn("\n:::tree Nhận ảnh chụp\n- Em nào bị nhắm tới?\n  - Học sinh của lớp: gọi phụ huynh\n:::\n")

    assert '<section class="decision" aria-labelledby="nhan-anh-chup">' in html
    assert '<h3 id="nhan-anh-chup">Nhận ảnh chụp</h3>' in html
    assert "<ul>\n<li>Em nào bị nhắm tới?\n<ul>\n<li>Học sinh của lớp: gọi phụ huynh</li>" in html


@pytest.mark.parametrize(
    ("block", "line"),
    [
        (":::tree\n- a\n  - b\n:::", 7),
        (":::tree Tên\n- a\n- b\n:::", 8),
        (":::tree Tên\n:::", 8),
        (":::aid\nChữ\n:::", 7),
        (":::aid Tên\n:::", 8),
        (":::parent\n:::", 8),
    ],
)
def test_trees_and_aids_need_a_title_and_what_makes_them(block: str, line: int) -> None:
    assert [where for where, _what in problems(HEAD + f"\n{block}\n")] == [line]


def test_an_aid_leads_to_its_own_page_and_from_there_back_to_the_sources() -> None:
    body = "\n:::aid Dán cạnh bàn\n1. Dừng lại [[116/2025/QH15 Đ42.2]]\n:::\n\n:::aid Hai\nChữ\n:::\n"

    lesson = lesson_drawing.render(lesson_text.parse(HEAD + body), "vi", AS_OF, Around("/courses/thu/l1"))

    assert 'href="/courses/thu/l1/aid/1"' in lesson.html
    assert 'href="/courses/thu/l1/aid/2"' in lesson.html
    assert [title for title, _text in lesson.head["aids"]] == ["Dán cạnh bàn", "Hai"]
    assert 'href="/courses/thu/l1#src-116-2025-qh15"' in lesson.head["aids"][0][1]
    assert 'href="#src-116-2025-qh15"' in lesson.html


def test_what_is_done_with_an_adult_says_so() -> None:
    assert 'aria-label="Cùng người lớn ở nhà"' in drawn("\n:::parent\nCùng đọc.\n:::\n")


def test_an_inline_reference_leads_to_the_sources() -> None:
    lesson = lesson_drawing.render(lesson_text.parse(HEAD + "\nCăn cứ [[116/2025/QH15 Đ42.2]].\n"), "vi", AS_OF)

    assert 'href="#src-116-2025-qh15"' in lesson.html
    assert "Điều\u00a042 khoản\u00a02, Luật\u00a0116/2025/QH15" in lesson.html
    assert 'id="src-116-2025-qh15"' in lesson.head["sources"]
    assert "23/11/2026" in lesson.head["sources"]


def test_a_law_that_has_ended_says_so_among_the_sources() -> None:
    lesson = lesson_drawing.render(lesson_text.parse(HEAD + "\nTrước đây: [[24/2018/QH14]].\n"), "vi", AS_OF)

    assert "Hết hiệu lực từ 01/07/2026." in lesson.head["sources"]


def test_a_law_block_names_article_source_and_day() -> None:
    html = drawn("\n:::law 116/2025/QH15 Đ7.2.g as-of=2026-11-20\nTóm ý.\n:::\n")

    assert '<p class="law-no">Điều\u00a07<span>khoản\u00a02 điểm\u00a0g</span></p>' in html
    assert "Luật An ninh mạng số\u00a0116/2025/QH15" in html
    assert "20/11/2026" in html


CHECK = "\n:::check\nCâu nào?\n- [ ] Một :: Chưa, xem [[116/2025/QH15 Đ7]].\n- [x] Hai\n  nữa :: Phải.\n:::\n"


def test_a_check_is_answered_by_style_alone() -> None:
    html = drawn(CHECK)

    assert html.count('type="radio"') == 2
    assert len(set(re.findall(r'name="([^"]+)"', html))) == 1
    assert html.count("check-right") == 1
    assert html.count("check-wrong") == 1
    assert "<span>Hai nữa</span>" in html
    assert "law-ref" in html


def test_checks_of_a_page_have_names_of_their_own() -> None:
    assert set(re.findall(r'name="([^"]+)"', drawn(CHECK + CHECK))) == {"check-1", "check-2"}


def test_tables_have_room_heads_and_no_inline_style() -> None:
    html = drawn("\n| A | B |\n|---|--:|\n| 1 | 2 |\n")

    assert 'class="table-room" tabindex="0"' in html
    assert html.count('scope="col"') == 2
    assert "style=" not in html


def test_blocks_use_their_classes() -> None:
    html = drawn("\n:::case\nA\n:::\n\n:::today\nB\n:::\n\n:::note\n**Nhớ**\n\nC\n:::\n\n:::warn\nD\n:::\n")

    assert [name for name in ("case", "today", "note note-info", "note note-soon") if f'class="{name}"' not in html] == []
    assert "<strong>Nhớ</strong>" in html


def test_the_help_panel_is_left_to_the_page() -> None:
    assert drawn("\nA\n\n:::help\n:::\n\nB\n").split(lesson_drawing.HELP) == ["<p>A</p>\n\n", "\n<p>B</p>\n"]


def test_labels_come_in_the_language_of_the_lesson() -> None:
    assert ("Tình huống" in drawn("\n:::case\nA\n:::\n", "vi"), "A case" in drawn("\n:::case\nA\n:::\n", "en")) == (True, True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("## Không có phần đầu\n", 1),
        ("---\nlead: x\n", 1),
        ("---\nlead: x: y\n---\n", 2),
        ("---\noutcomes: []\n---\n\nx\n", 2),
        ("---\nlead: x\nsources:\n  - {ref: 116/2025/QH15}\n---\n", 2),
        (HEAD + "\n# Tên bài\n", 7),
        (HEAD + "\nx [[999/2025/QH15 Đ1]]\n", 7),
        (HEAD + "\n:::casse\nx\n:::\n", 7),
        (HEAD + "\n:::case\nx\n", 7),
        (HEAD + "\nx\n:::\n", 8),
        (HEAD + "\n:::case\n:::\n", 8),
        (HEAD + "\n:::law 116/2025/QH15 Đ7\nx\n:::\n", 7),
        (HEAD + "\n:::help\nx\n:::\n", 8),
        (HEAD + "\n:::check\n- [x] a :: b\n- [ ] c :: d\n:::\n", 8),
        (HEAD + "\n:::check\nA?\n- [x] a :: b\n:::\n", 8),
        (HEAD + "\n:::check\nA?\n- [x] a :: b\n- [x] c :: d\n:::\n", 8),
        (HEAD + "\n:::check\nA?\n- [x] a :: b\n- [ ] c\n:::\n", 8),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, line: int) -> None:
    assert [number for number, _ in problems(text)] == [line]


def test_all_mistakes_are_named_at_once() -> None:
    assert [line for line, _ in problems("---\nlead: x\n---\n\n# A\n\n:::nothing\nx\n:::\n\n[[1]]\n")] == [5, 7, 11]


def test_colons_inside_code_open_no_block() -> None:
    assert "<code>" in drawn("\n```\n:::case\n```\n")
