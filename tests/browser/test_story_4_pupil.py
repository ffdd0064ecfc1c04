"""A pupil with a printed card and no e-mail: scan the square, the lessons one after another, the quiz."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import paper, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Player, Site
from tests.browser.visitor import DESK, PHONE, Visitor

LESSONS, PRACTICE = 10, 2


@pytest.fixture(scope="module")
def card(site: Site, visit_long: Visit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cards of a class, as the school's IT teacher prints them."""
    keeper = visit_long("roster_keeper", DESK)
    school = site.players["head_teacher"].url.rpartition("/")[2]
    page = keeper.open(f"/units/{school}/classes")
    page.locator("tbody th a").last.click()
    with page.expect_download(timeout=60_000) as coming:
        page.click("form[action$='/cards'] button.btn-main")
    path = tmp_path_factory.mktemp("cards") / "cards.pdf"
    coming.value.save_as(path)
    return path


@pytest.fixture(scope="module")
def pupil(site: Site, visit_long: Visit, card: Path) -> Visitor:
    """Whoever the first card of the class belongs to."""
    visitor = visit_long(None, PHONE)
    page = visitor.page
    page.goto(paper.squares(card)[0])
    page.click("main button.btn-main")
    page.wait_for_url(f"{site.url}/")
    return visitor


def test_the_square_of_the_card_opens_the_door_without_a_password(pupil: Visitor, card: Path):
    name = pupil.page.inner_text("h1").removeprefix("Chào ").removesuffix("!")

    assert name in paper.text(card)
    assert pupil.page.get_attribute("body", "data-skin") in ("lop-4-5", "lop-6-9")


def test_the_same_square_opens_nothing_a_second_time(pupil: Visitor, visit: Visit, card: Path):
    finder = visit()
    finder.page.goto(paper.squares(card)[0])

    assert finder.page.inner_text("h1") == "Đường dẫn này không còn dùng được"


def test_what_is_printed_on_the_card_is_enough_from_then_on(pupil: Visitor, visit: Visit, card: Path):
    printed = re.search(r"Tên đăng nhập (\S+) Mật khẩu (\S+)", paper.text(card))
    assert printed, paper.text(card)[:400]
    again = visit(None, DESK)
    again.sign_in(Player(printed[1], printed[2], "", "", ""))

    expect(again.page.locator("h1")).to_have_text(pupil.page.inner_text("h1"))


def test_the_lessons_and_the_quiz_are_taken_with_the_help_line_on_each_page(pupil: Visitor, site: Site):
    page = pupil.open("/")
    page.click(".now-card .btn")
    read = passed_by = 0
    while "/quiz" not in page.url:
        expect(page.locator("a[href='tel:111']").last).to_be_visible()
        for number in range(page.locator(".check").count()):
            page.locator(".check").nth(number).locator(".check-right").click()
        before = page.url
        if page.locator(".pager button.btn-main").count():
            page.click(".pager button.btn-main")
            read += 1
        else:
            # Practice is of free choice: the way leads on past it.
            page.click(".pager a:last-child")
            passed_by += 1
        page.wait_for_url(lambda url, before=before: url != before)
    assert (read, passed_by) == (LESSONS, PRACTICE)

    page.click("main .btn-main")
    page.wait_for_url("**/attempts/**")
    quiz.take(site, page)
    # Twice in the same instant, as impatient fingers do.
    page.dblclick("#hand-in button.btn-main")
    page.wait_for_url("**/result")
    assert page.inner_text("h1").startswith("Giỏi lắm")

    page.click("main a.btn-main")
    expect(page.locator(".stop.is-done")).to_have_count(LESSONS + 1)


def test_a_pupil_on_a_shared_machine_leaves_nothing_behind(pupil: Visitor):
    page = pupil.open("/")
    page.click("header form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")
    page.go_back()

    page.wait_for_url("**/sign-in**")
