"""Where a page sends people who asked for another one before: only ever to a page of ours."""

import re
from urllib.parse import urlsplit

# Browsers read a backslash as a slash and drop control characters: //evil, /\evil and /<tab>/evil all leave the site.
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def way_back(target: str | None, otherwise: str = "/") -> str:
    """Return the target when it is a path of this site, else the other one."""
    if not target or not _OWN_PATH.fullmatch(target):
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else target
