"""The text of a lesson: front matter, Markdown and a few blocks; read, checked, and drawn as HTML (pure)."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from lms.core import formats, i18n, names
from lms.core.i18n import gettext
from lms.courses import law
from lms.courses.drafts import DraftProblems, Problem
from lms.courses.law import Reference, UnknownReferenceError

# Where the help panel comes: the page puts it in, because administrators may change it.
HELP = "<!-- help -->"
BLOCKS = ("case", "law", "check", "today", "note", "warn", "help")

_PACKAGES = Path(__file__).parent.parent
_TEMPLATES = (_PACKAGES / "web" / "templates", _PACKAGES / "courses" / "templates")
_OPENING = re.compile(r":::\s*(?P<name>[a-z]+)\s*(?P<arguments>.*)")
_OPTION = re.compile(r"[-*]\s+\[(?P<mark>[ xX])\]\s+(?P<text>.*)")
_LAW = re.compile(r"(?P<reference>.+?)\s+as-of=(?P<day>\d{4}-\d\d-\d\d)")
_REFERENCE = re.compile(r"\[\[([^\[\]\n]+)\]\]")
_BOLD_LINE = re.compile(r"\*\*(?P<title>[^*]+)\*\*\s*")


@dataclass(frozen=True)
class Source:
    """What a lesson rests on: a place in an instrument, or words for anything else."""

    as_of: date
    reference: Reference | None = None
    text: str = ""


@dataclass(frozen=True)
class Option:
    """An answer of a check, and why it is right or not."""

    text: str
    why: str
    right: bool


@dataclass(frozen=True)
class Block:
    """A part of a lesson; name "" is plain Markdown.  ``line`` is where its text begins in the file."""

    name: str
    arguments: str
    text: str
    line: int


@dataclass(frozen=True)
class LessonText:
    """A lesson as written."""

    lead: str
    outcomes: tuple[str, ...]
    sources: tuple[Source, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Drawn:
    """A lesson as HTML; ``head`` is what the page shows around it, plain values for a JSON column."""

    html: str
    head: Mapping[str, Any]


@dataclass
class _Reading:
    """Problems found on the way through one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, what: str, cure: str) -> None:
        self.problems.append(Problem(self.file, line, what, cure))


def parse(source: str, file: str = "lesson") -> LessonText:
    """Read the text of a lesson; raises DraftProblems with everything that is wrong in it."""
    reading = _Reading(file)
    lines = source.removeprefix("\ufeff").splitlines()
    head, first = _front_matter(lines, reading)
    blocks = tuple(_blocks(lines, first, reading))
    for number, line in enumerate(lines, start=1):
        for match in _REFERENCE.finditer(line):
            _reference(match[1], number, reading)
    for block in blocks:
        _CHECKS.get(block.name, _check_nothing)(block, reading)
    lesson = LessonText(
        lead=_lead(head, reading),
        outcomes=tuple(str(each) for each in (head or {}).get("outcomes") or ()),
        sources=tuple(_sources(head or {}, reading)),
        blocks=blocks,
    )
    if reading.problems:
        raise DraftProblems(reading.problems)
    return lesson


def render(text: LessonText, language: str, as_of: date) -> Drawn:
    """Draw a lesson in its language; ``as_of`` is the day for references that name none."""
    with i18n.in_language(language):
        drawing = _Drawing(language, as_of)
        html = "\n".join(drawing.block(block) for block in text.blocks)
        return Drawn(
            html=html,
            head={
                "renderer": RENDERER,
                "lead": text.lead,
                "outcomes": list(text.outcomes),
                "sections": [[each.id, each.text] for each in drawing.headings],
                "sources": drawing.sources(text.sources),
            },
        )


# --- reading -------------------------------------------------------------------------------------------------------------------


def _front_matter(lines: Sequence[str], reading: _Reading) -> tuple[dict[str, Any] | None, int]:
    """Return the front matter, None when it cannot be read, and the index of the first line after it."""
    if not lines or lines[0].strip() != "---":
        reading.wrong(
            1,
            gettext("The front matter is missing."),
            gettext("Begin the file with a line ---, then lead:, outcomes: and sources:, then a line ---."),
        )
        return None, 0
    end = next((index for index, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        reading.wrong(1, gettext("The front matter does not end."), gettext("Close it with a line of three hyphens."))
        return None, len(lines)
    try:
        head = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        reading.wrong(
            line,
            gettext("The front matter is not YAML: {reason}.", reason=error.problem),
            gettext("Put texts with a colon in quotation marks."),
        )
        return None, end + 1
    if not isinstance(head, dict):
        reading.wrong(
            2, gettext("The front matter is not a list of names and values."), gettext("Write lead: ..., outcomes: ... and sources: ...")
        )
        return None, end + 1
    return head, end + 1


def _lead(head: Mapping[str, Any] | None, reading: _Reading) -> str:
    if head is None:
        return ""
    lead = str(head.get("lead") or "").strip()
    if not lead:
        reading.wrong(2, gettext("The lesson has no lead."), gettext("Add lead: with one or two sentences that open it."))
    return lead


def _sources(head: Mapping[str, Any], reading: _Reading) -> Iterator[Source]:
    for each in head.get("sources") or ():
        if not isinstance(each, dict) or not isinstance(each.get("as_of"), date):
            reading.wrong(2, gettext('The source "{value}" has no day.', value=each), gettext("Write - {ref: ..., as_of: 2026-11-23}."))
        elif "text" in each:
            yield Source(each["as_of"], text=str(each["text"]))
        else:
            reference = _reference(str(each.get("ref", "")), 2, reading)
            if reference:
                yield Source(each["as_of"], reference)


def _blocks(lines: Sequence[str], first: int, reading: _Reading) -> Iterator[Block]:
    opened: tuple[str, str, int] | None = None
    gathered: list[str] = []
    start = first + 1
    is_code = False

    for number, line in enumerate(lines[first:], start=first + 1):
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        if is_code or not line.startswith(":::"):
            gathered.append(line)
            continue
        if line.strip() == ":::":
            if opened is None:
                reading.wrong(
                    number, gettext("This line closes a block that was not opened."), gettext("Remove it, or open the block with :::name.")
                )
                continue
            yield Block(opened[0], opened[1], "\n".join(gathered).strip("\n"), _first_line(gathered, opened[2] + 1))
            opened = None
        else:
            if opened is not None:
                reading.wrong(
                    opened[2], gettext("The block :::{name} is not closed.", name=opened[0]), gettext("Put a line ::: after its text.")
                )
            elif any(each.strip() for each in gathered):
                yield Block("", "", "\n".join(gathered), start)
            opened = _opening(line, number, reading)
        gathered, start = [], number + 1
    if opened is not None:
        reading.wrong(opened[2], gettext("The block :::{name} is not closed.", name=opened[0]), gettext("Put a line ::: after its text."))
    elif any(each.strip() for each in gathered):
        yield Block("", "", "\n".join(gathered), start)


def _opening(line: str, number: int, reading: _Reading) -> tuple[str, str, int]:
    match = _OPENING.fullmatch(line.strip())
    name = match["name"] if match else line.strip(": ")
    if name not in BLOCKS:
        reading.wrong(number, gettext('There is no block "{name}".', name=name), gettext("Blocks are {names}.", names=", ".join(BLOCKS)))
    return name, match["arguments"].strip() if match else "", number


def _first_line(gathered: Sequence[str], number: int) -> int:
    empty = next((index for index, line in enumerate(gathered) if line.strip()), 0)
    return number + empty


def _reference(text: str, line: int, reading: _Reading) -> Reference | None:
    try:
        return law.register().reference(text)
    except UnknownReferenceError:
        reading.wrong(
            line,
            gettext('The reference "{reference}" is not in the law register, or is not written as one.', reference=text),
            gettext("Use a key of lms/catalogue/law_register.yaml, such as 116/2025/QH15 Đ7.2.g."),
        )
        return None


def _check_nothing(block: Block, reading: _Reading) -> None:
    if block.name and not block.text.strip():
        reading.wrong(block.line, gettext("The block :::{name} is empty.", name=block.name), gettext("Write its text, or remove it."))


def _check_plain(block: Block, reading: _Reading) -> None:
    is_code = False
    for number, line in enumerate(block.text.split("\n"), start=block.line):
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        if not is_code and re.match(r"#\s", line):
            reading.wrong(number, gettext("A heading of the first level is the lesson's title."), gettext("Begin headings with ##."))


def _check_law(block: Block, reading: _Reading) -> None:
    _check_nothing(block, reading)
    match = _LAW.fullmatch(block.arguments)
    if match is None:
        reading.wrong(
            block.line - 1,
            gettext("The block :::law does not say which article and as of when."),
            gettext("Write :::law 116/2025/QH15 Đ7.2.g as-of=2026-11-23."),
        )
    else:
        _reference(match["reference"], block.line - 1, reading)


def _check_help(block: Block, reading: _Reading) -> None:
    if block.text.strip():
        reading.wrong(block.line, gettext("The block :::help has a text."), gettext("Leave it empty: the page puts the help panel there."))


def _check_check(block: Block, reading: _Reading) -> None:
    question, options = _question(block)
    if not question:
        reading.wrong(block.line, gettext("The check has no question."), gettext("Write the question above the options."))
    if not 2 <= len(options) <= 4:
        reading.wrong(
            block.line,
            gettext("The check has {number} options.", number=len(options)),
            gettext("Give 2 to 4, each on a line such as - [ ] text :: feedback."),
        )
    right = sum(option.right for option in options)
    if options and right != 1:
        reading.wrong(block.line, gettext("The check has {number} right options.", number=right), gettext("Mark exactly one with - [x]."))
    for option in options:
        if not option.why:
            reading.wrong(
                block.line,
                gettext('The option "{option}" has no feedback.', option=option.text),
                gettext("Add :: and a sentence that teaches."),
            )


def _question(block: Block) -> tuple[str, list[Option]]:
    """Return the question and the options of a check; an indented line goes on with the option above it."""
    question: list[str] = []
    items: list[tuple[bool, str]] = []
    for line in block.text.split("\n"):
        match = _OPTION.match(line.strip())
        if match:
            items.append((match["mark"] in "xX", match["text"]))
        elif items and line.strip():
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        elif line.strip():
            question.append(line.strip())
    options = []
    for right, text in items:
        label, _, why = text.partition("::")
        options.append(Option(label.strip(), why.strip(), right))
    return " ".join(question), options


_CHECKS: Mapping[str, Callable[[Block, _Reading], None]] = {"": _check_plain, "law": _check_law, "help": _check_help, "check": _check_check}


# --- drawing -------------------------------------------------------------------------------------------------------------------


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
class ShownOption:
    """An option of a check as HTML."""

    text: Markup
    why: Markup
    right: bool


class _Drawing:
    """One lesson on its way to HTML."""

    def __init__(self, language: str, as_of: date) -> None:
        self.language = language
        self.as_of = as_of
        self.headings: list[Heading] = []
        self.cited: list[Reference] = []
        self._ids: set[str] = set()
        self._checks = 0

    def block(self, block: Block) -> str:
        draw: Callable[[Block], str] = getattr(self, f"_draw_{block.name or 'plain'}")
        return draw(block)

    def sources(self, listed: Sequence[Source]) -> str:
        """Return the list of sources: what the author named, and what the text cites besides."""
        by_instrument: dict[str, list[Source]] = {}
        for source in (*listed, *(Source(self.as_of, reference) for reference in self.cited)):
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
        title, body = _titled(block.text)
        return str(_macro("remember")(title, Markup(self._markdown(body))))

    def _draw_warn(self, block: Block) -> str:
        title, body = _titled(block.text)
        return str(_macro("warning")(title, Markup(self._markdown(body))))

    def _draw_help(self, _block: Block) -> str:
        return HELP

    def _draw_law(self, block: Block) -> str:
        match = _LAW.fullmatch(block.arguments)
        if match is None:
            raise ValueError(f"unchecked law block {block.arguments!r}")
        reference = law.register().reference(match["reference"])
        self.cited.append(reference)
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
        question, options = _question(block)
        shown = [ShownOption(self._inline(each.text), self._inline(each.why), each.right) for each in options]
        return str(_macro("check")(f"check-{self._checks}", self._inline(question), shown))

    def _markdown(self, text: str) -> str:
        tokens = _markdown().parse(text, self._environment_of_text())
        for index, token in enumerate(tokens):
            if token.type == "heading_open":
                heading = self._heading(tokens[index + 1])
                token.attrSet("id", heading.id)
                if token.tag == "h2":
                    self.headings.append(heading)
        return str(_markdown().renderer.render(tokens, _markdown().options, self._environment_of_text()))

    def _inline(self, text: str) -> Markup:
        return Markup(_markdown().renderInline(text, self._environment_of_text()))

    def _environment_of_text(self) -> dict[str, Any]:
        return {"drawing": self}

    def _heading(self, inline: Token) -> Heading:
        text = "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))
        plain = re.sub(r"[^a-z0-9]+", "-", names.fold(text)).strip("-") or "phan"
        made, number = plain, 2
        while made in self._ids:
            made, number = f"{plain}-{number}", number + 1
        self._ids.add(made)
        return Heading(made, text)


def _titled(text: str) -> tuple[str, str]:
    """Return the title of a note, when its first line is all bold, and the rest."""
    first, _, rest = text.lstrip("\n").partition("\n")
    match = _BOLD_LINE.fullmatch(first)
    return (match["title"], rest) if match and rest.strip() else ("", text)


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


@cache
def _markdown() -> MarkdownIt:
    # Raw HTML stays text, pictures come only through the product's own files, links go to people's own hosts at most.
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
    markdown.validateLink = _is_safe_link  # type: ignore[method-assign]
    markdown.inline.ruler.before("link", "law_reference", _law_reference)
    markdown.add_render_rule("law_reference", _draw_reference)
    markdown.add_render_rule("table_open", _draw_table_open)
    markdown.add_render_rule("table_close", _draw_table_close)
    markdown.add_render_rule("th_open", _draw_cell_open)
    markdown.add_render_rule("td_open", _draw_cell_open)
    return markdown


def _is_safe_link(url: str) -> bool:
    return url.startswith(("https://", "http://", "mailto:", "tel:", "#")) or (url.startswith("/") and not re.match(r"/[/\\]", url))


def _law_reference(state: StateInline, silent: bool) -> bool:
    match = _REFERENCE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("law_reference", "a", 0).content = match[1]
    state.pos = match.end()
    return True


def _draw_reference(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType) -> str:
    drawing: _Drawing = env["drawing"]
    reference = law.register().reference(tokens[index].content)
    drawing.cited.append(reference)
    title = reference.article_title(drawing.language)
    spoken = f' title="{escape(title)}"' if title else ""
    # The brackets keep it apart from the sentence: "45 articles [Luật 116/2025/QH15] and ..."
    return f'[<a class="law-ref" href="#{reference.anchor}"{spoken}>{escape(reference.written(drawing.language))}</a>]'


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


def _renderer() -> str:
    """Return the same for programs that draw lessons the same way."""
    parts = [Path(__file__), Path(law.__file__), law.REGISTER]
    parts += [_PACKAGES / "web" / "templates" / "web" / name for name in ("learning.html", "signals.html", "icons.html")]
    parts += [_PACKAGES / "courses" / "templates" / "courses" / "lesson_blocks.html"]
    parts += [_PACKAGES / package / "texts.vi.po" for package in ("web", "courses")]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if part.exists() else b"")
    return digest.hexdigest()[:16]


RENDERER = _renderer()
