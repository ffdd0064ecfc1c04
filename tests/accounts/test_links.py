"""Secrets that open once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts import links
from lms.accounts.models import Account, Link
from lms.core import clock
from lms.core.db import session
from tests.factories_accounts import make_link, make_user
from tests.together import at_once


def test_a_link_opens_once(database: None):
    account = make_user()
    secret = make_link(account, "activate")

    assert links.redeem(secret, "activate").id == account.id
    with pytest.raises(links.LinkGone):
        links.redeem(secret, "activate")


def test_looking_whose_link_it_is_does_not_use_it_up(database: None):
    account = make_user()
    secret = make_link(account, "card")

    assert [links.holder(secret, "card").id, links.holder(secret, "card").id, links.redeem(secret, "card").id] == [account.id] * 3


def test_a_link_opens_only_what_it_is_for(database: None):
    secret = make_link(make_user(), "card")

    with pytest.raises(links.LinkGone):
        links.redeem(secret, "reset")


def test_a_link_grows_too_old(database: None):
    secret = make_link(make_user(), "reset", valid=timedelta(hours=2))

    with clock.at(clock.now() + timedelta(hours=2, seconds=1)), pytest.raises(links.LinkGone):
        links.redeem(secret, "reset")


def test_the_link_of_a_closed_account_opens_nothing(database: None):
    account = make_user()
    secret = make_link(account, "reset")
    account.disabled = True

    with pytest.raises(links.LinkGone):
        links.redeem(secret, "reset")


def test_the_secret_itself_is_not_stored(database: None):
    secret = make_link(make_user(), "reset")

    stored = session.scalars(select(Link)).one()
    assert secret not in (stored.secret_hash, str(vars(stored)))


def test_a_withdrawn_kind_of_link_opens_nothing_and_the_others_do(database: None):
    account = make_user()
    card, reset = make_link(account, "card"), make_link(account, "reset")

    links.withdraw(account, "card")

    with pytest.raises(links.LinkGone):
        links.redeem(card, "card")
    assert links.redeem(reset, "reset").id == account.id


@pytest.mark.parametrize("purpose", ["activate", "reset", "card"])
def test_of_two_at_the_same_time_one_gets_through(real_database: str, purpose: str):
    account = make_user()
    secret = make_link(account, purpose)
    account_id = account.id
    session.commit()
    session.remove()

    came = at_once(*[lambda: links.redeem(secret, purpose).id] * 4)

    assert sorted(str(type(one).__name__) for one in came) == ["LinkGone", "LinkGone", "LinkGone", "int"]
    assert account_id in came
    assert session.get_one(Account, account_id).session_epoch == 0
