"""QR codes as pictures for pages and PDFs."""

import segno


def png(text: str, *, scale: int = 6) -> str:
    """Return a QR code of the text as a data: address of a PNG; error correction M, for paper."""
    return str(segno.make(text, error="m", micro=False).png_data_uri(scale=scale, border=2))


def svg(text: str) -> str:
    """Return a QR code of the text as inline SVG without style, for pages."""
    return str(segno.make(text, error="m", micro=False).svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True))
