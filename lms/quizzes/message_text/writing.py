"""Writing messages to inspect as text; what is written is read again as the same."""

import re
from collections.abc import Sequence
from html import unescape

from lms.quizzes import drafting
from lms.quizzes.bodies.messages import Look, MessageBody
from lms.quizzes.content import DEFAULT_PENALTY, QuestionDraft, TextFormat
from lms.quizzes.message_text import marks
from lms.quizzes.message_text.reading import HEADERS, SECTIONS
from lms.quizzes.types import message_parts, wording

_OPENS = re.compile(r"\\*(---|====)")
BETWEEN = "====\n"


def write_all(drafts: Sequence[QuestionDraft], language: str) -> str:
    """Return several messages as one text."""
    return f"\n{BETWEEN}\n".join(write(draft, language) for draft in drafts)


def write(draft: QuestionDraft, language: str) -> str:
    """Return a message in one language as text; the draft must be one of a message inspection."""
    assert isinstance(draft.body, MessageBody)
    return _Message(draft, draft.body, language).text()


class _Message:
    def __init__(self, draft: QuestionDraft, body: MessageBody, language: str) -> None:
        self.draft, self.body = draft, body
        self.texts = draft.texts.by_language.get(language, {})
        self.parts = {part.key: part for part in body.parts}
        self.placed: set[str] = set()

    def text(self) -> str:
        """Return the lines, the last one ended."""
        lines = [f"{name}: {value}" for name, value in self._headers() if value]
        for name in ("question", "message"):
            lines += self._section(name)
        waiting = [part for part in self.body.parts if part.look is Look.ATTACHMENT and part.key not in self.placed]
        if waiting:
            lines += ["", "--- attachments", *(self._words(part.key) for part in waiting)]
        lines += self._section("ask")
        lines += ["", "--- decisions"]
        for decision in self.body.decisions:
            worth = f" {_percent(decision.fraction)}" if decision.fraction else ""
            lines += self._entry(decision.key, decision.key + worth)
        keys = [part.key for part in self.body.parts] + [decision.key for decision in self.body.decisions]
        explained = [key for key in keys if self.texts.get(f"{key}.feedback")]
        if explained:
            lines += ["", "--- why"]
        for key in explained:
            lines += self._entry(f"{key}.feedback", key)
        for name in SECTIONS:
            if name.startswith("feedback"):
                lines += self._section(name)
        for number, hint in enumerate(self.body.hints, start=1):
            words = ["hint", *(["clear"] if hint.clear_wrong else []), *(["count"] if hint.show_count else [])]
            lines += self._section(" ".join(words), f"hint.{number}", always=True)
        return "\n".join(lines).strip("\n") + "\n"

    def _headers(self) -> list[tuple[str, str]]:
        draft, body = self.draft, self.body
        return [
            ("id", draft.id_number),
            ("name", wording.tidy(draft.name) if draft.name != draft.id_number else ""),
            ("category", " / ".join(name.replace("/", "//") for name in draft.category)),
            ("tags", "; ".join(draft.tags)),
            ("kind", body.kind),
            *((name, self._marked(self._plain(f"message.{place}"))) for name, place in HEADERS.items()),
            ("signs", _percent(body.signs_share) if body.signs_share != 0.6 else ""),
            ("alarm", _percent(body.alarm_cost) if body.alarm_cost != 0.5 else ""),
            ("mark", f"{draft.default_mark:.12g}" if draft.default_mark != 1.0 else ""),
            ("penalty", f"{draft.penalty:.12g}" if draft.penalty != DEFAULT_PENALTY else ""),
            ("shuffle", "" if body.shuffle else "no"),
            ("count", "yes" if body.show_count else ""),
            ("hidden", "yes" if draft.hidden else ""),
        ]

    def _section(self, name: str, key: str = "", *, always: bool = False) -> list[str]:
        key = key or SECTIONS[name]
        text = self.texts.get(key, "")
        if not text and not always:
            return []
        shown, note = self._readable(text, key)
        if key == "message.body":
            shown = self._marked(shown)
        return ["", f"--- {name}{note}", *(f"\\{line}" if _OPENS.match(line) else line for line in shown.split("\n"))]

    def _entry(self, key: str, opening: str) -> list[str]:
        shown, note = self._readable(self.texts.get(key, ""), key)
        first, *others = shown.split("\n")
        return [f"{opening}{note}: {first}".rstrip(), *(f"  {line}" if line else "" for line in others)]

    def _readable(self, text: str, key: str) -> tuple[str, str]:
        """Return a text as Markdown when it can be written so without loss, else as HTML with a note that says so."""
        if self.draft.formats.get(key, TextFormat.HTML) is TextFormat.MARKDOWN:
            return text, ""
        as_html = drafting.as_html(text, self.draft.formats.get(key, TextFormat.HTML))
        markdown = _markdown(as_html)
        if drafting.as_html(markdown, TextFormat.MARKDOWN) == as_html:
            return markdown, ""
        return as_html, " [html]"

    def _plain(self, key: str) -> str:
        text = self.texts.get(key, "")
        return wording.tidy(text) if self.draft.formats.get(key) is TextFormat.PLAIN else wording.plain(text)

    def _marked(self, text: str) -> str:
        """Return the text with each part written out where its key stands."""

        def put(found: re.Match[str]) -> str:
            key = found[1]
            if key not in self.parts or key in self.placed:
                return found[0]
            self.placed.add(key)
            words = self._words(key)
            if self.parts[key].look is Look.ATTACHMENT:
                words = words.replace(" ", " attachment ", 1)
            return f"[[{words}]]"

        return message_parts.MARK.sub(put, text)

    def _words(self, key: str) -> str:
        return marks.write(self.parts[key], self._plain(key), self._plain(f"{key}.target"))


_TAGS = (
    (re.compile(r"</?strong>"), "**"),
    (re.compile(r"</?em>"), "*"),
    (re.compile(r"<br>\n?"), "\\\n"),
    (re.compile(r"</p>\n<p>"), "\n\n"),
    (re.compile(r"<blockquote>\n<p>([^<]*)</p>\n</blockquote>"), r"<p>> \1</p>"),
    (re.compile(r"</p>\n(?=<)"), "\n\n"),
    (re.compile(r"</?[uo]l>\n?"), "\n"),
    (re.compile(r"<li>(.*?)</li>\n?"), "- \\1\n"),
    (re.compile(r"</?p>"), ""),
)


def _markdown(html: str) -> str:
    """Return a guess at the Markdown that the HTML came from; whoever calls looks whether it is right."""
    for pattern, sign in _TAGS:
        html = pattern.sub(sign, html)
    return unescape(html).strip()


def _percent(share: float) -> str:
    return f"{share * 100:.10g}%"
