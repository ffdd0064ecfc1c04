"""What a stored password costs, and which ones are too easy."""

import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters

from lms.accounts import passwords


def test_a_password_costs_7_mib_twelve_rounds_one_lane(true_hasher: PasswordHasher):
    parameters = extract_parameters(true_hasher.hash("một mật khẩu"))

    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == ("ID", 7 * 1024, 12, 1)


def test_nobodys_hash_costs_as_much_as_a_real_one(true_hasher: PasswordHasher):
    assert extract_parameters(passwords.NOBODY) == extract_parameters(true_hasher.hash("một mật khẩu"))


def test_only_the_same_password_matches():
    stored = passwords.hash_password("mật khẩu của tôi")

    assert [passwords.matches(stored, text) for text in ("mật khẩu của tôi", "mật khẩu của ai", "")] == [True, False, False]


def test_a_password_typed_on_another_keyboard_matches():
    stored = passwords.hash_password(unicodedata.normalize("NFC", "tiếng Việt ở đây"))

    assert passwords.matches(stored, unicodedata.normalize("NFD", "tiếng Việt ở đây"))


@pytest.mark.parametrize("stored", ["", "plain text", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_a_broken_hash_matches_nothing(stored: str):
    assert not passwords.matches(stored, "mật khẩu của tôi")


def test_a_hash_of_another_cost_wants_to_be_made_anew():
    cheap = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash("mật khẩu")

    assert passwords.needs_rehash(cheap)
    assert not passwords.needs_rehash(passwords.hash_password("mật khẩu"))


@pytest.mark.parametrize(
    "text",
    ["con mèo ngủ trưa", "cây chanh trước nhà 7", "Xoài-keo-Tà-Niên", "correct horse battery", "a" * 100 + "bcd", "mật khẩu của vai diễn"],
)
def test_a_good_password_passes(text: str):
    passwords.check_strength(text, "nguyen.thi.huong")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ngắn",
        "1234567",
        "12345678",
        "87654321",
        "19852604",
        "0912345678",
        "aaaaaaaa",
        "abababab",
        "abcdefgh",
        "password",
        "Password123",
        "mật khẩu",
        "Mật Khẩu 123",
        "anh yêu em 2026",
        "an toàn số",
        "iloveyou99",
        "nguyenthihuong",
        "nguyen.thi.huong.1985",
        "Nguyễn Thị Hường",
        "x" * 201,
    ],
)
def test_an_easy_password_is_refused(text: str):
    with pytest.raises(passwords.WeakPassword):
        passwords.check_strength(text, "nguyen.thi.huong")


def test_a_very_short_username_may_stand_in_a_password():
    passwords.check_strength("ban mai ngan gio", "an")
