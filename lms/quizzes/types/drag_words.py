"""Drag words into a text: each gap takes one, and a word goes into one gap unless it may be used again."""

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.core.i18n import gettext, lazy_
from lms.quizzes.bodies.gaps import DragWordsBody
from lms.quizzes.content import LazyText, Problem, Response, Texts
from lms.quizzes.types import gap_pieces
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.gap_pieces import GapsSketch, Piece
from lms.quizzes.types.kind import warning
from lms.quizzes.types.missing_words import MissingWords


@dataclass(frozen=True)
class DragWordShown:
    """A word beside the text; it can be placed ``times`` times, 0: as often as one likes."""

    key: str
    html: Markup
    plain: str
    group: int
    times: int


@dataclass(frozen=True)
class DragSketch(GapsSketch):
    """The text, and the words that script lets one drag; without it each gap is a list."""

    words: tuple[DragWordShown, ...]


class DragWords(MissingWords[DragWordsBody]):
    """As often as a word is right it can be placed, also when it is not said to be reusable."""

    key = "drag_words"
    label = lazy_("Drag words into the text")

    def check(self, body: DragWordsBody, texts: Texts) -> list[Problem]:
        problems = super().check(body, texts)
        right = Counter(gap.word for gap in body.gaps)
        for number, word in enumerate(body.words, start=1):
            if not word.reusable and right[word.key] > 1:
                message = lazy_(
                    "Word {number} is right in {count} gaps, so it can be placed as often. Let it be used again.",
                    number=number,
                    count=right[word.key],
                )
                problems.append(warning(message))
        return problems

    def trouble(self, body: DragWordsBody, response: Response) -> LazyText | None:
        placed = Counter(response.get("gaps", {}).values())
        if any(times and placed[key] > times for key, times in _times(body).items()):
            return lazy_("One word stands in more gaps than it can be used for.")
        return super().trouble(body, response)

    def _todo(self) -> Markup:
        return Markup(escape(gettext("Put the words into the gaps.")))

    def _sketch(self, body: DragWordsBody, drawing: Drawing, pieces: tuple[Piece, ...], count: int) -> DragSketch:
        words, times = {word.key: word for word in body.words}, _times(body)
        shown = []
        for key in drawing.in_order(list(words)):
            offer = gap_pieces.offer(drawing.inline(key), key=key, plain=drawing.plain(key), chosen=False)
            shown.append(DragWordShown(key, offer.html, offer.plain, words[key].group, times[key]))
        return DragSketch(self._todo(), pieces, count, tuple(shown))


def _times(body: DragWordsBody) -> dict[str, int]:
    right = Counter(gap.word for gap in body.gaps)
    return {word.key: 0 if word.reusable else max(right[word.key], 1) for word in body.words}
