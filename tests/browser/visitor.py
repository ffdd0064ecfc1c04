"""A visitor: one browser window of one person, which writes down whatever goes wrong in it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser import eyes
from tests.browser.site import Player, Site

PHONE, SMALLEST, DESK = (360, 800), (320, 640), (1280, 900)
# Chromium writes a line when a page itself answers 403, 404, 409 or 422; that is the page's business, not a broken one.
_ANSWERED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Visitor:
    """A page, and what went wrong in its context: script errors, refused content, requests to strangers, server errors."""

    site: Site
    context: BrowserContext
    page: Page = field(init=False)
    trouble: list[str] = field(default_factory=list)
    is_offline: bool = False

    def __post_init__(self) -> None:
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.trouble.append(f"script error: {error.error}"))
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.page = self.context.new_page()

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def look_at(self, path: str) -> Page:
        """Open a page at both ends of the sizes and in both languages, Vietnamese on the last; nothing may be wrong with it."""
        for size, language in ((SMALLEST, "en"), (DESK, "en"), (DESK, "vi"), (SMALLEST, "vi")):
            self.resize(size)
            page = self.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert (path, size, eyes.violations(page), eyes.sideways(page)) == (path, size, [], 0)
        return page

    def sign_in(self, player: Player) -> Page:
        """Sign in as people do."""
        self.open("/sign-in")
        self.page.fill("#username", player.username)
        self.page.fill("#password", player.password)
        self.page.click("main button.btn-main")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.page

    def resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def go_offline(self, offline: bool) -> None:
        """Take the network away, or give it back."""
        self.is_offline = offline
        self.context.set_offline(offline)

    def main(self) -> str:
        """Return what the page says, without its frame."""
        return self.page.inner_text("main")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or message.text.startswith(_ANSWERED):
            return
        if self.is_offline and "ERR_INTERNET_DISCONNECTED" in message.text:
            return
        self.trouble.append(f"console {message.type}: {message.text} ({self._where(message)})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site.url + "/", "data:")):
            self.trouble.append(f"request to another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type in ("stylesheet", "script", "font", "image")
        ):
            self.trouble.append(f"answered {response.status}: {response.request.method} {response.url}")

    @staticmethod
    def _where(message: ConsoleMessage) -> str:
        return urlsplit(str(message.location.get("url", ""))).path
