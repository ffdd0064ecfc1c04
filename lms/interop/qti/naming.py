"""The names of QTI: those of version 3 are turned into those of version 2, so that the rest reads one language."""

import re

from lms.interop.xml_files import MATHML, Element

_WORDS = re.compile(r"-([a-z0-9])")
_PREFIX = "qti-"


def camel(name: str) -> str:
    """Return response-identifier as responseIdentifier."""
    return _WORDS.sub(lambda word: word[1].upper(), name)


def kebab(name: str) -> str:
    """Return responseIdentifier as response-identifier."""
    return re.sub(r"(?<!^)([A-Z])", lambda letter: f"-{letter[1].lower()}", name)


def simplify(root: Element) -> Element:
    """Give all elements their names of version 2, without namespaces; only MathML keeps its own."""
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag.startswith(f"{{{MATHML}}}"):
            continue
        name = element.tag.rpartition("}")[2]
        if not name.startswith(_PREFIX):
            element.tag = name
            continue
        element.tag = camel(name.removeprefix(_PREFIX))
        for attribute in list(element.attrib):
            written = str(attribute)
            if "-" in written and not written.startswith(("{", "data-", "aria-")):
                value = element.attrib.pop(attribute)
                element.set(camel(written), value)
    return root
