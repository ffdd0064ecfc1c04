"""Reading XML that people bring along: nothing outside the file is opened, no entity is expanded."""

import re
from html.entities import name2codepoint
from typing import Any

from lxml import etree

from lms.core.i18n import lazy_
from lms.interop import question_files
from lms.interop.question_files import Unreadable
from lms.quizzes.content import Problem, Severity

Element = etree._Element

MATHML = "http://www.w3.org/1998/Math/MathML"
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,10});")
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")
_ROOT = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>)*<([A-Za-z_][\w.:-]*)", re.DOTALL)

# Byte order marks, and space before the declaration, which XML does not allow but people leave there.
_BEGINNINGS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b" ", b"\n", b"\r", b"\t")


def parse(data: bytes | str) -> Element:
    """Return the root of a file.  Raises Unreadable, with the line.

    Names of HTML such as &nbsp; are taken for their letter. A document type that
    names itself or elements is let be; one that declares entities is refused,
    because a file of a few lines could grow to gigabytes.
    """
    if isinstance(data, str) or data.startswith(_BEGINNINGS) or b"\x00" in data[:4]:
        # The byte order mark is right where the declaration says something else.
        data = _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), question_files.decode(data), count=1).encode()
    if b"&" in data:
        data = _NAMED.sub(_numbered, data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        message = lazy_("This is no well-formed XML. Line {line}: {reason}", line=line, reason=_reason(error))
        raise Unreadable(Problem(Severity.ERROR, message, line)) from error
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and declared.entities():
        raise own_type_refused()
    return root


def own_type_refused() -> Unreadable:
    """Return what is said of a file with a document type of its own."""
    message = lazy_("The file brings its own document type, which is not accepted. Remove <!DOCTYPE ...>.")
    return Unreadable(Problem(Severity.ERROR, message, 1))


def root_of(beginning: str) -> str:
    """Return the name of the first element without its prefix, as far as a beginning shows it; "" when it is no XML."""
    found = _ROOT.match(beginning)
    return found[1].rpartition(":")[2] if found else ""


def tag_of(element: Element) -> str:
    """Return the name of an element without its namespace; "" for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def line_of(element: Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def children(element: Element, *names: str) -> list[Element]:
    """Return the elements inside, of these names if any are given."""
    return [each for each in element if isinstance(each.tag, str) and (not names or tag_of(each) in names)]


def child(element: Element, *names: str) -> Element | None:
    """Return the first element inside of one of these names."""
    return next(iter(children(element, *names)), None)


def text_of(element: Element | None) -> str:
    """Return all text inside, with single spaces."""
    return " ".join("".join(str(each) for each in element.itertext()).split()) if element is not None else ""


def _numbered(found: re.Match[bytes]) -> bytes:
    code = name2codepoint.get(found[1].decode())
    return found[0] if code is None or found[1] in _OF_XML else f"&#{code};".encode()


def _reason(error: Exception) -> str:
    return str(getattr(error, "msg", None) or error).split(", line ")[0]
