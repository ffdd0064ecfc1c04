"""Checking certificates: on the page, by PDF, on the command line."""

import json
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from lms.certificates import issuing, verifying
from lms.certificates.drawing import draw
from lms.certificates.facts import Statement
from lms.cli.certificates import certificates as command
from lms.core import clock
from lms.core.db import session
from tests.factories_certificates import make_certificate, make_issuer

ALL_LETTERS = "Ằẳẵặ Ấầẩẫậ Ếềểễệ Ốồổỗộ Ớờởỡợ Ứừửữự Ýỳỷỹỵ Đđ"


@pytest.fixture
def certificate(cast):
    make_issuer(cast.units["so"])
    made = make_certificate(cast.persons["teacher"])
    session.commit()
    return made


def draw_it(certificate, **changes):
    facts = json.loads(json.dumps(certificate.facts))
    facts["holder"] |= changes
    return draw(Statement.from_json(facts), language="vi", verify_url=f"http://localhost/verify/{certificate.code}")


def test_the_pdf_reads_as_the_facts_say_in_correct_vietnamese(certificate):
    reader = PdfReader(BytesIO(draw_it(certificate)))
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    for piece in (
        "Nguyễn Thị Thu Hường",
        "GIẤY CHỨNG NHẬN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        certificate.serial,
        certificate.code,
        "THCS Sông Xanh",
        "93,3 %",
        "Điều 34",
    ):
        assert piece in text
    assert reader.metadata.title == f"Giấy chứng nhận {certificate.serial}"
    assert reader.root_object["/Lang"] == "vi"


@pytest.mark.parametrize("name", [ALL_LETTERS, "Công Tằng Tôn Nữ Huyền Trân Nguyễn Thị Khánh Phương Uyên", "Lê Ân"])
def test_long_names_and_every_letter_fit_one_page(certificate, name):
    reader = PdfReader(
        BytesIO(
            draw_it(certificate, full_name=name, unit_name="Trường Tiểu học và Trung học cơ sở Nguyễn Thị Minh Khai, phường Thượng Nguồn")
        )
    )
    assert len(reader.pages) == 1
    assert name in reader.pages[0].extract_text().replace("\n", " ")


def test_names_in_decomposed_form_are_drawn_composed(certificate):
    assert draw_it(certificate, full_name="Nguye\u0302\u0303n Thi\u0323 Lan") == draw_it(certificate, full_name="Nguyễn Thị Lan")


def test_the_same_facts_give_the_same_bytes(certificate):
    assert draw_it(certificate) == draw_it(certificate)


def test_a_stranger_reads_the_printed_facts_without_signing_in(client, certificate):
    page = client.get(f"/verify/{certificate.code}").get_data(as_text=True)
    for piece in ("Chứng nhận thật, còn giá trị", "Nguyễn Thị Thu Hường", "14/04/2026", "14/04/2028", "4 tiết", certificate.serial):
        assert piece in page


def test_a_minor_is_shown_by_initials(client, cast):
    make_issuer(cast.units["so"])
    cast.persons["pupil"].birth_date = date(2014, 5, 1)
    certificate = make_certificate(cast.persons["pupil"])
    session.commit()
    page = client.get(f"/verify/{certificate.code}").get_data(as_text=True)
    assert "T.M.A." in page
    assert "Trần Minh An" not in page
    assert "2014" not in page


def test_an_unknown_code_is_said_to_be_unknown(client, database):
    response = client.get("/verify/0000-0000-0000")
    assert response.status_code == 404
    assert "Không có chứng nhận nào như vậy" in response.get_data(as_text=True)


def test_states_are_told_apart(certificate):
    assert verifying.by_text(certificate.code).state == "valid"
    assert verifying.by_text(certificate.serial).state == "valid"
    with clock.at(date(2028, 4, 13)):
        assert verifying.by_text(certificate.code).state == "valid"
    with clock.at(date(2028, 4, 14)):
        assert verifying.by_text(certificate.code).state == "expired"
    issuing.revoke(certificate, reason="Cấp nhầm người", by=None)
    assert verifying.by_text(certificate.code).state == "revoked"


def test_our_pdf_is_genuine_and_one_with_another_name_is_not(certificate):
    assert verifying.by_pdf(draw_it(certificate), base_url="http://localhost").state == "valid"
    verdict = verifying.by_pdf(draw_it(certificate, full_name="Nguyễn Văn Hưởng"), base_url="http://localhost")
    assert verdict.state == "altered"
    assert verdict.different == ("Nguyễn Văn Hưởng",)


def test_the_page_of_an_altered_pdf_does_not_show_what_we_hold(client, certificate):
    forged = draw_it(certificate, full_name="Nguyễn Văn Hưởng")
    page = client.post("/verify", data={"file": (BytesIO(forged), "gcn.pdf")}).get_data(as_text=True)
    assert "Không khớp với bản đã cấp" in page
    assert "Thu Hường" not in page


def test_a_file_that_is_no_pdf_is_refused_in_words(client, database):
    response = client.post("/verify", data={"file": (BytesIO(b"MZ\x90\x00" * 50), "gcn.pdf")})
    assert response.status_code == 422
    assert "không phải PDF" in response.get_data(as_text=True)


def test_facts_changed_in_the_database_are_noticed(certificate):
    certificate.facts = certificate.facts | {"issued_on": "2020-01-01"}
    session.flush()
    assert verifying.by_text(certificate.code).state == "altered"


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("teacher", 200),
        ("head", 200),
        ("officer", 200),
        ("other_teacher", 403),
        ("neighbour", 403),
        ("stranger_officer", 403),
        ("pupil", 403),
    ],
)
def test_who_may_open_the_pdf(sign_in, certificate, username, status):
    assert sign_in(username).get(f"/certificates/{certificate.code}.pdf").status_code == status


def test_the_command_line_says_it_with_exit_codes(certificate, tmp_path):
    run = CliRunner()
    good, forged, junk = tmp_path / "good.pdf", tmp_path / "forged.pdf", tmp_path / "junk.pdf"
    good.write_bytes(draw_it(certificate))
    forged.write_bytes(draw_it(certificate, full_name="Nguyễn Văn Hưởng"))
    junk.write_text("không phải PDF")
    environment = {"LMS_BASE_URL": "http://localhost", "LMS_INSTANCE": str(tmp_path)}
    codes = [
        run.invoke(command, ["verify", str(what), "--json"], env=environment).exit_code
        for what in (certificate.code, good, forged, "0000-0000-0000", junk)
    ]
    assert codes == [0, 0, 2, 3, 4]
