"""Who may come in: everybody, the signed-in, or those with a role; and a first password is changed before all else."""

from flask.testing import FlaskClient

from lms.core.db import session
from tests.cast import PASSWORD, Cast


def enter(stage: FlaskClient, username: str) -> FlaskClient:
    assert stage.post("/sign-in", data={"username": username, "password": PASSWORD}).status_code == 302
    return stage


def test_signed_in_people_come_in(stage: FlaskClient, cast: Cast):
    assert enter(stage, "teacher").get("/stage/mine").get_data(as_text=True) == "teacher"


def test_a_role_opens_and_its_absence_does_not(stage: FlaskClient, cast: Cast):
    assert enter(stage, "officer").get("/stage/office").status_code == 200
    assert enter(stage, "head").get("/stage/office").status_code == 403


def test_a_stranger_is_asked_to_sign_in_before_roles_are_looked_at(stage: FlaskClient):
    assert stage.get("/stage/office").location.startswith("/sign-in?")


def test_a_first_password_is_changed_before_anything_else(stage: FlaskClient, cast: Cast):
    cast.accounts["officer"].must_change = True
    session.commit()
    enter(stage, "officer")

    assert [stage.get(path).location for path in ("/stage/mine", "/stage/office")] == ["/password", "/password"]
    assert stage.get("/password").status_code == 200
