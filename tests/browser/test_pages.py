"""Every page of the story: nothing for axe to say, nothing to scroll sideways, everything by keyboard; in both languages and colours."""

import pytest

from tests.browser import eyes
from tests.browser.conftest import Visit
from tests.browser.visitor import DESK, PHONE, SMALLEST

PAGES = {
    None: ("/sign-in", "/card", "/welcome", "/password/forgot", "/verify", "/verify/KHONG-CO-MA-NAY", "/khong-co-trang-nay"),
    "teacher": (
        "/",
        "/courses",
        "/courses/cb1",
        "/courses/cb1/l1-1",
        "/courses/cb1/l4-2",
        "/courses/cb1/quiz",
        "/certificates",
        "/me",
        "/password",
    ),
    "pupil": ("/", "/courses/hs3", "/courses/hs3/l1", "/courses/hs3/quiz"),
}
ALL = [(role, path) for role, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("role", "path"), ALL, ids=[f"{role or 'stranger'}{path}" for role, path in ALL])
def test_a_page_is_open_to_everybody(visit: Visit, role: str | None, path: str, language: str):
    visitor = visit(role)
    page = visitor.open(f"{path}?lang={language}")

    found = {"lang": page.get_attribute("html", "lang")}
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

    assert {what: trouble for what, trouble in found.items() if trouble} == {"lang": language}
