"""lms accounts: the first account of an installation."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.accounts import links
from lms.accounts.models import Account
from lms.cli.accounts import accounts
from lms.core import db
from lms.core.db import session
from lms.schools import actors
from tests import factories


@pytest.mark.real_database
def test_the_first_administrator_gets_a_link_that_opens_the_account(real_database, tmp_path):
    with db.transaction():
        factories.make_unit("SGD", "so", "Sở Giáo dục và Đào tạo")
    run = CliRunner().invoke(
        accounts, ["create", "Trần Văn Quản", "--role", "administrator", "--unit", "SGD"], env={"LMS_INSTANCE": str(tmp_path)}
    )
    assert run.exit_code == 0
    username, _, link = run.output.strip().partition(": ")
    with db.transaction():
        account = links.redeem(link.rpartition("/")[2], "activate")
        actor = actors.load(account.id)
    assert (username, actor.full_name, [grant.role for grant in actor.grants]) == ("tran.van.quan", "Trần Văn Quản", ["administrator"])


@pytest.mark.real_database
def test_an_unknown_unit_is_said_and_nothing_is_made(real_database):
    run = CliRunner().invoke(accounts, ["create", "Trần Văn Quản", "--role", "officer", "--unit", "NIX"])
    assert run.exit_code == 1
    assert "There is no unit with the code NIX" in run.output
    with db.transaction():
        assert session.scalar(select(Account.id)) is None


@pytest.mark.real_database
def test_somebody_of_a_list_is_made_head_teacher(real_database):
    with db.transaction():
        school = factories.make_unit("TR1")
        account_id = factories.make_account(factories.make_person("Nguyễn Hoàng Phúc"), "nguyen.hoang.phuc").id
    run = CliRunner().invoke(accounts, ["grant", "nguyen.hoang.phuc", "--role", "head_teacher", "--unit", "TR1"])
    assert run.exit_code == 0
    with db.transaction():
        actor = actors.load(account_id)
    assert [(grant.role, grant.unit_id) for grant in actor.grants] == [("head_teacher", school.id)]
