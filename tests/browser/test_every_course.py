"""Every page, link, picture and quiz of every course that comes with the program, in both languages, by teachers, to the certificate."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from lms.courses import catalogue
from tests.browser import quiz
from tests.browser.conftest import Visit
from tests.browser.site import ROOT, Player, Site, environment
from tests.browser.visitor import DESK, PHONE, Visitor

COURSES = [folder.name for folder in catalogue.built_in()]
SIZES = {"vi": PHONE, "en": DESK}
# What stands in a text only when something was not finished or not drawn.
UNFINISHED = re.compile(r"\[\[|\]\]|:::|\{\{|\}\}|\bTODO\b|\?\?\?")
# What a page links to, and pictures that did not come.
LINKS = "links => links.map(link => link.getAttribute('href')).filter(href => /^[/#]/.test(href))"
MISSING = "pictures => pictures.filter(one => !one.complete || !one.naturalWidth).map(one => one.src)"


@pytest.fixture(scope="module")
def learners(site: Site, visit_long: Visit) -> Iterator[dict[str, Visitor]]:
    """A teacher who learns in Vietnamese on a phone, and one who learns in English at a desk."""
    command = [sys.executable, "-m", "tests.browser.learners", str(len(SIZES))]
    done = subprocess.run(command, cwd=ROOT, env=environment(site.instance, site.url), capture_output=True, text=True, check=True)
    password = site.players["teacher"].password
    visitors = {}
    for (language, size), username in zip(SIZES.items(), json.loads(done.stdout), strict=True):
        visitors[language] = visitor = visit_long(None, size)
        page = visitor.sign_in(Player(username, password, "", "", ""))
        if language != page.get_attribute("html", "lang"):
            page.click(f"footer a[hreflang={language}]")
        assert page.get_attribute("html", "lang") == language
    yield visitors


@pytest.mark.parametrize("slug", COURSES)
@pytest.mark.parametrize("language", SIZES)
def test_a_teacher_takes_a_course_from_its_first_page_to_the_certificate(
    learners: dict[str, Visitor], site: Site, language: str, slug: str
):
    visitor = learners[language]
    page = visitor.open(f"/courses/{slug}")
    links = _looked_at(page)
    steps = page.eval_on_selector_all("main .rows a", LINKS)
    read = tried = 0

    for step in steps:
        visitor.open(step)
        links |= _looked_at(page)
        if page.locator(".pager button.btn-main").count():
            page.click(".pager button.btn-main")
            page.wait_for_url(lambda url, step=step: not url.endswith(step))
            read += 1
        else:
            links |= _take(site, page)
            tried += 1

    assert read >= 6
    assert tried >= 1
    dead = {link: answer.status for link in sorted(links) for answer in [page.context.request.get(site.url + link)] if not answer.ok}
    assert dead == {}
    visitor.open("/certificates")
    row = page.locator("main .rows li").filter(has_text=slug.upper())
    assert row.count() == 1
    certificate = page.context.request.get(site.url + str(row.locator("a.btn-line").get_attribute("href")))
    assert certificate.headers["content-type"] == "application/pdf"


def _take(site: Site, page: Page) -> set[str]:
    """Answer everything rightly, hand in, and look at each page on the way; return their links."""
    page.click("main button.btn-main")
    page.wait_for_url("**/attempts/**")
    links = _looked_at(page)
    quiz.take(site, page)
    links |= _looked_at(page)
    page.click("#hand-in button.btn-main")
    page.wait_for_url("**/result")
    links |= _looked_at(page)
    attempt = page.url.split("/attempts/")[1].partition("/")[0]
    assert quiz.rows(site, "SELECT passed FROM quizzes_attempt WHERE id = ?", attempt) == [(1,)]
    return links


def _looked_at(page: Page) -> set[str]:
    """Look for what is unfinished or missing on a page; return the addresses it leads to."""
    where = page.url
    assert page.locator("main h1").count() == 1, where
    unfinished = UNFINISHED.findall(page.inner_text("main"))
    assert unfinished == [], where
    page.eval_on_selector_all("main img[loading=lazy]", "all => all.forEach(one => one.loading = 'eager')")
    page.wait_for_load_state("load")
    # One that was to be loaded later comes after the page.
    page.wait_for_function("() => [...document.querySelectorAll('main img')].every(one => one.complete)")
    assert page.eval_on_selector_all("main img", MISSING) == [], where
    links = set(page.eval_on_selector_all("main a[href]", LINKS))
    for anchor in [link for link in links if link.startswith("#")]:
        assert page.locator(f"[id='{anchor[1:]}']").count() == 1, (where, anchor)
    return {link for link in links if link.startswith("/")}
