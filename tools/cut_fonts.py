"""Cut the web fonts out of full font files: fewer letters, and digits of one width as a feature."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

# Latin with Vietnamese, the combining marks of text that was not normalised, and the signs that our pages use.
LETTERS = (
    "U+20-7E,U+A0-FF,U+102-103,U+110-111,U+128-129,U+168-169,U+1A0-1A1,U+1AF-1B0,"
    "U+300-301,U+303-304,U+306,U+309,U+31B,U+323,U+1EA0-1EF9,"
    "U+2010-2015,U+2018-201A,U+201C-201E,U+2020,U+2022,U+2026,U+2030,U+2032-2033,U+2039-203A,"
    "U+20AB,U+20AC,U+2122,U+2190-2193,U+2212,U+2248,U+2264-2265"
)
FEATURES_KEPT = ["kern", "mark", "mkmk", "tnum"]
NAMES_KEPT = [0, 1, 2, 3, 4, 5, 6, 13, 14]
DIGITS = "0123456789"


@dataclass(frozen=True)
class Cut:
    """One web font to make: the full font it comes from, and where it goes."""

    source: Path
    target: Path


def make(cuts: Iterable[Cut]) -> None:
    """Write each cut as WOFF2.  The hints stay: school PCs with small screens need them."""
    for cut in cuts:
        font = TTFont(cut.source, recalcTimestamp=False)
        _add_digits_of_one_width(font)
        _leave_out_other_letters(font)
        cut.target.parent.mkdir(parents=True, exist_ok=True)
        font.flavor = "woff2"
        font.save(cut.target)


def _add_digits_of_one_width(font: TTFont) -> None:
    """Give the font the feature "tnum", which it lacks: columns of figures would not line up.

    The new glyphs refer to the old ones with another advance, so they cost next to nothing.  The table of
    substitutions is written anew: what the font had in it (fractions, other shapes) no page of ours asks for.
    """
    characters = font.getBestCmap()
    metrics = font["hmtx"]
    usual = [characters[ord(digit)] for digit in DIGITS]
    width = round(sum(metrics[name][0] for name in usual if name != "one") / (len(usual) - 1))
    for name in usual:
        own_width, left = metrics[name]
        shift = round((width - own_width) / 2)
        pen = TTGlyphPen(font.getGlyphSet())
        pen.addComponent(name, (1, 0, 0, 1, shift, 0))
        font["glyf"][f"{name}.tnum"] = pen.glyph()
        metrics[f"{name}.tnum"] = (width, left + shift)
    pairs = " ".join(f"sub {name} by {name}.tnum;" for name in usual)
    addOpenTypeFeaturesFromString(font, f"feature tnum {{ {pairs} }} tnum;", tables=["GSUB"])


def _leave_out_other_letters(font: TTFont) -> None:
    options = subset.Options()
    options.layout_features = FEATURES_KEPT
    options.name_IDs = NAMES_KEPT
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(LETTERS))
    cutter.subset(font)
