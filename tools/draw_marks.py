"""Draw the mark of the product as icons for browsers: a notebook with a margin line and a tick."""

from pathlib import Path

from PIL import Image, ImageDraw

TEAL = "#0b5a5e"
PALE = "#7fa9ab"
WHITE = "#ffffff"
# Edges come out smooth when drawn several times larger and then shrunk.
OVERSIZE = 8

SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
<rect x="3" y="3" width="34" height="34" rx="5" fill="{TEAL}"/>
<path d="M12.5 3v34M17 11h15M17 30h15" stroke="{PALE}" stroke-width="1.5"/>
<path d="M18 20.5l4.5 4.5 9-10" fill="none" stroke="{WHITE}" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
"""


def make(folder: Path) -> list[Path]:
    """Write favicon.svg, favicon.png (48 px, for old browsers) and touch-icon.png (180 px) into folder."""
    folder.mkdir(parents=True, exist_ok=True)
    vector = folder / "favicon.svg"
    vector.write_text(SVG)
    small, large = folder / "favicon.png", folder / "touch-icon.png"
    _drawn(48, corner=5).save(small, optimize=True)
    # Phones cut the corners themselves, so this one fills its square.
    _drawn(180, corner=0).convert("RGB").save(large, optimize=True)
    return [vector, small, large]


def _drawn(size: int, *, corner: int) -> Image.Image:
    """Draw the mark on a grid of 34 units, ``size`` pixels wide."""
    unit = size * OVERSIZE / 34
    image = Image.new("RGBA", (size * OVERSIZE, size * OVERSIZE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    edge = size * OVERSIZE - 1
    pen.rounded_rectangle((0, 0, edge, edge), radius=corner * unit, fill=TEAL)
    for line in (((9.5, 0), (9.5, 34)), ((14, 8), (29, 8)), ((14, 27), (29, 27))):
        pen.line([(x * unit, y * unit) for x, y in line], fill=PALE, width=round(1.5 * unit))
    tick = [(15, 17.5), (19.5, 22), (28.5, 12)]
    pen.line([(x * unit, y * unit) for x, y in tick], fill=WHITE, width=round(3 * unit), joint="curve")
    for x, y in tick:
        pen.ellipse([(x - 1.5) * unit, (y - 1.5) * unit, (x + 1.5) * unit, (y + 1.5) * unit], fill=WHITE)
    return image.resize((size, size), Image.Resampling.LANCZOS)
