"""Take the pictures of the handbook and the README: the demo in Chromium, at a desk and on a phone, in Vietnamese.

Run as ``python -m tools.screenshots``; it fills the whole demo in a folder of its own, which takes about two minutes.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import lists, quiz, site
from tests.browser.lists import Row
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, Visitor

TARGET = Path(__file__).resolve().parent.parent / "docs" / "handbook" / "pictures"
MOST_BYTES = 150_000
ANSWERED = 6
READ = 7
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# A phone has more dots than pixels; at a desk one each is enough to read.
DOTS = {PHONE: 2, DESK: 1}

Size = tuple[int, int]
Come = Callable[..., Visitor]


def main() -> None:
    """Take all pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    program = next(found for name in CHROMIUM if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, site.run(Path(folder), wards=15, size=1.0) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        sheet = _list_with_mistakes(running, Path(folder))
        # The phone first: what the teacher read there, the desk shows as read.
        visitors: list[Visitor] = []
        try:
            for size in (PHONE, DESK):
                _story(running, _guests(running, browser, size, visitors), size, sheet)
        finally:
            for trouble in (each for visitor in visitors for each in visitor.trouble):
                print(trouble)
        browser.close()


def _guests(running: Site, browser: Browser, size: Size, visitors: list[Visitor]) -> Come:
    def come(role: str | None = None) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=DOTS[size],
            locale="vi-VN",
            reduced_motion="reduce",
            color_scheme="light",
        )
        visitor = Visitor(running, context)
        visitors.append(visitor)
        if role:
            visitor.sign_in(running.players[role])
        return visitor

    return come


def _story(running: Site, come: Come, size: Size, sheet: Path) -> None:
    teacher = come("teacher")
    _keep(teacher.open("/courses/cb1/l1-1"), "lesson", size)
    if size == PHONE:
        for _ in range(READ):
            before = teacher.page.url
            teacher.page.click(".pager button.btn-main")
            teacher.page.wait_for_url(lambda url, before=before: url != before)
    _keep(teacher.open("/"), "home", size)
    _keep(_in_the_quiz(running, teacher, begin=size == PHONE), "quiz", size)
    _keep(come("head_teacher").open(running.players["head_teacher"].url.removeprefix(running.url)), "school", size)
    officer = come("officer")
    _keep(come("administrator").open("/units/SGD-HV"), "office", size)
    _keep(_preview(running, officer, sheet), "import", size)
    _keep(come().open(f"/verify/{_certificate(running)}"), "verify", size)
    _keep(come("pupil").open("/"), "pupil", size)


def _in_the_quiz(running: Site, teacher: Visitor, *, begin: bool) -> Page:
    page = teacher.open("/courses/cb1/quiz")
    page.click("main .btn-main")
    page.wait_for_url("**/attempts/**")
    answers = quiz.right_answers(running, quiz.attempt_of(page))
    if begin:
        for slot in range(1, ANSWERED + 1):
            quiz.give(page, answers[slot])
            quiz.expect_saved(page)
            page.click("form[data-autosave] button.btn-main")
            page.wait_for_url(f"**/{slot + 1}")
        quiz.give(page, answers[ANSWERED + 1])
        quiz.expect_saved(page)
    else:
        page.goto(f"{running.url}/attempts/{quiz.attempt_of(page)}/{ANSWERED + 1}")
    page.evaluate("() => document.activeElement?.blur()")
    return page


def _list_with_mistakes(running: Site, folder: Path) -> Path:
    known = lists.staff_of(running, _school(running))
    changed = replace(known[0], department="Tổ chuyên môn 2")
    new = Row("Cao Thị Diễm", "19/06/1998", email="cao.thi.diem@hai-van.example")
    wrong = Row("Bùi Thanh Tùng", "30/02/1988", department="Toán – Tin", gender="Nam")
    return lists.write(folder / "can-bo-2026-2027.xlsx", [changed, *known[1:-1], new, wrong])


def _preview(running: Site, officer: Visitor, sheet: Path) -> Page:
    page = officer.open(f"/units/{_school(running)}/imports/new")
    page.set_input_files("input[type=file]", sheet)
    page.click("main form button.btn-main")
    page.wait_for_url("**/imports/*")
    return page


def _school(running: Site) -> str:
    """Return the code of a school in the officer's ward."""
    return running.players["head_teacher"].url.rpartition("/")[2]


def _certificate(running: Site) -> str:
    return str(quiz.rows(running, "SELECT code FROM certificates_certificate WHERE state = 'valid' ORDER BY id DESC LIMIT 1")[0][0])


def _keep(page: Page, name: str, size: Size) -> None:
    """Write what the window shows as a PNG with a palette, which is a quarter of the weight."""
    page.wait_for_load_state("networkidle")
    path = TARGET / f"{name}-{size[0]}.png"
    with Image.open(BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} weighs {path.stat().st_size} bytes, more than {MOST_BYTES}")
    print(f"{path.name}: {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
