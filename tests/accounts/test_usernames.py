"""Names that one signs in with."""

import pytest

from lms.accounts import accounts, usernames
from lms.accounts.models import Account
from lms.core.db import session
from tests.factories import make_person
from tests.factories_accounts import make_user
from tests.together import at_once


@pytest.mark.parametrize(
    ("full_name", "username"),
    [
        ("Nguyễn Thị Thu Hường", "nguyen.thi.thu.huong"),
        ("Đặng Đình Đạt", "dang.dinh.dat"),
        ("  Lê   Văn  An ", "le.van.an"),
        ("H'Hen Niê", "h.hen.nie"),
        ("Y Bhăm", "y.bham"),
        ("An", "an"),
        ("A", "tai.khoan"),
        ("王小明", "tai.khoan"),
        ("<script>alert(1)</script>", "script.alert.1.script"),
    ],
)
def test_a_username_is_the_name_without_tone_marks(full_name: str, username: str):
    assert usernames.spoken(full_name) == username


def test_a_very_long_name_makes_a_username_that_fits():
    assert usernames.is_well_formed(usernames.spoken("Nguyễn Phúc " * 20) + ".1000")


def test_the_second_of_a_name_gets_a_number(database: None):
    make_user("le.van.an")

    assert usernames.free(["Lê Văn An", "Lê Văn An", "Trần Văn An"]) == ["le.van.an.2", "le.van.an.3", "tran.van.an"]


def test_a_gap_in_the_numbers_is_filled(database: None):
    for taken in ("le.an", "le.an.2", "le.an.4"):
        make_user(taken)

    assert usernames.free(["Lê An"] * 3) == ["le.an.3", "le.an.5", "le.an.6"]


def test_a_name_that_ends_in_a_number_takes_nobodys_username(database: None):
    chosen = usernames.free(["Lê An", "Lê An 2", "Lê An", "Lê An"])

    assert len(set(chosen)) == 4


def test_many_of_one_name_all_get_one(database: None):
    chosen = usernames.free(["Nguyễn Văn An"] * 700)

    assert chosen == ["nguyen.van.an", *(f"nguyen.van.an.{number}" for number in range(2, 701))]


def test_two_imports_at_once_choose_different_names(real_database: str):
    person_ids = [make_person("Lê Văn An").id for _ in range(4)]
    session.commit()
    session.remove()

    def make(person_id: int) -> str:
        return accounts.create(session.get_one(accounts.Person, person_id)).username

    came = at_once(*(lambda one=one: make(one) for one in person_ids))

    assert sorted(came) == ["le.van.an", "le.van.an.2", "le.van.an.3", "le.van.an.4"]
    assert session.query(Account).count() == 4
