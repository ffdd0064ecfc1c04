"""Files of an essay in the browser: with script and without, without a network, by keyboard, on the smallest screen and by the eyes of axe."""

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
from tests.factories_quizzes import PICTURE

WITH_TEXT, FILES_ONLY = 14, 15  # slots: thirteen messages, then the two essays
PDF = {"name": "Bài của Đỗ Hường.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 bai lam"}
PNG = {"name": "image.png", "mimeType": "image/png", "buffer": PICTURE}
PROGRAM = {"name": "bài.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00\x03\x00\x00\x00"}


class Sitting:
    """One attempt, gone to in one window after the other."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.visitors: list[Visitor] = []
        self.cookies: Any = None
        visitor = self.come()
        visitor.sign_in(site.players["teacher"])
        self.cookies = visitor.context.storage_state()
        visitor.open("/courses/tn/quiz")
        visitor.page.click("main form button.btn")
        visitor.page.wait_for_url("**/attempts/**")
        self.id = quiz.attempt_of(visitor.page)

    def come(self, size: tuple[int, int] = PHONE, **more: Any) -> Visitor:
        if self.cookies:
            more |= {"storage_state": self.cookies}
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN", reduced_motion="reduce", **more)
        context.set_default_timeout(10_000)
        self.visitors.append(Visitor(self.site, context))
        return self.visitors[-1]

    def at(self, slot: int, size: tuple[int, int] = PHONE, **more: Any) -> Page:
        return self.come(size, **more).open(f"/attempts/{self.id}/{slot}")

    def saved(self, slot: int) -> tuple[str, list[str]]:
        """The text, and the names of the files, that are in the database."""
        ((text,),) = quiz.rows(self.site, "SELECT answer FROM quizzes_response WHERE attempt_id = ? AND slot = ?", self.id, slot)
        answer = json.loads(text) if text else {}
        names = dict(quiz.rows(self.site, "SELECT id, name FROM quizzes_attachment"))
        return answer.get("text", ""), [names[int(key)] for key in answer.get("files", [])]

    def close(self) -> None:
        trouble = [each for visitor in self.visitors for each in visitor.trouble]
        for visitor in self.visitors:
            visitor.context.close()
        assert trouble == []


@pytest.fixture(scope="module")
def essays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, with a course that ends with two essays."""
    with sites.run(tmp_path_factory.mktemp("essays")) as site:
        message_course.bring(site, tmp_path_factory.mktemp("course") / "tn", slug="tn", words=("--draft",))
        subprocess.run(
            [sys.executable, "-m", "tests.file_quiz", "tn"], cwd=ROOT, env=sites.environment(site.instance, site.url), check=True
        )
        yield site


@pytest.fixture(scope="module")
def attempt(essays: Site, browser: Browser) -> Iterator[Sitting]:
    sitting = Sitting(essays, browser)
    yield sitting
    sitting.close()


@pytest.fixture(autouse=True)
def nothing_handed_in(attempt: Sitting) -> Iterator[None]:
    yield
    if quiz.rows(attempt.site, "SELECT state FROM quizzes_attempt WHERE id = ?", attempt.id) != [("in_progress",)]:
        return  # the last test hands it in
    for slot in (WITH_TEXT, FILES_ONLY):
        page = attempt.at(slot)
        while page.locator("[data-remove]").count():
            before = page.locator("[data-remove]").count()
            page.locator("[data-remove]").first.click()
            expect(page.locator("[data-remove]")).to_have_count(before - 1)


def choose(page: Page, *files: Any) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def listed(page: Page) -> Any:
    return page.locator("[data-file] a")


def test_a_file_is_sent_when_it_is_chosen_and_says_when_it_is_saved(attempt: Sitting) -> None:
    page = attempt.at(WITH_TEXT)
    page.fill("textarea", "Bài làm")
    page.press("textarea", "Tab")
    quiz.expect_saved(page)
    choose(page, PDF)

    expect(listed(page)).to_have_text([PDF["name"]])
    expect(page.locator("[data-files-said]")).to_contain_text(f": {PDF['name']}")
    quiz.expect_saved(page)
    assert attempt.saved(WITH_TEXT) == ("Bài làm", [PDF["name"]])
    expect(page.locator(f'[data-slot-link="{WITH_TEXT}"]')).to_have_class("is-done")

    page.fill("textarea", "Bài làm thêm")
    page.press("textarea", "Tab")
    page.click(".pager button")
    page.wait_for_url(f"**/{FILES_ONLY}")
    assert attempt.saved(WITH_TEXT) == ("Bài làm thêm", [PDF["name"]])


def test_what_is_refused_says_why_and_the_rest_is_kept(attempt: Sitting) -> None:
    page = attempt.at(WITH_TEXT)
    large = {"name": "lớn.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + b"x" * 1_100_000}
    choose(page, PROGRAM, large, PNG)

    expect(listed(page)).to_have_text(["image.png"])
    said = page.locator("[data-files-wrong] p")
    expect(said).to_have_count(2)
    assert sorted(said.all_inner_texts()) == [
        "Không nhận “bài.pdf”: không thể nộp chương trình, trang web, tệp có macro hay loại tệp lạ.",
        "Không nhận “lớn.pdf”: tệp quá lớn. Mỗi tệp nhiều nhất 1 MB.",
    ]
    choose(page, PDF, {**PNG, "buffer": PICTURE + b"1"})
    expect(listed(page)).to_have_text(["image.png", PDF["name"]])
    expect(said).to_have_text(["Không nhận “image.png”: đã có 2 tệp. Hãy gỡ bớt một tệp trước."])
    expect(page.locator("input[type=file]")).to_be_disabled()


def test_without_a_network_the_choice_waits_and_goes_when_it_is_back(attempt: Sitting) -> None:
    visitor = attempt.come()
    page = visitor.open(f"/attempts/{attempt.id}/{WITH_TEXT}")
    visitor.go_offline(True)
    choose(page, PDF)

    expect(page.locator("[data-files-said]")).to_contain_text("Đang chờ kết nối")
    assert attempt.saved(WITH_TEXT)[1] == []
    page.click(".pager button")
    expect(page.locator("[data-files-said]")).to_contain_text("Còn tệp đang gửi")
    visitor.go_offline(False)
    page.wait_for_url(f"**/{FILES_ONLY}", timeout=20_000)
    assert attempt.saved(WITH_TEXT)[1] == [PDF["name"]]


def test_two_windows_add_files_and_neither_is_lost(attempt: Sitting) -> None:
    first, second = attempt.at(WITH_TEXT), attempt.at(WITH_TEXT)
    choose(first, PDF)
    expect(listed(first)).to_have_count(1)
    choose(second, PNG, PDF)
    expect(listed(second)).to_have_count(2)
    second.fill("textarea", "Từ cửa sổ kia")
    second.press("textarea", "Tab")
    quiz.expect_saved(second)

    assert attempt.saved(WITH_TEXT) == ("Từ cửa sổ kia", [PDF["name"], "image.png"])


def test_by_keyboard_a_file_is_taken_out_and_the_focus_stays_near(attempt: Sitting) -> None:
    page = attempt.at(WITH_TEXT, DESK)
    choose(page, PDF, PNG)
    expect(listed(page)).to_have_count(2)
    assert eyes.keyboard(page) == []

    page.locator("[data-remove]").first.press("Enter")

    expect(listed(page)).to_have_text(["image.png"])
    expect(page.locator("[data-files-said]")).to_have_text(f"Đã gỡ: {PDF['name']}")
    assert page.evaluate("() => document.activeElement.textContent.trim()") == "Gỡ tệp image.png"


def test_an_essay_of_files_alone_without_script(attempt: Sitting) -> None:
    page = attempt.at(FILES_ONLY, java_script_enabled=False)
    choose(page, PROGRAM)
    page.click(".files button[name=stay]")
    expect(page.locator("main .note[role=alert]").first).to_contain_text("Không nhận “bài.pdf”")
    choose(page, PDF)
    page.click(".files button[name=stay]")
    expect(listed(page)).to_have_text([PDF["name"]])
    assert attempt.saved(FILES_ONLY) == ("", [PDF["name"]])

    page.click(".files button[name=remove]")
    expect(page.locator("[data-file]")).to_have_count(0)
    page.click(".pager button")
    page.wait_for_url("**/summary")
    expect(page.locator(".rows")).to_contain_text("Cần nộp một tệp.")


def test_what_no_server_takes_is_refused_with_a_page_also_without_script(attempt: Sitting, tmp_path: Any) -> None:
    large = tmp_path / "lớn.pdf"
    large.write_bytes(b"%PDF-1.7" + bytes(30_000_000))
    page = attempt.at(FILES_ONLY, java_script_enabled=False)
    page.locator("input[type=file]").set_input_files(large)
    page.click(".files button[name=stay]")

    expect(page.locator("main")).to_contain_text("20 MB")


@pytest.mark.parametrize("slot", [WITH_TEXT, FILES_ONLY])
def test_the_page_is_open_to_everybody_and_fits_the_smallest_screen(attempt: Sitting, slot: int) -> None:
    name = "một tên tệp rất dài mà điện thoại nào đó đã tự đặt cho ảnh chụp màn hình 2026-11-26 (bản cuối cùng).pdf"
    for size, language, scheme in ((PHONE, "vi", "light"), (DESK, "en", "dark")):
        visitor = attempt.come(size, color_scheme=scheme)
        page = visitor.open(f"/attempts/{attempt.id}/{slot}?lang={language}")
        choose(page, {**PDF, "name": name})
        expect(listed(page)).to_have_count(1)
        assert (eyes.violations(page), eyes.sideways(page)) == ([], 0)
        visitor.resize(SMALLEST)
        assert eyes.sideways(page) == 0
        small = page.evaluate(
            "() => [...document.querySelectorAll('.files :is(button, input, a)')].filter((each) => each.checkVisibility())"
            ".map((each) => each.getBoundingClientRect()).filter((box) => box.height < 44).length"
        )
        assert small == 0


def test_the_learner_gets_the_file_back_to_save_it(attempt: Sitting) -> None:
    page = attempt.at(WITH_TEXT)
    choose(page, PDF)
    expect(listed(page)).to_have_count(1)
    with page.expect_download() as coming:
        listed(page).first.click()

    assert coming.value.suggested_filename == PDF["name"]
    assert coming.value.path().read_bytes() == PDF["buffer"]


def test_an_author_writes_a_rubric_by_keyboard_and_the_marker_sees_it_with_the_file(attempt: Sitting, essays: Site) -> None:
    author = Visitor(essays, attempt.browser.new_context(viewport={"width": SMALLEST[0], "height": SMALLEST[1]}, locale="vi-VN"))
    attempt.visitors.append(author)
    author.sign_in(essays.players["author"])
    page = author.open("/questions/new/essay")
    page.focus('button[value="add:rubric"]')
    page.keyboard.press("Enter")
    expect(page.locator('[name="rubric.0.text.vi"]')).to_be_focused()
    page.focus('button[value="add:rubric.0.levels"]')
    page.keyboard.press("Enter")
    expect(page.locator('[name="rubric.0.levels.2.points"]')).to_be_focused()
    assert (eyes.violations(page), eyes.sideways(page)) == ([], 0)

    essay = attempt.at(WITH_TEXT)
    choose(essay, PDF)
    expect(listed(essay)).to_have_count(1)
    ((response_id,),) = quiz.rows(essays, "SELECT id FROM quizzes_response WHERE attempt_id = ? AND slot = ?", attempt.id, WITH_TEXT)
    essay.goto(f"{essays.url}/attempts/{attempt.id}/summary")
    essay.click("#hand-in button.btn-main")
    essay.wait_for_url("**/result")
    marker = Visitor(essays, attempt.browser.new_context(viewport={"width": SMALLEST[0], "height": SMALLEST[1]}, locale="vi-VN"))
    attempt.visitors.append(marker)
    marker.sign_in(essays.players["head_teacher"])
    page = marker.open(f"/results/answers/{response_id}")
    expect(page.locator("legend")).to_contain_text(["Dấu hiệu"])
    expect(page.locator(".file-list a")).to_have_text([PDF["name"]])
    assert (eyes.violations(page), eyes.sideways(page)) == ([], 0)
