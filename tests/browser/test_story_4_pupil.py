"""A pupil comes in with a printed card, reads three short lessons and answers their quiz; without any e-mail."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser import paper, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK


def test_a_pupil_takes_the_short_module_with_a_card(visit: Visit, site: Site, tmp_path: Path):
    code = site.players["head_teacher"].url.rpartition("/")[2]
    room = quiz.rows(
        site,
        "SELECT room.id FROM schools_class AS room JOIN schools_unit AS unit ON unit.id = room.unit_id WHERE unit.code = ? ORDER BY room.id DESC",
        code,
    )[0][0]
    desk = visit("roster_keeper", DESK).open(f"/units/{code}/classes/{room}")
    with desk.expect_download() as coming:
        desk.click("main form button.btn-main")
    cards = tmp_path / "cards.pdf"
    coming.value.save_as(cards)

    pupil = visit()
    page = pupil.page
    page.goto(paper.squares(cards)[0])
    page.click("main button.btn-main")
    page.wait_for_url(f"{site.url}/")
    page.click(".next a.btn")
    while "/quiz" not in page.url:
        before = page.url
        page.click(".pager button.btn-main")
        page.wait_for_url(lambda url, before=before: url != before)
    page.click("main .btn-main")
    page.wait_for_url("**/attempts/**")
    quiz.take(site, page)
    # Twice in the same instant, as impatient fingers do.
    page.dblclick("#hand-in button.btn-main")
    page.wait_for_url("**/result")

    expect(page.locator("h1")).to_contain_text("em làm được rồi")
    attempt = int(page.url.split("/")[-2])
    assert quiz.rows(site, "SELECT state, passed FROM quizzes_attempt WHERE id = ?", attempt) == [("graded", 1)]
