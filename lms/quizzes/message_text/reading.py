"""Reading messages to inspect from text; every complaint says the line and the cure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.messages import Decision, MessageBody, MessageKind, MessagePart
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.content import DEFAULT_PENALTY, LazyText, Problem, QuestionDraft, Severity, TextFormat, Texts
from lms.quizzes.message_text import marks
from lms.quizzes.message_text.marks import Mark, WrongMark

TYPE = "message_inspection"
HEADERS: Mapping[str, str] = {  # name in the file -> place in the message
    "from": "sender",
    "address": "address",
    "to": "recipient",
    "date": "date",
    "subject": "subject",
    "url": "url",
    "lock": "lock",
}
SECTIONS: Mapping[str, str] = {  # name in the file -> key of the text
    "question": "stem",
    "message": "message.body",
    "ask": "message.ask",
    "feedback": "feedback",
    "feedback right": "feedback.right",
    "feedback partial": "feedback.partial",
    "feedback wrong": "feedback.wrong",
}
_SETTINGS = ("id", "name", "kind", "tags", "category", "signs", "alarm", "mark", "penalty", "shuffle", "count", "hidden")
_BETWEEN = re.compile(r"={4,}\s*")
_HEADER = re.compile(r"(?P<name>[a-z]+)\s*:\s*(?P<value>.*)")
_SECTION = re.compile(r"---+\s*(?P<name>[a-z][a-z ]*?)\s*(?P<html>\[html\])?\s*")
_ENTRY = re.compile(r"(?P<key>[a-z0-9]{1,12})(?:\s+(?P<percent>[\d.,]+)\s*%)?\s*(?P<html>\[html\])?\s*:\s?(?P<text>.*)")
_GUARDED = re.compile(r"\\(?=\\*(?:---|====))")
_ATTACHMENT = re.compile(r"(?P<head>[^:\\]*?)\s*:(?P<text>.*)")
_SLASH = re.compile(r"(?<!/)/(?!/)")


def fits(text: str) -> bool:
    """Say whether a text looks like messages of this form."""
    begin = text[:4000]
    return bool(re.search(rf"^kind\s*:\s*({'|'.join(MessageKind)})\s*$", begin, re.M) and re.search(r"^---+\s*[a-z]", text, re.M))


def read(text: str, language: str = DEFAULT) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the messages of a text, and what has to be mended; one with an error is not among them."""
    drafts: list[QuestionDraft] = []
    problems: list[Problem] = []
    for first, lines in _blocks(text):
        reading = _Message(first, lines, language)
        draft = reading.draft()
        problems += [replace(each, question=reading.name) for each in reading.problems]
        if draft is not None and not reading.problems:
            drafts.append(draft)
    if not drafts and not problems:
        problems.append(
            Problem(Severity.ERROR, lazy_("There is no message in this text. Begin with “kind: email”, “sms”, “chat” or “web”."), 1)
        )
    return drafts, problems


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each message as the number of its first line, and its lines."""
    block: list[str] = []
    first = 1
    for number, line in enumerate([*text.split("\n"), "===="], start=1):
        if not _BETWEEN.fullmatch(line):
            block.append(line)
            continue
        if any(each.strip() and not each.startswith("#") for each in block):
            yield first, block
        block, first = [], number + 1


@dataclass
class _Section:
    name: str
    number: int  # of the line that opens it
    is_html: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(_GUARDED.sub("", line, count=1) for line in self.lines).strip("\n").rstrip()


@dataclass
class _Message:
    first: int
    lines: list[str]
    language: str
    name: str = ""
    problems: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    formats: dict[str, TextFormat] = field(default_factory=dict)
    parts: dict[str, MessagePart] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    hints: list[Hint] = field(default_factory=list)
    headers: dict[str, tuple[int, str]] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)

    def draft(self) -> QuestionDraft | None:
        """Return the draft, None when nothing can be made of it."""
        sections = self._split()
        self.name = self._value("name") or self._value("id")
        kind = self._value("kind")
        if kind not in set(MessageKind):
            number = self.headers.get("kind", (self.first, ""))[0]
            self._wrong(number, lazy_("The kind of message is “{value}”. Write kind: email, sms, chat or web.", value=kind))
            return None
        # Parts are numbered in the order of reading, so the header comes first.
        for header, place in HEADERS.items():
            if header in self.headers:
                number, value = self.headers[header]
                self._put(f"message.{place}", self._marked(value, number), TextFormat.PLAIN)
        for section in sorted(sections, key=lambda each: each.name in ("why", "decisions")):
            self._take(section)
        self._name_the_unnamed()
        for needed, key in (("question", "stem"), ("message", "message.body")):
            if not self.texts.get(key):
                self._wrong(self.first, lazy_("The section “--- {name}” is missing or empty.", name=needed))
        if not self.decisions:
            self._wrong(
                self.first, lazy_("There are no decisions. Write a section “--- decisions” with lines such as “call 100%: I call them”.")
            )
        self._every_key_is_known()
        return self._made(MessageKind(kind))

    def _made(self, kind: MessageKind) -> QuestionDraft:
        body = MessageBody(
            kind=kind,
            parts=tuple(sorted(self.parts.values(), key=lambda part: part.key)),
            decisions=tuple(self.decisions.values()),
            signs_share=self._share("signs", 0.6),
            alarm_cost=self._share("alarm", 0.5),
            shuffle=self._yes("shuffle", otherwise=True),
            show_count=self._yes("count", otherwise=False),
            hints=tuple(self.hints),
        )
        return QuestionDraft(
            name=self.name or self.texts.get("stem", "")[:80],
            type=TYPE,
            body=body,
            texts=Texts({self.language: self.texts}),
            formats=self.formats,
            category=tuple(name.replace("//", "/").strip() for name in _SLASH.split(self._value("category")) if name.strip()),
            tags=tuple(dict.fromkeys(tag.strip() for tag in self._value("tags").split(";") if tag.strip())),
            id_number=self._value("id"),
            default_mark=self._number("mark", 1.0),
            penalty=self._number("penalty", DEFAULT_PENALTY),
            hidden=self._yes("hidden", otherwise=False),
            position=self.first,
        )

    # --- lines

    def _split(self) -> list[_Section]:
        """Keep the header lines; return the sections."""
        sections: list[_Section] = []
        for number, line in enumerate(self.lines, start=self.first):
            opened = _SECTION.fullmatch(line)
            if opened:
                sections.append(_Section(" ".join(opened["name"].split()), number, bool(opened["html"])))
            elif sections:
                sections[-1].lines.append(line)
            elif line.strip() and not line.startswith("#"):
                self._header(line, number)
        return sections

    def _header(self, line: str, number: int) -> None:
        found = _HEADER.fullmatch(line.strip())
        if found is None:
            self._wrong(
                number, lazy_("“{line}” is no line of a header. Write a name, a colon and a value, such as “from: Bank”.", line=line[:60])
            )
        elif found["name"] not in (*_SETTINGS, *HEADERS):
            names = ", ".join((*_SETTINGS, *HEADERS))
            self._wrong(number, lazy_("The header “{name}” is not known. Known are: {names}.", name=found["name"], names=names))
        elif found["name"] in self.headers:
            self._wrong(number, lazy_("The header “{name}” is there twice. Leave one of them out.", name=found["name"]))
        else:
            self.headers[found["name"]] = (number, found["value"].strip())

    def _take(self, section: _Section) -> None:
        if section.name in SECTIONS:
            key = SECTIONS[section.name]
            if key in self.texts:
                self._wrong(section.number, lazy_("The section “{name}” is there twice. Leave one of them out.", name=section.name))
                return
            text = self._marked(section.text, section.number + 1) if key == "message.body" else section.text
            self._put(key, text, TextFormat.HTML if section.is_html else TextFormat.MARKDOWN)
        elif section.name == "attachments":
            self._attachments(section)
        elif section.name == "decisions":
            for number, key, percent, is_html, text in self._entries(section):
                self._decision(number, key, percent, is_html=is_html, text=text)
        elif section.name == "why":
            for number, key, _percent, is_html, text in self._entries(section):
                if f"{key}.feedback" in self.texts:
                    self._wrong(number, lazy_("“{key}” is explained twice. Leave one of them out.", key=key))
                self._put(f"{key}.feedback", text, TextFormat.HTML if is_html else TextFormat.MARKDOWN)
                self.headers.setdefault(f"why {key}", (number, key))
        elif section.name.split()[0] == "hint" and set(section.name.split()[1:]) <= {"clear", "count"}:
            words = section.name.split()[1:]
            self.hints.append(Hint(clear_wrong="clear" in words, show_count="count" in words))
            self._put(f"hint.{len(self.hints)}", section.text, TextFormat.HTML if section.is_html else TextFormat.MARKDOWN)
        else:
            names = ", ".join((*SECTIONS, "attachments", "decisions", "why", "hint"))
            self._wrong(section.number, lazy_("The section “{name}” is not known. Known are: {names}.", name=section.name, names=names))

    def _entries(self, section: _Section) -> Iterator[tuple[int, str, str, bool, str]]:
        """Yield line, key, percent, whether it is HTML, and text of each entry; lines that go on are indented."""
        entry: tuple[int, str, str, bool, list[str]] | None = None
        for number, line in enumerate(section.lines, start=section.number + 1):
            found = _ENTRY.fullmatch(line)
            if found:
                if entry:
                    yield *entry[:4], "\n".join(entry[4]).rstrip()
                entry = (number, found["key"], found["percent"] or "", bool(found["html"]), [found["text"]])
            elif entry and (line.startswith("  ") or not line.strip()):
                entry[4].append(line[2:])
            elif line.strip():
                self._wrong(
                    number,
                    lazy_("“{line}” has no key. Write “key: text”, or begin with two spaces to go on with the text above.", line=line[:60]),
                )
        if entry:
            yield *entry[:4], "\n".join(entry[4]).rstrip()

    def _attachments(self, section: _Section) -> None:
        for number, line in enumerate(section.lines, start=section.number + 1):
            if not line.strip():
                continue
            found = _ATTACHMENT.fullmatch(line.strip())
            if found is None:
                self._wrong(number, lazy_("Write an attachment as “sign key: name of the file -> what it is”."))
                continue
            self._part(number, found["head"] + " attachment", found["text"])

    def _decision(self, number: int, key: str, percent: str, *, is_html: bool, text: str) -> None:
        fraction = _percent(percent) if percent else 0.0
        if fraction is None or not text:
            self._wrong(number, lazy_("Write a decision as “{key} 100%: what one does”.", key=key))
        elif key in self.decisions or key in self.parts:
            self._wrong(number, lazy_("The key “{key}” is used twice. Choose another one.", key=key))
        else:
            self.decisions[key] = Decision(key, fraction)
            self._put(key, text, TextFormat.HTML if is_html else TextFormat.MARKDOWN)

    # --- parts

    def _marked(self, text: str, first: int) -> str:
        """Return the text with [[key]] for each mark in it, and keep the parts."""

        def put(found: re.Match[str]) -> str:
            number = first + text.count("\n", 0, found.start())
            return f"[[{self._part(number, found['head'], found['text'])}]]"

        return marks.replace(text, put)

    def _part(self, number: int, head: str, text: str | None) -> str:
        """Keep a part; return its key, or a place for one that gets its key when all others are known."""
        try:
            mark = marks.read(head, text)
        except WrongMark as error:
            self._wrong(number, _WRONG[error.reason](error.name))
            return "x"
        key = mark.part.key
        if not key:
            key = f"?{len(self.unnamed)}"
            self.unnamed.append(key)
        if key in self.parts:
            self._wrong(number, lazy_("The key “{key}” is used twice. Choose another one.", key=key))
            return key
        self._keep(key, mark)
        return key

    def _keep(self, key: str, mark: Mark) -> None:
        self.parts[key] = replace(mark.part, key=key)
        self._put(key, mark.text, TextFormat.PLAIN)
        self._put(f"{key}.target", mark.target, TextFormat.PLAIN)

    def _name_the_unnamed(self) -> None:
        """Give keys to parts whose author gave none: the first letters that are free."""
        index = 0
        for mark in self.unnamed:
            while key_at(index) in self.parts or key_at(index) in self.decisions:
                index += 1
            key = key_at(index)
            self.parts[key] = replace(self.parts.pop(mark), key=key)
            for ending in ("", ".target"):
                if mark + ending in self.texts:
                    self._put(key + ending, self.texts.pop(mark + ending), self.formats.pop(mark + ending))
            for place in (*HEADERS.values(), "body"):
                if f"message.{place}" in self.texts:
                    self.texts[f"message.{place}"] = self.texts[f"message.{place}"].replace(f"[[{mark}]]", f"[[{key}]]")

    def _every_key_is_known(self) -> None:
        for name, (number, key) in self.headers.items():
            if name.startswith("why ") and key not in self.parts and key not in self.decisions:
                message = lazy_("“{key}” is explained, but it is neither marked in the message nor a decision. Correct the key.", key=key)
                self._wrong(number, message)

    # --- small things

    def _put(self, key: str, text: str, text_format: TextFormat) -> None:
        if text:
            self.texts[key], self.formats[key] = text, text_format

    def _value(self, name: str) -> str:
        return self.headers.get(name, (0, ""))[1]

    def _share(self, name: str, otherwise: float) -> float:
        return self._read(name, otherwise, _percent(self._value(name).removesuffix("%")), "60%")

    def _number(self, name: str, otherwise: float) -> float:
        return self._read(name, otherwise, _decimal(self._value(name)), "1.5")

    def _read(self, name: str, otherwise: float, found: float | None, sample: str) -> float:
        if name not in self.headers:
            return otherwise
        if found is None:
            number, value = self.headers[name]
            self._wrong(number, lazy_("“{name}: {value}” is no number. Write it like {sample}.", name=name, value=value, sample=sample))
            return otherwise
        return found

    def _yes(self, name: str, *, otherwise: bool) -> bool:
        if name not in self.headers:
            return otherwise
        number, value = self.headers[name]
        if value not in ("yes", "no"):
            self._wrong(number, lazy_("“{name}: {value}” is neither yes nor no.", name=name, value=value))
        return value == "yes"

    def _wrong(self, number: int, message: LazyText) -> None:
        self.problems.append(Problem(Severity.ERROR, message, number))


_WRONG = {
    "no_kind": lambda name: lazy_(
        "“[[{name}]]” says neither sign nor fine. Write [[sign key: phrase]] or [[fine key: phrase]].", name=name
    ),
    "key": lambda name: lazy_("“{name}” cannot be a key. Use at most 12 small letters without marks, and digits.", name=name),
    "empty": lambda name: lazy_("The mark “{name}” has no text. Write what one sees behind the colon.", name=name),
    "no_target": lambda name: lazy_("“{name}” is a link without a target. Write -> and where it leads.", name=name),
    "target": lambda name: lazy_(
        "“{name}” leads somewhere, but it is neither a link nor a button. Leave out the arrow, or call it a link.", name=name
    ),
}


def _percent(written: str) -> float | None:
    number = _decimal(written)
    return None if number is None else round(number / 100, 10)


def _decimal(written: str) -> float | None:
    plain = written.strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,6}(\.\d{1,12})?", plain) else None
