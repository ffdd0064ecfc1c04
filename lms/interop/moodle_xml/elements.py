"""Taking texts, files and settings out of the elements of Moodle XML."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from math import inf, isfinite
from pathlib import PurePosixPath
from urllib.parse import quote

from lxml import etree

from lms.core.i18n import lazy_
from lms.interop import question_files
from lms.interop.moodle_xml import names
from lms.interop.question_files import PLUGINFILE, Unreadable
from lms.interop.xml_files import Element, line_of
from lms.quizzes.content import LazyText, Problem, Severity, TextFormat


def inner(element: Element | None) -> str:
    """Return the trimmed text of an element, with any HTML that was left unescaped in it."""
    if element is None:
        return ""
    text = element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            text += etree.tostring(child, encoding="unicode")
        else:
            text += child.tail or ""
    return question_files.normalise(text).strip()


@dataclass
class Source:
    """One <question>, and what was taken out of it so far."""

    element: Element
    name: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    formats: dict[str, TextFormat] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def position(self) -> int:
        return line_of(self.element)

    # --- settings

    def all(self, path: str) -> list[Element]:
        return [each for each in self.element.findall(path) if isinstance(each.tag, str)]

    def word(self, path: str) -> str:
        """Return the text of a setting, which some programs wrap in <text>; "" when there is none."""
        found = self.element.find(path)
        if found is None:
            return ""
        return inner(found) if found.find("text") is None else inner(found.find("text"))

    def switch(self, path: str, *, default: bool) -> bool:
        """Return a yes or no; an empty element, such as <shownumcorrect/>, is a yes."""
        if self.element.find(path) is None:
            return default
        return self.word(path).lower() not in ("0", "false", "no")

    def number(self, path: str, *, default: float) -> float:
        word = self.word(path)
        if not word:
            return default
        try:
            value = float(word.replace(",", "."))
        except ValueError:
            value = inf
        if isfinite(value):
            return value
        self.warn(lazy_("“{text}” in <{element}> is not a number.", text=word, element=path))
        return default

    def whole(self, path: str, *, default: int | None) -> int | None:
        word = self.word(path)
        if not word:
            return default
        if re.fullmatch(r"-?[0-9]{1,9}", word):
            return int(word)
        self.warn(lazy_("“{text}” in <{element}> is not a number.", text=word, element=path))
        return default

    # --- texts and files

    def put(self, key: str, holder: Element | None, *, otherwise: TextFormat = TextFormat.HTML) -> None:
        """Keep the text and the files of an element; an empty text is not kept."""
        if holder is None:
            return
        text = inner(holder.find("text"))
        for file in holder.findall("file"):
            text = self._keep(file, text)
        if text:
            self.texts[key] = text
            self.formats[key] = self.format_of(holder, otherwise=otherwise)

    def format_of(self, holder: Element, *, otherwise: TextFormat = TextFormat.HTML) -> TextFormat:
        written = str(holder.get("format") or "").strip()
        if not written:
            return otherwise
        if written not in names.FORMATS:
            self.warn(lazy_("The text format “{format}” is not known; HTML was assumed.", format=written))
        return names.FORMATS.get(written, TextFormat.HTML)

    def put_old_image(self) -> None:
        """Keep the image of Moodle 1.9, which stood beside the text, at the end of the text."""
        name, code = self.word("image"), self.word("image_base64")
        if not name or not code:
            return
        data = self._decoded(code, name)
        name = PurePosixPath(name).name
        if data is None or not name:
            return
        self.files[name] = data
        stem_format = self.formats.setdefault("stem", TextFormat.HTML)
        link = f"{PLUGINFILE}{quote(name)}"
        image = f"![]({link})" if stem_format is TextFormat.MARKDOWN else f'<img src="{link}" alt="">'
        if stem_format is TextFormat.PLAIN:
            self.warn(lazy_("The image {name} belongs to a text without formatting and is not shown.", name=name))
            return
        self.texts["stem"] = f"{self.texts.get('stem', '')} {image}".strip()

    def _keep(self, file: Element, text: str) -> str:
        """Keep one file; return the text with its links to the name under which it is kept."""
        written = question_files.normalise(str(file.get("name") or "")).strip()
        folder = question_files.normalise(str(file.get("path") or "")).strip("/ ")
        name = f"{folder}/{written}" if folder else written
        if not written or ".." in PurePosixPath(name).parts or "\\" in name or "\n" in name or name.startswith("/"):
            self.warn(lazy_("A file has no usable name and was left out: {name}", name=name))
            return text
        if (file.get("encoding") or "base64") != "base64":
            self.warn(lazy_("The file {name} is not written in base64 and was left out.", name=name))
            return text
        data = self._decoded(file.text or "", name)
        if data is None:
            return text
        kept = self._free_name(name, data)
        self.files[kept] = data
        if kept == name:
            return text
        for link in dict.fromkeys((name, quote(name))):
            text = text.replace(f"{PLUGINFILE}{link}", f"{PLUGINFILE}{quote(kept)}")
        return text

    def _decoded(self, code: str, name: str) -> bytes | None:
        try:
            return base64.b64decode("".join(code.split()), validate=True)
        except (binascii.Error, ValueError):
            self.warn(lazy_("The file {name} is damaged and was left out.", name=name))
            return None

    def _free_name(self, name: str, data: bytes) -> str:
        """Two choices may each bring an image.png of their own."""
        path, number, free = PurePosixPath(name), 2, name
        while free in self.files and self.files[free] != data:
            free = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
            number += 1
        return free

    # --- what to tell

    def warn(self, message: LazyText, element: Element | None = None) -> None:
        position = self.position if element is None else line_of(element)
        self.warnings.append(Problem(Severity.WARNING, message, position, self.name))

    def error(self, message: LazyText, element: Element | None = None) -> Unreadable:
        position = self.position if element is None else line_of(element)
        return Unreadable(Problem(Severity.ERROR, message, position, self.name))
