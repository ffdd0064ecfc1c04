"""Drawings (SVG) of courses: only shapes and words; nothing that runs, moves, or comes from elsewhere (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from lms.core.i18n import gettext

LARGEST = 64_000  # bytes
MOST_ELEMENTS = 5_000

_NAMESPACE = "http://www.w3.org/2000/svg"
# What is not named here is refused: script, foreignObject, image, a, animate, style and whatever comes after them.
_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "marker",
    ]
)
_OF_XML = "http://www.w3.org/XML/1998/namespace"
_LINKS = {"href", "http://www.w3.org/1999/xlink href"}
_INSIDE = re.compile(r"#[\w.-]+")
_OUTSIDE = re.compile(r"url\((?!\s*['\"]?#[\w.-]+['\"]?\s*\))|@import|javascript:|data:|expression\(|\\", re.IGNORECASE)
_NUMBER = r"[-+]?\d*\.?\d+(?:e[-+]?\d+)?"
_VIEW = re.compile(rf"\s*{_NUMBER}[\s,]+{_NUMBER}[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")


@dataclass(frozen=True)
class Fault:
    """What in a drawing has to be mended."""

    line: int
    what: str
    cure: str


@dataclass
class _Look:
    """What was found on the way through a drawing."""

    faults: list[Fault] = field(default_factory=list)
    elements: int = 0
    view: tuple[int, int] = (0, 0)
    open_ids: list[str] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)  # id -> line where it is used
    using: set[str] = field(default_factory=set)  # ids of what uses something itself


class _TooMuchError(Exception):
    """The drawing has more in it than is worth looking at."""


def problems(data: bytes) -> list[Fault]:
    """Return what makes a drawing unfit to be shown; none when it is safe."""
    if len(data) > LARGEST:
        return [
            Fault(
                1,
                gettext("The drawing has {size} kB.", size=len(data) // 1000),
                gettext("At most {limit} kB are possible: simplify it.", limit=LARGEST // 1000),
            )
        ]
    return _look(data).faults


def size(data: bytes) -> tuple[int, int]:
    """Return width and height of what a drawing shows, from its viewBox; 0 and 0 when it does not say."""
    return _look(data).view


def _look(data: bytes) -> _Look:
    look = _Look()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _Look([Fault(line, gettext("The file is not UTF-8."), gettext("Save it as UTF-8."))])
    # Another encoding that it declares could hide a name from us; browsers are told UTF-8 too.
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text = True

    def wrong(what: str, cure: str) -> None:
        if len(look.faults) < 20:
            look.faults.append(Fault(parser.CurrentLineNumber, what, cure))

    def doctype(*_: Any) -> None:
        wrong(gettext("The drawing brings its own document type."), gettext("Remove the line <!DOCTYPE ...>."))
        raise _TooMuchError()

    def instruction(*_: Any) -> None:
        wrong(gettext("The drawing holds an instruction <?...?>."), gettext("Remove it; styles stand at the shapes."))

    def start(name: str, attributes: Mapping[str, str]) -> None:
        look.elements += 1
        if look.elements > MOST_ELEMENTS:
            wrong(gettext("The drawing has too many parts."), gettext("At most {limit} are possible: simplify it.", limit=MOST_ELEMENTS))
            raise _TooMuchError()
        namespace, _, local = name.rpartition(" ")
        if look.elements == 1 and (namespace, local) != (_NAMESPACE, "svg"):
            wrong(
                gettext("The file is no drawing."), gettext('Begin it with <svg xmlns="{namespace}" viewBox="...">.', namespace=_NAMESPACE)
            )
            raise _TooMuchError()
        if namespace != _NAMESPACE or local not in _ELEMENTS:
            wrong(
                gettext("The drawing holds <{name}>.", name=local),
                gettext("Only shapes and words are possible: save it as plain SVG, without scripts, styles, pictures and motion."),
            )
        if look.elements == 1:
            view = _VIEW.fullmatch(attributes.get("viewBox", ""))
            look.view = (round(float(view[1])), round(float(view[2]))) if view else (0, 0)
            if min(look.view) <= 0:
                wrong(gettext("The drawing does not say how large it is."), gettext('Add viewBox="0 0 400 300" to <svg>.'))
        for attribute, value in attributes.items():
            look_at(attribute, value)
        look.open_ids.append(attributes.get("id", ""))
        if local == "use":
            look.using.update(look.open_ids)
            look.used |= {attributes[each].strip()[1:]: parser.CurrentLineNumber for each in _LINKS if each in attributes}

    def look_at(name: str, value: str) -> None:
        namespace, _, local = name.rpartition(" ")
        if local.lower().startswith("on"):
            wrong(gettext("The drawing runs something: {name}.", name=local), gettext("Remove this attribute."))
        elif name in _LINKS or local.lower() in ("href", "src"):
            if not _INSIDE.fullmatch(value.strip()):
                wrong(gettext('The drawing leads outside: "{value}".', value=value[:60]), gettext("It may only use its own parts: #name."))
        elif namespace == _OF_XML and local == "base":
            wrong(gettext('The drawing leads outside: "{value}".', value=value[:60]), gettext("Remove xml:base."))
        elif _OUTSIDE.search(value):
            wrong(gettext('The drawing leads outside: "{value}".', value=value[:60]), gettext("It may only use its own parts: #name."))

    def end(_name: str) -> None:
        look.open_ids.pop()

    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except _TooMuchError:
        pass
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        look.faults.append(Fault(line, gettext("The drawing is no well-formed XML."), gettext("Save it again as plain SVG.")))
    # A few lines that use each other could ask for billions of shapes.
    for used in sorted(look.used.keys() & look.using):
        look.faults.append(
            Fault(
                look.used[used], gettext("What the drawing uses, uses something itself: #{name}.", name=used), gettext("Copy the shapes.")
            )
        )
    return look
