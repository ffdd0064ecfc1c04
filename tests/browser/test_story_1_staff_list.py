"""An officer brings in the staff list of a school: looks at it, corrects a row, applies, prints slips, undoes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import lists, paper, quiz
from tests.browser.conftest import Visit
from tests.browser.lists import Row
from tests.browser.site import Site
from tests.browser.visitor import DESK, Visitor

NEW = Row("Cao Thị Diễm", "19/06/1998", email="cao.thi.diem@hai-van.example")
WITHOUT_MAIL = Row("Hồ Quang Đạt", "23/01/2001", department="Thể chất", gender="Nam")
WRONG_DAY = Row("Bùi Thanh Tùng", "30/02/1988", department="Toán – Tin", gender="Nam")
WRONG_MAIL = Row("Ngô Thị Mỹ Lệ", "11/09/1990", position="Nhân viên", department="Văn phòng", email="myle@songxanh")


@pytest.fixture(scope="module")
def school(site: Site) -> str:
    """The code of a primary school in the officer's ward."""
    ward = site.players["officer"].url.rpartition("/")[2]
    return str(
        quiz.rows(
            site,
            "SELECT unit.code FROM schools_unit AS unit JOIN schools_unit_reach AS reach ON reach.unit_id = unit.id"
            " JOIN schools_unit AS ward ON ward.id = reach.ancestor_id WHERE ward.code = ? AND unit.stage IN ('mn', 'th') ORDER BY unit.id LIMIT 1",
            ward,
        )[0][0]
    )


@pytest.fixture(scope="module")
def known(site: Site, school: str) -> list[Row]:
    return lists.staff_of(site, school)


@pytest.fixture(scope="module")
def file(known: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All but the last of those who are there, one of them changed; two new ones, two with mistakes."""
    changed = replace(known[0], department="Tổ mới")
    rows = [changed, *known[1:-1], NEW, WITHOUT_MAIL, WRONG_DAY, WRONG_MAIL]
    return lists.write(tmp_path_factory.mktemp("list") / "can-bo-2026-2027.xlsx", rows)


@pytest.fixture(scope="module")
def officer(visit_long: Visit) -> Visitor:
    return visit_long("officer", DESK)


def test_the_preview_shows_the_fate_of_every_row_and_where_a_mistake_is(officer: Visitor, school: str, file: Path, known: list[Row]):
    page = officer.open(f"/units/{school}/imports/new")
    page.set_input_files("input[type=file]", file)
    page.click("main form button.btn-main")
    page.wait_for_url("**/imports/*")

    row = lists.FIRST_ROW + len(known) + 1
    wrong = page.locator("tr.is-error", has_text=WRONG_DAY.name)
    assert re.search(rf"{lists.SHEET}\W.*\b{row}\b.*\bC\b", wrong.locator("td .sub").inner_text())
    assert "30/02/1988" in wrong.inner_text()
    assert page.locator("tr.is-error").count() == 2
    assert page.locator("tr.is-new").count() == 2
    assert known[0].name in page.inner_text("tr.is-change")
    assert known[-1].name in " ".join(page.locator("tr.is-gone").all_inner_texts())
    assert quiz.rows(officer.site, "SELECT count(*) FROM accounts_person WHERE given_name = 'Diễm' AND birth_date = '1998-06-19'") == [(0,)]


def test_a_mistake_is_mended_on_the_spot(officer: Visitor):
    page = officer.page
    wrong = page.locator("tr.is-error", has_text=WRONG_DAY.name)
    wrong.locator("input.form-control").fill("28/02/1988")
    wrong.locator("button").click()

    expect(page.locator("tr.is-error")).to_have_count(1)
    expect(page.locator("tr.is-new")).to_have_count(3)


def test_it_is_applied_and_the_new_ones_are_there(officer: Visitor, school: str):
    page = officer.page
    page.click("#apply button")
    expect(page.locator("form[action$='/undo']")).to_be_visible()

    page.goto(f"{officer.site.url}/units/{school}/staff")
    for row in (NEW, WITHOUT_MAIL, WRONG_DAY):
        expect(page.locator("tbody tr", has_text=row.name)).to_have_count(1)
    expect(page.locator("tbody tr", has_text=WRONG_MAIL.name)).to_have_count(0)


def test_slips_are_printed_and_their_square_opens_the_door(officer: Visitor, visit: Visit, tmp_path: Path):
    page = officer.page
    page.go_back()
    with page.expect_download() as coming:
        page.click("form[action$='/slips'] button")
    slips = tmp_path / "slips.pdf"
    coming.value.save_as(slips)
    printed = paper.text(slips)
    assert {row.name: row.name in printed for row in (NEW, WITHOUT_MAIL, WRONG_DAY)} == {
        NEW.name: True,
        WITHOUT_MAIL.name: True,
        WRONG_DAY.name: True,
    }

    newcomer = visit()
    newcomer.page.goto(paper.squares(slips)[0])
    newcomer.page.click("main button.btn-main")
    expect(newcomer.page).to_have_url(re.compile("/password$"))
    newcomer.page.fill("#password", "cây bàng trước cổng trường")
    newcomer.page.fill("#again", "cây bàng trước cổng trường")
    newcomer.page.click("main button.btn-main")
    expect(newcomer.page.locator(".next h2")).to_have_text("Pháp luật an ninh mạng và trách nhiệm của cán bộ, giáo viên")


def test_the_same_file_again_changes_nothing(officer: Visitor, school: str, file: Path):
    page = officer.open(f"/units/{school}/imports/new")
    page.set_input_files("input[type=file]", file)
    page.click("main form button.btn-main")
    page.wait_for_url("**/imports/*")

    # Only what was wrong in the file is wrong again; one of the two was mended, and is known by name and another birth date.
    assert page.locator("tr.is-new, tr.is-change, tr.is-move").count() == 0


def test_a_list_is_undone(officer: Visitor, school: str, known: list[Row], tmp_path: Path):
    late = Row("Phan Ngọc Muộn", "05/05/1991")
    page = officer.open(f"/units/{school}/imports/new")
    page.set_input_files("input[type=file]", lists.write(tmp_path / "them.xlsx", [*known, late]))
    page.click("main form button.btn-main")
    page.click("#apply button")
    applied = page.url
    page.goto(f"{officer.site.url}/units/{school}/staff")
    expect(page.locator("tbody tr", has_text=late.name)).to_have_count(1)

    page.goto(applied)
    page.click("form[action$='/undo'] button")
    page.goto(f"{officer.site.url}/units/{school}/staff")
    expect(page.locator("tbody tr", has_text=late.name)).to_have_count(0)
    expect(page.locator("tbody tr", has_text=known[0].name)).to_have_count(1)
