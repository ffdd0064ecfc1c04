"""Writing our HTML as the XHTML that items of QTI may hold."""

from urllib.parse import quote, unquote

from lxml import etree
from lxml import html as html_parser

from lms.interop.question_files import PLUGINFILE
from lms.interop.xml_files import Element

MARK = "urn:gap:"  # where a link with this address stands, an interaction is put afterwards

# What QTI has no element for, and what comes nearest.
_OTHERWISE = {"u": "span", "s": "span", "del": "span", "ins": "span", "figure": "div", "figcaption": "div", "summary": "div"}
_BLOCKS = frozenset({"p", "div", "ul", "ol", "dl", "pre", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_KEPT = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
}


def put(parent: Element, html: str, *, as_blocks: bool = False) -> None:
    """Put HTML into an element; ``as_blocks`` where only blocks may stand."""
    fragment = html_parser.fragment_fromstring(html or "", create_parent="div")
    converted = _converted(fragment)
    if as_blocks and not any(each.tag in _BLOCKS for each in converted) and not _has_marks(converted):
        if (converted.text or "").strip() or len(converted):
            parent.append(converted)
    elif as_blocks:
        parent.extend(_blocks(converted))
    else:
        parent.text = (parent.text or "") + (converted.text or "")
        parent.extend(list(converted))


def _blocks(holder: Element) -> list[Element]:
    """Return what stands in an element as blocks: lines of text between them become paragraphs."""
    found: list[Element] = []
    line: Element | None = None

    def begun() -> Element:
        nonlocal line
        if line is None:
            line = etree.Element("p")
            found.append(line)
        return line

    def add_text(text: str | None) -> None:
        if not text or line is None and not text.strip():
            return
        paragraph = begun()
        if len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + text
        else:
            paragraph.text = (paragraph.text or "") + text

    add_text(holder.text)
    for each in list(holder):
        after, each.tail = each.tail, None
        if each.tag in _BLOCKS:
            line = None
            found.append(each)
        else:
            begun().append(each)
        add_text(after)
    return found


def _has_marks(element: Element) -> bool:
    return any(str(each.get("href") or "").startswith(MARK) for each in element.iter("a"))


def words_of(html: str) -> str:
    """Return HTML as plain text, for where QTI has no markup."""
    return " ".join(html_parser.fragment_fromstring(html or "", create_parent="div").text_content().split())


def file_names(html: str) -> list[str]:
    """Return the names of the files that a text links to."""
    found = []
    for part in html.split(PLUGINFILE)[1:]:
        name = unquote(part.split('"')[0].split("'")[0].split("<")[0].split("?")[0])
        found.append(name)
    return found


def alternative_of(html: str) -> str:
    """Return what a picture says to those who cannot see it."""
    fragment = html_parser.fragment_fromstring(html or "", create_parent="div")
    return next((str(each.get("alt") or "") for each in fragment.iter("img")), "")


def href_of(name: str) -> str:
    return quote(name)


def _converted(element: Element) -> Element:
    name = str(element.tag)
    made = etree.Element(_OTHERWISE.get(name, name))
    for attribute, value in element.attrib.items():
        if str(attribute) in _KEPT.get(name, ()):
            written = str(value)
            made.set(str(attribute), written.removeprefix(PLUGINFILE) if written.startswith(PLUGINFILE) else written)
    if name == "img" and made.get("alt") is None:
        made.set("alt", "")
    made.text, made.tail = element.text, element.tail
    for each in element:
        if isinstance(each.tag, str):
            made.append(_converted(each))
    if name == "blockquote":
        inside = _blocks(made)
        tail = made.tail
        made = etree.Element(name)
        made.extend(inside)
        made.tail = tail
    return made
