"""Texts with gaps: filled by keyboard, by mouse, by finger and without script; open to everybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import eyes, quiz
from tests.browser import site as sites
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, SMALLEST, Visitor

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "gaps.moodle.xml"
CLOZE, SELECT, DRAG = 1, 2, 3  # slots


@pytest.fixture(scope="module")
def gaps_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, whose quiz begins with the three questions of the sample."""
    with sites.run(tmp_path_factory.mktemp("gaps")) as running:
        running.lms("questions", "import", str(SAMPLE), "--apply")
        quiz_id = "(SELECT quiz.id FROM quizzes_quiz AS quiz JOIN courses_activity AS activity ON activity.id = quiz.activity_id"
        quiz_id += " JOIN courses_version AS version ON version.id = activity.version_id"
        quiz_id += " JOIN courses_course AS course ON course.id = version.course_id WHERE course.slug = 'cb1' AND activity.key = 'quiz')"
        with quiz.behind_its_back(running) as database:
            found = dict(database.execute("SELECT type, question_id FROM quizzes_question_version").fetchall())
            for slot, kind in ((CLOZE, "cloze"), (SELECT, "gap_select"), (DRAG, "drag_words")):
                change = "UPDATE quizzes_slot SET question_id = ?, draw = NULL, version_number = NULL, page = ?"
                database.execute(f"{change} WHERE quiz_id = {quiz_id} AND number = ?", (found[kind], slot, slot))
            database.execute("UPDATE quizzes_quiz SET shuffle_questions = 0")
            database.execute("UPDATE quizzes_section SET shuffle = 0")
        yield running


@pytest.fixture(scope="module")
def teacher(gaps_site: Site, browser: Browser) -> Iterator[tuple[Visitor, int]]:
    """The teacher at a desk with a touch screen, in an attempt."""
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, locale="vi-VN", has_touch=True)
    context.set_default_timeout(10_000)
    visitor = Visitor(gaps_site, context)
    visitor.sign_in(gaps_site.players["teacher"])
    page = visitor.open("/courses/cb1/quiz")
    page.click("main .btn-main, main form[action*='/quiz/'] button")
    page.wait_for_url("**/attempts/**")
    yield visitor, quiz.attempt_of(page)
    assert visitor.trouble == []
    context.close()


def _slot(teacher: tuple[Visitor, int], slot: int) -> Page:
    visitor, attempt = teacher
    page = visitor.open(f"/attempts/{attempt}/{slot}")
    visitor.resize(DESK)
    return page


def _saved(teacher: tuple[Visitor, int], slot: int) -> dict[str, Any]:
    visitor, attempt = teacher
    quiz.expect_saved(visitor.page)
    gaps: dict[str, Any] = quiz.saved_answers(visitor.site, attempt)[slot].get("gaps", {})
    return gaps


def _right(teacher: tuple[Visitor, int], slot: int) -> dict[str, Any]:
    visitor, attempt = teacher
    gaps: dict[str, Any] = quiz.right_answers(visitor.site, attempt)[slot]["gaps"]
    return gaps


def _choose_by_keyboard(field: Locator, value: str) -> None:
    field.focus()
    for _ in range(10):
        if field.input_value() == value:
            return
        field.press("ArrowDown")
    raise AssertionError(f"{value} cannot be reached by the arrow keys")


def test_every_kind_of_gap_is_filled_by_keyboard(teacher: tuple[Visitor, int]):
    page, right = _slot(teacher, CLOZE), _right(teacher, CLOZE)

    for key, response in right.items():
        if "text" in response:
            page.focus(f'[name$="-{key}.text"]')
            page.keyboard.type(response["text"])
            page.keyboard.press("Tab")
            continue
        name = f"{key}.choice" if "choice" in response else f"{key}.choices"
        if page.locator(f'select[name$="-{name}"]').count():
            _choose_by_keyboard(page.locator(f'select[name$="-{name}"]'), response["choice"])
            continue
        for value in response.get("choices", [response.get("choice")]):
            page.press(f'[name$="-{name}"][value="{value}"]', "Space")
    page.keyboard.press("Tab")

    assert _saved(teacher, CLOZE) == right


def test_missing_words_are_chosen_from_their_lists_by_keyboard(teacher: tuple[Visitor, int]):
    page, right = _slot(teacher, SELECT), _right(teacher, SELECT)

    for key, word in right.items():
        _choose_by_keyboard(page.locator(f'select[name$="-gaps.{key}"]'), word)

    assert _saved(teacher, SELECT) == right


def _word(page: Page, key: str) -> Locator:
    return page.locator(f'[data-word="{key}"]')


def _gap(page: Page, key: str) -> Locator:
    return page.locator(f'.gap:has(select[name$="-gaps.{key}"])')


def test_words_are_dragged_by_mouse_to_gaps_between_gaps_and_out(teacher: tuple[Visitor, int]):
    page = _slot(teacher, DRAG)

    _word(page, "w2").drag_to(_gap(page, "g1"))
    _word(page, "w3").drag_to(_gap(page, "g2"))
    assert _saved(teacher, DRAG) == {"g1": "w2", "g2": "w3"}
    _gap(page, "g1").drag_to(_gap(page, "g3"))
    _gap(page, "g2").drag_to(page.locator(".words-said"))

    expect(_word(page, "w2")).to_have_attribute("aria-disabled", "true")
    expect(_word(page, "w3")).to_have_attribute("aria-disabled", "false")
    assert _saved(teacher, DRAG) == {"g3": "w2"}


def test_a_word_goes_into_one_gap_and_one_that_may_be_used_again_into_many(teacher: tuple[Visitor, int]):
    page = _slot(teacher, DRAG)

    for gap in ("g1", "g2"):
        _word(page, "w1").click()
        _gap(page, gap).click()
    assert _saved(teacher, DRAG) == {"g1": "w1", "g2": "w1", "g3": "w2"}
    _word(page, "w2").click(force=True)
    expect(page.locator("[data-words-said]")).to_contain_text("đã nằm ở chỗ trống 3")
    # Going through the list of another gap must not take it away either.
    expect(page.locator('select[name$="-gaps.g1x2"] option[value="w2"]')).to_be_disabled()
    _gap(page, "g2").click()
    _gap(page, "g2").click()

    assert _saved(teacher, DRAG) == {"g1": "w1", "g3": "w2"}


def test_words_are_placed_by_finger_by_pressing_and_by_dragging(teacher: tuple[Visitor, int]):
    visitor, _ = teacher
    page = _slot(teacher, DRAG)
    visitor.resize(PHONE)

    _gap(page, "g3").tap()
    _gap(page, "g3").tap()
    _gap(page, "g2").tap()
    _word(page, "w2").tap()
    assert _saved(teacher, DRAG) == {"g1": "w1", "g2": "w2"}
    _drag_by_finger(page, _word(page, "w3"), _gap(page, "g3"))

    assert _saved(teacher, DRAG) == {"g1": "w1", "g2": "w2", "g3": "w3"}


def _drag_by_finger(page: Page, word: Locator, gap: Locator) -> None:
    """Rest on the word until it comes along, then move until the gap lights up: near an edge the page scrolls meanwhile."""
    word.scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)

    def touch(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    begin = word.bounding_box()
    assert begin
    x, y = begin["x"] + 20, begin["y"] + 20
    touch("touchStart", x, y)
    expect(page.locator(".word.is-flying")).to_be_visible()
    for part in (0.3, 0.6, *[1.0] * 10):
        end = gap.bounding_box()
        assert end
        x, y = x + (end["x"] + end["width"] / 2 - x) * part, y + (end["y"] + end["height"] / 2 - y) * part
        touch("touchMove", x, y)
        if "is-over" in (gap.get_attribute("class") or ""):
            break
    expect(gap).to_contain_class("is-over")
    touch("touchEnd", x, y)
    expect(page.locator(".word.is-flying")).to_have_count(0)


def test_words_are_put_into_gaps_by_keyboard_and_read_out(teacher: tuple[Visitor, int]):
    page, right = _slot(teacher, DRAG), _right(teacher, DRAG)

    _word(page, "w1").press("Enter")
    expect(_word(page, "w1")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-words-said]")).to_have_text("Đang cầm từ “dừng lại”. Hãy chọn chỗ trống.")
    page.locator('select[name$="-gaps.g1x2"]').press("Enter")
    expect(page.locator("[data-words-said]")).to_have_text("Đã đặt “dừng lại” vào chỗ trống 4.")
    for key, word in right.items():
        _choose_by_keyboard(page.locator(f'select[name$="-gaps.{key}"]'), word)

    assert _saved(teacher, DRAG) == right
    assert page.get_by_role("combobox", name="Chỗ trống 3 trên 4").input_value() == "w3"


def test_an_answer_comes_back_with_the_page(teacher: tuple[Visitor, int]):
    page = _slot(teacher, DRAG)

    expect(_gap(page, "g1").locator(".gap-word")).to_have_text("dừng lại")
    expect(_word(page, "w3")).to_have_attribute("aria-disabled", "true")


def test_gaps_are_filled_without_script(teacher: tuple[Visitor, int], browser: Browser):
    visitor, attempt = teacher
    context = browser.new_context(storage_state=visitor.context.storage_state(), java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{visitor.site.url}/attempts/{attempt}/{DRAG}")

    page.select_option('select[name$="-gaps.g1"]', "w4")
    page.click("form[data-autosave] button.btn-main")
    page.wait_for_url(f"**/{DRAG + 1}")
    page.goto(f"{visitor.site.url}/attempts/{attempt}/{CLOZE}")
    page.fill('[name$="-2.text"]', "113")
    page.click("form[data-autosave] button.btn-main")
    page.wait_for_url(f"**/{CLOZE + 1}")

    saved = quiz.saved_answers(visitor.site, attempt)
    assert (saved[DRAG]["gaps"]["g1"], saved[CLOZE]["gaps"]["2"]) == ("w4", {"text": "113"})
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slot", [CLOZE, SELECT, DRAG])
def test_a_page_with_gaps_is_open_to_everybody(teacher: tuple[Visitor, int], slot: int, scheme: Any):
    page = _slot(teacher, slot)

    assert _trouble(teacher[0], page, scheme) == {}
    assert _small_targets(page) == []


def test_a_review_of_gaps_is_open_to_everybody_and_tells_how_each_went(teacher: tuple[Visitor, int]):
    visitor, attempt = teacher
    page = visitor.open(f"/attempts/{attempt}/summary")
    page.click("#hand-in button.btn-main")
    page.wait_for_url("**/result")
    page = visitor.open(f"/attempts/{attempt}/review")

    told = [page.locator(f"#question-{slot} .gap-rows > li").all_inner_texts() for slot in (CLOZE, DRAG)]
    assert [" ".join(text.split()) for text in told[0][:2]] == [
        "Chỗ trống 1: phishing Đúng. Đúng",
        "Chỗ trống 2: 113 Đáp án đúng: 111 Đúng một phần",
    ]
    assert " ".join(told[1][0].split()) == "Chỗ trống 1: bấm vào đường dẫn Đáp án đúng: dừng lại Chưa đúng"
    for scheme in ("light", "dark"):
        assert _trouble(visitor, page, scheme) == {}


def _trouble(visitor: Visitor, page: Page, scheme: Any) -> dict[str, object]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, object] = {}
    for size in (DESK, PHONE, SMALLEST):
        visitor.resize(size)
        found[f"axe {size[0]}"] = eyes.violations(page)
        found[f"sideways {size[0]}"] = eyes.sideways(page)
    found["keyboard"] = eyes.keyboard(page)
    page.emulate_media(color_scheme="light")
    return {what: trouble for what, trouble in found.items() if trouble}


def _small_targets(page: Page) -> list[str]:
    """Return what can be pressed in the question and is less than 44 px high or wide."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll("fieldset :is(select, input[inputmode], input.form-control, .gap-choice, .word, .is-live .gap)")]
            .map((each) => [each.className || each.name, each.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.9 || box.width < 43.9).map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""
        )
    )
