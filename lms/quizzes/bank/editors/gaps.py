"""Editors of questions whose places to answer stand inside the text."""

from collections.abc import Sequence
from typing import TypeVar

from lms.core.i18n import lazy_
from lms.quizzes import cloze_text
from lms.quizzes.bank.editors import source
from lms.quizzes.bank.editors.choosing import SHOW_COUNT
from lms.quizzes.bank.editors.kind import Editor
from lms.quizzes.bank.editors.parts import Line, Opening, Part, Row, Rows, Sheet, Switch, Text
from lms.quizzes.bank.editors.typing import MARKS, SEPARATORS
from lms.quizzes.bodies.gaps import ClozeBody, DragWord, DragWordsBody, GapSelectBody, Word
from lms.quizzes.bodies.numbers import Separators
from lms.quizzes.bodies.words import Marks
from lms.quizzes.content import Severity

W = TypeVar("W", bound=Word)


class ClozeEditor(Editor[ClozeBody]):
    """The text holds its gaps as Moodle writes them; the author of a translation writes them once more."""

    key = "cloze"
    stem_hint = lazy_(
        "Write a gap as {1:MULTICHOICE:=right~wrong}, {1:SHORTANSWER:=word} or {1:NUMERICAL:=12:0.5}; the number is its weight, and # begins a feedback."
    )
    parts = (MARKS, SEPARATORS)

    def open(self, body: ClozeBody, form: Opening) -> None:
        for language in form.languages:
            own = form.texts_in(language)
            written = {key: source.to_source(text) for key, text in own.items()}
            form.line(f"stem.{language}", cloze_text.write(written.get("stem", ""), body.gaps, written))
        form.line("marks", body.marks)
        form.line("separators", body.separators)

    def read(self, sheet: Sheet) -> ClozeBody:
        first = None
        for language in sheet.languages:
            name = f"stem.{language}"
            written = sheet.values.get(name, "").replace("\r\n", "\n").strip()
            if not written:
                continue
            found = cloze_text.parse(written)
            for problem in found.problems:
                sheet.complain(name, problem.message, Severity.ERROR)
            made = {"stem": source.to_html(found.stem)} | {key: source.to_html(text) for key, text in found.texts.items()}
            sheet.texts[language] |= made
            sheet.place_of |= dict.fromkeys(made, name)
            if first is None:
                first = found.gaps
            elif found.gaps != first and not found.problems:
                sheet.complain(name, lazy_("The gaps of the languages differ: kind, weight, what is right and its order must be the same."))
        return ClozeBody(first or (), Marks(sheet.pick("marks", Marks.KEEP)), Separators(sheet.pick("separators", Separators.EITHER)))


def _words(*more: Switch) -> tuple[Part, ...]:
    return (
        Rows(
            "words",
            lazy_("Words to choose from"),
            lazy_("Word"),
            lazy_("One more word"),
            (
                Text("text", lazy_("Word"), lines=1),
                Line("group", lazy_("Group: a gap offers the words of its group"), mode="numeric"),
                *more,
            ),
            start=3,
            hint=lazy_("In the text, [[1]] is a gap whose right word is the first of these, [[2]] the second."),
        ),
        Switch("shuffle", lazy_("Shuffle the words")),
        SHOW_COUNT,
    )


class GapSelectEditor(Editor[GapSelectBody]):
    """A list in each gap of a text."""

    key = "gap_select"
    combined = True
    stem_hint = lazy_("Write [[1]] where the first word is missing: “A password has at least [[1]] letters.”")
    parts = _words()

    def start(self) -> dict[str, str]:
        return super().start() | {"shuffle": "1"}

    def open(self, body: GapSelectBody, form: Opening) -> None:
        form.rows("words", _in_places(body.words), _open_word)
        form.on("shuffle", body.shuffle)
        form.on("show_count", body.show_count)

    def read(self, sheet: Sheet) -> GapSelectBody:
        words = tuple(Word(_key(row), _group(row)) for row in sheet.rows("words"))
        return GapSelectBody(words, (), sheet.on("shuffle"), sheet.on("show_count"))


class DragWordsEditor(Editor[DragWordsBody]):
    """Words to drag to the gaps of a text."""

    key = "drag_words"
    combined = True
    stem_hint = GapSelectEditor.stem_hint
    parts = _words(Switch("reusable", lazy_("May be used in several gaps")))

    def start(self) -> dict[str, str]:
        return super().start() | {"shuffle": "1"}

    def open(self, body: DragWordsBody, form: Opening) -> None:
        def fill(row: Opening, word: DragWord | None) -> None:
            _open_word(row, word)
            row.on("reusable", word is not None and word.reusable)

        form.rows("words", _in_places(body.words), fill)
        form.on("shuffle", body.shuffle)
        form.on("show_count", body.show_count)

    def read(self, sheet: Sheet) -> DragWordsBody:
        words = tuple(DragWord(_key(row), _group(row), reusable=row.on("reusable")) for row in sheet.rows("words"))
        return DragWordsBody(words, (), sheet.on("shuffle"), sheet.on("show_count"))


def _in_places(words: Sequence[W]) -> list[W | None]:
    """Return the words at the places that their numbers name; a number may have been left out."""
    at = {word.key: word for word in words}
    last = max((int(key.removeprefix("w")) for key in at if key.removeprefix("w").isdigit()), default=0)
    return [at.get(f"w{number}") for number in range(1, last + 1)]


def _open_word(row: Opening, word: Word | None) -> None:
    if word is not None:
        row.text("text", word.key)
        row.line("group", word.group)


def _key(row: Row) -> str:
    key = f"w{row.index + 1}"
    row.text("text", key, needed=lazy_("Write the word, or take the row out."))
    return key


def _group(row: Row) -> int:
    number = row.number("group")
    return int(number) if number is not None and 1 <= number <= 20 else 1
