"""A course in which steps wait: what its learner reads and does on a phone, and what a head teacher decides at a desk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import eyes, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, SMALLEST

COURSE = """slug: cho-doi
code: CD1
title: {vi: "Từng bước một", en: "Step by step"}
summary: {vi: "Bài sau chờ bài trước.", en: "Each lesson waits for the one before."}
audience: staff
as_of: 2026-11-23
languages: [vi, en]
sections:
  - key: m1
    title: {vi: "Phần một", en: "Part one"}
    activities:
      - {key: dau, kind: page, minutes: 2, file: dau, completion: [viewed, checks], title: {vi: "Bài đầu", en: "First lesson"}}
      - {key: sau, kind: page, minutes: 2, file: sau, available: {all: [{done: dau}]}, title: {vi: "Bài sau", en: "Second lesson"}}
      - {key: xa, kind: page, minutes: 2, file: sau, required: false, available: {from: 2099-01-01}, title: {vi: "Bài còn xa", en: "Far away"}}
"""
LESSON = """---
lead: Mở đầu.
---

Một đoạn văn.

:::check
Nhận thư lạ, em làm gì trước?
- [ ] Bấm thử :: Chưa nên.
- [x] Đọc địa chỉ người gửi :: Đúng.
:::
"""


@pytest.fixture(scope="module")
def course(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("cho-doi")
    (folder / "course.yaml").write_text(COURSE)
    for name in ("dau.vi", "dau.en", "sau.vi", "sau.en"):
        (folder / f"{name}.md").write_text(LESSON)
    site.lms("courses", "import", str(folder))
    return "/courses/cho-doi"


def test_the_next_step_opens_when_the_one_before_is_done(visit: Visit, course: str, tmp_path: Path):
    # Not the teacher, whom other stories watch.
    visitor = visit("author", PHONE)
    page = visitor.open(course)
    expect(page.get_by_text("Hãy làm xong “Bài đầu” trước.")).to_be_visible()
    expect(page.get_by_text("Mở từ ngày 01/01/2099.")).to_be_visible()

    page.get_by_role("link", name=re.compile("Bài sau")).last.click()
    expect(page.get_by_text("Bước này chưa mở")).to_be_visible()
    for size in (SMALLEST, DESK):
        visitor.resize(size)
        assert (eyes.violations(page), eyes.sideways(page)) == ([], 0)
    visitor.resize(PHONE)

    visitor.open(course + "/dau")
    page.get_by_role("button", name=re.compile("Xong")).click()
    expect(page.get_by_text("đã trả lời mọi câu hỏi nhanh trong bài")).to_be_visible()
    # The page notes as well that it was opened; that is not what is waited for here.
    with page.expect_response(lambda told: told.url.endswith("/dau/note") and "checks" in (told.request.post_data or "")) as noted:
        page.locator("[data-check] .choice").first.click()
    assert noted.value.status == 204
    page.reload()
    page.get_by_role("link", name=re.compile("Bài sau")).last.click()
    expect(page.locator("#lesson")).to_be_visible()
    assert visitor.trouble == []


def test_a_head_teacher_sees_what_is_missing_and_grants_it_by_keyboard(visit: Visit, site: Site, course: str):
    head = site.players["head_teacher"]
    school = head.url.rpartition("/")[2]
    ((person_id, username),) = quiz.rows(
        site,
        "SELECT a.person_id, a.username FROM accounts_account a JOIN schools_post p ON p.person_id = a.person_id "
        "JOIN schools_unit u ON u.id = p.unit_id WHERE u.code = ? AND a.username <> ? AND p.position_code = 'teacher' ORDER BY a.id DESC LIMIT 1",
        school,
        head.username,
    )
    assert username
    with quiz.behind_its_back(site) as database:
        database.execute(
            "INSERT INTO learning_enrolment (person_id, course_id, version_id, cycle, state, source, enrolled_at, done, required) "
            "SELECT ?, c.id, v.id, 1, 'active', 'teacher', '2026-11-01 08:00:00', 0, 2 FROM courses_course c "
            "JOIN courses_version v ON v.course_id = c.id WHERE c.slug = 'cho-doi'",
            (person_id,),
        )
    visitor = visit("head_teacher", DESK)
    page = visitor.open(f"/people/{person_id}/courses")
    page.get_by_role("link", name="Từng bước một").click()
    expect(page.get_by_text("Còn thiếu: đã mở xem, đã trả lời mọi câu hỏi nhanh trong bài")).to_be_visible()
    for size, language in ((SMALLEST, "vi"), (DESK, "en")):
        visitor.resize(size)
        page.goto(page.url.partition("?")[0] + f"?lang={language}")
        page.locator("main summary").first.click()
        assert (eyes.violations(page), eyes.sideways(page)) == ([], 0)

    reason = page.get_by_label("Reason").first
    reason.fill("Đã dạy bài này cho tổ.")
    page.get_by_role("button", name="Let it count as done").first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Đã dạy bài này cho tổ.")).to_be_visible()
    expect(page.locator("#step-dau .tag")).to_have_text(re.compile("Done|Xong"))
    assert visitor.trouble == []
