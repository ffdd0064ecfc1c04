"""The share of trained staff rises at once, and who was trained is gone from the list of reasons."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import course, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Player, Site
from tests.browser.visitor import DESK, PHONE, Visitor


@pytest.fixture(scope="module")
def colleague(site: Site) -> str:
    """Somebody of the head teacher's school who never signed in and is not trained: name as lists say it."""
    return str(_not_trained(site)[0])


@pytest.fixture(scope="module")
def head(visit_long: Visit) -> Visitor:
    return visit_long("head_teacher", DESK)


@pytest.fixture(scope="module")
def officer(visit_long: Visit) -> Visitor:
    return visit_long("officer", DESK)


@pytest.fixture(scope="module")
def before(site: Site, head: Visitor, officer: Visitor) -> dict[str, int]:
    """How many are trained before the colleague learns, as the two pages say it."""
    return {"school": trained(open_unit(head, "head_teacher")), "ward": trained(open_unit(officer, "officer"))}


@pytest.fixture(scope="module")
def learnt(site: Site, before: dict[str, int], head: Visitor, colleague: str, visit_long: Visit) -> Iterator[str]:
    """The colleague gets a new password from the head teacher, and takes the course on a phone."""
    page = open_unit(head, "head_teacher")
    page.click(f"#missing ~ * a:text-is('{colleague}'), table.data-gaps a:text-is('{colleague}')")
    username = page.inner_text("dl.facts div:has(dt:text-is('Tên đăng nhập')) dd")
    page.click("form[action$='/password'] button")
    password = page.locator(".note-done strong").last.inner_text()

    learner = visit_long(None, PHONE)
    phone = learner.sign_in(Player(username, password, "", colleague, ""))
    phone.fill("#password", "bến đò chiều mưa nhỏ")
    phone.fill("#again", "bến đò chiều mưa nhỏ")
    phone.click("main button.btn-main")
    take_course(site, learner, "cb1")
    yield colleague


def _not_trained(site: Site) -> tuple[str, ...]:
    school = site.players["head_teacher"].url.rpartition("/")[2]
    return quiz.rows(
        site,
        "SELECT trim(person.family_name || ' ' || person.given_name), account.username FROM schools_post AS post"
        " JOIN schools_unit AS unit ON unit.id = post.unit_id JOIN accounts_person AS person ON person.id = post.person_id"
        " JOIN accounts_account AS account ON account.person_id = person.id"
        " JOIN learning_enrolment AS enrolment ON enrolment.person_id = person.id JOIN courses_course AS course ON course.id = enrolment.course_id"
        " WHERE unit.code = ? AND course.slug = 'cb1' AND enrolment.state = 'active' AND account.password_hash IS NULL"
        " AND person.id NOT IN (SELECT person_id FROM programmes_qualification WHERE state = 'valid')"
        " AND person.id NOT IN (SELECT person_id FROM programmes_exemption)"
        " ORDER BY person.id DESC LIMIT 1",
        school,
    )[0]


def open_unit(visitor: Visitor, role: str) -> Page:
    return visitor.open(visitor.site.players[role].url.removeprefix(visitor.site.url))


def trained(page: Page) -> int:
    """Return how many are trained, as the figure of the page says: "52 trên 61 người"."""
    said = re.search(r"([\d.]+) trên ([\d.]+)", page.inner_text(".figure-line strong"))
    assert said, page.inner_text(".figure-line")
    return int(said[1].replace(".", ""))


def take_course(site: Site, learner: Visitor, slug: str) -> None:
    """Read every lesson and pass the quiz."""
    page = learner.open(f"/courses/{slug}")
    page.click("main .btn-main")
    page.wait_for_url(f"**/courses/{slug}/*")
    while "/quiz" not in page.url:
        course.go_on(page)
    page.click("main .btn-main")
    page.wait_for_url("**/attempts/**")
    quiz.take(site, page)
    page.click("#hand-in button.btn-main")
    page.wait_for_url("**/result")


def test_one_more_is_trained_at_once_at_the_school_and_in_the_ward(before: dict[str, int], learnt: str, head: Visitor, officer: Visitor):
    after = {"school": trained(open_unit(head, "head_teacher")), "ward": trained(open_unit(officer, "officer"))}

    assert after == {"school": before["school"] + 1, "ward": before["ward"] + 1}


def test_who_was_trained_is_gone_from_the_reasons_and_stands_among_the_trained(learnt: str, head: Visitor):
    page = open_unit(head, "head_teacher")
    expect(page.locator("table.data-gaps").get_by_text(learnt, exact=True)).to_have_count(0)

    page.click(".figure-line .big a")
    expect(page.locator("tbody").get_by_text(learnt, exact=True)).to_have_count(1)


def test_everybody_who_is_missing_has_one_reason(learnt: str, officer: Visitor):
    page = open_unit(officer, "officer")
    said = page.inner_text(".figure-line .say a[href*='missing']")
    page.click(".figure-line .say a[href*='missing']")

    rows = page.locator("tbody tr")
    assert rows.count() == min(int(re.sub(r"\D", "", said)), 100)
    reasons = [rows.nth(place).locator("td").first.inner_text() for place in range(rows.count())]
    assert [reason for reason in reasons if not reason.strip()] == []


def test_the_ledger_agrees_with_the_evidence(learnt: str, site: Site):
    assert site.lms("coverage", "verify")


def test_the_ward_is_printed_without_buttons(officer: Visitor):
    page = open_unit(officer, "officer")
    page.emulate_media(media="print")

    assert not page.locator(".top-nav").is_visible()
    assert not page.locator("main button:visible, main .btn:visible").count()
    assert page.locator(".print-only").first.is_visible()
    page.emulate_media(media="screen")
