"""What hurried people do: click twice, keep two windows, go back; and a session that ended elsewhere."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from lms.core import clock
from tests.browser import quiz
from tests.browser.conftest import Visit
from tests.browser.site import Player, Site
from tests.browser.visitor import PHONE, Visitor

FIRST, SECOND = "sông dài chảy về biển", "núi cao mây trắng bay"


@pytest.fixture(scope="module")
def owner(site: Site, visit_long: Visit) -> Player:
    """A member of staff of the head teacher's school who just chose a password."""
    school = site.players["head_teacher"].url.rpartition("/")[2]
    person = quiz.rows(
        site,
        "SELECT person.id FROM accounts_person AS person JOIN accounts_account AS account ON account.person_id = person.id"
        " JOIN schools_post AS post ON post.person_id = person.id JOIN schools_unit AS unit ON unit.id = post.unit_id"
        " JOIN learning_enrolment AS enrolment ON enrolment.person_id = person.id"
        " JOIN courses_course AS course ON course.id = enrolment.course_id WHERE unit.code = ? AND course.slug = 'cb1'"
        " AND account.password_hash IS NULL AND enrolment.state = 'active' ORDER BY person.id LIMIT 1",
        school,
    )[0][0]
    head = visit_long("head_teacher")
    page = head.open(f"/people/{person}")
    username = page.inner_text("dl.facts div:has(dt:text-is('Tên đăng nhập')) dd")
    page.click("form[action$='/password'] button")
    given = Player(username, page.locator(".note-done strong").last.inner_text(), "", "", "")
    phone = visit_long(None, PHONE)
    phone.sign_in(given)
    phone.page.fill("#password", FIRST)
    phone.page.fill("#again", FIRST)
    phone.page.click("main button.btn-main")
    phone.page.wait_for_url(f"{site.url}/")
    return Player(username, FIRST, "", "", "")


def _signed_in(visit: Visit, owner: Player) -> Visitor:
    visitor = visit(None, PHONE)
    visitor.sign_in(owner)
    return visitor


def _begin(visitor: Visitor) -> int:
    page = visitor.open("/courses/cb1/quiz")
    page.click("main .btn-main")
    page.wait_for_url("**/attempts/**")
    return quiz.attempt_of(page)


def test_two_clicks_hand_in_once(visit: Visit, owner: Player, site: Site):
    visitor = _signed_in(visit, owner)
    attempt = _begin(visitor)
    page = visitor.open(f"/attempts/{attempt}/summary")
    page.dblclick("#hand-in button.btn-main")
    page.wait_for_url("**/result")

    steps = quiz.rows(
        site,
        "SELECT count(*), count(DISTINCT attempt.finished_at) FROM quizzes_attempt AS attempt WHERE attempt.id = ? AND state = 'finished'",
        attempt,
    )
    assert steps == [(1, 1)]


def test_two_clicks_without_script_hand_in_once(visit: Visit, owner: Player, site: Site):
    visitor = visit(None, PHONE, java_script_enabled=False)
    visitor.sign_in(owner)
    page = visitor.open("/courses/cb1/quiz")
    page.click("main .btn-main")
    attempt = int(re.search(r"/attempts/(\d+)", page.url)[1])  # type: ignore[index]
    visitor.open(f"/attempts/{attempt}/summary")
    page.dblclick("#hand-in button.btn-main")
    page.wait_for_url("**/result")

    assert quiz.rows(site, "SELECT count(*) FROM quizzes_attempt WHERE id = ? AND state = 'finished'", attempt) == [(1,)]


def test_two_windows_lose_no_answer(visit: Visit, owner: Player, site: Site):
    visitor = _signed_in(visit, owner)
    attempt = _begin(visitor)
    first, second = visitor.page, visitor.context.new_page()
    slot = quiz.one_of_each_type(site, attempt)["single_choice"]
    for page in (first, second):
        page.goto(f"{site.url}/attempts/{attempt}/{slot}")

    options = [each.get_attribute("value") for each in first.locator("[name$=-choice]").all()]
    first.press(f'[name$=-choice][value="{options[0]}"]', "Space")
    quiz.expect_saved(first)
    # The second window did not know of that answer: it says so, and takes what is chosen once more.
    second.press(f'[name$=-choice][value="{options[1]}"]', "Space")
    expect(second.locator("[data-saved]")).to_have_attribute("data-state", "refused")
    assert quiz.saved_answers(site, attempt)[slot] == {"choice": options[0]}
    second.press(f'[name$=-choice][value="{options[2]}"]', "Space")
    quiz.expect_saved(second)
    assert quiz.saved_answers(site, attempt)[slot] == {"choice": options[2]}


def test_who_gets_more_time_while_a_page_is_open_goes_on_when_its_clock_runs_out(visit: Visit, owner: Player, site: Site):
    visitor = _signed_in(visit, owner)
    attempt = _begin(visitor)
    _ends_in(site, attempt, seconds=5)
    page = visitor.open(f"/attempts/{attempt}/1")
    expect(page.locator("[data-countdown]")).to_be_visible()

    _ends_in(site, attempt, seconds=3600)

    expect(page.get_by_text("Bạn được thêm giờ.")).to_be_visible(timeout=15_000)
    assert quiz.rows(site, "SELECT state FROM quizzes_attempt WHERE id = ?", attempt) == [("in_progress",)]
    # The clock of the page that came is the new one; and what really is over is handed in.
    _ends_in(site, attempt, seconds=4)
    page = visitor.open(f"/attempts/{attempt}/1")
    page.wait_for_url("**/result", timeout=15_000)
    assert quiz.rows(site, "SELECT state FROM quizzes_attempt WHERE id = ?", attempt) == [("finished",)]


def _ends_in(site: Site, attempt: int, *, seconds: int) -> None:
    ends = clock.now() + timedelta(seconds=seconds)
    with quiz.behind_its_back(site) as database:
        database.execute("UPDATE quizzes_attempt SET due_at = ? WHERE id = ?", (ends.strftime("%Y-%m-%d %H:%M:%S.%f"), attempt))


def test_the_back_button_shows_what_was_answered_and_opens_nothing_that_is_closed(visit: Visit, owner: Player, site: Site):
    visitor = _signed_in(visit, owner)
    attempt = _begin(visitor)
    page = visitor.open(f"/attempts/{attempt}/1")
    answer = quiz.right_answers(site, attempt)[1]
    quiz.give(page, answer)
    quiz.expect_saved(page)
    page.click("form[data-autosave] button.btn-main")
    page.wait_for_url("**/2")
    page.go_back()
    expect(page.locator(".numbers .is-done").first).to_have_text("1")
    assert quiz.saved_answers(site, attempt)[1] == answer

    visitor.open(f"/attempts/{attempt}/summary")
    page.click("#hand-in button.btn-main")
    page.wait_for_url("**/result")
    page.go_back()
    page.wait_for_url("**/result")


def test_a_new_password_ends_the_other_sessions_and_keeps_what_was_answered_there(visit: Visit, owner: Player, site: Site):
    phone, desk = _signed_in(visit, owner), _signed_in(visit, owner)
    attempt = _begin(phone)
    answer = quiz.right_answers(site, attempt)[1]

    page = desk.open("/password")
    page.fill("#present", FIRST)
    page.fill("#password", SECOND)
    page.fill("#again", SECOND)
    page.click("main button.btn-main")
    page.wait_for_url("**/me")

    quiz.give(phone.page, answer)
    expect(phone.page.locator("[data-saved]")).to_have_attribute("data-state", "refused")
    assert 1 not in quiz.saved_answers(site, attempt)

    # As the sign says: sign in again in another window, then come back.
    other = phone.context.new_page()
    other.goto(f"{site.url}/sign-in")
    other.fill("#username", owner.username)
    other.fill("#password", SECOND)
    other.click("main button.btn-main")
    other.wait_for_url(f"{site.url}/")
    phone.page.reload()
    quiz.expect_saved(phone.page)
    assert quiz.saved_answers(site, attempt)[1] == answer
