"""PDF from HTML, with our own fonts embedded and nothing read from elsewhere."""

import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from reportlab import rl_config
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.default import DEFAULT_CSS

FONTS = Path(__file__).parent.parent / "web" / "fonts"
# The same facts give the same bytes: no dates of drawing, no random ids.
rl_config.invariant = 1

_FACES = (
    ("Tinos", "Tinos-Regular.ttf", "normal", "normal"),
    ("Tinos", "Tinos-Bold.ttf", "bold", "normal"),
    ("Tinos", "Tinos-Italic.ttf", "normal", "italic"),
    ("Tinos", "Tinos-BoldItalic.ttf", "bold", "italic"),
    ("Be Vietnam Pro", "BeVietnamPro-Regular.ttf", "normal", "normal"),
    ("Be Vietnam Pro", "BeVietnamPro-SemiBold.ttf", "bold", "normal"),
)


class NotDrawn(RuntimeError):
    """The HTML could not be drawn whole: a fault in a template or a missing font."""


def render(html: str, *, title: str, author: str = "An toàn số") -> bytes:
    """Return the PDF of a page of HTML.

    The page may use the families "Tinos" and "Be Vietnam Pro", tables, points
    and data: images; its <html lang> becomes the document's language, and it
    has no <title> of its own.

    Raises NotDrawn when anything in it was refused or not understood.
    """
    # Letters in decomposed form would be drawn with the tone marks beside them.
    source = unicodedata.normalize("NFC", html)
    out = BytesIO()
    result = pisa.CreatePDF(
        source,
        dest=out,
        encoding="utf-8",
        default_css=DEFAULT_CSS + _faces(),
        context_meta={"title": unicodedata.normalize("NFC", title), "author": author},
        resource_policy=ResourceAccessPolicy.server(FONTS),
    )
    if result.err or result.warn:
        raise NotDrawn(f"{title}: {result.err} errors, {result.warn} warnings: {[entry for entry in result.log][:3]}")
    return out.getvalue()


@cache
def _faces() -> str:
    return "".join(
        f"@font-face {{ font-family: '{family}'; src: url('{FONTS / file}'); font-weight: {weight}; font-style: {style}; }}\n"
        for family, file, weight, style in _FACES
    )
