"""Checking a name and a password."""

import pytest
from argon2 import PasswordHasher

from lms.accounts import accounts, credentials, passwords
from lms.core.db import session
from tests.factories_accounts import PASSWORD, make_user


def come_in(name: str, password: str) -> str:
    return credentials.admit(credentials.prove(credentials.claim(name), password)).username


@pytest.mark.parametrize("name", ["le.an", "  LE.AN ", "an@truong.example", "An@Truong.Example"])
def test_username_and_e_mail_both_open(database: None, name: str):
    make_user("le.an", email="an@truong.example")

    assert come_in(name, PASSWORD) == "le.an"


def test_coming_in_is_noted(database: None):
    account = make_user("le.an")

    come_in("le.an", PASSWORD)

    session.refresh(account)
    assert account.last_signin_at is not None


@pytest.mark.parametrize("case", ["unknown name", "wrong password", "no password yet", "closed", "empty name"])
def test_every_refusal_is_the_same(database: None, case: str):
    make_user("le.an", password=case != "no password yet", disabled=case == "closed")
    name = {"unknown name": "khong.co", "empty name": ""}.get(case, "le.an")

    with pytest.raises(credentials.WrongCredentials):
        come_in(name, "sai bét" if case == "wrong password" else PASSWORD)


@pytest.mark.parametrize("name", ["le.an", "khong.co", "khong.co@truong.example", "chua.kich.hoat"])
def test_every_name_costs_one_check_of_a_hash(database: None, monkeypatch: pytest.MonkeyPatch, name: str):
    make_user("le.an")
    make_user("chua.kich.hoat", password=False)
    checked: list[str] = []
    monkeypatch.setattr(passwords, "matches", lambda stored, text: bool(checked.append(stored)))

    with pytest.raises(credentials.WrongCredentials):
        come_in(name, "sai bét")

    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$v=19$")


def test_knowing_nobodys_password_opens_nothing(database: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passwords, "matches", lambda stored, text: True)

    with pytest.raises(credentials.WrongCredentials):
        come_in("khong.co", "the thrown away one")


def test_a_hash_of_an_old_cost_is_made_anew_and_sessions_stay(database: None):
    account = make_user("le.an")
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)

    session.flush()
    come_in("le.an", PASSWORD)

    session.refresh(account)
    assert (passwords.needs_rehash(account.password_hash), passwords.matches(account.password_hash, PASSWORD)) == (False, True)
    assert account.session_epoch == 0


@pytest.mark.parametrize("meanwhile", ["changed", "closed"])
def test_a_proof_is_void_when_the_account_changed_meanwhile(database: None, meanwhile: str):
    account = make_user("le.an")
    proof = credentials.prove(credentials.claim("le.an"), PASSWORD)

    if meanwhile == "changed":
        accounts.set_password(account, "con mèo ngủ trưa")
    else:
        accounts.disable(account)
    session.flush()

    with pytest.raises(credentials.WrongCredentials):
        credentials.admit(proof)
