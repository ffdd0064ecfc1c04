"""Texts as authors write them - Markdown, or the simple HTML that we keep - and as the bank keeps them; pure."""

import re
from html import unescape

from lms.core import html
from lms.quizzes import drafting
from lms.quizzes.content import TextFormat

_TAG = re.compile(rf"</?({'|'.join(sorted(html.TAGS))})(\s[^<>]*)?/?>", re.IGNORECASE)
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_SIGN_AROUND_PLACES = re.compile(r"[!-/:-@\\^-`|~]")  # all but brackets and braces
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p\b).)*)</p>", re.S)
_PARTS = (
    (re.compile(r"</p>\s*<p>"), "\n\n"),
    (re.compile(r"<br ?/?>\n?"), "\\\n"),
    (re.compile(r"</?(strong|b)>"), "**"),
    (re.compile(r"</?(em|i)>"), "*"),
    (re.compile(r"</?code>"), "`"),
    (re.compile(r"</?(ul|p)>\n?"), ""),
    (re.compile(r"<li>(.*?)</li>\n?", re.S), r"- \1\n"),
    (re.compile(r'<a href="([^"<>]*)"[^<>]*>([^<>]*)</a>'), r"[\2](\1)"),
    (re.compile(r'<img src="([^"<>]*)" alt="([^"<>]*)">'), r"![\2](\1)"),
)


def is_html(source: str) -> bool:
    """Say whether a text was written as HTML: it has a tag that we know."""
    return bool(_TAG.search(source))


def to_html(source: str) -> str:
    """Return the clean HTML of what an author wrote; one paragraph alone goes without its tags, so that it can stand in a line."""
    source = source.replace("\r\n", "\n").strip()
    if not source:
        return ""
    if is_html(source):
        return drafting.as_html(source, TextFormat.HTML)
    made = drafting.as_html(source, TextFormat.MARKDOWN)
    alone = _ONE_PARAGRAPH.fullmatch(made)
    return alone[1] if alone else made


def to_source(text: str) -> str:
    """Return what an author would write to get this HTML: Markdown where that is exact, else the HTML itself."""
    plain = text
    for pattern, by in _PARTS:
        plain = pattern.sub(by, plain)
    plain = unescape(plain).strip()
    # Signs that Markdown would take for its own stand behind a stroke, when nothing nicer is exact.
    # Where places to answer stand in the text, their brackets are nothing to guard.
    has_places = "[[" in text or "{#" in text
    careful = text if has_places else _SIGN.sub(r"\\\g<0>", unescape(text))
    around = _SIGN_AROUND_PLACES.sub(r"\\\g<0>", unescape(text))
    return next((each for each in (plain, careful, around) if to_html(each) == text), text)
