"""Fixtures of the browser tests: one site and one Chromium for all that a worker runs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import site as sites
from tests.browser.site import ROOT, Site
from tests.browser.visitor import PHONE, Visitor

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo with two wards, served by the real command with its jobs."""
    with sites.run(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def busy(site: Site) -> dict[str, int]:
    """A year of quizzes in the demo, beside its courses and players, and the ids of its pages."""
    command, environment = [sys.executable, "-m", "tests.busy_site"], sites.environment(site.instance, site.url)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert program, "no Chromium here; on Debian and Ubuntu: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """Make visitors for one test: visit("teacher") is signed in, visit() is a stranger."""
    with _visitors(site, browser) as come:
        yield come


@pytest.fixture(scope="module")
def visit_long(site: Site, browser: Browser) -> Iterator[Visit]:
    """Make visitors who stay for all tests of a story."""
    with _visitors(site, browser) as come:
        yield come


# Players come often; who signed in once comes back with the same cookie, as people do.
_signed_in: dict[str, Any] = {}


@contextmanager
def _visitors(site: Site, browser: Browser) -> Iterator[Visit]:
    visitors: list[Visitor] = []

    def come(role: str | None = None, size: tuple[int, int] = PHONE, **more: Any) -> Visitor:
        if role in _signed_in:
            more |= {"storage_state": _signed_in[role]}
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN", **more)
        context.set_default_timeout(10_000)
        visitor = Visitor(site, context)
        visitors.append(visitor)
        if role and role not in _signed_in:
            visitor.sign_in(site.players[role])
            _signed_in[role] = context.storage_state()
        return visitor

    yield come
    trouble = [each for visitor in visitors for each in visitor.trouble]
    for visitor in visitors:
        visitor.context.close()
    assert trouble == [], "in the windows of visitors nothing may go wrong"
