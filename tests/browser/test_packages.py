"""A course goes out as a package and another one comes in: chosen, looked at, brought in, undone."""

from pathlib import Path

from playwright.sync_api import expect

from lms.courses.sharing import packing
from tests.browser.conftest import Visit
from tests.browser.visitor import DESK
from tests.factories_packages import make_package


def test_a_version_is_packed_and_downloaded(visit: Visit):
    visitor = visit("author", DESK)
    page = visitor.open("/authoring/cb3/share")
    page.get_by_role("button", name="Đóng gói phiên bản 1").click()
    expect(page.locator("code")).to_be_visible()
    visitor.look_at("/authoring/cb3/share?packed=1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải cb3-1.zip").click()

    found = packing.opened(Path(download.value.path()).read_bytes())

    assert found.origin is not None
    assert (found.origin.course, found.origin.version) == ("cb3", 1)
    assert "course.yaml" in found.files


def test_a_package_from_elsewhere_is_looked_at_brought_in_and_undone(visit: Visit, tmp_path: Path):
    file = tmp_path / "goi-noi-khac.zip"
    file.write_bytes(make_package("goi-noi-khac"))
    visitor = visit("author", DESK)
    page = visitor.open("/authoring/import")
    page.get_by_label("Gói khóa học").set_input_files(file)
    page.get_by_role("button", name="Đọc gói").click()
    expect(page.get_by_text("Sở GD&ĐT Nơi Khác")).to_be_visible()
    path = page.url.partition("/authoring")[2]
    visitor.look_at(f"/authoring{path}")
    page.get_by_label("Tôi đã đối chiếu").check()
    page.get_by_role("button", name="Nhập khóa học thành bản nháp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Khóa học đã vào hệ thống, ở dạng bản nháp")
    visitor.look_at(f"/authoring{path}")
    visitor.look_at("/authoring/goi-noi-khac")
    visitor.open(f"/authoring{path}")
    page.get_by_role("button", name="Hoàn tác lần nhập này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lần nhập này đã được hoàn tác")
    assert page.goto(page.url.partition("/authoring")[0] + "/authoring/goi-noi-khac").status == 404  # type: ignore[union-attr]
