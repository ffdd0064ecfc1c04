"""Items with several places to answer inside a text, as questions with gaps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from random import Random

from lms.core.i18n import lazy_
from lms.interop.qti import entries, scoring, told, values
from lms.interop.qti.choices import Offer, offers_of, switch
from lms.interop.qti.items import Interaction, Item
from lms.interop.qti.pairs import right_pairs
from lms.interop.qti.scoring import SEED, Derived, Scores, share
from lms.interop.qti.values import Value
from lms.interop.xml_files import children, tag_of
from lms.quizzes import gap_words
from lms.quizzes.bodies.choosing import Choice
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.gaps import ClozeBody, DragWord, DragWordsBody, Gap, GapKind, WordGap
from lms.quizzes.bodies.numbers import NumericalAnswer
from lms.quizzes.bodies.words import TextAnswer

_SAMPLES = 60
_SAME = 0.005  # of the mark
_LARGEST_WEIGHT = 1000


@dataclass(frozen=True)
class Place:
    """One place to answer: a list to choose from, or a word or number to type when there is none."""

    response: str
    offers: tuple[Offer, ...] = ()
    is_shuffled: bool = False


@dataclass(frozen=True)
class _Filled:
    """A gap of ours, what is shown in it, its worth in the file, and answers that may be given with their fraction."""

    gap: Gap
    texts: dict[str, str]
    worth: Decimal
    tries: tuple[tuple[Value, float], ...]


def mark_of(number: int) -> str:
    """Return what stands in the text where the gap of this number is."""
    return f"{{#{number}}}"


def embedded(item: Item) -> Derived:
    """Return what inlineChoiceInteractions and textEntryInteractions ask together."""
    places = [
        Place(each.response, tuple(offers_of(item, each.element, "inlineChoice")), switch(each.element, "shuffle", default=False))
        for each in item.interactions
    ]
    return fill_in(item, places)


def fill_in(item: Item, places: list[Place]) -> Derived:
    """Return a question with a gap for each place, which stand in the text in this order."""
    scores = Scores(item)
    right = {place.response: item.declared[place.response].correct for place in places}
    right = {name: value for name, value in right.items() if not value.is_null}
    nothing = scores.of({})
    alone = any(scores.of({name: value}) > nothing for name, value in right.items()) or not right
    filled = [_filled(item, place, number, scores, {} if alone else right) for number, place in enumerate(places, start=1)]
    is_scored = any(each.worth > 0 for each in filled)
    if not is_scored:
        filled = [_by_declaration(item, place, number) for number, place in enumerate(places, start=1)]
        scoring.warn_of_fallback(item, scores, has_answer=any(each.worth > 0 for each in filled))
    weights = _weights([each.worth for each in filled])
    gaps = tuple(
        Gap(each.gap.key, each.gap.kind, weight, each.gap.choices, each.gap.words, each.gap.numbers)
        for each, weight in zip(filled, weights, strict=True)
    )
    best = {
        place.response: max(each.tries, key=lambda one: one[1])[0] if each.tries else values.null()
        for place, each in zip(places, filled, strict=True)
    }
    mark = float(scores.of(best)) if is_scored else scoring.declared_mark(item) if any(each.worth > 0 for each in filled) else 0.0
    if is_scored:
        _compare(item, scores, places, filled, weights)
    texts = {key: text for each in filled for key, text in each.texts.items() if text}
    first = places[0].response
    texts |= told.by_outcome(item, right=best, partial={first: best[first]} if len(places) > 1 else None, wrong={})
    keys = {place.response: each.gap.key for place, each in zip(places, filled, strict=True)}
    keys |= {
        f"{place.response} {offer.identifier}": f"{keys[place.response]}{key_at(n)}"
        for place in places
        for n, offer in enumerate(place.offers)
    }
    return Derived("cloze", ClozeBody(gaps), texts, mark, keys)


def _filled(item: Item, place: Place, number: int, scores: Scores, beside: Mapping[str, Value]) -> _Filled:
    """Ask what each answer to one place is worth, while the others are open or, where only all together count, right."""
    others = {name: value for name, value in beside.items() if name != place.response}
    without = scores.of(others)

    def worth_of(value: Value) -> Decimal:
        return scores.of({**others, place.response: value}) - without

    if place.offers:
        worth = [worth_of(Value("identifier", (offer.identifier,))) for offer in place.offers]
        return _chosen(place, number, worth)
    if entries.is_number(item, place.response):
        answers, best = entries.numbers_of(item, place.response, worth_of)
        return _numbered(item, place, number, answers, best)
    words = entries.words_of(item, place.response, worth_of)
    return _worded(number, words)


def _by_declaration(item: Item, place: Place, number: int) -> _Filled:
    declaration = item.declared[place.response]
    if place.offers:
        if declaration.mapping is not None and declaration.correct.is_null:
            return _chosen(place, number, [declaration.mapping.of(offer.identifier) for offer in place.offers])
        return _chosen(place, number, [Decimal(int(offer.identifier in declaration.correct.items)) for offer in place.offers])
    if entries.is_number(item, place.response):
        numbers = [value for value in declaration.correct.items if isinstance(value, int | Decimal)]
        return _numbered(item, place, number, tuple(NumericalAnswer("", value=Decimal(value)) for value in numbers), Decimal(len(numbers)))
    return _worded(number, entries.declared_words(item, place.response))


def _chosen(place: Place, number: int, worth: list[Decimal]) -> _Filled:
    best = max(worth, default=Decimal(0))
    fractions = [share(each, best) if best > 0 else 1.0 for each in worth]
    key = str(number)
    choices = tuple(Choice(f"{key}{key_at(index)}", max(fraction, 0.0)) for index, fraction in enumerate(fractions))
    texts = {choice.key: offer.html or "—" for choice, offer in zip(choices, place.offers, strict=True)}
    tries = tuple((Value("identifier", (offer.identifier,)), choice.fraction) for choice, offer in zip(choices, place.offers, strict=True))
    return _Filled(Gap(key, GapKind.LIST_SHUFFLED if place.is_shuffled else GapKind.LIST, choices=choices), texts, best, tries)


def _worded(number: int, words: entries.Words) -> _Filled:
    best = max((worth for _, worth in words.answers), default=Decimal(0))
    known = words.answers if best > 0 else (("*", Decimal(1)),)
    answers = tuple(
        TextAnswer(f"{number}{key_at(index)}", text, share(worth, best or Decimal(1))) for index, (text, worth) in enumerate(known)
    )
    kind = GapKind.WORD_CASE if words.case else GapKind.WORD
    tries = tuple(
        (Value("string", (entries.sample(answer.pattern),)), answer.fraction) for answer in answers if entries.sample(answer.pattern)
    )
    return _Filled(Gap(str(number), kind, words=answers), {}, best, tries)


def _numbered(item: Item, place: Place, number: int, answers: tuple[NumericalAnswer, ...], best: Decimal) -> _Filled:
    base = item.declared[place.response].base
    known = answers or (NumericalAnswer(""),)
    numbers = tuple(
        NumericalAnswer(f"{number}{key_at(index)}", each.fraction, each.value, each.tolerance, each.relative, each.low, each.high)
        for index, each in enumerate(known)
    )
    tries = tuple(
        (Value(base, (int(each.value) if base == "integer" else each.value,)), each.fraction) for each in numbers if each.value is not None
    )
    return _Filled(Gap(str(number), GapKind.NUMBER, numbers=numbers), {}, best, tries)


def _weights(worth: list[Decimal]) -> list[int]:
    """Return whole numbers in the proportion of the worth of the gaps."""
    shares = [Fraction(each) if each > 0 else Fraction(0) for each in worth]
    if not any(shares):
        return [1] * len(worth)
    many = lcm(*(each.denominator for each in shares))
    whole = [int(each * many) for each in shares]
    least = gcd(*whole)
    whole = [each // least for each in whole]
    if max(whole) > _LARGEST_WEIGHT:
        return [round(each * 100 / max(shares)) for each in shares]
    return whole


def _compare(item: Item, scores: Scores, places: list[Place], filled: list[_Filled], weights: list[int]) -> None:
    """Say when the gaps are not worth together what each is worth alone."""
    total = sum(weights)
    differences = []
    tried = list(_tries(filled))
    best = max(
        (scores.of({place.response: each[0] for place, each in zip(places, one, strict=True) if each}) for one in tried), default=Decimal(0)
    )
    if best <= 0 or not total:
        return
    for one in tried:
        mine = sum(weight * each[1] for weight, each in zip(weights, one, strict=True) if each) / total
        theirs = share(scores.of({place.response: each[0] for place, each in zip(places, one, strict=True) if each}), best)
        differences.append((abs(mine - theirs), mine, theirs))
    difference, mine, theirs = max(differences)
    if difference > _SAME:
        scoring.warn_of_difference(item, mine=mine, theirs=theirs)


def _tries(filled: list[_Filled]) -> Iterator[list[tuple[Value, float] | None]]:
    best = [max(each.tries, key=lambda one: one[1]) if each.tries else None for each in filled]
    yield list(best)
    yield [None] * len(filled)
    for place in range(len(filled)):
        yield [each if index == place else None for index, each in enumerate(best)]
        yield [each if index != place else None for index, each in enumerate(best)]
    random = Random(SEED)
    for _ in range(_SAMPLES):
        yield [random.choice([None, *each.tries]) for each in filled]


# --- words to drag into gaps


def drag(item: Item, interaction: Interaction) -> Derived:
    """Return what a gapMatchInteraction asks; raises Unreadable when a gap has several right words or none."""
    elements = children(interaction.element, "gapText", "gapImg")
    offers = [offer for name in ("gapText", "gapImg") for offer in offers_of(item, interaction.element, name)]
    gaps = [str(each.get("identifier") or "") for each in interaction.element.iter() if tag_of(each) == "gap"]
    is_clear = len(set(gaps)) == len(gaps) and len({offer.identifier for offer in offers}) == len(offers)
    declaration = item.declared[interaction.response]
    known = {offer.identifier for offer in offers}
    pairs = [(first, second) for first, second in right_pairs(declaration) if first in known]
    partner = {gap: [first for first, second in pairs if second == gap] for gap in gaps}
    if not gaps or not is_clear or not all(len(each) == 1 for each in partner.values()) or len(elements) != len(offers):
        raise item.error(lazy_("A gap has several right words, or none; there is no such question here."))
    numbers = {offer.identifier: number for number, offer in enumerate(offers, start=1)}
    words = tuple(DragWord(gap_words.key_of(number), reusable=offer.most != 1) for number, offer in enumerate(offers, start=1))
    places = iter(gaps)
    item.body.in_place = lambda element: f"[[{numbers[partner[next(places)][0]]}]]"
    stem = item.body.tidy(interaction.element)
    item.stem = f"{item.stem}{stem}"
    texts = {gap_words.key_of(numbers[offer.identifier]): offer.html for offer in offers}
    words = gap_words.paired(words, texts)
    keys = dict(zip(gaps, gap_words.gap_keys([str(numbers[partner[gap][0]]) for gap in gaps]), strict=True))
    body = DragWordsBody(words, tuple(WordGap(keys[gap], gap_words.key_of(numbers[partner[gap][0]])) for gap in gaps))
    scores = Scores(item)

    def given(right: list[str]) -> Mapping[str, Value]:
        return {interaction.response: Value("directedPair", tuple((partner[gap][0], gap) for gap in right), "multiple")}

    best = scores.of(given(gaps))
    mark = float(best)
    if best <= 0:
        scoring.warn_of_fallback(item, scores, has_answer=True)
        mark = scoring.declared_mark(item)
    else:
        some = [gaps[:count] for count in range(len(gaps) + 1)] + [[gap] for gap in gaps]
        worst = max(((abs(len(each) / len(gaps) - share(scores.of(given(each)), best)), each) for each in some), key=lambda one: one[0])
        if worst[0] > _SAME:
            scoring.warn_of_difference(item, mine=len(worst[1]) / len(gaps), theirs=share(scores.of(given(worst[1])), best))
    texts |= told.by_outcome(item, right=given(gaps), partial=given(gaps[:1]) if len(gaps) > 1 else None, wrong=given([]))
    return Derived("drag_words", body, texts, mark, keys | {name: gap_words.key_of(number) for name, number in numbers.items()})
