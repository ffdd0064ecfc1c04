"""Every route against everybody: who is not meant cannot see or change anything by typing an address."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask, url_for
from werkzeug.test import TestResponse

from lms.web.signin import SignInNeeded
from tests.routes.stage import Stage
from tests.routes.table import EVERYBODY, FILES, LINES, OUTSIDERS, STRANGER, Line

REFUSALS = (403, 404)


def ask(stage: Stage, line: Line, role: str) -> TestResponse:
    """Call a route as somebody of the cast, the way the line says."""
    with stage.app.test_request_context():
        address = url_for(line.endpoint, **line.values(stage))
    data = {"data": line.form(stage)} if line.form else {"json": line.json(stage)} if line.json else {}
    return stage.browser(role).open(address, method=line.method, **data)


def outcome(stage: Stage, line: Line, response: TestResponse) -> str:
    """Return "in", "refused" or "sign in"; a fault of ours is its own outcome."""
    if response.status_code >= 500:
        return f"fault {response.status_code}"
    if response.status_code in REFUSALS:
        return "refused"
    is_public = getattr(stage.app.view_functions[line.endpoint], "guard", "") == "public"
    leads_to_sign_in = (response.location or "").partition("?")[0].endswith("/sign-in")
    if response.status_code == SignInNeeded.status or (leads_to_sign_in and not is_public):
        return "sign in"
    return "in"


@pytest.mark.parametrize("line", LINES, ids=str)
def test_only_those_who_are_meant_come_in(stage: Stage, line: Line):
    wanted, came = {}, {}
    for role in sorted(EVERYBODY):
        with stage.undone() as written:
            response = ask(stage, line, role)
            came[role] = outcome(stage, line, response)
        wanted[role] = "in" if role in line.let_in else "sign in" if role in STRANGER else "refused"
        if role not in line.let_in:
            assert written == [], f"{line} as {role} is refused, but wrote first"

    assert came == wanted


@pytest.mark.parametrize("line", [line for line in LINES if line.method == "GET" and not line.names_people], ids=str)
def test_outsiders_do_not_read_about_people_of_the_school(stage: Stage, line: Line):
    names = {stage.cast.persons[role].full_name for role in ("teacher", "other_teacher", "head", "keeper", "pupil", "other_pupil")}
    for role in sorted(OUTSIDERS):
        with stage.undone():
            page = _all_text(ask(stage, line, role).get_data())
        assert [name for name in names if name in page] == [], f"{line} as {role}"


def _all_text(data: bytes) -> str:
    """Return what can be read in a page or a file; an Excel file is a zip of texts."""
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with ZipFile(BytesIO(data)) as parts:
        return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def test_every_route_has_its_line(app: Flask):
    wanted = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint not in FILES
    }
    present = {(line.method, line.endpoint) for line in LINES}

    assert sorted(wanted - present) == [], "say in tests/routes/table.py who may come in there"
    assert sorted(present - wanted) == [], "these routes are gone: take their lines out of tests/routes/table.py"


def test_everybody_of_the_cast_is_asked(stage: Stage):
    assert set(stage.cast.accounts) | STRANGER == EVERYBODY
