"""Drawing a lesson as HTML: its Markdown, its blocks, its list of sources (pure)."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it.token import Token
from markupsafe import Markup

from lms.core import formats, i18n, names
from lms.courses import law, lesson_blocks, lesson_markdown, lesson_text
from lms.courses.lesson_blocks import Block
from lms.courses.lesson_markdown import Around, Page
from lms.courses.lesson_text import LessonText, Source

# Where the help panel comes: the page puts it in, because administrators may change it.
HELP = "<!-- help -->"

_PACKAGES = Path(__file__).parent.parent
_TEMPLATES = (_PACKAGES / "web" / "templates", _PACKAGES / "courses" / "templates")


@dataclass(frozen=True)
class Drawn:
    """A lesson as HTML; ``head`` is what the page shows around it, plain values for a JSON column."""

    html: str
    head: Mapping[str, Any]


def render(text: LessonText, language: str, as_of: date, around: Around | None = None) -> Drawn:
    """Draw a lesson in its language; ``as_of`` is the day for references that name none."""
    with i18n.in_language(language):
        drawing = _Drawing(language, as_of, around or Around())
        html = "\n".join(drawing.block(block) for block in text.blocks)
        return Drawn(
            html=html,
            head={
                "renderer": RENDERER,
                "lead": text.lead,
                "outcomes": list(text.outcomes),
                "sections": [[each.id, each.text] for each in drawing.headings],
                "sources": drawing.sources(text.sources),
                "aids": [[each.title, str(each.body)] for each in drawing.aids],
            },
        )


@dataclass(frozen=True)
class Heading:
    """A heading of a lesson, with the id that links lead to."""

    id: str
    text: str


@dataclass(frozen=True)
class ShownSource:
    """An instrument among the sources of a page, with the places that are cited."""

    anchor: str
    name: str
    places: tuple[str, ...]
    ended: date | None
    as_of: date


@dataclass(frozen=True)
class Aid:
    """A page to print: title, and text whose references lead to the lesson."""

    title: str
    body: Markup


@dataclass(frozen=True)
class ShownOption:
    """An option of a check as HTML."""

    text: Markup
    why: Markup
    right: bool


class _Drawing:
    """One lesson on its way to HTML."""

    def __init__(self, language: str, as_of: date, around: Around) -> None:
        self.language = language
        self.as_of = as_of
        self.page = Page(language, around)
        # An aid has a page of its own, from where references lead back to the sources of the lesson.
        self.paper = Page(language, around, sources=around.address)
        self.headings: list[Heading] = []
        self.aids: list[Aid] = []
        self._ids: set[str] = set()
        self._checks = 0

    def block(self, block: Block) -> str:
        draw: Callable[[Block], str] = getattr(self, f"_draw_{block.name or 'plain'}")
        return draw(block)

    def sources(self, listed: Sequence[Source]) -> str:
        """Return the list of sources: what the author named, and what the text cites besides."""
        by_instrument: dict[str, list[Source]] = {}
        for source in (*listed, *(Source(self.as_of, reference) for reference in self.page.cited)):
            if source.reference:
                by_instrument.setdefault(source.reference.anchor, []).append(source)
        rows = [self._shown(sources) for sources in by_instrument.values()]
        rows += [ShownSource("", each.text, (), None, each.as_of) for each in listed if not each.reference]
        return str(_macro("sources")(rows)) if rows else ""

    def _shown(self, sources: Sequence[Source]) -> ShownSource:
        """Return an instrument with all places that are cited from it, in order."""
        references = sorted((each.reference for each in sources if each.reference), key=lambda each: each.order)
        instrument = references[0].instrument
        places = dict.fromkeys(each.place(self.language) for each in references if each.article)
        return ShownSource(
            anchor=references[0].anchor,
            name=instrument.long(self.language),
            places=tuple(places),
            ended=instrument.ended if instrument.status == "ended" else None,
            as_of=min(each.as_of for each in sources),
        )

    def _draw_plain(self, block: Block) -> str:
        return self._markdown(block.text)

    def _draw_case(self, block: Block) -> str:
        return str(_macro("case")(Markup(self._markdown(block.text))))

    def _draw_today(self, block: Block) -> str:
        return str(_macro("today")(Markup(self._markdown(block.text))))

    def _draw_note(self, block: Block) -> str:
        title, body = lesson_blocks.titled(block.text)
        return str(_macro("remember")(title, Markup(self._markdown(body))))

    def _draw_warn(self, block: Block) -> str:
        title, body = lesson_blocks.titled(block.text)
        return str(_macro("warning")(title, Markup(self._markdown(body))))

    def _draw_help(self, _block: Block) -> str:
        return HELP

    def _draw_law(self, block: Block) -> str:
        match = lesson_blocks.LAW.fullmatch(block.arguments)
        if match is None:
            raise ValueError(f"unchecked law block {block.arguments!r}")
        reference = law.register().reference(match["reference"])
        self.page.cited.append(reference)
        paragraphs = [self._inline(" ".join(each.split("\n"))) for each in re.split(r"\n\s*\n", block.text.strip())]
        return str(
            _macro("law")(
                reference.article_name(self.language) or reference.instrument.short(self.language),
                Markup("</p><p>").join(paragraphs),
                reference.instrument.long(self.language),
                date.fromisoformat(match["day"]),
                clause=reference.clause_name(self.language),
            )
        )

    def _draw_check(self, block: Block) -> str:
        self._checks += 1
        question, options = lesson_blocks.question(block)
        shown = [ShownOption(self._inline(each.text), self._inline(each.why), each.right) for each in options]
        return str(_macro("check")(f"check-{self._checks}", self._inline(question), shown))

    def _draw_tree(self, block: Block) -> str:
        heading = self._heading(block.arguments)
        return str(_macro("tree")(heading.id, block.arguments, Markup(self._markdown(block.text, is_listed=False))))

    def _draw_aid(self, block: Block) -> str:
        heading = self._heading(block.arguments)
        body = Markup(self._markdown(block.text, is_listed=False))
        self.aids.append(Aid(block.arguments, Markup(lesson_markdown.draw(lesson_markdown.parse(block.text, self.paper), self.paper))))
        address = f"{self.page.around.address}/aid/{len(self.aids)}" if self.page.around.address else ""
        return str(_macro("aid")(heading.id, block.arguments, body, address))

    def _draw_parent(self, block: Block) -> str:
        return str(_macro("parent")(Markup(self._markdown(block.text))))

    def _markdown(self, text: str, *, is_listed: bool = True) -> str:
        """Draw a text; its headings of the second level are those of the lesson, unless they stand inside something of its own."""
        tokens = lesson_markdown.parse(text, self.page)
        for index, token in enumerate(tokens):
            if token.type == "heading_open":
                heading = self._heading(_words(tokens[index + 1]))
                token.attrSet("id", heading.id)
                if token.tag == "h2" and is_listed:
                    self.headings.append(heading)
        return lesson_markdown.draw(tokens, self.page)

    def _inline(self, text: str) -> Markup:
        return lesson_markdown.inline(text, self.page)

    def _heading(self, text: str) -> Heading:
        plain = re.sub(r"[^a-z0-9]+", "-", names.fold(text)).strip("-") or "phan"
        made, number = plain, 2
        while made in self._ids:
            made, number = f"{plain}-{number}", number + 1
        self._ids.add(made)
        return Heading(made, text)


def _words(inline: Token) -> str:
    """Return the words of a heading, without what they look like."""
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=i18n.gettext, gettext=i18n.gettext, ngettext=i18n.ngettext)
    environment.filters["localised"] = i18n.localised
    for name in ("day", "long_day", "moment", "clock_time", "share", "number"):
        environment.filters[name] = getattr(formats, name)
    return environment


@cache
def _macro(name: str) -> Callable[..., Any]:
    template = "web/learning.html" if name in ("law", "check") else "courses/lesson_blocks.html"
    macro: Callable[..., Any] = getattr(_environment().get_template(template).module, name)
    return macro


def _renderer() -> str:
    """Return the same for programs that draw lessons the same way."""
    parts = [*(Path(str(module.__file__)) for module in (law, lesson_blocks, lesson_markdown, lesson_text)), Path(__file__), law.REGISTER]
    parts += [_PACKAGES / "web" / "templates" / "web" / name for name in ("learning.html", "signals.html", "icons.html")]
    parts += [_PACKAGES / "courses" / "templates" / "courses" / "lesson_blocks.html"]
    parts += [_PACKAGES / package / "texts.vi.po" for package in ("web", "courses")]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if part.exists() else b"")
    return digest.hexdigest()[:16]


RENDERER = _renderer()
