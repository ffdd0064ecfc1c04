"""A meeting from planning to credit: an officer at a desk, a teacher with a phone in the room."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lms.core import clock
from tests.browser import eyes, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, SMALLEST

COURSE = """slug: hop-mat
code: HM1
title: {vi: "Gặp nhau để học", en: "Meet to learn"}
summary: {vi: "Một buổi ở trường.", en: "A session at school."}
audience: staff
as_of: 2026-11-23
languages: [vi, en]
sections:
  - key: m1
    title: {vi: "Phần một", en: "Part one"}
    activities:
      - {key: hop, kind: attendance, minutes: 90, title: {vi: "Buổi trao đổi", en: "Session"}}
"""


@pytest.fixture(scope="module")
def course(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("hop-mat")
    (folder / "course.yaml").write_text(COURSE)
    site.lms("courses", "import", str(folder))
    return "/courses/hop-mat/hop"


def test_a_meeting_is_planned_shown_signed_in_to_and_credited(visit: Visit, site: Site, course: str, tmp_path: Path):
    desk = visit("head_teacher", DESK)
    page = desk.open("/meetings/new")
    # Other stories publish courses with meetings, too: never the first of the list.
    offers = page.locator("#offer option")
    page.select_option("#offer", value=offers.filter(has_text="Gặp nhau để học").get_attribute("value"))
    page.fill("#starts_at", f"{clock.today() + timedelta(days=8):%d/%m/%Y} 07:30")
    page.fill("#place", "Phòng hội đồng")
    page.get_by_role("button", name="Lên lịch").click()
    expect(page.get_by_text("Đã lên lịch.")).to_be_visible()
    address = page.url
    for path, language in (("/meetings", "vi"), ("/meetings/new", "en"), (address.removeprefix(site.url), "vi")):
        for size in (SMALLEST, DESK):
            desk.resize(size)
            desk.open(f"{path}?lang={language}")
            assert (path, eyes.violations(page), eyes.sideways(page)) == (path, [], 0)

    desk.open(address.removeprefix(site.url) + "?lang=vi")
    page.get_by_role("button", name="Mở điểm danh và chiếu mã").click()
    expect(page.locator(".meeting-qr svg")).to_be_visible()
    first = page.locator(".meeting-word b").inner_text()
    assert (eyes.violations(page), eyes.sideways(page)) == ([], 0)
    # The head signs in as a learner on another device: not the teacher, whom other stories watch.
    phone = visit("head_teacher", PHONE)
    other = phone.open(f"{course}?code={first.replace(' ', '')}")
    assert (eyes.violations(other), eyes.sideways(other)) == ([], 0)
    other.get_by_role("button", name="Tôi có mặt").click()
    expect(other.get_by_text("Đã ghi nhận bạn có mặt.", exact=True)).to_be_visible()
    expect(page.get_by_text("1 người đã ghi nhận")).to_be_visible(timeout=40_000)  # the screen follows by itself

    page.goto(address)
    page.get_by_role("button", name="Kết thúc buổi và tính").click()
    expect(page.get_by_text(re.compile("Đã tính cho 1 người"))).to_be_visible()
    other.reload()
    expect(other.get_by_text("Bạn đã tham dự.")).to_be_visible()
    ((state,),) = quiz.rows(
        site, "SELECT e.state FROM learning_enrolment e JOIN courses_course c ON c.id = e.course_id WHERE c.slug = 'hop-mat'"
    )
    assert state == "completed"
    assert (desk.trouble, phone.trouble) == ([], [])
