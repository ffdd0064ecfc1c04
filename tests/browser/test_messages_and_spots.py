"""Messages to inspect and spots in pictures in the browser: by keyboard, by finger, by pointing, without script, and by the eyes of axe."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import message_course
from tests.browser import eyes, quiz
from tests.browser import site as sites
from tests.browser.site import ROOT, Site
from tests.browser.visitor import DESK, PHONE, SMALLEST, Visitor

MESSAGES, FREE, PLACES = 13, 14, 15  # slots: the messages, then the two pictures
OTP = 1
FINGER = {"has_touch": True, "is_mobile": True}
# Two questions of the same words on one page, which only this quiz has.
SAME_WORDS = "landmark-unique"


@pytest.fixture(scope="module")
def spots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, with a course of nothing but messages and pictures."""
    with sites.run(tmp_path_factory.mktemp("spots")) as site:
        message_course.bring(site, tmp_path_factory.mktemp("course") / "tn", slug="tn", words=("--draft",))
        subprocess.run(
            [sys.executable, "-m", "tests.spot_quiz", "tn"], cwd=ROOT, env=sites.environment(site.instance, site.url), check=True
        )
        yield site


@pytest.fixture(scope="module")
def attempt(spots: Site, browser: Browser) -> Iterator["Sitting"]:
    """A teacher in the middle of the quiz."""
    sitting = Sitting(spots, browser)
    sitting.begin()
    yield sitting
    sitting.close()


class Sitting:
    """One attempt, gone to in one window after the other."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.cookies: Any = None
        self.id = 0
        self.visitors: list[Visitor] = []

    def begin(self) -> None:
        visitor = self.come()
        visitor.sign_in(self.site.players["teacher"])
        self.cookies = visitor.context.storage_state()
        visitor.open("/courses/tn/quiz")
        visitor.page.click("main form button.btn")
        visitor.page.wait_for_url("**/attempts/**")
        self.id = int(visitor.page.url.split("/attempts/")[1].split("/")[0])

    def come(self, size: tuple[int, int] = PHONE, **more: Any) -> Visitor:
        if self.cookies:
            more |= {"storage_state": self.cookies}
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN", reduced_motion="reduce", **more)
        context.set_default_timeout(10_000)
        self.visitors.append(Visitor(self.site, context))
        return self.visitors[-1]

    def at(self, slot: int, size: tuple[int, int] = PHONE, **more: Any) -> Page:
        return self.come(size, **more).open(f"/attempts/{self.id}/{slot}")

    def saved(self, slot: int) -> dict[str, Any]:
        rows = quiz.rows(self.site, "SELECT answer FROM quizzes_response WHERE attempt_id = ? AND slot = ?", self.id, slot)
        return dict(json.loads(rows[0][0])) if rows[0][0] else {}

    def close(self) -> None:
        trouble = [each for visitor in self.visitors for each in visitor.trouble]
        for visitor in self.visitors:
            visitor.context.close()
        assert trouble == []


def mark(page: Page, key: str) -> Any:
    return page.locator(f'.sign input[value="{key}"]')


def test_a_message_is_inspected_by_keyboard_alone(attempt: Sitting) -> None:
    page = attempt.at(OTP, DESK)

    assert eyes.keyboard(page) == []
    mark(page, "threat").press("Space")
    page.locator(".where summary").press("Enter")
    page.locator('[name$="decision"]').first.press("ArrowDown")
    quiz.expect_saved(page)

    expect(page.locator(".where .address")).to_have_text("https://binhan-xacminh.example/otp")
    expect(page.locator("[data-mark-count]")).to_have_text("Đã đánh dấu 1 chỗ. Chạm lần nữa để bỏ.")
    assert sorted(attempt.saved(OTP)) == ["decision", "marks"]
    assert attempt.saved(OTP)["marks"] == ["threat"]


def test_a_message_is_inspected_with_a_finger(attempt: Sitting) -> None:
    page = attempt.at(3, **FINGER)
    address = page.url

    page.locator(".sign").nth(0).tap()
    page.locator(".sign").nth(1).tap()
    page.locator(".sign").nth(0).tap()
    page.locator(".choice").nth(0).tap()
    quiz.expect_saved(page)

    assert len(attempt.saved(3)["marks"]) == 1
    assert page.url == address


def test_a_message_is_inspected_without_script(attempt: Sitting) -> None:
    page = attempt.at(4, java_script_enabled=False)

    mark(page, "host").check(force=True)
    page.locator(".where summary").first.click()
    expect(page.locator(".where .address").first).to_be_visible()
    page.locator('[value="close"]').check()
    page.click(".pager button")

    assert attempt.saved(4) == {"marks": ["host"], "decision": "close"}


@pytest.mark.parametrize("slot", range(1, MESSAGES + 1))
def test_nothing_in_a_message_leads_anywhere_and_every_target_is_large_enough(attempt: Sitting, slot: int) -> None:
    page = attempt.at(slot, **FINGER)

    assert page.locator(".frame :is(a, form, iframe, img, object, [href], [src])").count() == 0
    small = page.evaluate(
        "() => [...document.querySelectorAll('.sign, .where summary, .inspect .choice')]"
        ".map((each) => each.getBoundingClientRect()).filter((box) => box.height < 44).length"
    )
    assert small == 0


@pytest.mark.parametrize("slot", range(1, PLACES + 1))
def test_each_question_is_open_to_everybody_and_fits_the_smallest_screen(attempt: Sitting, slot: int) -> None:
    for size, language, scheme in ((PHONE, "vi", "light"), (DESK, "en", "dark")):
        visitor = attempt.come(size, color_scheme=scheme)
        page = visitor.open(f"/attempts/{attempt.id}/{slot}?lang={language}")
        for summary in page.locator(".where summary").all():
            summary.click()
        assert (eyes.violations(page), eyes.sideways(page)) == ([], 0)
        visitor.resize(SMALLEST)
        assert eyes.sideways(page) == 0


def test_spots_are_marked_with_the_mouse_and_taken_away_again(attempt: Sitting) -> None:
    page = attempt.at(FREE, DESK)
    pad = page.locator("[data-pad]")
    scale = pad.bounding_box()["width"] / 600

    pad.click(position={"x": 200 * scale, "y": 30 * scale})
    pad.click(position={"x": 400 * scale, "y": 120 * scale})
    pad.click(position={"x": 403 * scale, "y": 123 * scale})
    quiz.expect_saved(page)

    expect(page.locator("[data-points] input:checked")).to_have_count(1)
    points = attempt.saved(FREE)["points"]
    assert [tuple(round(int(each), -1) for each in point.split(",")) for point in points] == [(200, 30)]


def test_spots_are_marked_with_a_finger_on_a_small_picture(attempt: Sitting) -> None:
    page = attempt.at(FREE, **FINGER)
    for field in page.locator("[data-points] input").all():
        field.uncheck()
    pad = page.locator("[data-pad]")
    scale = pad.bounding_box()["width"] / 600

    pad.tap(position={"x": 120 * scale, "y": 210 * scale})
    quiz.expect_saved(page)

    (point,) = attempt.saved(FREE)["points"]
    x, y = map(int, point.split(","))
    assert abs(x - 120) <= 3
    assert abs(y - 210) <= 3


def test_spots_are_marked_by_the_arrow_keys_and_the_place_is_said(attempt: Sitting) -> None:
    page = attempt.at(FREE, DESK)
    for field in page.locator("[data-points] input").all():
        field.uncheck()
    pad = page.locator("[data-pad]")

    pad.press("ArrowRight")
    pad.press("Shift+ArrowUp")
    expect(page.locator("[data-spot-said]")).to_have_text("cách trái 52 phần trăm, cách trên 40 phần trăm")
    pad.press("Enter")
    quiz.expect_saved(page)

    assert attempt.saved(FREE)["points"] == ["312,144"]
    assert eyes.keyboard(page) == []


def test_a_mark_that_was_made_without_a_network_comes_back_and_is_saved(attempt: Sitting) -> None:
    visitor = attempt.come(DESK)
    page = visitor.open(f"/attempts/{attempt.id}/{FREE}")
    for field in page.locator("[data-points] input").all():
        field.uncheck()
    quiz.expect_saved(page)
    visitor.go_offline(True)
    page.locator("[data-pad]").click(position={"x": 240, "y": 210})
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "offline")
    assert "points" not in attempt.saved(FREE)
    visitor.go_offline(False)

    again = visitor.open(f"/attempts/{attempt.id}/{FREE}")
    quiz.expect_saved(again)

    expect(again.locator("[data-points] input:checked")).to_have_count(1)
    expect(again.locator("[data-mark]:not(.is-gone)")).to_have_count(1)
    assert attempt.saved(FREE)["points"] == ["240,210"]


def test_no_more_marks_are_put_than_there_are(attempt: Sitting) -> None:
    page = attempt.at(FREE, DESK)
    for field in page.locator("[data-points] input").all():
        field.uncheck()
    pad = page.locator("[data-pad]")

    for x in range(6):
        pad.click(position={"x": 50 + 60 * x, "y": 90})
    quiz.expect_saved(page)

    expect(page.locator("[data-points] input:checked")).to_have_count(5)
    expect(page.locator("[data-spot-said]")).to_have_text("Đã dùng hết số dấu. Hãy bỏ bớt một dấu trước.")
    assert len(attempt.saved(FREE)["points"]) == 5


def test_places_are_chosen_in_the_picture_or_in_the_list_and_both_are_the_same(attempt: Sitting) -> None:
    page = attempt.at(PLACES, DESK)

    page.locator('[data-place="host"]').click()
    page.locator('.spot-list input[value="pay"]').press("Space")
    quiz.expect_saved(page)

    expect(page.locator(".spot-place.is-chosen")).to_have_count(2)
    assert attempt.saved(PLACES) == {"spots": ["host", "pay"]}


def test_places_are_chosen_by_name_without_script(attempt: Sitting) -> None:
    page = attempt.at(FREE, java_script_enabled=False)

    for field in page.locator("[data-points] input").all():
        field.uncheck()
    for key in ("host", "code", "pay"):
        page.locator(f'.spot-list input[value="{key}"]').check()
    page.click(".pager button")

    assert attempt.saved(FREE) == {"spots": ["code", "host", "pay"]}


def test_afterwards_everything_is_explained_where_it_stands(attempt: Sitting) -> None:
    visitor = attempt.come(DESK)
    page = visitor.open(f"/attempts/{attempt.id}/summary")
    page.click("main form[action$=finish] button")
    page.wait_for_url("**/result")

    page = visitor.open(f"/attempts/{attempt.id}/review")
    first = page.locator("#question-1")
    expect(first.locator(".is-found")).to_have_count(1)
    expect(first.locator(".is-missed")).to_have_count(3)
    expect(first.locator(".findings li")).to_have_count(4)
    expect(page.locator(f"#question-{FREE} .spot-place.is-found")).to_have_count(3)
    assert [each for each in eyes.violations(page) if not each.startswith(SAME_WORDS)] == []
    for size in (PHONE, SMALLEST, DESK):
        visitor.resize(size)
        assert eyes.sideways(page) == 0
