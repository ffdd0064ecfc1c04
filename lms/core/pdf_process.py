"""The process that draws PDFs: run as ``python -m lms.core.pdf_process``, it answers requests on its standard input.

It stands apart because the drawing library is large and slow to load, because
a file that somebody sends may hang or break a reader, and because what a broken
page takes in memory is given back when the process ends.  A request is a line
of JSON; so is the answer.
"""

import base64
import json
import logging
import sys
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from reportlab import rl_config
from reportlab.pdfbase.ttfonts import TTFontFile
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.default import DEFAULT_CSS

FONTS = Path(__file__).parent.parent / "web" / "fonts"
MOST_PAGES = 5
# Of one page as it is written inside the file; a certificate takes 10 KB, and what takes longer to read is none.
MOST_BYTES = 400_000
# The same facts give the same bytes: no dates of drawing, no random ids.
rl_config.invariant = 1  # type: ignore[attr-defined]

_FACES = (
    ("Tinos", "Tinos-Regular.ttf", "normal", "normal"),
    ("Tinos", "Tinos-Bold.ttf", "bold", "normal"),
    ("Tinos", "Tinos-Italic.ttf", "normal", "italic"),
    ("Tinos", "Tinos-BoldItalic.ttf", "bold", "italic"),
    ("Be Vietnam Pro", "BeVietnamPro-Regular.ttf", "normal", "normal"),
    ("Be Vietnam Pro", "BeVietnamPro-SemiBold.ttf", "bold", "normal"),
)
_FACE_RULES = "".join(
    f"@font-face {{ font-family: '{family}'; src: url('{FONTS / file}'); font-weight: {weight}; font-style: {style}; }}\n"
    for family, file, weight, style in _FACES
)


def draw(html: str, title: str, author: str) -> dict[str, Any]:
    """Return {"pdf": base64} or {"error": what was refused or not understood}."""
    out = BytesIO()
    # Letters in decomposed form would be drawn with the tone marks beside them.
    result = pisa.CreatePDF(
        _drawable(unicodedata.normalize("NFC", html)),
        dest=out,
        encoding="utf-8",
        default_css=DEFAULT_CSS + _FACE_RULES,
        context_meta={"title": unicodedata.normalize("NFC", title), "author": unicodedata.normalize("NFC", author)},
        resource_policy=ResourceAccessPolicy.server(FONTS),
    )
    if result.err or result.warn:
        return {"error": f"{title}: {list(result.log)[:3]}"}
    return {"pdf": base64.b64encode(out.getvalue()).decode()}


def _drawable(html: str) -> str:
    """Put a question mark for every letter that the fonts of the page do not have.

    One strange letter in one name must not keep a whole school from its slips.
    """
    used = [_letters_of(file) for family, file, _weight, _style in _FACES if family in html]
    if not used:
        return html
    strange = set(html) - frozenset.intersection(*used) - set("\n\r\t")
    return html.translate({ord(letter): "?" for letter in strange}) if strange else html


@cache
def _letters_of(file: str) -> frozenset[str]:
    return frozenset(map(chr, TTFontFile(str(FONTS / file)).charToGlyph))


def read(content: bytes) -> dict[str, Any]:
    """Return {"lines": the text line by line} or {"error": why it cannot be read}."""
    try:
        pages = PdfReader(BytesIO(content)).pages
        if len(pages) > MOST_PAGES:
            return {"error": f"{len(pages)} pages"}
        for page in pages:
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > MOST_BYTES:
                return {"error": "a page of more than a certificate"}
        text = "\n".join(page.extract_text() for page in pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        return {"error": repr(error)}
    return {"lines": [" ".join(line.split()) for line in text.splitlines() if line.strip()]}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked."""
    if "html" in request:
        return draw(request["html"], request["title"], request["author"])
    return read(base64.b64decode(request["pdf"]))


def main() -> None:
    """Answer until nobody asks any more."""
    logging.disable(logging.WARNING)
    # Whatever a library prints must not get between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # the asker gets to know, the process goes on
            reply = {"error": repr(error)}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
