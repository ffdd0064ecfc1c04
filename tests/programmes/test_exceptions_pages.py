"""Pages of exceptions, as a teacher, a head and an officer use them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.programmes.models import Exemption, Programme, Qualification, Recognition
from tests.cast import Cast
from tests.factories_courses import make_programme, make_version
from tests.factories_materials import PDF

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def programme(cast: Cast) -> Programme:
    made = make_programme(make_version("a").course, valid_months=24)
    session.commit()
    return made


def document(programme: Programme, **more: Any) -> dict[str, Any]:
    return {"programme": str(programme.id), "document": "GCN số 12", "issuer": "Trường ĐHSP", "from_day": "01/03/2026"} | more


def test_a_teacher_brings_in_a_document_and_the_head_lets_it_count(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    teacher_id = cast.persons["teacher"].id
    teacher = sign_in("teacher")
    assert f"/people/{teacher_id}/recognitions/new" in teacher.get(f"/people/{teacher_id}/training").text
    sent = teacher.post(f"/people/{teacher_id}/recognitions/new", data=document(programme, copy=(BytesIO(PDF), "Bản sao.pdf")))
    assert sent.status_code == 302, sent.text
    row = session.scalars(select(Recognition)).one()
    assert "Chờ người thứ hai" in teacher.get(f"/people/{teacher_id}/training").text
    assert teacher.post(f"/recognitions/{row.id}/decide", data={"act": "approve"}).status_code == 403
    assert teacher.get(f"/recognitions/{row.id}/copy").data == PDF

    head = sign_in("head")
    assert "1 văn bản chờ quyết định" in head.get("/units/school_a").text
    page = head.get("/exceptions").text
    assert "GCN số 12" in page
    assert head.get(f"/recognitions/{row.id}/copy").data == PDF
    head.post(f"/recognitions/{row.id}/decide", data={"act": "approve"})

    assert session.scalars(select(Qualification.evidence)).all() == [f"recognition:{row.id}"]
    assert "Bồi dưỡng ở nơi khác, văn bản ngày 01/03/2026" in head.get(f"/people/{teacher_id}/training").text
    people = head.get("/units/school_a/people").text
    assert "Bồi dưỡng ở nơi khác, có giá trị đến 01/03/2028" in people
    only = head.get("/units/school_a/people?state=recognised").text
    assert "1 người bồi dưỡng ở nơi khác" in only
    assert "Đặng Thị Ngọc Ánh" not in only
    assert "“GCN số 12” đã được tính là hoàn thành bồi dưỡng" in sign_in("teacher").get("/").text


def test_a_wrong_copy_is_told_and_what_was_typed_stays(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    address = f"/people/{cast.persons['teacher'].id}/recognitions/new"
    sent = sign_in("teacher").post(address, data=document(programme, copy=(BytesIO(b"MZ\x90\x00"), "x.pdf")))

    assert sent.status_code == 422
    assert "Bản sao phải là PDF hoặc ảnh" in sent.text
    assert 'value="GCN số 12"' in sent.text
    assert session.scalars(select(Recognition)).all() == []


def test_nothing_typed_is_told(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    for address in ("recognitions", "exemptions"):
        sent = sign_in("head").post(f"/people/{cast.persons['teacher'].id}/{address}/new", data={"from_day": "32/01/2026"})
        assert (sent.status_code, "Hãy nhập" in sent.text or "Hãy ghi" in sent.text) == (422, True)


def test_a_head_refuses_with_a_reason_that_the_teacher_reads(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    teacher_id = cast.persons["teacher"].id
    sign_in("teacher").post(f"/people/{teacher_id}/recognitions/new", data=document(programme))
    row_id = session.scalars(select(Recognition.id)).one()
    head = sign_in("head")
    head.post(f"/recognitions/{row_id}/decide", data={"act": "refuse", "reason": " "})
    assert session.scalars(select(Recognition.state)).one() == "proposed"
    head.post(f"/recognitions/{row_id}/decide", data={"act": "refuse", "reason": "Thiếu dấu"})

    assert "Thiếu dấu" in sign_in("teacher").get("/").text
    assert "Thiếu dấu" in sign_in("teacher").get(f"/people/{teacher_id}/training").text


def test_an_exemption_is_made_ended_and_stays_to_be_seen(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    teacher_id = cast.persons["teacher"].id
    head = sign_in("head")
    sent = head.post(
        f"/people/{teacher_id}/exemptions/new",
        data={"programme": str(programme.id), "reason": "on_leave", "from_day": "01/09/2026", "last_day": "30/06/2099", "note": "QĐ 12"},
    )
    assert sent.status_code == 302, sent.text
    row = session.scalars(select(Exemption)).one()
    assert str(row.until_day) == "2099-07-01"
    assert "Đến hết 30/06/2099" in head.get("/exceptions").text
    again = head.post(
        f"/people/{teacher_id}/exemptions/new", data={"programme": str(programme.id), "reason": "new", "from_day": "01/10/2026"}
    )
    assert again.status_code == 422
    assert head.post(f"/exemptions/{row.id}/end", data={"last_day": "01/01/2020"}).status_code == 422
    assert head.post(f"/exemptions/{row.id}/end", data={"last_day": "31/12/2098"}).status_code == 302
    assert head.get(f"/exemptions/{row.id}/end").status_code == 404

    rows = session.execute(select(Exemption.until_day, Exemption.replaced_at.is_(None)).order_by(Exemption.id)).all()
    assert [(str(day), bool(now)) for day, now in rows] == [("2099-07-01", False), ("2099-01-01", True)]


def test_nobody_exempts_oneself(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    assert sign_in("head").get(f"/people/{cast.persons['head'].id}/exemptions/new").status_code == 403
