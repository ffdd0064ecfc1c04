"""What selecting and dragging missing words have in common: a text with gaps, and the words that go into them."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from markupsafe import Markup

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import gap_words, grading
from lms.quizzes.bodies.gaps import DragWordsBody, GapSelectBody, Word, WordGap
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Texts
from lms.quizzes.grading import Grade, GradeState, PartMark
from lms.quizzes.types import gap_pieces, wording
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.gap_pieces import GapShown, GapsSketch
from lms.quizzes.types.kind import DELETED, QuestionType, check_texts, error, one_text, shuffled, warning

B = TypeVar("B", GapSelectBody, DragWordsBody)

MOST_GROUPS = 20


class MissingWords(QuestionType[B]):
    """Response: ``{"gaps": {"g1": "w1", "g3": "w2"}}``; gaps left open are not there.

    A form sends one field a gap: ``gaps.g1``.  A gap offers the words of the group
    that its right word is in; another word that reads the same is as right.
    """

    def check(self, body: B, texts: Texts) -> list[Problem]:
        problems = check_texts(texts, *(word.key for word in body.words))
        if not all(1 <= word.group <= MOST_GROUPS for word in body.words):
            problems.append(error(lazy_("A group is a number from 1 to {most}.", most=MOST_GROUPS)))
        for language in texts.languages:
            problems += _check_gaps(body, texts.of("stem", language))
        offered = Counter(word.group for word in body.words)
        lonely = {word.group for word in _right_words(body) if offered[word.group] < 2}
        problems += [
            warning(lazy_("Group {group} has one word only: there is nothing to choose.", group=group)) for group in sorted(lonely)
        ]
        return problems

    def tidy(self, body: B, texts: Texts) -> tuple[B, Texts]:
        """Find the gaps in the text, and the words that read the same."""
        own = [texts.by_language[language] for language in texts.languages]
        words = gap_words.paired(body.words, *own)
        first = next((each["stem"] for each in own if each.get("stem")), "")
        _, numbers = gap_pieces.split(first, gap_words.PLACE)
        return replace(body, words=words, gaps=gap_words.gaps_at(numbers, words)), texts

    def trouble(self, body: B, response: Response) -> LazyText | None:
        given = response.get("gaps", {})
        offered = _offered(body)
        if given and any(given.get(gap.key) not in offered[gap.key] for gap in body.gaps):
            return lazy_("Please fill in every gap.")
        return None

    def grade(self, body: B, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        right_ones, given = _right_ones(body, response), response["gaps"]
        parts = {gap.key: GradeState.RIGHT if gap.key in right_ones else GradeState.WRONG for gap in body.gaps if gap.key in given}
        return grading.grade(len(right_ones) / len(body.gaps) if body.gaps else 0.0, parts)

    def parts_of(self, body: B, response: Response) -> Mapping[str, PartMark]:
        right_ones = _right_ones(body, response)
        return {gap.key: PartMark(float(gap.key in right_ones), 1 / len(body.gaps)) for gap in body.gaps}

    def without_wrong(self, body: B, response: Response) -> Response:
        kept = _right_ones(body, response)
        return {"gaps": kept} if kept else {}

    def guess_fraction(self, body: B) -> float | None:
        """Return the mean over the gaps of choosing any of the words that each offers."""
        offered = _offered(body)
        return sum(1.0 / max(len(offered[gap.key]), 1) for gap in body.gaps) / len(body.gaps) if body.gaps else None

    def right_answer(self, body: B) -> Response:
        return {"gaps": {gap.key: gap.word for gap in body.gaps}} if body.gaps else {}

    def describe(self, body: B, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        given = response.get("gaps", {})
        lines = [
            f"{number}. {self._named(body, texts, given[gap.key], language)}"
            for number, gap in enumerate(_in_text(body, texts, language), start=1)
            if gap.key in given
        ]
        return "; ".join(lines)

    def shuffle_order(self, body: B, random: Random) -> list[str]:
        keys = [word.key for word in body.words]
        return shuffled(keys, random) if body.shuffle else keys

    def clean(self, body: B, raw: Mapping[str, Any]) -> Response:
        given = raw.get("gaps") or {}
        offered = _offered(body)
        if not isinstance(given, Mapping) or not set(given) <= set(offered):
            raise InvalidResponse()
        flat = {key: raw[f"gaps.{key}"] for key in offered if f"gaps.{key}" in raw}
        chosen = {key: one_text({**given, **flat}, key) for key in offered}
        gaps = {key: word for key, word in chosen.items() if word}
        if any(word not in offered[key] for key, word in gaps.items()):
            raise InvalidResponse()
        return {"gaps": gaps} if gaps else {}

    def draw(self, body: B, drawing: Drawing) -> GapsSketch:
        texts, numbers = gap_pieces.split(drawing.html("stem"), gap_words.PLACE)
        known = {gap.key: gap for gap in body.gaps}
        keys = [key if key in known else "" for key in gap_words.gap_keys(numbers)]
        shown = [key for key in keys if key]
        gaps = [self._shown(body, known[key], shown.index(key) + 1, drawing) if key else None for key in keys]
        return self._sketch(body, drawing, tuple(gap_pieces.pieces(texts, gaps)), len(shown))

    def _sketch(self, body: B, drawing: Drawing, pieces: tuple[gap_pieces.Piece, ...], count: int) -> GapsSketch:
        return GapsSketch(self._todo(), pieces, count)

    @abstractmethod
    def _todo(self) -> Markup:
        """Return what to do, in the reader's language."""

    def _shown(self, body: B, gap: WordGap, number: int, drawing: Drawing) -> GapShown:
        chosen = drawing.response.get("gaps", {}).get(gap.key, "")
        keys = _offered(body)[gap.key]
        return GapShown(
            gap.key,
            number,
            "list",
            f"gaps.{gap.key}",
            tuple(
                gap_pieces.offer(drawing.inline(key), key=key, plain=drawing.plain(key), chosen=key == chosen)
                for key in drawing.in_order(keys)
            ),
            group=_group(body, gap),
            answer=self._named(body, drawing.texts, chosen, drawing.language) if chosen else "",
            state=drawing.state(gap.key),
            right=drawing.plain(gap.word) if drawing.reveals else "",
        )

    def _named(self, body: B, texts: Texts, key: str, language: str) -> str:
        return wording.plain(texts.of(key, language)) if key in {word.key for word in body.words} else str(DELETED)


def _right_ones(body: GapSelectBody | DragWordsBody, response: Response) -> dict[str, str]:
    """Return what of the response is right, by gap."""
    given, reading = response.get("gaps", {}), {word.key: word.same_as or word.key for word in body.words}
    return {gap.key: given[gap.key] for gap in body.gaps if gap.key in given and reading.get(given[gap.key]) == reading[gap.word]}


def _group(body: GapSelectBody | DragWordsBody, gap: WordGap) -> int:
    return next(word.group for word in body.words if word.key == gap.word)


def _offered(body: GapSelectBody | DragWordsBody) -> dict[str, list[str]]:
    """Return for each gap the words to choose from."""
    groups: dict[int, list[str]] = {}
    for word in body.words:
        groups.setdefault(word.group, []).append(word.key)
    return {gap.key: groups[_group(body, gap)] for gap in body.gaps}


def _right_words(body: GapSelectBody | DragWordsBody) -> list[Word]:
    right = {gap.word for gap in body.gaps}
    return [word for word in body.words if word.key in right]


def _in_text(body: GapSelectBody | DragWordsBody, texts: Texts, language: str) -> Sequence[WordGap]:
    """Return the gaps as the reader counts them: a translation may have them in another order."""
    _, numbers = gap_pieces.split(texts.of("stem", language), gap_words.PLACE)
    keys = gap_words.gap_keys(numbers)
    return sorted(body.gaps, key=lambda gap: keys.index(gap.key) if gap.key in keys else len(keys))


def _check_gaps(body: GapSelectBody | DragWordsBody, stem: str) -> Iterator[Problem]:
    _, numbers = gap_pieces.split(stem, gap_words.PLACE)
    if stem and not numbers:
        yield error(lazy_("There is no gap in the text. Write [[1]] where the first word is right."))
        return
    keys = {word.key for word in body.words}
    for number in dict.fromkeys(map(int, numbers)):
        if gap_words.key_of(number) not in keys:
            yield error(lazy_("The text has the gap [[{number}]], but there is no word {number}.", number=number))
    if stem and {gap.key for gap in body.gaps} - set(gap_words.gap_keys(numbers)):
        yield error(lazy_("The text does not have the same gaps in every language."))
