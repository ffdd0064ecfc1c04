"""Texts of QTI 1.2: material as HTML, with the pictures that it links to."""

import re
from dataclasses import dataclass, field
from html import escape, unescape

from lxml import etree

from lms.core.i18n import lazy_
from lms.interop import mathml, xml_files
from lms.interop.content_packages import Attachments
from lms.interop.question_files import Unreadable
from lms.interop.xml_files import Element, child, children, tag_of
from lms.quizzes.content import LazyText

_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"(<a\b[^<>]*?\bhref\s*=\s*)(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_MATH = re.compile(r"<math\b.*?</math>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ELSEWHERE = re.compile(r"(?:https?:)?//|data:", re.IGNORECASE)
_OF_NAMESPACE = re.compile(r"\sxmlns(?::\w+)?=\"[^\"]*\"")
_CONTAINERS = (
    "flow",
    "flow_mat",
    "flow_label",
    "material",
    "material_ref",
    "altmaterial",
    "itemfeedback",
    "solution",
    "solutionmaterial",
    "mat_extension",
)


@dataclass
class Material:
    """Makes HTML of material; notes what cannot be kept."""

    attachments: Attachments
    warnings: list[LazyText] = field(default_factory=list)

    def of(self, element: Element | None) -> str:
        """Return everything that an element shows, also what stands in flows inside of it."""
        if element is None:
            return ""
        parts = [self._one(each) for each in children(element)]
        return join([part for part in parts if part])

    def _one(self, element: Element) -> str:
        name = tag_of(element)
        if name in ("mattext", "matemtext", "mat_formattedtext"):
            return self._text(element)
        if name == "matbreak":
            return "<br>"
        if name in ("matimage", "mataudio", "matvideo", "matapplication"):
            return self._file(element, name)
        if name in _CONTAINERS:
            return self.of(element)
        return ""

    def _text(self, element: Element) -> str:
        kind = str(element.get("texttype") or element.get("type") or "text/plain").lower()
        inside = children(element)
        if inside:
            whole = escape(element.text or "", quote=False) + "".join(etree.tostring(each, encoding="unicode") for each in inside)
            return self.html(_OF_NAMESPACE.sub("", whole))
        text = (element.text or "").replace("\r\n", "\n").strip()
        if (
            kind in ("text/html", "text/xhtml", "html", "smart_text")
            or kind == "text/plain"
            and re.search(r"</(p|div|b|i|em|strong|span|sub|sup)>|<br ?/?>", text)
        ):
            return self.html(text)
        return escape(text, quote=False).replace("\n", "<br>")

    def html(self, text: str) -> str:
        """Return HTML whose pictures and links lead to files that are kept."""
        text = _MATH.sub(self._formula, text)
        text = _IMAGE.sub(self._image, text)
        return _LINK.sub(self._href, text).strip()

    def _formula(self, found: re.Match[str]) -> str:
        try:
            return mathml.readable(xml_files.parse(found[0]))
        except Unreadable:
            return ""

    def _image(self, found: re.Match[str]) -> str:
        attributes = {name.lower(): unescape(double or single) for name, double, single in _ATTRIBUTE.findall(found[0])}
        source, alt = attributes.get("src", ""), attributes.get("alt", "")
        formula = attributes.get("data-equation-content", "")
        if source.startswith("data:"):
            return found[0]
        if formula and (source.startswith("/") or _ELSEWHERE.match(source) or not source):
            return f"\\({escape(formula, quote=False)}\\)"
        if _ELSEWHERE.match(source):
            self.warnings.append(lazy_("What lies on another site is not kept, only a link to it: {name}", name=source[:200]))
            return f'<a href="{escape(source)}">{escape(alt or source, quote=False)}</a>'
        link = self.attachments.link(source) if source else None
        if link is None:
            shown = alt or source.rpartition("/")[2]
            return f"[{escape(shown, quote=False)}]" if shown else ""
        size = "".join(f' {name}="{escape(attributes[name])}"' for name in ("width", "height") if attributes.get(name))
        return f'<img src="{escape(link)}" alt="{escape(alt)}"{size}>'

    def _href(self, found: re.Match[str]) -> str:
        href = unescape(found[2][1:-1])
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#", href):
            return found[0]
        link = self.attachments.link(href)
        return f'{found[1]}"{escape(link)}"' if link else f'{found[1]}""'

    def _file(self, element: Element, name: str) -> str:
        source = str(element.get("uri") or element.get("entityref") or "").strip()
        label = str(element.get("label") or "").strip()
        if not source or _ELSEWHERE.match(source):
            return f'<a href="{escape(source)}">{escape(label or source, quote=False)}</a>' if source else ""
        link = self.attachments.link(source)
        if link is None:
            return f"[{escape(label or source.rpartition('/')[2], quote=False)}]"
        if name == "matimage":
            return f'<img src="{escape(link)}" alt="{escape(label)}">'
        return f'<a href="{escape(link)}">{escape(label or source, quote=False)}</a>'


def join(parts: list[str]) -> str:
    """Return texts one after the other; between two that are not blocks a space is enough."""
    return " ".join(parts)


def label_of(element: Element, name: str) -> str:
    """Return the text of a metadata entry inside of an element, the last one of this name."""
    found = ""
    for each in element.iter("qtimetadatafield"):
        label, entry = child(each, "fieldlabel"), child(each, "fieldentry")
        if label is not None and entry is not None and xml_files.text_of(label) == name:
            found = xml_files.text_of(entry)
    return found
