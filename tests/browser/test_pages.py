"""Every page of the story: nothing for axe to say, nothing to scroll sideways, everything by keyboard; in both languages and colours."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import eyes, lists, quiz
from tests.browser.conftest import Visit
from tests.browser.lists import Row
from tests.browser.site import Site
from tests.browser.visitor import DESK, PHONE, SMALLEST, Visitor

# {school} and {ward} are those of the head teacher and the officer, {class} and {person} somebody of that school.
PAGES = {
    None: ("/sign-in", "/card", "/welcome", "/password/forgot", "/verify", "/verify/{certificate}", "/verify/KHONG-CO-MA-NAY", "/khong-co"),
    "teacher": (
        *("/", "/courses", "/courses/cb1", "/courses/cb1/l1-1", "/courses/cb1/l4-2", "/courses/cb1/quiz"),
        *("/certificates", "/me", "/password"),
    ),
    "pupil": ("/", "/courses/hs3", "/courses/hs3/l1", "/courses/hs3/quiz"),
    "head_teacher": (
        *("/units/{school}", "/units/{school}/people?state=missing", "/units/{school}/remind", "/units/{school}/staff"),
        *("/units/{school}/imports/new", "/units/{school}/imports", "/units/{school}/classes", "/units/{school}/classes/{class}"),
        *(
            "/people/{person}",
            "/people/{person}/extra-time",
            "/people/{trained}/training",
            "/exceptions",
            "/people/{person}/exemptions/new",
            "/people/{person}/recognitions/new",
            "/people/{trained}/courses",
            "/passes/{pass}/revoke",
            "/quizzes",
            "/quizzes?person={person}",
            "/quizzes/{quiz}",
        ),
        *("/quizzes/{quiz}/exceptions", "/quizzes/{quiz}/exceptions/person/{person}"),
    ),
    "officer": ("/units/{ward}", "/units/{ward}/people", "/programmes"),
    "administrator": (
        "/units/SGD-HV",
        "/programmes/an-toan-mang-can-bo-giao-vien",
        "/programmes/an-toan-mang-can-bo-giao-vien/rule",
        "/programmes/new/staff",
        "/authoring/cb1/learners",
    ),
    "author": (
        "/authoring/import",
        "/authoring/cb1/share",
        "/discussions",
        "/law-changes",
        "/questions",
        "/quizzes/{quiz}",
        "/quizzes/{quiz}/questions",
        "/quizzes/{quiz}/preview",
    ),
}
ALL = [(role, path) for role, paths in PAGES.items() for path in paths]


@pytest.fixture(scope="module")
def places(site: Site) -> dict[str, str]:
    """What stands in the addresses of this demo."""
    school = site.players["head_teacher"].url.rpartition("/")[2]

    def one(statement: str) -> str:
        return str(quiz.rows(site, statement)[0][0])

    of_school = "(SELECT id FROM schools_unit WHERE code = '" + school + "')"
    others = f"SELECT person_id FROM schools_post WHERE unit_id = {of_school} AND position_code = 'teacher'"
    in_force = f"FROM programmes_qualification WHERE state = 'valid' AND person_id IN ({others}) ORDER BY id LIMIT 1"
    return {
        "school": school,
        "ward": site.players["officer"].url.rpartition("/")[2],
        "class": one(f"SELECT id FROM schools_class WHERE unit_id = {of_school} LIMIT 1"),
        "person": one(f"SELECT person_id FROM schools_post WHERE unit_id = {of_school} ORDER BY id DESC LIMIT 1"),
        "trained": one(f"SELECT person_id {in_force}"),
        "pass": one(f"SELECT id {in_force}"),
        "quiz": one("SELECT MIN(id) FROM quizzes_quiz"),
        "certificate": one("SELECT code FROM certificates_certificate WHERE state = 'valid' LIMIT 1"),
    }


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("role", "path"), ALL, ids=[f"{role or 'stranger'}{path}" for role, path in ALL])
def test_a_page_is_open_to_everybody(visit: Visit, places: dict[str, str], role: str | None, path: str, language: str):
    visitor = visit(role)
    visitor.open(path.format(**places) + ("&" if "?" in path else "?") + f"lang={language}")

    assert _trouble(visitor, language) == {"lang": language}


@pytest.mark.parametrize("role", ["teacher", "pupil"])
def test_an_attempt_is_open_to_everybody_from_the_first_question_to_the_review(visit: Visit, site: Site, role: str):
    course = {"teacher": "cb1", "pupil": "hs3"}[role]
    visitor = visit(role)
    page = visitor.open(f"/courses/{course}/quiz")
    page.click("main .btn-main, main form[action*='/quiz/'] button")
    page.wait_for_url("**/attempts/**")
    attempt = quiz.attempt_of(page)

    found = {}
    for kind, slot in quiz.one_of_each_type(site, attempt).items():
        visitor.open(f"/attempts/{attempt}/{slot}")
        found[kind] = _trouble(visitor, "vi")
    visitor.open(f"/attempts/{attempt}/summary")
    found["summary"] = _trouble(visitor, "vi")
    visitor.resize(PHONE)
    page.click("#hand-in button.btn-main")
    page.wait_for_url("**/result")
    found["result"] = _trouble(visitor, "vi")
    visitor.open(f"/attempts/{attempt}/review")
    found["review"] = _trouble(visitor, "vi")

    assert {where: each for where, each in found.items() if each != {"lang": "vi"}} == {}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_preview_of_a_list_is_open_to_everybody(visit: Visit, site: Site, places: dict[str, str], tmp_path: Path, language: str):
    visitor = visit("head_teacher", DESK)
    page = visitor.open(f"/units/{places['school']}/imports/new")
    known = lists.staff_of(site, places["school"])
    page.set_input_files("input[type=file]", lists.write(tmp_path / "can-bo.xlsx", [*known[1:], Row("Cao Thị Thử", "30/02/1990")]))
    page.click("main form button.btn-main")
    page.wait_for_url("**/imports/*")
    visitor.open(f"{urlsplit(page.url).path}?lang={language}")

    assert _trouble(visitor, language) == {"lang": language}


def _trouble(visitor: Visitor, language: str) -> dict[str, object]:
    """Return the language of the page, and whatever is wrong with it."""
    page = visitor.page
    found: dict[str, object] = {"lang": page.get_attribute("html", "lang")}
    for scheme in ("light", "dark"):
        # Colours that fade would be measured half-way.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (PHONE, DESK):
            visitor.resize(size)
            found[f"axe {scheme} {size[0]}"] = eyes.violations(page)
    visitor.resize(SMALLEST)
    found["sideways"] = eyes.sideways(page)
    found["keyboard on a phone"] = eyes.keyboard(page)
    visitor.resize(DESK)
    found["keyboard at a desk"] = eyes.keyboard(page)

    return {what: trouble for what, trouble in found.items() if trouble}
