"""Numbers that other systems know people by."""

import pytest

from lms.accounts import identifiers
from lms.accounts.models import Identifier
from lms.core.db import session
from tests.factories import make_person

KEY = b"a key"


def test_the_same_number_written_otherwise_has_the_same_hash():
    assert identifiers.keyed_hash("staff_code", "", " gv 001", KEY) == identifiers.keyed_hash("staff_code", "", "GV001", KEY)


@pytest.mark.parametrize(
    ("kind", "scope", "value", "key"),
    [
        ("learner_code", "", "GV001", KEY),
        ("staff_code", "T1", "GV001", KEY),
        ("staff_code", "", "GV002", KEY),
        ("staff_code", "", "GV001", b"other"),
    ],
)
def test_another_kind_scope_number_or_key_has_another_hash(kind: str, scope: str, value: str, key: bytes):
    assert identifiers.keyed_hash(kind, scope, value, key) != identifiers.keyed_hash("staff_code", "", "GV001", KEY)


def test_a_person_is_found_by_a_number(database: None):
    person = make_person()
    identifiers.add(person, "staff_code", "GV 001", "T1")

    found = [identifiers.find("staff_code", scope, "gv001") for scope in ("T1", "T2", "")]

    assert found == [person, None, None]


def test_only_the_last_characters_can_be_read(database: None):
    person = make_person()

    shown = [identifiers.add(person, "personal_id", value).last_characters for value in ("079085001234", "123", "7")]

    assert shown == ["234", "3", ""]


def test_adding_a_number_again_changes_nothing(database: None):
    person = make_person()

    first, second = identifiers.add(person, "staff_code", "GV001"), identifiers.add(person, "staff_code", "gv001")

    assert (first.id, session.query(Identifier).count()) == (second.id, 1)


def test_a_number_belongs_to_one_person(database: None):
    identifiers.add(make_person(), "staff_code", "GV001")

    with pytest.raises(identifiers.IdentifierTaken):
        identifiers.add(make_person(), "staff_code", "GV001")


def test_many_numbers_are_looked_up_together(database: None):
    persons = [make_person() for _ in range(3)]
    for number, person in enumerate(persons):
        identifiers.add(person, "staff_code", f"GV{number}")

    found = identifiers.find_many("staff_code", "", ["gv0", "GV2", "GV9", *(f"X{number}" for number in range(600))])

    assert found == {"gv0": persons[0].id, "GV2": persons[2].id}
