"""lms certificates issuer: who issues, and what is printed on the next ones."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.certificates.models import Issuer
from lms.cli.certificates import certificates
from lms.core import db
from lms.core.db import session
from tests import factories


@pytest.mark.real_database
def test_an_issuer_is_made_once_and_changed_afterwards(real_database):
    with db.transaction():
        factories.make_unit("SGD", "so", "Sở Giáo dục và Đào tạo")
    words = ["issuer", "--unit", "SGD", "--short", "SGDĐT", "--name", "Sở Giáo dục và Đào tạo"]
    assert CliRunner().invoke(certificates, words).exit_code == 0
    assert CliRunner().invoke(certificates, [*words, "--signer-name", "Trần Thị Ngọc Diễm"]).exit_code == 0
    with db.transaction():
        assert [(each.code, each.signer_name) for each in session.scalars(select(Issuer))] == [("SGDĐT", "Trần Thị Ngọc Diễm")]
