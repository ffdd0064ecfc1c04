"""Somebody at a desk and on a phone who checks questions one by one, tries again with hints, and says how sure they are: by keyboard."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import eyes, quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, SMALLEST, Visitor

WHO, COURSE = "roster_keeper", "cb1"
OF_COURSE = (
    "SELECT quiz.id FROM quizzes_quiz AS quiz JOIN courses_activity AS activity ON activity.id = quiz.activity_id"
    " JOIN courses_version AS version ON version.id = activity.version_id JOIN courses_course AS course ON course.id = version.course_id"
    " WHERE course.slug = ? ORDER BY quiz.id DESC LIMIT 1"
)
# The questions are drawn by lot, so all that may come are meant.
MAY_COME = "SELECT id, body, texts FROM quizzes_question_version WHERE name LIKE ? || '-q%'"


@pytest.fixture
def set_up(site: Site) -> Iterator[object]:
    """Let the quiz of the course behave in another way, with all questions on pages of three; as it was afterwards."""
    (quiz_id,) = quiz.rows(site, OF_COURSE, COURSE)[0]

    def behave(behaviour: str, *, a_page: int = 3) -> None:
        said = {"hint.1": "<p>Đọc lại điều luật.</p>", "hint.2": "<p>Nghĩ đến trẻ em.</p>"}
        with quiz.behind_its_back(site) as database:
            database.execute("UPDATE quizzes_quiz SET behaviour = ? WHERE id = ?", (behaviour, quiz_id))
            database.execute("UPDATE quizzes_slot SET page = (number + ? - 1) / ? WHERE quiz_id = ?", (a_page, a_page, quiz_id))
            for version_id, body, texts in database.execute(MAY_COME, (COURSE,)).fetchall():
                hinted = json.dumps({**json.loads(body), "hints": [{}, {"clear_wrong": True, "show_count": True}]})
                told = json.dumps({code: {**each, **said} for code, each in json.loads(texts).items()})
                database.execute("UPDATE quizzes_question_version SET body = ?, texts = ? WHERE id = ?", (hinted, told, version_id))

    yield behave
    behave("deferred", a_page=1)


def begin(visitor: Visitor) -> Page:
    """Open the quiz by its button, reached by keyboard."""
    page = visitor.open(f"/courses/{COURSE}/quiz")
    page.focus("main .btn-main, main form[action*='/quiz/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/**")
    return page


def hand_in(page: Page, site: Site, attempt: int) -> None:
    page.goto(f"{site.url}/attempts/{attempt}/summary")
    page.press("#hand-in button.btn-main", "Enter")
    page.wait_for_url("**/result")


def choose(page: Page, site: Site, attempt: int, slot: int, *, right: bool) -> None:
    """Choose the right answer, or one that is wrong, by keyboard."""
    answer = quiz.right_answers(site, attempt)[slot]
    if right:
        quiz.give(page, answer)
        return
    wanted = {value for each in answer.values() for value in ([each] if isinstance(each, str) else each)}
    fields = page.locator(f'[data-slot="{slot}"] input[type=radio]:not([name$="-certainty"]), [data-slot="{slot}"] input[type=checkbox]')
    wrong = next(each for each in fields.all() if each.get_attribute("value") not in wanted)
    wrong.press("Space")


def press(page: Page, slot: int, act: str) -> None:
    """Press a button of a question, and find oneself at what is said about it."""
    page.press(f'button[formaction$="/{slot}/{act}"]', "Enter")
    page.wait_for_url(f"**/{slot}#q{slot}-said")
    expect(page.locator(f"#q{slot}-said")).to_be_focused()


def choosable(site: Site, attempt: int) -> int:
    """Return the first slot that is answered by choosing one."""
    return quiz.one_of_each_type(site, attempt)["single_choice"]


def trouble(visitor: Visitor) -> dict[str, object]:
    page, found = visitor.page, {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (PHONE, DESK):
            visitor.resize(size)
            found[f"axe {scheme} {size[0]}"] = eyes.violations(page)
    visitor.resize(SMALLEST)
    found["sideways"] = eyes.sideways(page)
    found["keyboard on a phone"] = eyes.keyboard(page)
    visitor.resize(DESK)
    found["keyboard at a desk"] = eyes.keyboard(page)
    return {what: each for what, each in found.items() if each}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_question_is_checked_once_and_then_tells_everything(visit: Visit, site: Site, set_up, size: tuple[int, int]):
    set_up("immediate")
    visitor = visit(WHO, size)
    page = begin(visitor)
    attempt = quiz.attempt_of(page)
    slot = choosable(site, attempt)
    visitor.open(f"/attempts/{attempt}/{slot}")

    choose(page, site, attempt, slot, right=False)
    quiz.expect_saved(page)
    press(page, slot, "check")

    expect(page.locator(f"#q{slot}-said")).to_contain_text("Đáp án đúng:")
    expect(page.locator(f'[data-slot="{slot}"]')).to_have_count(0)
    expect(page.locator(f'button[formaction$="/{slot}/check"]')).to_have_count(0)
    assert trouble(visitor) == {}
    hand_in(page, site, attempt)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_wrong_try_gives_a_hint_and_another_try(visit: Visit, site: Site, set_up, size: tuple[int, int]):
    set_up("interactive")
    visitor = visit(WHO, size)
    page = begin(visitor)
    attempt = quiz.attempt_of(page)
    slot = choosable(site, attempt)
    visitor.open(f"/attempts/{attempt}/{slot}")

    choose(page, site, attempt, slot, right=False)
    press(page, slot, "check")
    expect(page.locator(f"#q{slot}-said")).to_contain_text("Đọc lại điều luật.")
    read_only = trouble(visitor)
    press(page, slot, "again")
    expect(page.locator(f"#q{slot}-said")).to_contain_text("Đọc lại điều luật.")
    expect(page.get_by_text("Lần thử 2 trên 3")).to_be_visible()
    open_again = trouble(visitor)
    choose(page, site, attempt, slot, right=True)
    press(page, slot, "check")

    expect(page.locator(f"#q{slot}-said")).to_contain_text("Đúng")
    assert (read_only, open_again) == ({}, {})
    assert quiz.rows(site, "SELECT state FROM quizzes_response WHERE attempt_id = ? AND slot = ?", attempt, slot) == [("right",)]
    hand_in(page, site, attempt)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_one_says_how_sure_one_is(visit: Visit, site: Site, set_up, size: tuple[int, int]):
    set_up("certainty")
    visitor = visit(WHO, size)
    page = begin(visitor)
    attempt = quiz.attempt_of(page)
    slot = choosable(site, attempt)
    visitor.open(f"/attempts/{attempt}/{slot}")

    choose(page, site, attempt, slot, right=True)
    page.press(f'[name="q{slot}-certainty"][value="3"]', "Space")
    quiz.expect_saved(page)
    found = trouble(visitor)
    hand_in(page, site, attempt)

    expect(page.locator("main")).to_contain_text("Tính theo độ chắc chắn được 3 trên")
    assert found == {}
    assert trouble(visitor) == {}
    assert quiz.rows(site, "SELECT certainty, fraction FROM quizzes_response WHERE attempt_id = ? AND slot = ?", attempt, slot) == [
        (3, 3.0)
    ]


def test_each_further_try_costs_and_the_best_one_counts(visit: Visit, site: Site, set_up):
    set_up("adaptive")
    visitor = visit(WHO, PHONE)
    page = begin(visitor)
    attempt = quiz.attempt_of(page)
    slot = choosable(site, attempt)
    visitor.open(f"/attempts/{attempt}/{slot}")

    choose(page, site, attempt, slot, right=False)
    press(page, slot, "check")
    expect(page.locator(f"#q{slot}-said")).to_contain_text("Chưa đúng")
    tried = trouble(visitor)
    choose(page, site, attempt, slot, right=True)
    press(page, slot, "check")

    expect(page.locator(f"#q{slot}-said")).to_contain_text("Đúng")
    assert (tried, trouble(visitor)) == ({}, {})
    hand_in(page, site, attempt)
    (fraction,) = quiz.rows(site, "SELECT fraction FROM quizzes_response WHERE attempt_id = ? AND slot = ?", attempt, slot)[0]
    assert 0.6 < fraction < 0.7
