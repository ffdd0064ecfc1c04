"""What templates call to write days, shares, numbers and texts by language."""

import re
from html import unescape

from flask import Flask

from lms.core import formats
from lms.core.i18n import localised

_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")


def plain(html: str) -> str:
    """Return a text without its tags, in one line; paragraphs do not run into each other."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def install(app: Flask) -> None:
    """Let templates use these."""
    app.jinja_env.filters.update(
        day=formats.day,
        last_day=formats.last_day,
        long_day=formats.long_day,
        moment=formats.moment,
        clock_time=formats.clock_time,
        file_size=formats.file_size,
        share=formats.share,
        number=formats.number,
        localised=localised,
        plain=plain,
    )
