"""Drawing a paper as PDF: the sheets of a variant, and the key for whoever marks."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from lms.core import formats, i18n, pdf
from lms.quizzes import file_links, question_types
from lms.quizzes.content import Texts
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.paper import Paper
from lms.quizzes.paper import layout, queries
from lms.quizzes.paper.layout import Place, Variant
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.on_paper import LETTERS, OnPaper

_DESIGNS = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "designs"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Printed:
    """A question as it is printed; ``number`` is 0 for a text between questions."""

    number: int
    stem: Markup
    max_mark: float
    what: OnPaper
    many: bool
    right: str  # for the key: letters as printed, or the answer in words


def sheets(paper: Paper, code: str, *, title: str, unit: str) -> bytes:
    """Return the sheet of one variant as PDF.  Raises KeyError, and lms.core.pdf.NotDrawn."""
    try:
        return _draw("sheet.html", paper, {code: printed_variants(paper, rich=True)[code]}, title=title, unit=unit)
    except pdf.NotDrawn:
        # A text of a question may hold what the drawing library does not know; its words are never lost.
        return _draw("sheet.html", paper, {code: printed_variants(paper, rich=False)[code]}, title=title, unit=unit)


def key(paper: Paper, *, title: str, unit: str) -> bytes:
    """Return the right answers of all variants as PDF."""
    return _draw("key.html", paper, printed_variants(paper, rich=False), title=title, unit=unit)


def printed_variants(paper: Paper, *, rich: bool) -> dict[str, list[Printed]]:
    """Return each variant by its code as it is printed; with ``rich`` pictures and bold words, else words alone.  Two statements."""
    variants = layout.from_json(paper.variants)
    ids = {place.version_id for variant in variants.values() for place in variant.places}
    versions, pictures = queries.versions(ids), queries.pictures(ids) if rich else {}
    return {code: _printed(variant, versions, pictures, language=paper.language, rich=rich) for code, variant in variants.items()}


def _draw(design: str, paper: Paper, variants: Mapping[str, Sequence[Printed]], *, title: str, unit: str) -> bytes:
    with i18n.in_language(paper.language):
        html = _DESIGNS.get_template(design).render(
            paper=paper,
            title=title,
            unit=unit,
            language=paper.language,
            variants=variants,
            letters=LETTERS,
            points=_points,
            _=i18n.gettext,
        )
        said = i18n.gettext("{title}, on paper", title=title)
    return pdf.render(html, title=said)


def _printed(
    variant: Variant,
    versions: Mapping[int, QuestionVersion],
    pictures: Mapping[int, Mapping[str, tuple[str, bytes]]],
    *,
    language: str,
    rich: bool,
) -> list[Printed]:
    printed, number = [], 0
    for place in variant.places:
        version = versions[place.version_id]
        question_type = question_types.get(version.type)
        body = question_type.read_body(version.body)
        number += question_type.asks
        drawing = Drawing(_texts(version, pictures.get(version.id, {})), language, place.order)
        what = question_type.on_paper(body, drawing) or OnPaper()
        printed.append(
            Printed(
                number if question_type.asks else 0,
                drawing.html("stem") if rich else _plain(drawing.html("stem")),
                place.max_mark,
                what if rich else _in_words(what),
                question_type.ticks_many,
                " ".join(what.boxes) or _right(version, place, language),
            )
        )
    return printed


def _right(version: QuestionVersion, place: Place, language: str) -> str:
    question_type = question_types.get(version.type)
    body = question_type.read_body(version.body)
    right = question_type.right_answer(body)
    if question_type.votes(body):
        keys = {right.get("choice"), *right.get("choices", ())}
        return "".join(letter for letter, each in zip(LETTERS, place.order, strict=False) if each in keys)
    return question_type.describe(body, Texts.from_json(version.texts), right, language)


def _texts(version: QuestionVersion, pictures: Mapping[str, tuple[str, bytes]]) -> Texts:
    texts = version.texts
    if file_links.has_links(texts):
        addresses = {name: f"data:{kind};base64,{base64.b64encode(data).decode()}" for name, (kind, data) in pictures.items()}
        texts = file_links.shown(texts, addresses)
    return Texts.from_json(texts)


def _in_words(what: OnPaper) -> OnPaper:
    return OnPaper(tuple(map(_plain, what.choices)), tuple(map(_plain, what.rows)), tuple(map(_plain, what.answers)), what.lines, what.note)


def _points(mark: float) -> str:
    mark = round(mark, 2)
    return i18n.gettext("1 point") if mark == 1 else i18n.gettext("{points} points", points=formats.number(mark))


def _plain(text: Markup) -> Markup:
    return Markup(escape(wording.plain(text)))
