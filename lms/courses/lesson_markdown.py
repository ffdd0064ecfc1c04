"""The Markdown of lessons: references to the law, pictures of the course, and tables that fit a phone (pure)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from lms.core import i18n
from lms.courses import law
from lms.courses.law import Reference

REFERENCE = re.compile(r"\[\[([^\[\]\n]+)\]\]")
PICTURE = re.compile(r'!\[(?P<alternative>[^\[\]\n]*)\]\(\s*(?P<path>[^\s()]*)(?:\s+"(?P<caption>[^"\n]*)")?\s*\)')
PICTURE_PATH = re.compile(r"pictures/[a-z0-9]+(?:[-_][a-z0-9]+)*\.(?:svg|png|jpg|webp)")


@dataclass(frozen=True)
class Picture:
    """A picture of a course as a page shows it; width and height in dots of the page, 0 when nobody knows."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Around:
    """Where a lesson stands: its address, "" when it has none, and the pictures of its course by their path."""

    address: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)


@dataclass
class Page:
    """What the Markdown of one lesson is drawn for, and what was cited in it.

    ``sources`` is where references lead: "" is the page itself.
    """

    language: str
    around: Around
    sources: str = ""
    cited: list[Reference] = field(default_factory=list)


def is_fence(line: str) -> bool:
    """Say whether a line begins or ends what is shown as it is written."""
    return line.lstrip().startswith(("```", "~~~"))


def pictures(lines: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the number of the line and the parts of each picture in the lines of a text."""
    is_code = False
    for number, line in enumerate(lines, start=1):
        is_code ^= is_fence(line)
        if not is_code:
            for match in PICTURE.finditer(line):
                yield number, match


def parse(text: str, page: Page) -> list[Token]:
    """Return the pieces of a text; a picture that stands alone becomes a figure."""
    tokens = _markdown().parse(text, {"page": page})
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "paragraph_open" and [child.type for child in inline.children or ()] == ["picture"]:
            opening.tag = closing.tag = "figure"
            opening.attrSet("class", "picture")
            for child in inline.children or ():
                child.meta["alone"] = True
    return tokens


def draw(tokens: Sequence[Token], page: Page) -> str:
    """Return the HTML of pieces."""
    return str(_markdown().renderer.render(tokens, _markdown().options, {"page": page}))


def inline(text: str, page: Page) -> Markup:
    """Return the HTML of a text inside a line."""
    return Markup(_markdown().renderInline(text, {"page": page}))


@cache
def _markdown() -> MarkdownIt:
    # Raw HTML stays text, pictures come only from the course's own folder, links go to people's own hosts at most.
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
    markdown.validateLink = _is_safe_link  # type: ignore[method-assign]
    markdown.inline.ruler.before("link", "law_reference", _law_reference)
    markdown.inline.ruler.before("link", "picture", _picture)
    markdown.add_render_rule("law_reference", _draw_reference)
    markdown.add_render_rule("picture", _draw_picture)
    markdown.add_render_rule("table_open", _draw_table_open)
    markdown.add_render_rule("table_close", _draw_table_close)
    markdown.add_render_rule("th_open", _draw_cell_open)
    markdown.add_render_rule("td_open", _draw_cell_open)
    return markdown


def _is_safe_link(url: str) -> bool:
    return url.startswith(("https://", "http://", "mailto:", "tel:", "#")) or (url.startswith("/") and not re.match(r"/[/\\]", url))


def _law_reference(state: StateInline, silent: bool) -> bool:
    match = REFERENCE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("law_reference", "a", 0).content = match[1]
    state.pos = match.end()
    return True


def _picture(state: StateInline, silent: bool) -> bool:
    match = PICTURE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("picture", "img", 0)
        token.content = match["alternative"].strip()
        token.meta = {"path": match["path"], "caption": (match["caption"] or "").strip()}
    state.pos = match.end()
    return True


def _draw_reference(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType) -> str:
    page: Page = env["page"]
    reference = law.register().reference(tokens[index].content)
    page.cited.append(reference)
    title = reference.article_title(page.language)
    spoken = f' title="{escape(title)}"' if title else ""
    # The brackets keep it apart from the sentence: "45 articles [Luật 116/2025/QH15] and ..."
    return f'[<a class="law-ref" href="{escape(page.sources)}#{reference.anchor}"{spoken}>{escape(reference.written(page.language))}</a>]'


def _draw_picture(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType) -> str:
    page: Page = env["page"]
    token = tokens[index]
    picture = page.around.pictures.get(token.meta["path"])
    # What a picture says is there also where the picture is not.
    if picture is None:
        return f"<em>{escape(token.content)}</em>"
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width and picture.height else ""
    image = f'<img src="{escape(picture.address)}" alt="{escape(token.content)}"{size} loading="lazy" decoding="async">'
    caption = token.meta["caption"] if token.meta.get("alone") else ""
    return f"{image}<figcaption>{escape(caption)}</figcaption>" if caption else image


def _draw_table_open(_renderer: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
    # A wide table scrolls in its own room, also by keyboard, and the page stays as wide as the phone.
    name = escape(i18n.gettext("Table"))
    return f'<div class="table-room" tabindex="0" role="group" aria-label="{name}"><table>\n'


def _draw_table_close(_renderer: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
    return "</table></div>\n"


def _draw_cell_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    # Alignment comes as an inline style, which the page's policy refuses.
    token = tokens[index]
    is_right = token.attrGet("style") == "text-align:right"
    token.attrs = {"scope": "col"} if token.tag == "th" else {}
    if is_right:
        token.attrSet("class", "n")
    return renderer.renderToken(tokens, index, options, env)
