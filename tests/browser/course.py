"""Going through a course as people do."""

from playwright.sync_api import Page


def go_on(page: Page) -> bool:
    """Press what leads to the next step; return whether the one before was a lesson, and not something of free choice."""
    before = page.url
    is_lesson = page.locator(".pager button.btn-main").count() > 0
    page.click(".pager button.btn-main" if is_lesson else ".pager > a:last-child")
    page.wait_for_url(lambda url: url != before)
    return is_lesson
