"""The top line: the places of this person, the present one marked; and how the page addresses people."""

from dataclasses import replace

import pytest
from flask import Flask

from lms.core import i18n
from lms.web import nav
from lms.web.signin import Actor, Grant

TEACHER = Actor(
    account_id=1,
    person_id=1,
    session_epoch=1,
    username="huong",
    full_name="Nguyễn Thị Thu Hường",
    given_name="Hường",
    gender="F",
    language="vi",
    must_change=False,
    grants=(Grant("teacher", 5),),
    unit_name="THCS Sông Xanh",
)
PUPIL = replace(TEACHER, grants=(Grant("pupil", 5),), given_name="An", gender="M", grade=4)
PLACES = [
    nav.Item("Verify", "certificates.verify", "check", when=lambda actor: True),
    nav.Item("Code", "certificates.verified", "check", when=lambda actor: True, values=lambda actor: {"code": f"U{actor.person_id}"}),
    nav.Item("Certificates", "certificates.mine", "certificate", when=lambda actor: not actor.is_pupil),
]


def test_people_see_the_places_that_are_theirs(app: Flask):
    with app.test_request_context("/certificates"):
        assert [place.label for place in nav.shown(PLACES, TEACHER)] == ["Verify", "Code", "Certificates"]
        assert [place.label for place in nav.shown(PLACES, PUPIL)] == ["Verify", "Code"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/verify", ["Verify"]),
        ("/verify/U1", ["Code"]),
        ("/verify/other", ["Verify"]),
        ("/verifying", []),
        ("/certificates/x.pdf", ["Certificates"]),
    ],
)
def test_the_closest_place_is_the_present_one(app: Flask, path: str, current: list[str]):
    with app.test_request_context(path):
        assert [place.label for place in nav.shown(PLACES, TEACHER) if place.current] == current


def test_addresses_are_filled_from_the_person(app: Flask):
    with app.test_request_context("/"):
        assert [place.url for place in nav.shown(PLACES, TEACHER)] == ["/verify", "/verify/U1", "/certificates"]


@pytest.mark.parametrize(
    ("someone", "greeting"),
    [(TEACHER, "Ms Hường"), (replace(TEACHER, gender="M"), "Mr Hường"), (replace(TEACHER, gender=None), "Hường"), (PUPIL, "An")],
)
def test_adults_are_addressed_with_respect_and_pupils_by_name(someone: Actor, greeting: str):
    with i18n.in_language("en"):
        assert nav.greeting_name(someone) == greeting


@pytest.mark.parametrize(("grade", "skin"), [(1, "lop-4-5"), (5, "lop-4-5"), (6, "lop-6-9"), (None, "lop-6-9")])
def test_young_pupils_have_larger_type(grade: int | None, skin: str):
    assert nav.skin(replace(PUPIL, grade=grade)) == skin
    assert nav.skin(TEACHER) == ""
