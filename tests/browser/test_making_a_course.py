"""An author makes a course in one sitting, by keyboard alone: a lesson, a quiz, published, and begun."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import eyes, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE

LESSON = """## Ba bước

1. Dừng lại.
2. Kiểm tra [[116/2025/QH15 Đ7.2.g]].
3. Báo lại.

:::check
Nhận tin lạ đòi tiền, làm gì trước?
- [ ] Chuyển ngay :: Đừng vội.
- [x] Dừng lại :: Đúng.
:::
"""
FAR = 160  # presses of the tab key; no page of ours has more places to stop at


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(FAR):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key never comes to {target}")


def write(page: Page, target: Locator, text: str) -> None:
    reach(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_nothing_to_a_published_course_by_keyboard(visit: Visit, site: Site, busy: dict[str, int]):
    page = visit("author", DESK).open("/authoring")

    press(page, page.get_by_role("link", name="Soạn khóa học mới"))
    write(page, page.locator("#title_vi"), "Ba bước trước tin lạ")
    write(page, page.locator("#slug"), "ba-buoc")
    write(page, page.locator("#code"), "BB1")
    press(page, page.get_by_role("button", name="Tạo khóa học"))

    press(page, page.get_by_role("link", name="Thêm bài học hoặc bài kiểm tra"))
    write(page, page.locator("#title_vi"), "Dừng lại đã")
    press(page, page.get_by_role("button", name="Thêm và soạn"))
    write(page, page.locator('[name="lead.vi"]'), "Tin lạ nào cũng chờ được một phút.")
    write(page, page.locator('[name="body.vi"]'), LESSON)
    expect(page.locator("#looked .check")).to_be_visible()  # the preview follows what is typed
    press(page, page.locator("button.btn-main[value=save]"))

    press(page, page.get_by_role("link", name="Thêm bài học hoặc bài kiểm tra"))
    reach(page, page.locator("input[name=kind]").first)
    page.keyboard.press("ArrowDown")
    write(page, page.locator("#title_vi"), "Kiểm tra cuối")
    press(page, page.get_by_role("button", name="Thêm và soạn"))
    press(page, page.get_by_role("link", name="Sửa câu hỏi"))
    press(page, page.get_by_role("link", name="Thêm câu hỏi"))
    reach(page, page.locator("input[name=question]").first)
    page.keyboard.press("Space")
    press(page, page.locator("main form[method=post] button.btn-main").first)

    page.goto(site.url + "/authoring/ba-buoc")
    press(page, page.get_by_role("link", name="Thêm bài học hoặc bài kiểm tra"))
    reach(page, page.locator("input[name=kind]").first)
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=kind]:checked")).to_have_value("attendance")
    write(page, page.locator("#title_vi"), "Buổi trao đổi ở tổ")
    press(page, page.get_by_role("button", name="Thêm và soạn"))

    page.goto(site.url + "/authoring/ba-buoc")
    write(page, page.locator("[name^=title-]").first, "Khởi đầu")
    press(page, page.locator("#arrange .acts button.btn-main"))
    press(page, page.get_by_role("link", name="Kiểm tra và phát hành"))
    press(page, page.get_by_role("button", name="Phát hành phiên bản 1"))

    expect(page.get_by_text("Đã phát hành.")).to_be_visible()
    # Not the teacher, whom other stories watch.
    learner = visit("author", PHONE).open("/courses/ba-buoc")
    learner.get_by_role("button", name=re.compile("Bắt đầu")).click()
    expect(learner.get_by_role("heading", name="Dừng lại đã")).to_be_visible()
    expect(learner.locator(".check")).to_be_visible()
    assert eyes.violations(learner) == []


def test_a_mistake_in_a_lesson_is_told_and_nothing_is_lost(visit: Visit, busy: dict[str, int]):
    page = visit("author", PHONE).open("/authoring/dang-soan/activities/bai-1")
    area = page.locator('[name="body.vi"]')
    before = area.input_value()

    area.fill(before + "\n:::chec\nGì?\n:::\n")
    expect(page.locator("#looked .note-late")).to_contain_text("chec")
    with page.expect_navigation():
        page.locator("button.btn-main[value=save]").click()

    expect(page.locator("#looked .note-late")).to_contain_text("chec")
    assert ":::chec" in page.locator('[name="body.vi"]').input_value()
    page.goto(page.url.split("#")[0].replace("/activities/bai-1", "/publish"))
    expect(page.locator(".note-late")).to_contain_text("1")
    page.goto(page.url.replace("/publish", "/activities/bai-1"))
    page.locator('[name="body.vi"]').fill(before)
    with page.expect_navigation():
        page.locator("button.btn-main[value=save]").click()


def test_snippets_go_where_one_writes(visit: Visit, busy: dict[str, int]):
    page = visit("author", DESK).open("/authoring/dang-soan/activities/bai-1")
    english = page.locator('[name="body.en"]')
    english.fill("One line")
    english.press("End")

    page.get_by_role("button", name="Ghi chú").press("Enter")
    page.keyboard.insert_text("Keep it short")

    assert english.input_value() == "One line\n:::note\nKeep it short\n:::\n"


def test_two_authors_at_one_lesson_do_not_write_over_each_other(visit: Visit, site: Site, busy: dict[str, int]):
    one, other = (visit("author", DESK).open("/authoring/dang-soan/activities/bai-1") for _ in range(2))
    lead = one.locator('[name="lead.vi"]').input_value()
    for page, text in ((one, "Câu của người thứ nhất."), (other, "Câu của người thứ hai.")):
        page.locator('[name="lead.vi"]').fill(text)
        with page.expect_navigation():
            page.locator("button.btn-main[value=save]").click()

    expect(other.locator("[role=alert]").first).to_be_visible()
    assert other.locator('[name="lead.vi"]').input_value() == "Câu của người thứ hai."
    assert "thứ nhất" in str(quiz.rows(site, "SELECT source FROM courses_page_text WHERE source LIKE ?", "%thứ nhất%"))
    other.locator('[name="lead.vi"]').fill(lead)
    with other.expect_navigation():
        other.locator("button.btn-main[value=save]").click()
