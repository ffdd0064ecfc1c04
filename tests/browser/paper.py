"""Reading what was printed: the text of a PDF, and the squares on it, as a phone's camera would."""

import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image
from pypdf import PdfReader


def text(pdf: Path) -> str:
    """Return all text of a PDF, in one line."""
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(pdf).pages)


def squares(pdf: Path, page: int = 1) -> list[str]:
    """Return what the QR codes of a page say, from the top to the bottom; drawn at the resolution of a cheap camera."""
    picture = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-png", "-r", "150", "-f", str(page), "-l", str(page), "-singlefile", pdf, picture], check=True)
    with Image.open(picture.with_suffix(".png")) as image:
        found = zxingcpp.read_barcodes(image)
    return [each.text for each in sorted(found, key=lambda each: (each.position.top_left.y // 100, each.position.top_left.x))]
