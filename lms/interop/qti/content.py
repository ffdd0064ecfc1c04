"""Turning the body of an item into HTML: interactions, feedback and notes are taken out of it, pictures kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from lms.core import html
from lms.core.i18n import lazy_
from lms.interop import mathml
from lms.interop.content_packages import Attachments
from lms.interop.qti.naming import camel
from lms.interop.xml_files import MATHML, Element, tag_of
from lms.quizzes.content import LazyText

_SPACE = re.compile(r"[ \t\n\r]+")
_DEEPEST = 200
_VOID = ("br", "hr", "img", "col")
_PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "svg", "bmp")
_LEFT_OUT = (
    "gapText",
    "gapImg",
    "stylesheet",
    "prompt",
    "modalFeedback",
    "script",
    "style",
    "track",
    "source",
    "param",
    "catalogInfo",
    "companionMaterialsInfo",
)
_FOR_SCORERS = ("scorer", "author", "tutor", "proctor")
# What takes out of the text what stands in its place, such as a gap.
InPlace = Callable[[Element], str]


@dataclass
class Body:
    """What was found in the body of an item besides its text."""

    attachments: Attachments
    in_place: InPlace | None = None
    shown: dict[str, str] = field(default_factory=dict)  # values of the item's own template
    feedback: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[LazyText] = field(default_factory=list)

    def inner(self, element: Element, depth: int = 0) -> str:
        """Return what stands in an element as HTML."""
        parts = [_text(element.text)]
        for each in element:
            if isinstance(each.tag, str):
                parts.append(self.outer(each, depth + 1))
            parts.append(_text(each.tail))
        return "".join(parts)

    def tidy(self, element: Element) -> str:
        """Return what stands in an element as HTML, without the wrapping that adds nothing."""
        return tidied(self.inner(element))

    def outer(self, element: Element, depth: int = 0) -> str:
        """Return an element as HTML."""
        name = tag_of(element)
        if depth > _DEEPEST or name in _LEFT_OUT:
            return ""
        if str(element.tag).startswith(f"{{{MATHML}}}") or name == "math":
            return mathml.readable(element)
        if name.endswith("Interaction") or name in ("gap", "hottext"):
            return self.in_place(element) if self.in_place else self.inner(element, depth) if name == "hottext" else ""
        if name in ("feedbackInline", "feedbackBlock"):
            self.feedback.append(element)
            return ""
        if name == "rubricBlock":
            return self._rubric(element, depth)
        if name == "include":
            self._warn(lazy_("What stands in another file (include) is not kept: {name}", name=str(element.get("href") or "")[:200]))
            return ""
        if name == "printedVariable" and str(element.get("identifier")) in self.shown:
            return escape(self.shown[str(element.get("identifier"))], quote=False)
        if name == "printedVariable":
            self._warn(lazy_("A value that the item makes up (printedVariable) is not shown."))
            return "…"
        if name in ("img", "object", "audio", "video", "picture", "iframe"):
            return self._media(element, name, depth)
        if name == "a":
            return self._link(element, depth)
        if name not in html.TAGS:
            return self.inner(element, depth)
        attributes = self._attributes(element, name)
        if name in _VOID:
            return f"<{name}{attributes}>"
        return f"<{name}{attributes}>{self.inner(element, depth)}</{name}>"

    def _rubric(self, element: Element, depth: int) -> str:
        inside = tidied(self.inner(element, depth))
        views = str(element.get("view") or "candidate").split()
        if any(view in views for view in _FOR_SCORERS) and "candidate" not in views:
            if inside:
                self.notes.append(inside)
            return ""
        return f"<div>{inside}</div>" if inside else ""

    def _media(self, element: Element, name: str, depth: int) -> str:
        href = str(element.get("src") or element.get("data") or "")
        if not href:
            inside = next((each for each in element if tag_of(each) in ("source", "img")), None)
            href = str(inside.get("src") or "") if inside is not None else ""
        alt = str(element.get("alt") or "").strip() or (" ".join("".join(str(each) for each in element.itertext()).split()))
        ending = href.rpartition(".")[2].lower()
        is_picture = name in ("img", "picture") or str(element.get("type") or "").startswith("image/") or ending in _PICTURES
        if href.startswith("data:") and is_picture:
            return f'<img src="{escape(href)}" alt="{escape(alt)}">'
        if re.match(r"(https?:)?//", href):
            self._warn(lazy_("What lies on another site is not kept, only a link to it: {name}", name=href[:200]))
            return f'<a href="{escape(href)}">{escape(alt or href, quote=False)}</a>'
        link = self.attachments.link(href) if href else None
        if link is None:
            shown = alt or href.rpartition("/")[2]
            return f"[{escape(shown, quote=False)}]" if shown else ""
        if is_picture:
            return f'<img src="{escape(link)}" alt="{escape(alt)}"{self._attributes(element, "img", ("width", "height"))}>'
        return f'<a href="{escape(link)}">{escape(alt or href.rpartition("/")[2], quote=False)}</a>'

    def _link(self, element: Element, depth: int) -> str:
        href = str(element.get("href") or "")
        if href and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#", href):
            href = self.attachments.link(href) or ""
        inside = self.inner(element, depth)
        return f'<a href="{escape(href)}">{inside}</a>' if href else inside

    def _attributes(self, element: Element, name: str, only: tuple[str, ...] = ()) -> str:
        known = only or (*sorted(html.ATTRIBUTES.get(name, ())), "lang", "dir")
        found = [(each, str(element.get(each) or "").strip()) for each in known if each not in ("src", "href")]
        return "".join(f' {each}="{escape(value)}"' for each, value in found if value)

    def _warn(self, message: LazyText) -> None:
        if str(message) not in [str(each) for each in self.warnings]:
            self.warnings.append(message)


def tidied(text: str) -> str:
    """Return HTML without empty blocks, without space at its ends, and without a block around everything."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"<(div|span|p)>\s*</\1>", "", text.strip())
    while (found := re.fullmatch(r"<div>((?:(?!</?div\b).)*)</div>", text, re.DOTALL)) is not None:
        text = found[1].strip()
    return text


def name_in_file(name: str, *, is_third: bool) -> str:
    """Return the name of an element as the version of QTI writes it."""
    if not is_third or " " in name:
        return name
    return "qti-" + re.sub(r"(?<!^)([A-Z])", lambda letter: f"-{letter[1].lower()}", camel(name))


def _text(text: str | None) -> str:
    return escape(_SPACE.sub(" ", text), quote=False) if text else ""
