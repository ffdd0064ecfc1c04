"""A teacher on a phone: what is due, every lesson, the quiz with a lost connection, the certificate, and a stranger who checks it."""

import io
import re

import pytest
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader

from tests.browser import course, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, Visitor

LESSONS = 16
QUESTIONS = 16  # one of each lesson
# Notes each state of the sign that says how saving goes.
WATCH = """() => {
  const sign = document.querySelector("[data-saved]");
  window.states = [];
  new MutationObserver(() => window.states.at(-1) !== sign.dataset.state && window.states.push(sign.dataset.state)).observe(sign, { attributes: true });
}"""
TRAINED = re.compile(r"([\d.]+) trên ([\d.]+) người")


@pytest.fixture(scope="module")
def teacher(visit_long: Visit) -> Visitor:
    return visit_long("teacher", PHONE)


def test_the_first_page_says_what_is_due(teacher: Visitor):
    page = teacher.open("/")

    assert page.get_attribute(".next a.btn", "href") == "/courses/cb1/l1-1"
    assert re.sub(r"\s+", " ", page.inner_text(".next .tag")) == "Quá hạn từ 10/10/2026"


def test_lessons_are_read_one_after_the_other_and_checks_answered_by_keyboard(teacher: Visitor):
    page = teacher.open("/")
    page.click(".next a.btn")

    read, checked = 0, 0
    while "/quiz" not in page.url:
        checked += sum(_answer_check(page, number) for number in range(page.locator(".check").count()))
        read += course.go_on(page)

    assert read == LESSONS
    assert checked >= LESSONS


def _answer_check(page: Page, number: int) -> bool:
    """Choose one answer after the other with the arrow key until the right one; each says why."""
    check = page.locator(".check").nth(number)
    radios = check.locator("input[type=radio]")
    radios.first.focus()
    page.keyboard.press("Space")
    for place in range(radios.count()):
        expect(radios.nth(place)).to_be_checked()
        expect(check.locator(".why:visible")).to_have_count(1)
        if check.locator(".check-right input:checked").count():
            return True
        page.keyboard.press("ArrowDown")
    return False


def test_answers_are_saved_one_by_one_also_after_the_connection_was_lost(teacher: Visitor, site: Site):
    page = teacher.open("/courses/cb1/quiz")
    page.click("main button.btn-main")
    page.wait_for_url("**/attempts/**")
    attempt = quiz.attempt_of(page)
    answers = quiz.right_answers(site, attempt)
    assert sorted(answers) == list(range(1, QUESTIONS + 1))

    for slot in range(1, 8):
        quiz.give(page, answers[slot])
        quiz.expect_saved(page)
        assert set(quiz.saved_answers(site, attempt)) == set(range(1, slot + 1))
        page.click("form[data-autosave] button.btn-main")
        page.wait_for_url(f"**/{slot + 1}")

    teacher.go_offline(True)
    quiz.give(page, answers[8])
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "offline")
    assert 8 not in quiz.saved_answers(site, attempt)

    teacher.go_offline(False)
    quiz.expect_saved(page)
    assert set(quiz.saved_answers(site, attempt)) == set(range(1, 9))


def test_a_try_that_fails_once_and_a_browser_that_believes_it_is_offline_worry_nobody(teacher: Visitor, site: Site):
    page = teacher.page
    saved = quiz.saved_answers(site, quiz.attempt_of(page))
    tries: list[str] = []

    def fail_once(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.evaluate(WATCH)
    teacher.is_offline = True  # for the line that Chromium writes about the failure
    page.route("**/save", fail_once)
    page.check("[data-flag]", force=True)
    quiz.expect_saved(page)
    page.uncheck("[data-flag]", force=True)
    quiz.expect_saved(page)
    page.unroute("**/save")
    teacher.is_offline = False

    page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    page.wait_for_timeout(1000)

    quiz.expect_saved(page)
    assert (len(tries), page.evaluate("() => [...new Set(window.states)].sort()")) == (3, ["saved", "saving"])
    assert quiz.saved_answers(site, quiz.attempt_of(page)) == saved


def test_what_was_answered_is_there_after_the_phone_was_closed(teacher: Visitor, site: Site):
    # The session ends with the window in no phone; the page is simply gone.
    teacher.page.close()
    teacher.page = teacher.context.new_page()
    page = teacher.open("/")
    page.click(".next a.btn")
    page.click("main a.btn-main")

    assert page.inner_text(".numbers [aria-current=step]") == "9"
    assert page.locator(".numbers .is-done").count() == 8


@pytest.fixture(scope="module")
def lookers(visit_long: Visit) -> dict[str, Visitor]:
    """Those above the teacher, each at a desk."""
    return {role: visit_long(role, DESK) for role in ("head_teacher", "officer")}


@pytest.fixture(scope="module")
def trained_before(lookers: dict[str, Visitor]) -> dict[str, tuple[int, int]]:
    """Role -> trained and obliged of the unit, before the teacher hands in."""
    return {role: _trained(looker, role) for role, looker in lookers.items()}


def _trained(looker: Visitor, role: str) -> tuple[int, int]:
    page = looker.open(looker.site.players[role].url.removeprefix(looker.site.url))
    found = TRAINED.search(page.inner_text("main"))
    assert found, page.inner_text("main")
    return int(found[1].replace(".", "")), int(found[2].replace(".", ""))


def _is_missing(looker: Visitor, site: Site) -> bool:
    code = site.players["head_teacher"].url.rpartition("/")[2]
    page = looker.open(f"/units/{code}/people?state=missing")
    return page.locator("main tbody tr", has_text=site.players["teacher"].name).count() > 0


def test_before_it_the_teacher_is_on_the_list_of_the_missing(
    lookers: dict[str, Visitor], trained_before: dict[str, tuple[int, int]], site: Site
):
    assert {role: _is_missing(looker, site) for role, looker in lookers.items()} == {"head_teacher": True, "officer": True}
    assert all(trained < obliged for trained, obliged in trained_before.values())


def test_the_quiz_is_handed_in_and_passed(teacher: Visitor, site: Site):
    page = teacher.page
    answers = quiz.right_answers(site, quiz.attempt_of(page))
    for slot in range(9, QUESTIONS + 1):
        quiz.give(page, answers[slot])
        quiz.expect_saved(page)
        page.click("form[data-autosave] button.btn-main")
        page.wait_for_url(f"**/{slot + 1}" if slot < QUESTIONS else "**/summary")
    assert "Đã trả lời hết" in teacher.main() or page.locator("main .tag-done").count() == QUESTIONS

    page.click("#hand-in button.btn-main")
    page.wait_for_url("**/result")

    assert page.inner_text("h1") == "Đạt"
    assert "100" in page.inner_text("p.lead")


def test_the_figures_above_have_risen_and_the_name_has_left_the_list(
    lookers: dict[str, Visitor], trained_before: dict[str, tuple[int, int]], site: Site
):
    risen = {role: (trained + 1, obliged) for role, (trained, obliged) in trained_before.items()}
    assert {role: _trained(looker, role) for role, looker in lookers.items()} == risen
    assert {role: _is_missing(looker, site) for role, looker in lookers.items()} == {"head_teacher": False, "officer": False}


def test_the_certificate_is_there_at_once_and_says_who_and_what(teacher: Visitor, site: Site):
    page = teacher.page
    page.click("main a.btn-main")
    page.wait_for_url("**/certificates")
    with page.expect_download() as coming:
        page.click("main a[href*='.pdf']")

    with open(coming.value.path(), "rb") as file:
        text = PdfReader(io.BytesIO(file.read())).pages[0].extract_text()

    assert site.players["teacher"].name in text
    assert "GIẤY CHỨNG NHẬN" in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Pháp luật an ninh mạng và trách nhiệm của cán bộ, giáo viên" in re.sub(r"\s+", " ", text)


def test_a_stranger_opens_the_public_page(teacher: Visitor, visit: Visit, site: Site):
    address = teacher.page.get_attribute("main a[href^='/verify/']", "href")
    stranger = visit()
    stranger.open(address or "")

    assert stranger.page.inner_text("h1") == "Chứng nhận thật, còn giá trị"
    assert stranger.page.inner_text("dd.name") == site.players["teacher"].name


def test_the_first_page_says_that_nothing_is_due_any_more(teacher: Visitor):
    page = teacher.open("/")

    assert page.inner_text(".next h2") == "Thầy cô đã hoàn thành phần học bắt buộc"
