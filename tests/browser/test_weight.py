"""How much a lesson weighs over the wire: the first one with nothing cached, and the next."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.site import Site
from tests.browser.visitor import PHONE

FIRST_BYTES, FIRST_REQUESTS = 100_000, 8
LATER_BYTES = 15_000


@dataclass
class Wire:
    """What came over the wire; bytes as the browser counts them, headers included."""

    bytes: int = 0
    requests: list[str] = field(default_factory=list)


@pytest.mark.parametrize(("role", "lessons"), [("teacher", ("cb1/l1-1", "cb1/l1-2", "cb1/l4-2")), ("pupil", ("hs3/l1", "hs3/l2"))])
def test_a_lesson_is_light(site: Site, browser: Browser, role: str, lessons: tuple[str, ...]):
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    _sign_in_without_a_page(context, site, role)

    first, *later = [_weigh(context, f"{site.url}/courses/{lesson}") for lesson in lessons]
    context.close()

    assert first.bytes <= FIRST_BYTES and len(first.requests) <= FIRST_REQUESTS, first
    assert [wire for wire in later if wire.bytes > LATER_BYTES] == []


def _sign_in_without_a_page(context: BrowserContext, site: Site, role: str) -> None:
    # A page would put the style sheet and the fonts into the cache.
    form = context.request.get(f"{site.url}/sign-in").text()
    token = form.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    player = site.players[role]
    context.request.post(
        f"{site.url}/sign-in",
        form={"csrf_token": token, "username": player.username, "password": player.password},
        headers={"Referer": f"{site.url}/sign-in"},
        max_redirects=0,
    )


def _weigh(context: BrowserContext, url: str) -> Wire:
    page = context.new_page()
    wire, asked = Wire(), {}
    listening = context.new_cdp_session(page)
    listening.send("Network.enable")

    def sent(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        # What comes from the cache has no bytes on the wire.
        if event["encodedDataLength"] > 0 and not asked.get(event["requestId"], "").startswith("data:"):
            wire.bytes += int(event["encodedDataLength"])
            wire.requests.append(asked.get(event["requestId"], "?"))

    listening.on("Network.requestWillBeSent", sent)
    listening.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="networkidle")
    assert page.locator(".written").count() == 1
    page.close()
    return wire
