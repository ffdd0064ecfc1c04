"""Lessons with pictures, decision trees and aids, on phone, desk and paper; and lessons that can be listened to."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests import drawn_course
from tests.browser import eyes
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, SMALLEST

# Chromium without a window has no voice, so the device lends it two: one of its own, and one that would ask a server.
VOICES = """
window.said = [];
const voices = [
  { name: "Cloud", lang: "vi-VN", localService: false },
  { name: "Linh", lang: LANGUAGE, localService: true },
];
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices,
  speak(utterance) {
    window.said.push([utterance.voice.name, utterance.text]);
    this.timer = setTimeout(() => utterance.onend(), PACE);
  },
  cancel() { clearTimeout(this.timer); },
} });
"""


@pytest.fixture(scope="module")
def lesson(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    return drawn_course.bring(site, tmp_path_factory.mktemp("drawn") / "co-hinh", slug="co-hinh")


def with_voices(page: Page, *, language: str = "vi-VN", pace: int = 0) -> None:
    page.add_init_script(VOICES.replace("LANGUAGE", f'"{language}"').replace("PACE", str(pace)))


@pytest.mark.parametrize("size", [SMALLEST, PHONE, DESK])
def test_everything_a_lesson_can_hold_is_seen_and_reached(visit: Visit, lesson: str, size: tuple[int, int]) -> None:
    page = visit("teacher", size).open(lesson)
    page.locator("figure img").scroll_into_view_if_needed()

    expect(page.get_by_role("img", name="Ổ khóa màu xanh")).to_be_visible()
    page.wait_for_function("() => document.querySelector('figure img').naturalWidth > 0")
    expect(page.get_by_role("region", name="Phụ huynh gửi ảnh chụp màn hình có lời bắt nạt")).to_be_visible()
    expect(page.get_by_role("region", name="Cùng người lớn ở nhà")).to_be_visible()
    assert eyes.violations(page) == []
    assert eyes.sideways(page) == 0


def test_an_aid_prints_on_one_sheet_of_paper(visit: Visit, lesson: str, tmp_path: Path) -> None:
    page = visit("teacher", DESK).open(lesson)

    page.get_by_role("link", name="In tờ nhắc này").click()
    page.wait_for_url("**/l1/aid/1")
    expect(page.get_by_role("button", name="In tờ nhắc này")).to_be_visible()
    assert eyes.violations(page) == []
    page.pdf(path=tmp_path / "aid.pdf", prefer_css_page_size=True)

    sheets = PdfReader(tmp_path / "aid.pdf").pages
    words = " ".join(sheets[0].extract_text().split())
    assert len(sheets) == 1
    assert words.startswith("Bốn việc đầu tiên")
    assert "Dừng lại, không chuyển tiếp" in words
    assert "Trang chủ" not in words


def test_a_device_without_a_voice_says_so(visit: Visit, lesson: str) -> None:
    page = visit("teacher").open(lesson)

    expect(page.locator(".listen [role=status]")).to_contain_text("chưa có giọng đọc tiếng Việt")
    expect(page.locator(".listen button")).to_be_hidden()
    assert page.locator(".listen-part").count() == 0


def test_a_voice_that_lives_at_a_server_is_never_used(visit: Visit, lesson: str) -> None:
    visitor = visit("teacher")
    with_voices(visitor.page, language="fr-FR")
    page = visitor.open(lesson)

    expect(page.locator(".listen [role=status]")).to_contain_text("chưa có giọng đọc tiếng Việt")
    assert page.evaluate("window.said") == []


def test_a_lesson_is_read_from_the_lead_to_the_end_by_keyboard(visit: Visit, lesson: str) -> None:
    visitor = visit("teacher")
    with_voices(visitor.page)
    page = visitor.open(lesson)

    page.get_by_role("button", name="Nghe cả bài").press("Enter")
    expect(page.locator(".listen [role=status]")).to_have_text("Đã đọc hết.")

    said = page.evaluate("window.said")
    words = [text for _voice, text in said]
    assert {voice for voice, _text in said} == {"Linh"}
    assert words[0] == "Một ổ khóa nhỏ."
    assert words[words.index("Giữ kín") :][:5] == ["Giữ kín", "Mật khẩu là của em.", "Em không nói cho ai!", "Ổ khóa màu xanh.", "Khóa lại"]
    assert "Bạn hỏi mật khẩu." in words
    assert "Đúng rồi." not in words
    assert words[-1] == "Cùng người lớn ở nhà xem lại mật khẩu."
    assert eyes.violations(page) == []
    assert eyes.sideways(page) == 0


def test_a_part_is_read_by_itself_and_its_reason_when_it_is_there(visit: Visit, lesson: str) -> None:
    visitor = visit("teacher")
    with_voices(visitor.page)
    page = visitor.open(lesson)

    page.get_by_role("button", name="Nghe đoạn này: Mật khẩu là của em.").click()
    expect(page.locator(".listen [role=status]")).to_have_text("Đã đọc hết.")
    page.get_by_role("radio", name="Không nói").check()
    page.locator(".check .why:visible .listen-part").click()
    expect(page.locator(".listen [role=status]")).to_have_text("Đã đọc hết.")

    words = [text for _voice, text in page.evaluate("window.said")]
    assert words[:2] == ["Mật khẩu là của em.", "Em không nói cho ai!"]
    assert words[-1] == "Đúng rồi."


@pytest.mark.parametrize("stopped_by", ["Escape", "Enter"])
def test_reading_stops_when_it_is_told_to(visit: Visit, lesson: str, stopped_by: str) -> None:
    visitor = visit("teacher")
    with_voices(visitor.page, pace=60_000)
    page = visitor.open(lesson)
    button = page.locator(".listen button")

    button.press("Enter")
    expect(button).to_have_text("Dừng đọc")
    expect(page.locator(".listen [role=status]")).to_have_text("Đang đọc. Bấm phím Esc để dừng.")
    expect(page.locator(".is-read-aloud")).to_have_text("Một ổ khóa nhỏ.")
    button.press(stopped_by)

    expect(button).to_have_text("Nghe cả bài")
    expect(page.locator(".listen [role=status]")).to_have_text("Đã dừng.")
    assert page.locator(".is-read-aloud").count() == 0
    assert len(page.evaluate("window.said")) == 1


def test_without_script_there_is_nothing_to_press(visit: Visit, lesson: str) -> None:
    page = visit("teacher", java_script_enabled=False).open(lesson)

    expect(page.locator(".listen")).to_be_hidden()
    expect(page.get_by_role("heading", name="Giữ kín")).to_be_visible()
