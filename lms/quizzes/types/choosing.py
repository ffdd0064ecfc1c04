"""What single and multiple choice have in common."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from markupsafe import Markup

from lms.core.i18n import lazy_
from lms.quizzes.bodies.choosing import Choice
from lms.quizzes.content import Problem, Texts
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, Sketch
from lms.quizzes.types.kind import DELETED, check_fractions, check_texts, error, shuffled, warning


@dataclass(frozen=True)
class Option:
    """One of the choices; ``state`` and ``feedback`` are empty until they may be told."""

    key: str
    html: Markup
    checked: bool
    state: str
    feedback: Markup


@dataclass(frozen=True)
class ChoosingSketch(Sketch):
    """The choices in the order of the attempt."""

    options: tuple[Option, ...]


def check_choices(choices: Sequence[Choice], texts: Texts) -> list[Problem]:
    """Return what is wrong with a list of choices, whatever the scoring."""
    problems = check_texts(texts, *(choice.key for choice in choices))
    problems += check_fractions([choice.fraction for choice in choices])
    if len(choices) < 2:
        problems.append(error(lazy_("There must be at least two choices.")))
    for text, count in Counter(texts.in_all(choice.key) for choice in choices).items():
        if count > 1 and any(text):
            problems.append(warning(lazy_("The choice “{text}” is there twice.", text=wording.plain(text[0]))))
    return problems


def name_choices(choices: Sequence[Choice], chosen: Iterable[str], texts: Texts, language: str) -> str:
    """Return the chosen texts in the order of the question."""
    picked = set(chosen)
    names = [wording.plain(texts.of(choice.key, language)) for choice in choices if choice.key in picked]
    names += [str(DELETED) for _ in picked - {choice.key for choice in choices}]
    return "; ".join(names)


def order_choices(choices: Sequence[Choice], random: Random, *, shuffle: bool) -> list[str]:
    keys = [choice.key for choice in choices]
    if not shuffle:
        return keys
    return shuffled(keys, random, fixed=frozenset(choice.key for choice in choices if choice.fixed))


def draw_choices(keys: Sequence[str], chosen: Collection[str], drawing: Drawing) -> ChoosingSketch:
    """Return the choices as the page shows them; one that came later than the attempt stands at the end."""
    options = (Option(key, drawing.inline(key), key in chosen, drawing.state(key), drawing.feedback(key)) for key in drawing.in_order(keys))
    return ChoosingSketch(drawing.html("stem"), tuple(options))
