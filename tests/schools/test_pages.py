"""The pages of people: the story of a list from choosing it to undoing it, and who is kept out."""

import io
import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account, Link
from lms.core import pdf
from lms.core.db import session
from lms.core.models import Import, Job
from lms.schools import actors, kinds, rosters, rules
from lms.schools.models import Post
from lms.web.signin import Actor
from tests import factories
from tests.cast import Cast
from tests.schools import lists

DAY = date(2026, 10, 9)
NEW = ["Cao Thị Diễm", "19/06/1998", "Nữ", "Giáo viên", "Ngữ văn", "GV77", "diem@truong.example"]
WRONG = ["Bùi Thanh Tùng", "30/02/1988", "Nam", "Giáo viên", "Toán", None, None]


@pytest.fixture(autouse=True)
def positions(cast: Cast) -> None:
    kinds.seed()
    session.commit()


def send(client: FlaskClient, content: bytes, *, code: str = "school_a", people: str = "staff", name: str = "can-bo.xlsx") -> Any:
    return client.post(
        f"/units/{code}/imports/new", data={"people": people, "file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def planned(cast: Cast, *rows: list[Any]) -> Import:
    row = rosters.plan(lists.staff(*rows), "can-bo.xlsx", cast.units["school_a"], DAY)
    session.commit()
    return row


def test_the_story_of_a_list(cast: Cast, sign_in: Any):
    client = sign_in("head")
    sent = send(client, lists.staff(NEW, WRONG))
    assert sent.status_code == 302
    row = session.scalars(select(Import)).one()

    preview = client.get(sent.location)
    assert preview.status_code == 200
    assert "Cao Thị Diễm" in text_of(preview)
    assert "30/02/1988" in text_of(preview)

    assert client.post(f"/imports/{row.id}/rows/2", data={"field": "birth_date", "value": "28/02/1988"}).status_code == 302
    client.post(f"/imports/{row.id}/apply")
    client.post(f"/imports/{row.id}/apply")
    row = session.get_one(Import, row.id)
    assert (row.state, (row.result or {})["new"]) == ("applied", 2)
    assert [job.payload for job in session.scalars(select(Job).where(Job.kind == "notifications.invite"))] == [
        {"account_ids": session.scalars(select(Account.id).where(Account.email == "diem@truong.example")).all()}
    ]
    assert "Bùi Thanh Tùng" in text_of(client.get("/units/school_a/staff"))
    done = client.get(f"/imports/{row.id}")
    assert f"/imports/{row.id}/slips" in done.get_data(as_text=True)

    assert client.post(f"/imports/{row.id}/undo").status_code == 302
    assert "Bùi Thanh Tùng" not in text_of(client.get("/units/school_a/staff"))
    assert client.get("/units/school_a/imports").status_code == 200


def test_the_same_list_again_has_nothing_to_look_at(cast: Cast, sign_in: Any):
    rosters.apply(planned(cast, NEW))
    session.commit()
    client = sign_in("head")

    sent = send(client, lists.staff(NEW))

    assert [line.fate for line in rosters.read_plan(session.scalars(select(Import).order_by(Import.id.desc())).first() or Import()).lines][
        0
    ] == "same"
    assert client.get(f"{sent.location}?show=same").status_code == 200


@pytest.mark.parametrize("content", [b"MZ\x90\x00" + bytes(500), b"%PDF-1.7", b"", lists.workbook(("DS", [["a", "b"]]))])
def test_a_wrong_file_is_refused_with_a_reason_in_the_form(cast: Cast, sign_in: Any, content: bytes):
    response = send(sign_in("head"), content)

    assert response.status_code == 422
    assert 'class="why"' in response.get_data(as_text=True)
    assert session.scalars(select(Import)).all() == []


def test_a_form_without_a_file_says_so(cast: Cast, sign_in: Any):
    assert sign_in("head").post("/units/school_a/imports/new", data={"people": "staff"}).status_code == 422


def test_a_plan_can_be_dropped(cast: Cast, sign_in: Any):
    row = planned(cast, NEW)

    assert sign_in("head").post(f"/imports/{row.id}/cancel").status_code == 302
    row = session.get_one(Import, row.id)
    assert row.state == "cancelled"


def test_an_outdated_plan_is_shown_again(cast: Cast, sign_in: Any):
    row = planned(cast, NEW)
    person = factories.make_person("Cao Thị Diễm", birth_date=date(1998, 6, 19))
    factories.make_post(person, cast.units["school_b"])
    session.commit()

    answer = sign_in("head").post(f"/imports/{row.id}/apply")

    row = session.get_one(Import, row.id)
    assert (answer.status_code, row.state, rosters.read_plan(row).lines[0].fate) == (302, "planned", "moved")


def test_pupils_come_by_a_list_and_get_cards(cast: Cast, sign_in: Any):
    client = sign_in("keeper")
    sent = send(client, lists.pupils(["Lê Minh Khôi", "01/02/2015", "Nam", "6A3", "HS1"]), people="pupils", name="hs.xlsx")
    row = session.scalars(select(Import)).one()
    assert sent.status_code == 302
    client.post(f"/imports/{row.id}/apply")
    assert "6A3" in text_of(client.get("/units/school_a/classes"))

    printed = client.post(f"/imports/{row.id}/slips")

    account = session.scalars(select(Account).where(Account.username == "le.minh.khoi")).one()
    assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
    said = pdf.lines(printed.data)
    assert {"Lê Minh Khôi", "le.minh.khoi"} <= set(said)
    assert account.password_hash is not None and not account.must_change
    assert session.scalars(select(Link.purpose).where(Link.account_id == account.id, Link.used_at.is_(None))).all() == ["card"]


def test_a_card_of_a_class_lets_a_pupil_in(cast: Cast, sign_in: Any):
    room = cast.school_class
    printed = sign_in("teacher").post(f"/units/school_a/classes/{room.id}/cards", data={"who": "all"})

    assert printed.status_code == 200
    assert {"pupil", "other_pupil"} <= set(pdf.lines(printed.data))
    assert session.get_one(Account, cast.accounts["pupil"].id).must_change is False


def test_staff_slips_are_for_those_below_who_never_came_in(cast: Cast, sign_in: Any):
    rosters.apply(planned(cast, NEW))
    for name in ("head", "teacher"):
        cast.accounts[name].password_hash = cast.accounts[name].password_hash if name == "head" else None
    session.commit()

    printed = sign_in("keeper").post("/units/school_a/staff/slips")

    said = set(pdf.lines(printed.data))
    assert {"cao.thi.diem", "teacher"} <= said
    assert "head" not in said


def test_printing_again_closes_the_former_slip(cast: Cast, sign_in: Any):
    rosters.apply(planned(cast, NEW))
    session.commit()
    client = sign_in("head")
    client.post("/units/school_a/staff/slips")
    client.post("/units/school_a/staff/slips")

    account = session.scalars(select(Account).where(Account.username == "cao.thi.diem")).one()
    assert len(session.scalars(select(Link).where(Link.account_id == account.id, Link.used_at.is_(None))).all()) == 1


def test_nobody_to_print_for_is_a_sentence(cast: Cast, sign_in: Any):
    assert sign_in("head").post("/units/school_a/staff/slips").status_code == 422


def test_a_teacher_gives_a_pupil_a_new_password_once(cast: Cast, sign_in: Any):
    client = sign_in("teacher")
    response = client.post(f"/people/{cast.persons['pupil'].id}/password")

    shown = re.search(r"<strong>([a-z]+-[a-z]+-[a-z]+-\d\d)</strong>", response.get_data(as_text=True))
    assert response.status_code == 200
    assert shown
    client.post("/sign-out")
    again = client.post("/sign-in", data={"username": "pupil", "password": shown.group(1)})
    assert (again.status_code, again.location) == (302, "/")
    assert session.get_one(Account, cast.accounts["pupil"].id).must_change is False


def test_staff_get_a_password_that_must_be_changed(cast: Cast, sign_in: Any):
    assert sign_in("head").post(f"/people/{cast.persons['teacher'].id}/password").status_code == 200
    assert session.get_one(Account, cast.accounts["teacher"].id).must_change is True


def test_a_post_is_ended_by_hand(cast: Cast, sign_in: Any):
    post = session.scalars(select(Post).where(Post.person_id == cast.persons["other_teacher"].id)).one()

    assert sign_in("head").post(f"/people/{post.person_id}/posts/{post.id}/end").status_code == 302
    assert "Đặng Thị Ngọc Ánh" not in text_of(sign_in("head").get("/units/school_a/staff"))


PAGES = ("/units/school_a/staff", "/units/school_a/classes", "/units/school_a/classes/{room}", "/people/{teacher}", "/people/{pupil}",
         "/units/school_a/imports", "/units/school_a/imports/new", "/imports/{import}")  # fmt: skip
DEEDS = ("/units/school_a/staff/slips", "/units/school_a/classes/{room}/cards", "/people/{teacher}/password", "/people/{pupil}/password",
         "/people/{teacher}/slip", "/people/{teacher}/posts/{post}/end", "/units/school_a/imports/new", "/imports/{import}/apply",
         "/imports/{import}/rows/1", "/imports/{import}/cancel", "/imports/{import}/undo", "/imports/{import}/slips")  # fmt: skip
# Who may open which of the pages above; everybody else gets 403, a stranger the sign-in page.
MAY_SEE = {
    "head": PAGES,
    "keeper": PAGES,
    "officer": PAGES,
    "administrator": PAGES,
    "auditor": (
        "/units/school_a/staff",
        "/units/school_a/classes",
        "/units/school_a/classes/{room}",
        "/people/{teacher}",
        "/people/{pupil}",
    ),
    "teacher": ("/units/school_a/classes", "/units/school_a/classes/{room}", "/people/{teacher}", "/people/{pupil}"),
    "pupil": ("/people/{pupil}",),
    "author": (),
    "neighbour": (),
    "stranger_teacher": (),
    "stranger_officer": (),
    "stranger_pupil": (),
}
MAY_DO_SOME = {"head", "keeper", "officer", "administrator", "teacher"}


def addresses(cast: Cast, paths: tuple[str, ...]) -> list[str]:
    row = session.scalars(select(Import)).first() or planned(cast, NEW)
    post = session.scalars(select(Post.id).where(Post.person_id == cast.persons["teacher"].id)).one()
    known = {
        "room": cast.school_class.id,
        "teacher": cast.persons["teacher"].id,
        "pupil": cast.persons["pupil"].id,
        "import": row.id,
        "post": post,
    }
    return [path.format(**known) for path in paths]


@pytest.mark.parametrize("who", MAY_SEE)
def test_who_sees_which_page(cast: Cast, sign_in: Any, who: str):
    client = sign_in(who)

    opened = {path: client.get(address).status_code for path, address in zip(PAGES, addresses(cast, PAGES), strict=True)}

    assert opened == {path: 200 if path in MAY_SEE[who] else 403 for path in PAGES}


@pytest.mark.parametrize("who", sorted(set(MAY_SEE) - MAY_DO_SOME))
def test_who_may_do_nothing(cast: Cast, sign_in: Any, who: str):
    client = sign_in(who)

    assert {path: client.post(address).status_code for path, address in zip(DEEDS, addresses(cast, DEEDS), strict=True)} == dict.fromkeys(
        DEEDS, 403
    )


def test_a_stranger_is_sent_to_sign_in(cast: Cast, client: FlaskClient):
    for address in addresses(cast, PAGES):
        assert client.get(address).location.startswith("/sign-in")


def test_a_class_is_found_only_under_its_own_school(cast: Cast, sign_in: Any):
    assert sign_in("head").get(f"/units/school_b/classes/{cast.school_class.id}").status_code == 404


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("teacher", "pupil", True),
        ("teacher", "stranger_pupil", False),
        ("teacher", "other_teacher", False),
        ("keeper", "teacher", True),
        ("keeper", "head", False),
        ("head", "keeper", True),
        ("head", "head", False),
        ("head", "officer", False),
        ("head", "neighbour", False),
        ("officer", "head", True),
        ("officer", "pupil", False),
        ("officer", "administrator", False),
        ("stranger_officer", "teacher", False),
        ("auditor", "teacher", False),
        ("administrator", "officer", True),
        ("pupil", "other_pupil", False),
    ],
)
def test_who_may_open_whose_account(cast: Cast, who: str, whose: str, may: bool):
    assert rules.may_open_account(actor_of(cast, who), cast.accounts[whose]) is may


def test_a_role_elsewhere_keeps_an_account_closed(cast: Cast):
    factories.make_role(cast.accounts["teacher"], "teacher", cast.units["school_b"])

    assert rules.may_open_account(actor_of(cast, "head"), cast.accounts["teacher"]) is False
    assert rules.may_open_account(actor_of(cast, "administrator"), cast.accounts["teacher"]) is True


def actor_of(cast: Cast, who: str) -> Actor:
    found = actors.load(cast.accounts[who].id)
    assert found
    return found
