"""Writing a formula of MathML as text that people can read: our pages keep no MathML."""

from collections.abc import Callable
from html import escape

from lms.interop.xml_files import Element, children, tag_of

_DEEPEST = 60


def readable(element: Element) -> str:
    """Return a formula as HTML with superscripts and subscripts; its own text for readers, when it has one, as well."""
    shown = " ".join(_written(element, 0).split())
    spoken = str(element.get("alttext") or "").strip()
    return shown or escape(spoken, quote=False)


def _written(element: Element, depth: int) -> str:
    name = tag_of(element)
    if depth > _DEEPEST or name in ("annotation", "annotation-xml"):
        return ""
    parts = [_written(each, depth + 1) for each in children(element)]
    if not parts:
        return escape("".join(str(each) for each in element.itertext()).strip(), quote=False) + (" " if name == "mspace" else "")
    if layout := _LAYOUTS.get(name):
        return layout(parts)
    if name == "mfenced":
        return _fenced(element, parts)
    return "".join(_spaced(each, part) for each, part in zip(children(element), parts, strict=True))


def _spaced(element: Element, part: str) -> str:
    """Put space around signs between terms, as print does."""
    return f" {part} " if tag_of(element) == "mo" and part in "+−-=≠≈×·÷±&lt;&gt;≤≥→∈∪∩" and part else part


def _fenced(element: Element, parts: list[str]) -> str:
    opened, closed = str(element.get("open") or "("), str(element.get("close") or ")")
    return f"{escape(opened, quote=False)}{', '.join(parts)}{escape(closed, quote=False)}"


def _bracketed(part: str) -> str:
    return part if len(part) == 1 or part.replace(".", "").replace(",", "").isalnum() else f"({part.strip()})"


def _at(parts: list[str], place: int) -> str:
    return parts[place] if place < len(parts) else ""


_LAYOUTS: dict[str, Callable[[list[str]], str]] = {
    "mfrac": lambda parts: f"{_bracketed(_at(parts, 0))}/{_bracketed(_at(parts, 1))}",
    "msup": lambda parts: f"{_at(parts, 0)}<sup>{_at(parts, 1)}</sup>",
    "msub": lambda parts: f"{_at(parts, 0)}<sub>{_at(parts, 1)}</sub>",
    "msubsup": lambda parts: f"{_at(parts, 0)}<sub>{_at(parts, 1)}</sub><sup>{_at(parts, 2)}</sup>",
    "munder": lambda parts: f"{_at(parts, 0)}<sub>{_at(parts, 1)}</sub>",
    "mover": lambda parts: f"{_at(parts, 0)}<sup>{_at(parts, 1)}</sup>",
    "munderover": lambda parts: f"{_at(parts, 0)}<sub>{_at(parts, 1)}</sub><sup>{_at(parts, 2)}</sup>",
    "msqrt": lambda parts: f"√{_bracketed(''.join(parts))}",
    "mroot": lambda parts: f"<sup>{_at(parts, 1)}</sup>√{_bracketed(_at(parts, 0))}",
    "mtable": lambda parts: f"[{'; '.join(parts)}]",
    "mtr": lambda parts: ", ".join(parts),
    "semantics": lambda parts: parts[0],
}
