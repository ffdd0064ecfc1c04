"""Links of texts to the files of their question: ``@@PLUGINFILE@@/<name>`` as they are kept, an address as they are shown; pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, unquote

MARK = "@@PLUGINFILE@@/"

_LINK = re.compile(re.escape(MARK) + r"([^\s\"'<>?#)]+)(\?[^\s\"'<>#)]*)?")


def link(name: str) -> str:
    """Return how a text names a file."""
    return MARK + quote(name)


def replace(text: str, by: Callable[[str], str]) -> str:
    """Return the text with each link to a file exchanged for what ``by`` says about the file's name."""
    return _LINK.sub(lambda found: by(unquote(found[1])), text) if MARK in text else text


def named(texts: Iterable[str]) -> set[str]:
    """Return the names of all files that the texts link to."""
    return {unquote(found[1]) for text in texts if MARK in text for found in _LINK.finditer(text)}


def has_links(texts: Mapping[str, Mapping[str, str]]) -> bool:
    """Say whether any text of a question links to a file, as few do."""
    return any(MARK in text for of_one in texts.values() for text in of_one.values())


def shown(texts: Mapping[str, Mapping[str, str]], addresses: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the texts of a question as a page shows them: links lead to the address of their file, or nowhere."""
    return {
        language: {key: replace(text, lambda name: addresses.get(name, "")) for key, text in of_one.items()}
        for language, of_one in texts.items()
    }


def address(sha256: str, name: str) -> str:
    """Return where a file of a question is found: below its content's own name, so that browsers may keep it for ever."""
    return f"/questions/files/{sha256}/{quote(name.rpartition('/')[2])}"
