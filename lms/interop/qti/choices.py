"""Items that are answered by choosing and by putting in order, as questions of ours."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, permutations
from random import Random

from lms.core.i18n import lazy_
from lms.interop.qti import scoring, told
from lms.interop.qti.items import Interaction, Item
from lms.interop.qti.scoring import SEED, Derived, Sample, Scores, share
from lms.interop.qti.values import Value
from lms.interop.xml_files import Element, children
from lms.quizzes.bodies.arranging import Item as OrderItem
from lms.quizzes.bodies.arranging import OrderingBody, OrderRule
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.parts import Numbering
from lms.quizzes.types import wording
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.ordering import Ordering

_ALL_SUBSETS_UP_TO = 8  # choices
_ALL_ORDERS_UP_TO = 6  # things
_SAMPLES = 120
_WORDS = {"true": ("true", "đúng", "đ"), "false": ("false", "sai", "s")}
_NUMBERINGS = {
    "qti-labels-decimal": Numbering.DIGITS,
    "qti-labels-lower-alpha": Numbering.LETTERS,
    "qti-labels-upper-alpha": Numbering.CAPITALS,
    "qti-labels-none": Numbering.NONE,
}


@dataclass(frozen=True)
class Offer:
    """Something to choose, to put in order or to match; ``most`` is how often it may be matched, 0: any number of times."""

    identifier: str
    html: str
    is_fixed: bool = False
    most: int = 1


def offers_of(item: Item, holder: Element, name: str) -> list[Offer]:
    """Return what an interaction of QTI 2 offers."""
    return [
        Offer(
            str(each.get("identifier") or ""),
            item.body.tidy(each),
            is_fixed=switch(each, "fixed", default=False),
            most=int(str(each.get("matchMax") or "1")) if str(each.get("matchMax") or "1").isdigit() else 1,
        )
        for each in children(holder, name)
    ]


def choice(item: Item, interaction: Interaction) -> Derived:
    """Return what a choiceInteraction asks."""
    element = interaction.element
    styles = str(element.get("class") or "").split()
    most = str(element.get("maxChoices") or "0")
    return choose(
        item,
        interaction.response,
        offers_of(item, element, "simpleChoice"),
        shuffle=switch(element, "shuffle", default=False),
        numbering=next((_NUMBERINGS[each] for each in styles if each in _NUMBERINGS), Numbering.LETTERS),
        most=int(most) if most.isdigit() else 0,
    )


def choose(item: Item, response: str, offers: list[Offer], *, shuffle: bool, numbering: Numbering, most: int) -> Derived:
    """Return a single or a multiple choice, or true and false; ``most`` may be ticked, 0: all."""
    keys = {offer.identifier: key_at(index) for index, offer in enumerate(offers)}
    texts = {keys[offer.identifier]: offer.html for offer in offers}
    fixed = {keys[offer.identifier] for offer in offers if offer.is_fixed}
    if item.declared[response].cardinality == "single":
        derived = _single(item, response, keys, texts)
    else:
        derived = _multiple(item, response, keys, texts, most=most or len(offers))
    body = derived.body
    if not isinstance(body, SingleChoiceBody | MultipleChoiceBody):
        return derived
    choices = tuple(replace(each, fixed=each.key in fixed) for each in body.choices)
    return replace(derived, body=replace(body, choices=choices, shuffle=shuffle, numbering=numbering))


def _single(item: Item, name: str, keys: dict[str, str], texts: dict[str, str]) -> Derived:
    scores = Scores(item)
    answers = {key: (identifier, {name: Value("identifier", (identifier,))}) for identifier, key in keys.items()}
    worth = {key: scores.of(responses) for key, (_, responses) in answers.items()}
    best = max(worth.values(), default=Decimal(0))
    mark = float(best)
    if best <= 0:
        worth, mark = _declared(item, name, scores, keys)
        best = max(worth.values(), default=Decimal(1))
    elif unanswered := scores.of({name: Value("identifier", ())}):
        item.warn(lazy_("The file gives {mark} marks for no answer; here it is worth nothing.", mark=f"{unanswered:g}"))
    fractions = {key: share(value, best) for key, value in worth.items()}
    right = frozenset(key for key, fraction in fractions.items() if fraction == 1.0)
    texts = texts | told.by_answer(item, answers, right=right)
    if statement := _true_false(keys, texts, fractions, mark):
        return statement
    choices = tuple(Choice(key, fraction) for key, fraction in fractions.items())
    return Derived("single_choice", SingleChoiceBody(choices), texts, mark, keys)


def _true_false(keys: dict[str, str], texts: dict[str, str], fractions: dict[str, float], mark: float) -> Derived | None:
    """Return a choice between true and false, when the words are just those and one of them is right."""
    said = {key: wording.plain(texts.get(key, "")).lower().rstrip(".") for key in keys.values()}
    own = {key: each for key, word in said.items() for each, words in _WORDS.items() if word in words}
    if sorted(own.values()) != ["false", "true"] or len(said) != 2 or sorted(fractions.values()) != [0.0, 1.0]:
        return None
    right = next(own[key] for key, fraction in fractions.items() if fraction == 1.0)
    of_own = {f"{each}.feedback": texts[f"{key}.feedback"] for key, each in own.items() if texts.get(f"{key}.feedback")}
    for combined, each in (("feedback.right", right), ("feedback.wrong", "false" if right == "true" else "true")):
        if text := texts.get(combined, "") + of_own.get(f"{each}.feedback", ""):
            of_own[f"{each}.feedback"] = text
    kept = {"feedback": texts["feedback"]} if texts.get("feedback") else {}
    return Derived("true_false", TrueFalseBody(right == "true"), kept | of_own, mark, {name: own[key] for name, key in keys.items()})


def _declared(item: Item, name: str, scores: Scores, keys: dict[str, str]) -> tuple[dict[str, Decimal], float]:
    """Return what choices are worth by the declared answer and mapping, and the mark; without them all are worth the same."""
    declaration = item.declared[name]
    mapped = {key: declaration.mapping.of(identifier) for identifier, key in keys.items()} if declaration.mapping else {}
    if max(mapped.values(), default=Decimal(0)) > 0 and declaration.cardinality == "single":
        scoring.warn_of_fallback(item, scores, has_answer=True)
        return mapped, scoring.declared_mark(item)
    right = {keys[str(each)] for each in declaration.correct.items if str(each) in keys}
    scoring.warn_of_fallback(item, scores, has_answer=bool(right))
    if not right:
        return dict.fromkeys(keys.values(), Decimal(1)), 0.0
    return {key: Decimal(int(key in right)) for key in keys.values()}, scoring.declared_mark(item)


# --- several choices


def _multiple(item: Item, name: str, keys: dict[str, str], texts: dict[str, str], *, most: int) -> Derived:
    scores = Scores(item)
    subsets = list(_subsets(item, name, list(keys), most=most))
    worth = {subset: scores.of({name: _chosen(subset)}) for subset in subsets}
    best = max(worth.values(), default=Decimal(0))
    declared = frozenset(str(each) for each in item.declared[name].correct.items if str(each) in keys)
    if best > 0:
        right = declared if worth.get(declared) == best else min((each for each in worth if worth[each] == best), key=len)
        mark, samples = float(best), [Sample(share(worth[each], best), _ours(keys, each)) for each in subsets]
        values = _values(item, name, scores, right=right, identifiers=list(keys))
        body = scoring.fitting(item, MultipleChoice(), _candidates(keys, right, values, best), samples)
    else:
        mapping = item.declared[name].mapping
        mapped = {each: mapping.of(each) for each in keys} if mapping else {}
        total = sum((value for value in mapped.values() if value > 0), Decimal(0))
        scoring.warn_of_fallback(item, scores, has_answer=bool(declared) or total > 0)
        right = declared or frozenset(each for each in mapped if mapped[each] > 0) or frozenset(keys)
        mark = scoring.declared_mark(item) if declared or total > 0 else 0.0
        by_mapping = _candidates(keys, right, [mapped], total)[1:2] if total > 0 else []
        rule = Scoring.ALL_OR_NOTHING if declared and not by_mapping else Scoring.CLAMPED
        body = replace((by_mapping or _candidates(keys, right, [], Decimal(1)))[0], scoring=rule)
    wrong = next((identifier for identifier in keys if identifier not in right), None)
    partial = frozenset(sorted(right)[:1]) if len(right) > 1 else None
    texts = texts | told.by_outcome(
        item,
        right={name: _chosen(right)},
        partial={name: _chosen(partial)} if partial else None,
        wrong={name: _chosen(frozenset([wrong]) if wrong else frozenset())},
    )
    return Derived("multiple_choice", body, texts, mark, keys)


def _subsets(item: Item, name: str, identifiers: list[str], *, most: int) -> Iterator[frozenset[str]]:
    """Yield what can be ticked: all of it when there are few choices, else a part that tells much."""
    if len(identifiers) <= _ALL_SUBSETS_UP_TO:
        for size in range(min(most, len(identifiers)) + 1):
            yield from map(frozenset, combinations(identifiers, size))
        return
    right = frozenset(str(each) for each in item.declared[name].correct.items) & frozenset(identifiers)
    found = dict.fromkeys(
        [frozenset[str](), right, *(frozenset([each]) for each in identifiers), *(right ^ {each} for each in identifiers)]
    )
    random = Random(SEED)
    for _ in range(_SAMPLES):
        found[frozenset(random.sample(identifiers, random.randint(1, min(most, len(identifiers)))))] = None
    yield from found


def _values(item: Item, name: str, scores: Scores, *, right: frozenset[str], identifiers: list[str]) -> list[dict[str, Decimal]]:
    """Return in several ways what a single tick may be worth: by the mapping, alone, and beside the right ones."""
    found = []
    mapping = item.declared[name].mapping
    if mapping is not None:
        found.append({each: mapping.of(each) for each in identifiers})
    alone = {each: scores.of({name: _chosen(frozenset([each]))}) for each in identifiers}
    whole = scores.of({name: _chosen(right)})
    beside = {
        each: whole - scores.of({name: _chosen(right - {each})}) if each in right else scores.of({name: _chosen(right | {each})}) - whole
        for each in identifiers
    }
    mixed = {each: alone[each] if each in right else beside[each] for each in identifiers}
    return [*found, alone, mixed, beside]


def _candidates(keys: dict[str, str], right: frozenset[str], values: list[dict[str, Decimal]], best: Decimal) -> list[MultipleChoiceBody]:
    even = round(1 / len(right), 7) if right else 0.0
    plain = MultipleChoiceBody(tuple(Choice(key, even if identifier in right else 0.0) for identifier, key in keys.items()))
    strict = MultipleChoiceBody(tuple(Choice(key, even if identifier in right else -even) for identifier, key in keys.items()))
    weighted = [
        MultipleChoiceBody(tuple(Choice(key, share(each.get(identifier, Decimal(0)), best)) for identifier, key in keys.items()))
        for each in values
    ]
    # Shares that add up to more or less than the mark would be refused by the bank.
    sound = [body for body in weighted if abs(sum(each.fraction for each in body.choices if each.fraction > 0) - 1.0) < 0.01]
    return [
        replace(plain, scoring=Scoring.ALL_OR_NOTHING),
        *sound,
        plain,
        strict,
        replace(plain, scoring=Scoring.PROPORTIONAL),
    ]


def _chosen(identifiers: frozenset[str] | None) -> Value:
    return Value("identifier", tuple(sorted(identifiers or ())), "multiple")


def _ours(keys: dict[str, str], subset: frozenset[str]) -> dict[str, list[str]]:
    chosen = sorted(keys[each] for each in subset)
    return {"choices": chosen} if chosen else {}


# --- putting in order


def order(item: Item, interaction: Interaction) -> Derived:
    """Return what an orderInteraction asks."""
    offers = offers_of(item, interaction.element, "simpleChoice")
    return arrange(item, interaction.response, offers, horizontal=interaction.element.get("orientation") == "horizontal")


def arrange(item: Item, response: str, offers: list[Offer], *, horizontal: bool) -> Derived:
    """Return a question about the right order."""
    written = {offer.identifier: offer.html for offer in offers}
    declaration, scores = item.declared[response], Scores(item)
    right = list(dict.fromkeys(str(each) for each in declaration.correct.items if str(each) in written))
    if len(right) != len(written):
        right = _best_order(response, scores, list(written)) or []
    if not right:
        raise item.error(lazy_("The right order is missing or names only a part."))
    keys = {identifier: key_at(index) for index, identifier in enumerate(right)}
    body = OrderingBody(tuple(OrderItem(key) for key in keys.values()), horizontal=horizontal)
    best = scores.of(_in_order(response, right))
    mark = float(best)
    if best > 0:
        samples = [
            Sample(
                share(scores.of(_in_order(response, list(each))), best),
                {"places": {keys[one]: place for place, one in enumerate(each, start=1)}},
            )
            for each in _orders(right)
        ]
        body = scoring.fitting(item, Ordering(), [replace(body, rule=rule) for rule in OrderRule], samples)
    else:
        scoring.warn_of_fallback(item, scores, has_answer=True)
        mark, body = scoring.declared_mark(item), replace(body, rule=OrderRule.ALL_OR_NOTHING)
    texts = {keys[identifier]: text for identifier, text in written.items()}
    texts |= told.by_outcome(item, right=_in_order(response, right), partial=None, wrong=_in_order(response, right[::-1]))
    return Derived("ordering", body, texts, mark, keys)


def _best_order(response: str, scores: Scores, identifiers: list[str]) -> list[str] | None:
    found = max(_orders(identifiers), key=lambda each: scores.of(_in_order(response, list(each))), default=None)
    return list(found) if found and scores.of(_in_order(response, list(found))) > 0 else None


def _in_order(response: str, identifiers: list[str]) -> dict[str, Value]:
    return {response: Value("identifier", tuple(identifiers), "ordered")}


def _orders(identifiers: list[str]) -> list[tuple[str, ...]]:
    if len(identifiers) <= _ALL_ORDERS_UP_TO:
        return list(permutations(identifiers))
    random = Random(SEED)
    near = [tuple(identifiers[:place] + identifiers[place + 1 :] + [identifiers[place]]) for place in range(len(identifiers))]
    return [tuple(identifiers), *near, *(tuple(random.sample(identifiers, len(identifiers))) for _ in range(_SAMPLES))]


def switch(element: Element, name: str, *, default: bool) -> bool:
    return str(element.get(name) or str(default)).lower() == "true"
