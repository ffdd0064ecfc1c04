"""A video, documents, a survey and a discussion: made by an author in the browser, gone through by staff."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import quiz
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE
from tests.factories_materials import CAPTIONS, PDF

SECONDS = 4
COURSE = f"""slug: nhieu-loai
code: NL1
title: {{vi: "Nhiều loại hoạt động", en: "Many kinds of steps"}}
summary: {{vi: "Xem, đọc, trả lời, trao đổi.", en: "Watch, read, answer, exchange."}}
audience: staff
as_of: 2026-11-23
languages: [vi, en]
sections:
  - key: m1
    title: {{vi: "Phần một", en: "Part one"}}
    activities:
      - key: phim
        kind: video
        minutes: 4
        title: {{vi: "Ba bước trong một phút", en: "Three steps in a minute"}}
        video: {{files: {{vi: files/phim.webm}}, captions: {{vi: files/phim.vi.vtt, en: files/phim.en.vtt}}, seconds: {SECONDS}, need: 0.7}}
      - {{key: mau, kind: document, minutes: 2, title: {{vi: "Mẫu phiếu", en: "A form"}}, document: {{files: {{vi: files/mau.pdf}}}}}}
      - key: quy-che
        kind: acknowledgement
        minutes: 2
        title: {{vi: "Quy chế của trường", en: "Rules of the school"}}
        acknowledgement: {{files: {{vi: files/mau.pdf}}, edition: "2"}}
      - key: khao-sat
        kind: survey
        minutes: 2
        title: {{vi: "Khảo sát cuối khóa", en: "Survey"}}
        survey:
          items:
            - {{key: ich, kind: scale, text: {{vi: "Khóa học có ích không?", en: "Was it useful?"}}}}
            - key: o-dau
              kind: choices
              text: {{vi: "Thầy cô học ở đâu?", en: "Where did you learn?"}}
              options: [{{key: truong, text: {{vi: "Ở trường", en: "At school"}}}}, {{key: nha, text: {{vi: "Ở nhà", en: "At home"}}}}]
            - {{key: y-kien, kind: words, text: {{vi: "Nên đổi điều gì?", en: "What should change?"}}}}
      - key: trao-doi
        kind: discussion
        minutes: 5
        title: {{vi: "Trao đổi kinh nghiệm", en: "Exchange"}}
        discussion: {{prompt: {{vi: "Lớp thầy cô xử lý tin giả thế nào?", en: "How does your class deal with false news?"}}}}
"""
RECORD = """(seconds) => new Promise((done) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(15), { mimeType: "video/webm" });
  const parts = [];
  let number = 0;
  const drawing = setInterval(() => { pen.fillStyle = `hsl(${(number += 7) % 360} 60% 50%)`; pen.fillRect(0, 0, 320, 180); }, 50);
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = async () => {
    clearInterval(drawing);
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    done(btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join("")));
  };
  recorder.start();
  setTimeout(() => recorder.stop(), 1000 * seconds);
})"""


@pytest.fixture(scope="module")
def film(browser: Browser) -> bytes:
    """A film that every Chromium plays, recorded by this one."""
    page = browser.new_page()
    data = base64.b64decode(page.evaluate(RECORD, SECONDS + 0.4))
    page.close()
    return data


@pytest.fixture(scope="module")
def course(site: Site, film: bytes, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("nhieu-loai")
    (folder / "files").mkdir()
    (folder / "course.yaml").write_text(COURSE)
    for name, data in (("phim.webm", film), ("phim.vi.vtt", CAPTIONS), ("phim.en.vtt", CAPTIONS), ("mau.pdf", PDF)):
        (folder / "files" / name).write_bytes(data)
    site.lms("courses", "import", str(folder))
    return "/courses/nhieu-loai"


def until(page: Page, wanted: str) -> None:
    """Wait until an expression is true; asked by the debugger, because the page's own policy lets nothing be evaluated in it."""
    for _ in range(200):
        if page.evaluate(wanted):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {wanted}")


def states(site: Site) -> dict[str, str]:
    return dict(
        quiz.rows(
            site,
            "SELECT r.activity_key, r.state FROM learning_result r JOIN learning_enrolment e ON e.id = r.enrolment_id"
            " JOIN courses_course c ON c.id = e.course_id WHERE c.slug = 'nhieu-loai'",
        )
    )


def test_a_video_counts_what_was_played_and_goes_on_where_one_was(visit: Visit, site: Site, course: str):
    visitor = visit("head_teacher", PHONE)
    page = visitor.look_at(f"{course}/phim")
    status = page.locator(".video-share")
    expect(status).to_have_text("Đã xem 0 %. Tính là xong khi đạt 70 %.")
    page.evaluate("document.querySelector('video').play()")
    until(page, "document.querySelector('video').currentTime > 1.2")
    with page.expect_response("**/watched"):
        page.evaluate("document.querySelector('video').pause()")
    expect(status).not_to_have_text("Đã xem 0 %. Tính là xong khi đạt 70 %.")
    assert "phim" not in states(site)

    page.reload()
    until(page, "document.querySelector('video').currentTime > 1")
    page.evaluate("document.querySelector('video').play()")
    until(page, "document.querySelector('video').ended")
    expect(status).to_have_text("Đã xem xong. Bạn có thể đi tiếp.")
    assert states(site)["phim"] == "completed"
    page.get_by_text("Lời trong video").click()
    expect(page.get_by_text("Dừng lại & nghĩ.")).to_be_visible()
    assert page.evaluate("[...document.querySelector('video').textTracks].map((each) => [each.language, each.mode])") == [
        ["vi", "showing"],
        ["en", "disabled"],
    ]


def test_jumping_to_the_end_is_not_watching(visit: Visit, site: Site, course: str):
    page = visit("author", DESK).open(f"{course}/phim")
    page.evaluate("document.querySelector('video').play()")
    until(page, "document.querySelector('video').currentTime > 0.3")
    page.evaluate(f"document.querySelector('video').currentTime = {SECONDS}")
    with page.expect_response("**/watched") as told:
        page.evaluate("document.querySelector('video').pause()")

    assert told.value.json()["share"] < 60
    assert told.value.json()["done"] is False


def test_documents_are_got_read_and_confirmed(visit: Visit, site: Site, course: str):
    visitor = visit("head_teacher", PHONE)
    page = visitor.look_at(f"{course}/mau")
    with page.expect_download() as got:
        page.get_by_role("link", name="Mở tài liệu").click()
    assert Path(got.value.path()).read_bytes() == PDF
    assert got.value.suggested_filename == "mau.pdf"
    page.get_by_role("button", name="Xong, sang: Quy chế của trường").click()

    page = visitor.look_at(f"{course}/quy-che")
    page.get_by_label("Tôi đã đọc bản 2").check()
    page.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(page.get_by_text("Bạn đã xác nhận bản này")).to_be_visible()
    visitor.look_at(f"{course}/quy-che/confirmations")
    assert {key: states(site)[key] for key in ("mau", "quy-che")} == {"mau": "completed", "quy-che": "completed"}


def test_a_survey_is_answered_by_keyboard_without_a_name(visit: Visit, site: Site, course: str):
    visitor = visit("head_teacher", PHONE)
    page = visitor.look_at(f"{course}/khao-sat")
    page.locator("input[type=radio]").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_label("Ở nhà").focus()
    page.keyboard.press("Space")
    page.get_by_label("Nên đổi điều gì?").fill("Thêm ví dụ của cấp tiểu học.")
    page.get_by_role("button", name="Gửi không kèm tên").press("Enter")

    expect(page.get_by_text("Bạn đã trả lời.")).to_be_visible()
    ((answers,),) = quiz.rows(site, "SELECT answers FROM surveys_sheet")
    assert '"ich": "4"' in answers
    assert '"nha"' in answers
    visitor.look_at(f"{course}/khao-sat/results")
    expect(page.get_by_text("Thêm ví dụ của cấp tiểu học.")).to_have_count(0)


def test_colleagues_exchange_and_a_moderator_looks(visit: Visit, site: Site, course: str):
    visitor = visit("head_teacher", PHONE)
    page = visitor.open(f"{course}/trao-doi")
    page.get_by_label("Bài của bạn").fill("Lớp 4A kiểm tra hai nguồn trước khi chia sẻ.")
    page.get_by_role("button", name="Gửi cho mọi người").click()
    expect(page.locator(".said-text")).to_have_text("Lớp 4A kiểm tra hai nguồn trước khi chia sẻ.")
    visitor.look_at(f"{course}/trao-doi")

    other = visit("author", DESK)
    page = other.open(f"{course}/trao-doi")
    page.get_by_text("Trả lời ").first.click()
    page.get_by_label("Câu trả lời của bạn").fill("Trường tôi cũng làm vậy.")
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.locator(".said-replies .said-text")).to_have_text("Trường tôi cũng làm vậy.")
    page.get_by_role("button", name="Báo người điều hành").click()
    page = other.look_at("/discussions")
    page.get_by_label("Nếu ẩn").fill("Nêu tên lớp")
    page.get_by_role("button", name="Ẩn bài").click()

    page = visitor.open(f"{course}/trao-doi")
    expect(page.get_by_text("Đã ẩn: Nêu tên lớp")).to_be_visible()


def test_an_author_makes_each_kind(visit: Visit, site: Site, film: bytes, tmp_path: Path):
    for name, data in (("Phim của tôi.webm", film), ("lời.vtt", CAPTIONS), ("Quy chế.pdf", PDF), ("hỏng.pdf", b"MZ\x90\x00")):
        (tmp_path / name).write_bytes(data)
    visitor = visit("author", DESK)
    page = visitor.open("/authoring/new")
    page.fill("#title_vi", "Khóa có nhiều loại")
    page.fill("#slug", "co-nhieu-loai")
    page.fill("#code", "CNL")
    page.get_by_role("button", name="Tạo khóa học").click()

    def add(kind: str, title: str) -> str:
        page.goto(f"{site.url}/authoring/co-nhieu-loai")
        page.get_by_role("link", name="Thêm bài học hoặc bài kiểm tra").click()
        page.check(f"input[name=kind][value={kind}]")
        page.fill("#title_vi", title)
        page.get_by_role("button", name="Thêm và soạn").click()
        return page.url.removeprefix(site.url)

    visitor.look_at(add("video", "Phim ngắn"))
    page.set_input_files("[id='files.vi']", tmp_path / "Phim của tôi.webm")
    page.set_input_files("[id='captions.vi']", tmp_path / "lời.vtt")
    page.fill("#seconds", str(SECONDS))
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("link", name="phim-cua-toi.webm")).to_be_visible()

    visitor.look_at(add("acknowledgement", "Quy chế"))
    page.fill("#edition", "1")
    page.set_input_files("[id='files.vi']", tmp_path / "hỏng.pdf")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert").first).to_contain_text("hỏng.pdf")
    page.fill("#edition", "1")
    page.set_input_files("[id='files.vi']", tmp_path / "Quy chế.pdf")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("link", name="quy-che.pdf")).to_be_visible()

    visitor.look_at(add("survey", "Khảo sát"))
    page.fill("[id='1.text.vi']", "Có ích không?")
    page.get_by_role("button", name="Lưu và thêm câu nữa").click()
    page.select_option("[id='2.kind']", "choice")
    page.fill("[id='2.text.vi']", "Ở đâu?")
    page.fill("[id='2.options.vi']", "Ở trường")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Câu 2")
    page.fill("[id='2.options.vi']", "Ở trường\nỞ nhà")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("[id='2.options.vi']")).to_have_value("Ở trường\nỞ nhà")

    visitor.look_at(add("discussion", "Trao đổi"))
    page.fill("#prompt_vi", "Kể một việc đã làm.")
    page.get_by_role("button", name="Lưu").click()
    page.goto(f"{site.url}/authoring/co-nhieu-loai/publish")
    page.get_by_role("button", name="Phát hành phiên bản 1").click()
    expect(page.get_by_text("Đã phát hành.")).to_be_visible()
    learner = visit("head_teacher", PHONE).open("/courses/co-nhieu-loai")
    learner.get_by_role("link", name="Khảo sát").click()
    expect(learner.get_by_text("Có ích không?")).to_be_visible()
