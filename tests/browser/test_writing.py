"""Authors at work: arranging a quiz by dragging and by keyboard, trying questions by mouse and by keyboard, writing a message to inspect."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import spot_quiz
from tests.browser import eyes, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE


def order_of(site: Site, quiz_id: int) -> list[int]:
    """Return the ids of the slots in their order."""
    return [row[0] for row in quiz.rows(site, "SELECT id FROM quizzes_slot WHERE quiz_id = ? ORDER BY number", quiz_id)]


def settled(page: Page) -> None:
    """Wait for the list that comes back after saving."""
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_questions_are_dragged_to_another_place(visit: Visit, site: Site, busy: dict[str, int], size: tuple[int, int]):
    page = visit("author", size).open(f"/quizzes/{busy['edited']}/questions")
    before = order_of(site, busy["edited"])
    first, third = (page.locator(f"#slot-{before[place]}") for place in (0, 2))
    first.scroll_into_view_if_needed()
    grip, target = first.locator("[data-grip]").bounding_box(), third.bounding_box()
    assert grip and target

    page.mouse.move(grip["x"] + 20, grip["y"] + 20)
    page.mouse.down()
    with page.expect_navigation():
        page.mouse.move(target["x"] + 20, min(target["y"] + target["height"] - 8, size[1] - 8), steps=12)
        if target["y"] + target["height"] > size[1]:
            # At the edge of the window the page moves along while the pointer does.
            for each in range(60):
                page.mouse.move(target["x"] + 20 + each % 2, size[1] - 8)
        page.mouse.up()
    settled(page)

    after = order_of(site, busy["edited"])
    assert after != before and sorted(after) == sorted(before)
    assert after.index(before[0]) >= 1


def test_a_drag_that_comes_back_changes_nothing(visit: Visit, site: Site, busy: dict[str, int]):
    page = visit("author", DESK).open(f"/quizzes/{busy['edited']}/questions")
    before = order_of(site, busy["edited"])
    grip = page.locator(f"#slot-{before[0]} [data-grip]").bounding_box()
    assert grip

    page.mouse.move(grip["x"] + 20, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(grip["x"] + 20, grip["y"] + 300, steps=6)
    page.mouse.move(grip["x"] + 20, grip["y"] + 20, steps=6)
    page.mouse.up()

    assert [
        int(each.removeprefix("slot-")) for each in page.locator(".arrange-slot").evaluate_all("all => all.map(each => each.id)")
    ] == before
    assert order_of(site, busy["edited"]) == before


def test_questions_change_places_by_keyboard(visit: Visit, site: Site, busy: dict[str, int]):
    page = visit("author", DESK).open(f"/quizzes/{busy['edited']}/questions")
    before = order_of(site, busy["edited"])

    with page.expect_navigation():
        page.locator(f"#slot-{before[-1]} [name=do][value^=up]").press("Enter")
    settled(page)
    after = order_of(site, busy["edited"])
    assert after == [*before[:-2], before[-1], before[-2]]

    # The next Tab goes on from the question that was moved.
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('.arrange > li')?.id") == f"slot-{before[-1]}"
    with page.expect_navigation():
        page.locator(f"#slot-{before[-1]} [name=do][value^=down]").press("Enter")
    settled(page)
    assert order_of(site, busy["edited"]) == before


def test_pages_and_headings_are_made_by_keyboard(visit: Visit, site: Site, busy: dict[str, int]):
    page = visit("author", PHONE).open(f"/quizzes/{busy['edited']}/questions")

    def pages() -> int:
        return int(quiz.rows(site, "SELECT count(DISTINCT page) FROM quizzes_slot WHERE quiz_id = ?", busy["edited"])[0][0])

    was = pages()
    with page.expect_navigation():
        page.locator("[name=do][value^=break]").first.press("Enter")
    assert pages() == was + 1
    with page.expect_navigation():
        page.locator("[name=do][value^=join]").first.press("Enter")
    with page.expect_navigation():
        page.locator("[name=do][value=section]").press("Enter")
    assert page.locator(".arrange-section").count() == 3


def test_spots_are_tried_by_mouse_and_by_keyboard(visit: Visit, busy: dict[str, int]):
    page = visit("author", DESK).open(f"/questions/{busy['type_hot_spot']}/try")
    pad = page.locator("[data-pad]")

    pad.click(position={"x": 200, "y": 30})
    pad.press("ArrowUp")
    for _ in range(6):
        pad.press("Shift+ArrowLeft" if _ < 2 else "ArrowUp")
    pad.press("Enter")
    expect(page.locator("[data-points] input:checked")).to_have_count(2)

    page.locator("main form button.btn-main").press("Enter")
    expect(page.locator(".note[role=status]")).to_be_visible()


def test_spots_can_be_pointed_at_in_the_preview_of_a_quiz(visit: Visit, busy: dict[str, int]):
    page = visit("author", DESK).open(f"/quizzes/{busy['edited']}/preview")
    pad = page.locator("[data-pad]").first

    assert pad.locator("img").evaluate("each => each.complete && each.naturalWidth") == 600
    pad.click(position={"x": 200, "y": 30})
    expect(page.locator("[data-points] input:checked")).to_have_count(1)


def test_words_are_tried_by_keyboard(visit: Visit, busy: dict[str, int]):
    page = visit("author", DESK).open(f"/questions/{busy['type_drag_words']}/try")

    gaps = page.locator("main form select")
    for place in range(gaps.count()):
        gaps.nth(place).focus()
        page.keyboard.press("ArrowDown")
    page.locator("main form button.btn-main").press("Enter")

    expect(page.locator(".note[role=status]")).to_be_visible()


def test_a_message_is_tried_by_keyboard(visit: Visit, busy: dict[str, int]):
    page = visit("author", PHONE).open(f"/questions/{busy['type_message_inspection']}/try")

    page.locator(".sign input").first.press("Space")
    page.locator('[name$="decision"]').first.press("Space")
    page.locator("main form button.btn-main").press("Enter")

    expect(page.locator(".note[role=status]")).to_be_visible()


def test_a_message_to_inspect_is_written_by_keyboard(visit: Visit, site: Site, busy: dict[str, int]):
    page = visit("author", DESK).open("/questions/new/message_inspection")

    def write(name: str, text: str) -> None:
        page.focus(f'[name="{name}"]')
        page.keyboard.insert_text(text)

    write("stem.vi", "Cô Lan nhận được thư này. Hãy xem giúp.")
    write("message_sender.vi", "Phòng giáo vụ")
    write("message_body.vi", "Tài khoản của cô sắp bị khóa. [[a]] [[b]]")
    write("pieces.0.text.vi", "Xác nhận ngay trong 10 phút")
    page.press('[name="pieces.0.sign"]', "Space")
    write("pieces.1.text.vi", "Trân trọng")
    # The third row is not needed; it goes without leaving the page.
    page.press('[name="act"][value="remove:pieces.2"]', "Enter")
    expect(page.locator('[name="pieces.count"]')).to_have_value("2")
    write("decisions.0.text.vi", "Gọi lại số của trường đã biết")
    write("decisions.1.text.vi", "Bấm vào đường dẫn")
    page.press('[name="act"][value="remove:decisions.2"]', "Enter")
    expect(page.locator('[name="decisions.count"]')).to_have_value("2")
    write("name", "Thư giục của giáo vụ")
    page.focus("#category")
    page.keyboard.type("Mang")
    expect(page.locator("#looked")).to_contain_text("Xác nhận ngay trong 10 phút")

    page.press('[name="act"][value="save"]', "Enter")
    page.wait_for_url(re.compile(r"/questions/\d+$"))

    body = quiz.rows(site, "SELECT body FROM quizzes_question_version WHERE name = ?", "Thư giục của giáo vụ")[0][0]
    assert [(each["key"], each["sign"]) for each in json.loads(body)["parts"]] == [("a", True), ("b", False)]


def test_what_is_missing_in_a_message_is_told_where_it_is_missing(visit: Visit):
    page = visit("author", PHONE).open("/questions/new/message_inspection")

    page.press('[name="act"][value="save"]', "Enter")
    page.wait_for_load_state("networkidle")

    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.press("Enter")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-invalid')") == "true"


def test_places_of_a_picture_are_drawn_by_pointing_or_typed(visit: Visit, busy: dict[str, int]):
    page = visit("author", DESK).open(f"/questions/{busy['type_hot_spot']}/edit")
    picture, host, seal = (page.locator(each) for each in ("[data-draw-on]", '[name="spots.0.numbers"]', '[name="spots.3.numbers"]'))
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    scale = 600 / box["width"]

    # A rectangle that is whole begins anew with its first corner.
    host.focus()
    expect(page.locator("[data-draw-said]")).to_have_text("Đang vẽ vị trí số 1.")
    for x, y in ((100, 20), (300, 60)):
        picture.click(position={"x": x / scale, "y": y / scale})
    assert [round(float(each) / 10) for each in host.input_value().split(", ")] == [10, 2, 30, 6]

    # A circle: its middle, then a point of its edge.
    page.focus('[name="spots.3.outline"]')
    for x, y in ((500, 250), (540, 250)):
        picture.click(position={"x": x / scale, "y": y / scale})
    assert [round(float(each) / 10) for each in seal.input_value().split(", ")] == [50, 25, 4]

    # What is typed is drawn, too, and the preview follows.
    seal.fill("480, 240, 60")
    expect(page.locator("[data-draw-on] circle.is-chosen")).to_have_attribute("r", "60")
    expect(page.locator("[data-draw-on] .spot-place")).to_have_count(4)
    expect(page.locator("#looked rect").first).to_have_attribute("x", re.compile("^(99|100|101)"))


def test_a_picture_is_put_in_and_a_place_drawn_in_it_on_a_phone(visit: Visit, tmp_path: Path):
    page = visit("author", PHONE).open("/questions/new/hot_spot")
    (tmp_path / "trang.png").write_bytes(spot_quiz.picture())

    page.locator("details.more summary").first.click()
    page.set_input_files("#file", tmp_path / "trang.png")
    page.fill('[name="file_said.vi"]', "Một trang web tặng quà.")
    page.press('[name="act"][value="picture"]', "Enter")
    picture = page.locator("[data-draw-on]")
    expect(picture).to_be_visible()
    for x, y in ((40, 40), (80, 40)):
        picture.click(position={"x": x, "y": y})

    assert len(page.input_value('[name="spots.0.numbers"]').split(", ")) == 3
    assert eyes.sideways(page) == 0
