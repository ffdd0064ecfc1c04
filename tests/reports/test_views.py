"""Unit pages as people see them, and how many statements they take."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event, select

from lms.core import clock, db
from lms.core.db import session
from lms.notifications.models import Message
from lms.programmes import targets
from lms.programmes.models import Programme
from lms.reports import coverage
from tests import factories
from tests.cast import Cast
from tests.factories_reports import make_exemption, make_programme, make_qualification

SignIn = Callable[[str], FlaskClient]
TODAY = clock.today()


@contextmanager
def statements() -> Iterator[list[str]]:
    """Count what the database is asked."""
    seen: list[str] = []

    def watch(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(db.engine(), "before_cursor_execute", watch)


@pytest.fixture
def programme(cast: Cast) -> Programme:
    """Of the four of school_a one is trained, one exempt; the target is 90 % in a month."""
    programme = make_programme()
    targets.set_target(programme.id, TODAY + timedelta(days=30), 0.9)
    targets.set_deadline(programme.id, TODAY + timedelta(days=30), {"vi": "Hạn", "en": "Deadline"})
    make_qualification(cast.persons["head"], programme, TODAY - timedelta(days=40), TODAY + timedelta(days=700))
    make_exemption(cast.persons["keeper"], programme, TODAY - timedelta(days=40), TODAY + timedelta(days=40))
    coverage.fold()
    session.commit()
    return programme


def test_the_head_teacher_sees_who_is_missing_and_why(programme: Programme, sign_in: SignIn) -> None:
    page = sign_in("head").get("/units/school_a").text

    assert "Còn 2 người chưa được bồi dưỡng" in page
    assert "33,3" in page
    assert "Đặng Thị Ngọc Ánh" in page and "Nguyễn Thị Thu Hường" in page
    assert page.index("Đặng Thị Ngọc Ánh") < page.index("Nguyễn Thị Thu Hường")
    assert "1 người được miễn" in page


def test_the_officer_sees_each_school_with_people_behind_every_figure(programme: Programme, sign_in: SignIn) -> None:
    page = sign_in("officer").get("/units/ward_a").text

    assert "Phường Sông Xanh: 2 trường" in page
    assert "/units/school_a/people?state=missing" in page
    assert "25,0" in page  # one of four in the ward


def test_what_is_not_folded_yet_is_on_the_page_at_once(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    make_qualification(cast.persons["teacher"], programme, TODAY)
    session.commit()

    assert "Còn 1 người chưa được bồi dưỡng" in sign_in("head").get("/units/school_a").text
    assert "50,0" in sign_in("officer").get("/units/ward_a").text


def test_another_day_is_asked_for_in_the_address(programme: Programme, sign_in: SignIn) -> None:
    client = sign_in("head")

    before = (TODAY - timedelta(days=41)).strftime("%d/%m/%Y")
    assert "Còn 4 người chưa được bồi dưỡng" in client.get(f"/units/school_a?as_of={before}").text
    assert "05/10/2026" in client.get("/units/school_a?as_of=gestern").text
    assert client.get("/units/school_a?as_of=2019-01-01").status_code == 404


@pytest.mark.parametrize(
    ("username", "code", "status"),
    [
        ("head", "school_a", 200),
        ("head", "ward_a", 403),
        ("head", "school_b", 403),
        ("officer", "school_a", 200),
        ("officer", "ward_a", 200),
        ("officer", "so", 403),
        ("stranger_officer", "school_a", 403),
        ("administrator", "so", 200),
        ("auditor", "school_b", 200),
        ("keeper", "school_a", 403),
        ("teacher", "school_a", 403),
        ("pupil", "school_a", 403),
    ],
)
def test_only_those_above_see_a_unit(programme: Programme, sign_in: SignIn, username: str, code: str, status: int) -> None:
    client = sign_in(username)

    for address in ("", "/people", "/people.csv", "/people.xlsx", "/coverage.xlsx"):
        assert client.get(f"/units/{code}{address}").status_code == status, address


def test_the_tree_shows_nothing_above_what_one_may_see(programme: Programme, sign_in: SignIn) -> None:
    page = sign_in("officer").get("/units/ward_a").text

    assert "/units/ward_b" not in page and "Sở GD&amp;ĐT Hải Vân" not in page


def test_units_leads_to_ones_own_unit(programme: Programme, sign_in: SignIn) -> None:
    assert sign_in("officer").get("/units").location == "/units/ward_a"
    assert sign_in("head").get("/units").location == "/units/school_a"
    assert sign_in("teacher").get("/units").status_code == 403


def test_a_school_without_a_list_is_not_at_zero_per_cent(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    factories.make_unit("school_new", "truong", "MN Vàng Anh", parent=cast.units["ward_a"], stage="mn")
    session.commit()

    page = sign_in("officer").get("/units/ward_a").text

    assert "Chưa có danh sách nhân sự" in page
    assert "ở 2 trường có danh sách" in page
    assert "Không báo cáo không có nghĩa là 0 %" in sign_in("officer").get("/units/school_new").text


def test_page_csv_and_excel_say_the_same(programme: Programme, sign_in: SignIn) -> None:
    client = sign_in("officer")

    lines = list(csv.reader(StringIO(client.get("/units/ward_a/people.csv?state=missing").text.removeprefix("\ufeff"))))
    sheet = load_workbook(BytesIO(client.get("/units/ward_a/people.xlsx?state=missing").data)).active
    in_excel = [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert [line[0] for line in lines[1:]] == ["Đặng Thị Ngọc Ánh", "Nguyễn Thị Thu Hường", "Võ Minh Mẫn"]
    assert lines == in_excel
    page = client.get("/units/ward_a/people?state=missing").text
    assert all(line[0] in page and line[5] in page for line in lines[1:])


def test_the_excel_file_of_a_unit_has_the_figures_of_the_page(programme: Programme, sign_in: SignIn) -> None:
    sheet = load_workbook(BytesIO(sign_in("officer").get("/units/ward_a/coverage.xlsx").data)).active

    rows = [row[:7] for row in sheet.iter_rows(min_row=7, values_only=True)]
    assert rows == [
        ("school_a", "THCS Sông Xanh", 3, 1, 1 / 3, 2, 2),
        ("school_a2", "TH Lũy Tre", 1, 0, 0, 1, 1),
        ("ward_a", "Phường Sông Xanh", 4, 1, 0.25, 3, 3),
    ]


def test_a_text_that_looks_like_a_formula_stays_a_text(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    cast.persons["teacher"].family_name = "=1+1"
    session.commit()
    client = sign_in("head")

    assert "'=1+1" in client.get("/units/school_a/people.csv").text
    sheet = load_workbook(BytesIO(client.get("/units/school_a/people.xlsx").data)).active
    assert {cell.data_type for row in sheet.iter_rows(min_row=5) for cell in row if cell.value} == {"s"}


def test_reminding_reaches_each_person_once_a_day(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    client = sign_in("head")
    assert "Nhắc 2 người" in client.get("/units/school_a/remind").text

    for _ in range(2):
        assert client.post("/units/school_a/remind").status_code == 302

    messages = session.execute(select(Message.account_id, Message.channel).where(Message.kind == "reminder")).all()
    missing = {cast.accounts["teacher"].id, cast.accounts["other_teacher"].id}
    assert sorted(messages) == sorted((account_id, channel) for account_id in missing for channel in ("mail", "page"))
    assert "Đã nhắc 1 lần" in client.get("/units/school_a").text


def test_only_who_may_remind_reminds(programme: Programme, sign_in: SignIn) -> None:
    assert sign_in("auditor").post("/units/school_a/remind").status_code == 403
    assert sign_in("stranger_officer").post("/units/school_a/remind").status_code == 403
    assert session.scalars(select(Message).where(Message.kind == "reminder")).all() == []


@pytest.mark.parametrize("username", ["administrator", "officer", "head"])
@pytest.mark.parametrize("noted", [False, True])
def test_a_unit_page_takes_at_most_eight_statements(cast: Cast, programme: Programme, sign_in: SignIn, username: str, noted: bool) -> None:
    client = sign_in(username)
    if noted:
        make_qualification(cast.persons["teacher"], programme, TODAY)
        session.commit()
    codes = {"administrator": ("so", "ward_a", "school_a"), "officer": ("ward_a", "school_a"), "head": ("school_a",)}[username]

    for code in codes:
        with statements() as seen:
            assert client.get(f"/units/{code}").status_code == 200
        assert len(seen) <= 8, "\n\n".join(seen)


def test_more_units_and_people_take_no_more_statements(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    client = sign_in("officer")
    with statements() as few:
        client.get("/units/ward_a")
    for number in range(12):
        school = factories.make_unit(None, "truong", f"TH số {number}", parent=cast.units["ward_a"], stage="th")
        for _ in range(5):
            factories.make_post(factories.make_person(), school)
    coverage.rebuild()
    session.commit()

    with statements() as many:
        page = client.get("/units/ward_a").text

    assert "Phường Sông Xanh: 14 trường" in page
    assert len(many) == len(few)


def test_a_page_without_any_programme_says_so(cast: Cast, sign_in: SignIn) -> None:
    assert "Chưa có chương trình nào cho cán bộ" in sign_in("head").get("/units/school_a").text
    assert "Chưa có chương trình nào cho cán bộ" in sign_in("officer").get("/units/ward_a").text


def test_a_page_says_when_more_is_waiting_than_it_can_add(
    cast: Cast, programme: Programme, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "MOST_PENDING", 0)
    client = sign_in("head")
    assert "Nhiều thay đổi đang được tính" not in client.get("/units/school_a").text

    make_qualification(cast.persons["teacher"], programme, TODAY)
    session.commit()

    page = client.get("/units/school_a").text
    assert "Nhiều thay đổi đang được tính" in page
    assert "Còn 2 người chưa được bồi dưỡng" in page


def test_the_page_speaks_english_too(programme: Programme, sign_in: SignIn) -> None:
    page = sign_in("officer").get("/units/ward_a?lang=en").text

    assert "Phường Sông Xanh: 2 schools" in page
    assert "25.0" in page
