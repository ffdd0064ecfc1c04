"""lms certificates: who issues, what is printed on the next ones, and taking one back."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.certificates.models import Certificate, Issuer
from lms.cli.certificates import certificates
from lms.core import db
from lms.core.db import session
from lms.programmes.models import QualificationChange
from tests import factories
from tests.cast import make_cast
from tests.programmes.test_revoking import make_pass


@pytest.mark.real_database
def test_an_issuer_is_made_once_and_changed_afterwards(real_database):
    with db.transaction():
        factories.make_unit("SGD", "so", "Sở Giáo dục và Đào tạo")
    words = ["issuer", "--unit", "SGD", "--short", "SGDĐT", "--name", "Sở Giáo dục và Đào tạo"]
    assert CliRunner().invoke(certificates, words).exit_code == 0
    assert CliRunner().invoke(certificates, [*words, "--signer-name", "Trần Thị Ngọc Diễm"]).exit_code == 0
    with db.transaction():
        assert [(each.code, each.signer_name) for each in session.scalars(select(Issuer))] == [("SGDĐT", "Trần Thị Ngọc Diễm")]


@pytest.mark.real_database
def test_what_a_certificate_states_is_taken_back_and_given_again(real_database):
    with db.transaction():
        make_pass(make_cast())
        serial = session.scalars(select(Certificate.serial)).one()
    words = [serial, "--reason", "Người khác làm bài thay.", "--by", "officer"]

    answers = [CliRunner().invoke(certificates, [verb, *words]).exit_code for verb in ("revoke", "revoke", "restore", "revoke")]
    unknown = CliRunner().invoke(certificates, ["revoke", "khong-co", *words[1:]])

    assert (answers[0], answers[1] != 0, answers[2:]) == (0, True, [0, 0])
    assert "no certificate" in unknown.output
    with db.transaction():
        assert list(session.scalars(select(QualificationChange.state))) == ["revoked", "valid", "revoked"]
