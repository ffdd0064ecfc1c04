"""Reading questions of Moodle XML whose places to answer stand inside the text."""

import re
from dataclasses import replace

from lms.core.i18n import lazy_
from lms.interop.moodle_xml.elements import Source, inner
from lms.interop.question_files import Unreadable
from lms.interop.xml_files import Element, line_of
from lms.quizzes import cloze_text, gap_words
from lms.quizzes.bodies.gaps import ClozeBody, DragWord, DragWordsBody, GapSelectBody, Word
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.content import Problem, QuestionDraft, Severity, TextFormat, Texts

_MOST_GROUPS = 20


def read_cloze(source: Source, hints: tuple[Hint, ...]) -> ClozeBody:
    """Take the gaps out of the stem.  Raises Unreadable."""
    found = cloze_text.parse(source.texts.get("stem", ""))
    if found.problems:
        first = found.problems[0]
        holder = source.element.find("questiontext/text")
        begin = source.position if holder is None else line_of(holder)
        raise Unreadable(Problem(Severity.ERROR, first.message, begin + (first.position or 1) - 1, source.name))
    source.texts |= {"stem": found.stem, **found.texts}
    source.formats |= dict.fromkeys(found.texts, TextFormat.HTML)
    return ClozeBody(found.gaps, hints=hints)


def read_select(source: Source, hints: tuple[Hint, ...]) -> GapSelectBody:
    words = tuple(Word(key, group) for key, group, _ in _words(source, "selectoption"))
    words = gap_words.paired(words, source.texts)
    return GapSelectBody(words, gap_words.gaps_of(source.texts.get("stem", ""), words), **_settings(source), hints=hints)


def read_drag(source: Source, hints: tuple[Hint, ...]) -> DragWordsBody:
    words = tuple(DragWord(key, group, reusable=reusable) for key, group, reusable in _words(source, "dragbox"))
    words = gap_words.paired(words, source.texts)
    return DragWordsBody(words, gap_words.gaps_of(source.texts.get("stem", ""), words), **_settings(source), hints=hints)


def in_sequence(draft: QuestionDraft) -> QuestionDraft:
    """Return the same question with its words counted without a break, as the file will count them."""
    body = draft.body
    if not isinstance(body, GapSelectBody | DragWordsBody):
        return draft
    keys = gap_words.new_numbers(body.words)
    if all(key == new for key, new in keys.items()):
        return draft
    by_language = {
        language: {keys.get(key, key): gap_words.renumbered(text, keys) if key == "stem" else text for key, text in texts.items()}
        for language, texts in draft.texts.by_language.items()
    }
    stem = next((texts["stem"] for texts in by_language.values() if "stem" in texts), "")
    formats = {keys.get(key, key): text_format for key, text_format in draft.formats.items()}
    if isinstance(body, DragWordsBody):
        drags = tuple(replace(word, key=keys[word.key], same_as=keys.get(word.same_as, "")) for word in body.words)
        numbered: GapSelectBody | DragWordsBody = replace(body, words=drags, gaps=gap_words.gaps_of(stem, drags))
    else:
        words = tuple(replace(word, key=keys[word.key], same_as=keys.get(word.same_as, "")) for word in body.words)
        numbered = replace(body, words=words, gaps=gap_words.gaps_of(stem, words))
    return replace(draft, body=numbered, texts=Texts(by_language), formats=formats)


def _settings(source: Source) -> dict[str, bool]:
    return {
        "shuffle": source.switch("shuffleanswers", default=True),
        "show_count": source.switch("shownumcorrect", default=False),
    }


def _words(source: Source, tag: str) -> list[tuple[str, int, bool]]:
    """Return key, group and whether it may be used again of each word; empty ones are left out, as Moodle does."""
    elements = source.all(tag)
    kept = [number for number, element in enumerate(elements, start=1) if inner(element.find("text"))]
    if len(kept) < len(elements) and "stem" in source.texts:
        now = {gap_words.key_of(number): gap_words.key_of(place) for place, number in enumerate(kept, start=1)}
        source.texts["stem"] = gap_words.renumbered(source.texts["stem"], now)
    words = []
    for place, number in enumerate(kept, start=1):
        element = elements[number - 1]
        source.put(gap_words.key_of(place), element)
        words.append((gap_words.key_of(place), _group(source, element), element.find("infinite") is not None))
    return words


def _group(source: Source, element: Element) -> int:
    written = inner(element.find("group")) or "1"
    if re.fullmatch(r"[0-9]{1,2}", written) and 1 <= int(written) <= _MOST_GROUPS:
        return int(written)
    source.warn(lazy_("“{text}” is no group of words; 1 was taken.", text=written), element)
    return 1
