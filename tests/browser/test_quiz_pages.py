"""Pages of questions, quizzes, results and classes, with a year's work in them: open to everybody, and not one pixel too wide."""

import pytest

from tests.browser import eyes
from tests.browser.conftest import Visit
from tests.browser.visitor import DESK, PHONE, SMALLEST, Visitor

# One of each kind of editor and of answer; what is made of the same parts is looked at once.
WRITTEN = ("single_choice", "short_answer", "numerical", "matching", "ordering", "cloze", "hot_spot", "message_inspection", "essay")
TRIED = ("ordering", "drag_words", "hot_spot", "message_inspection")
# {words} are ids that tests/busy_site.py tells.
PAGES = {
    "bank": (
        "author",
        *("/questions?words=mat+khau", "/questions?words=zzzz", "/questions/{versions}", "/questions/{versions}/history"),
        *("/questions/{versions}?version=1", "/questions/categories", "/questions/categories/{category}", "/questions/categories/new"),
        *("/questions/twins?category={category}", "/questions/changes/{change}", "/questions/new", "/questions/import"),
        *("/questions/imports/{planned}", "/questions/imports/{applied}", "/questions/export?category={category}&format=gift&in=vi"),
    ),
    "editors": ("author", "/questions/new/multiple_choice", *(f"/questions/{{type_{key}}}/edit" for key in WRITTEN)),
    "trying": ("author", *(f"/questions/{{type_{key}}}/try" for key in TRIED)),
    "quizzes": (
        "author",
        *("/quizzes", "/quizzes/{edited}/settings", "/quizzes/{edited}/questions", "/quizzes/{results}/questions"),
        *("/quizzes/{edited}/questions/add?words=mat+khau", "/quizzes/{edited}/questions/draw", "/quizzes/{edited}/preview"),
        *("/results/{results}/statistics", "/results/{pupils}/statistics"),
    ),
    "results": (
        "head_teacher",
        *("/quizzes/{results}/exceptions", "/results", "/results/{results}", "/results/{results}/marking", "/results/answers/{essay}"),
        "/results/attempts/{attempt}",
    ),
    "regrade": (
        "administrator",
        *("/results/{results}/regrade", "/results/regrades/{regrade}", "/results/regrades/{in_effect}", "/results/regrades/{back}"),
    ),
    "passes": ("head_teacher", "/people/{revoked_person}/training", "/passes/{revoked}/restore"),
    "news": ("administrator", "/"),
    "courses": (
        "author",
        *("/authoring", "/authoring/new", "/authoring/cb1", "/authoring/cb1/copy", "/authoring/cb1/activities/l1-1/look"),
        *(
            f"/authoring/dang-soan{page}"
            for page in (
                "",
                "/head",
                "/add",
                "/publish",
                "/discard",
                "/activities/bai-1",
                "/activities/bai-1/rules",
                "/activities/bai-1/look",
            )
        ),
    ),
    "class": (
        "teacher",
        *("/classroom", "/classroom/classes/{class}", "/classroom/{run}", "/classroom/{run}/lessons/bai-1", "/classroom/{run}/end"),
        *("/classroom/{over}/result", "/results/{pupils}/paper", "/papers/{paper}/sheets?group={class}"),
    ),
}


@pytest.mark.parametrize("group", PAGES)
def test_pages_with_a_years_work_are_open_to_everybody(visit: Visit, busy: dict[str, int], group: str):
    role, *paths = PAGES[group]
    visitor = visit(role)

    found = {path: _trouble(visitor, path.format(**busy)) for path in paths}

    assert {path: trouble for path, trouble in found.items() if trouble} == {}


def _trouble(visitor: Visitor, path: str) -> dict[str, object]:
    """Look at a page in both languages, each in one colour scheme at the size where it is hardest."""
    page, found = visitor.page, {}
    for language, scheme, size in (("vi", "light", PHONE), ("en", "dark", DESK)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        visitor.resize(size)
        visitor.open(path + ("&" if "?" in path else "?") + f"lang={language}")
        if page.get_attribute("html", "lang") != language:
            found["language"] = page.url
        found[f"axe {language} {scheme}"] = eyes.violations(page)
        for width in (SMALLEST, PHONE, DESK):
            visitor.resize(width)
            found[f"sideways {language} {width[0]}"] = eyes.sideways(page)
    found["keyboard"] = eyes.keyboard(page)
    return {what: each for what, each in found.items() if each}
