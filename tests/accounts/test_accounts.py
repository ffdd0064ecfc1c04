"""Making accounts, giving passwords, closing."""

import re

import pytest

from lms.accounts import accounts, links, passwords
from lms.core import audit
from lms.core.db import session
from tests.factories import make_person
from tests.factories_accounts import make_link, make_user


def test_a_new_account_has_a_username_and_no_password(database: None):
    account = accounts.create(make_person("Lê Văn An"), email=" An.Le@Truong.EXAMPLE ")

    assert (account.username, account.email, account.password_hash, account.language) == ("le.van.an", "an.le@truong.example", None, "vi")


def test_an_e_mail_address_belongs_to_one_account(database: None):
    make_user("a", email="an@truong.example")

    with pytest.raises(accounts.EmailTaken):
        accounts.create(make_person("Lê Văn An"), email="AN@truong.example")


def test_a_person_has_one_account(database: None):
    person = make_person("Lê Văn An")
    accounts.create(person)

    with pytest.raises(accounts.AccountExists):
        accounts.create(person)


@pytest.mark.parametrize("username", ["an@truong.example", "lê.an", "a", ".an", "an ninh", "x" * 61])
def test_a_username_of_another_kind_is_refused(database: None, username: str):
    with pytest.raises(accounts.BadUsername):
        accounts.create(make_person("Lê Văn An"), username=username)


def test_many_accounts_come_in_the_order_of_their_persons(database: None):
    persons = [make_person(name) for name in ("Lê Văn An", "Trần Bình", "Lê Văn An")]

    made = accounts.create_many(persons)

    assert [(account.person_id, account.username) for account in made] == [
        (persons[0].id, "le.van.an"),
        (persons[1].id, "tran.binh"),
        (persons[2].id, "le.van.an.2"),
    ]


def test_a_new_password_ends_sessions_and_links_and_is_noted(database: None):
    account = make_user("le.van.an", must_change=True)
    secret = make_link(account, "reset")

    accounts.set_password(account, "con mèo ngủ trưa", by=None)

    assert passwords.matches(account.password_hash, "con mèo ngủ trưa")
    assert (account.session_epoch, account.must_change, audit.count()) == (1, False, 1)
    with pytest.raises(links.LinkGone):
        links.redeem(secret, "reset")


def test_a_weak_password_changes_nothing(database: None):
    account = make_user("le.van.an")
    before = account.password_hash

    with pytest.raises(passwords.WeakPassword):
        accounts.set_password(account, "12345678")

    assert (account.password_hash, account.session_epoch) == (before, 0)


def test_a_card_password_can_be_said_and_may_stay(database: None):
    account = make_user("le.van.an", password=False)

    text = accounts.give_card_password(account)

    assert re.fullmatch(r"[a-z]{2,6}-[a-z]{2,6}-[a-z]{2,6}-[1-9][0-9]", text)
    assert (passwords.matches(account.password_hash, text), account.must_change) == (True, False)


def test_a_first_password_must_be_changed(database: None):
    account = make_user("le.van.an", password=False)

    text = accounts.give_first_password(account)

    assert (passwords.matches(account.password_hash, text), account.must_change) == (True, True)


def test_no_password_stands_in_the_audit_log(database: None):
    account = make_user("le.van.an", password=False)

    text = accounts.give_card_password(account, by=account.id)

    entry = session.query(audit.AuditEntry).one()
    assert (entry.action, entry.subject, text in str(entry.details)) == ("account.password_given", f"account:{account.id}", False)


def test_a_closed_account_has_no_session_and_no_link(database: None):
    account = make_user("le.van.an")
    secret = make_link(account, "card")

    accounts.disable(account)

    assert (account.disabled, account.session_epoch) == (True, 1)
    with pytest.raises(links.LinkGone):
        links.holder(secret, "card")
