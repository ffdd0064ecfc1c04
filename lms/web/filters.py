"""What templates call to write days, shares, numbers and texts by language."""

from flask import Flask

from lms.core import formats
from lms.core.i18n import localised


def install(app: Flask) -> None:
    """Let templates use these."""
    app.jinja_env.filters.update(
        day=formats.day,
        long_day=formats.long_day,
        moment=formats.moment,
        clock_time=formats.clock_time,
        share=formats.share,
        number=formats.number,
        localised=localised,
    )
