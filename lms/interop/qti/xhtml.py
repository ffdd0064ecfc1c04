"""Writing our HTML as the XHTML that items of QTI may hold."""

from urllib.parse import quote, unquote

from lxml import etree
from lxml import html as html_parser

from lms.interop.question_files import PLUGINFILE
from lms.interop.xml_files import Element

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
    first = fragment.text or ""
    holder = parent
    if as_blocks and (first.strip() or not all(_is_block(each) for each in fragment)):
        holder = etree.SubElement(parent, "div")
    if first:
        holder.text = (holder.text or "") + first
    for each in fragment:
        if isinstance(each.tag, str):
            holder.append(_converted(each))


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


def href_of(name: str) -> str:
    return quote(name)


def _is_block(element: Element) -> bool:
    return element.tag in _BLOCKS and not (element.tail or "").strip()


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
    return made
