"""What single and multiple choice have in common."""

from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

from lms.core.i18n import lazy_
from lms.quizzes.bodies.choosing import Choice
from lms.quizzes.content import Problem, Texts
from lms.quizzes.types import wording
from lms.quizzes.types.kind import DELETED, check_fractions, check_texts, error, shuffled, warning


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
