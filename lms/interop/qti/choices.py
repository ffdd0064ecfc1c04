"""Items that are answered by choosing, putting in order and matching, as questions of ours."""

from collections.abc import Iterator
from dataclasses import replace
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
from lms.quizzes.bodies.arranging import MatchingBody, MatchScoring, OrderingBody, OrderRule, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.parts import Numbering
from lms.quizzes.types import wording
from lms.quizzes.types.matching import Matching
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.ordering import Ordering

_ALL_SUBSETS_UP_TO = 10  # choices
_ALL_ORDERS_UP_TO = 6  # things
_SAMPLES = 300
_WORDS = {"true": ("true", "đúng", "đ"), "false": ("false", "sai", "s")}
_NUMBERINGS = {
    "qti-labels-decimal": Numbering.DIGITS,
    "qti-labels-lower-alpha": Numbering.LETTERS,
    "qti-labels-upper-alpha": Numbering.CAPITALS,
    "qti-labels-none": Numbering.NONE,
}


def choice(item: Item, interaction: Interaction) -> Derived:
    """Return a single or a multiple choice, or true and false."""
    elements = children(interaction.element, "simpleChoice")
    keys = {str(each.get("identifier") or ""): key_at(index) for index, each in enumerate(elements)}
    texts = {keys[str(each.get("identifier") or "")]: item.body.tidy(each) for each in elements}
    fixed = {keys[str(each.get("identifier") or "")] for each in elements if _switch(each, "fixed", default=False)}
    shuffle = _switch(interaction.element, "shuffle", default=False)
    styles = str(interaction.element.get("class") or "").split()
    numbering = next((_NUMBERINGS[each] for each in styles if each in _NUMBERINGS), Numbering.LETTERS)
    if item.declared[interaction.response].cardinality == "single":
        derived = _single(item, interaction, keys, texts)
        if isinstance(derived.body, SingleChoiceBody):
            choices = tuple(replace(each, fixed=each.key in fixed) for each in derived.body.choices)
            return replace(derived, body=replace(derived.body, choices=choices, shuffle=shuffle, numbering=numbering))
        return derived
    derived = _multiple(item, interaction, keys, texts)
    if isinstance(derived.body, MultipleChoiceBody):
        choices = tuple(replace(each, fixed=each.key in fixed) for each in derived.body.choices)
        return replace(derived, body=replace(derived.body, choices=choices, shuffle=shuffle, numbering=numbering))
    return derived


def _single(item: Item, interaction: Interaction, keys: dict[str, str], texts: dict[str, str]) -> Derived:
    scores, name = Scores(item), interaction.response
    answers = {key: (identifier, {name: Value("identifier", (identifier,))}) for identifier, key in keys.items()}
    worth = {key: scores.of(responses) for key, (_, responses) in answers.items()}
    best = max(worth.values(), default=Decimal(0))
    mark = float(best)
    if best <= 0:
        worth, mark = _declared(item, interaction, scores, keys)
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


def _declared(item: Item, interaction: Interaction, scores: Scores, keys: dict[str, str]) -> tuple[dict[str, Decimal], float]:
    """Return what choices are worth by the declared answer and mapping, and the mark; without them all are worth the same."""
    declaration = item.declared[interaction.response]
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


def _multiple(item: Item, interaction: Interaction, keys: dict[str, str], texts: dict[str, str]) -> Derived:
    scores, name = Scores(item), interaction.response
    subsets = list(_subsets(item, interaction, list(keys)))
    worth = {subset: scores.of({name: _chosen(subset)}) for subset in subsets}
    best = max(worth.values(), default=Decimal(0))
    declared = frozenset(str(each) for each in item.declared[name].correct.items if str(each) in keys)
    if best > 0:
        right = declared if worth.get(declared) == best else min((each for each in worth if worth[each] == best), key=len)
        mark, samples = float(best), [Sample(share(worth[each], best), _ours(keys, each)) for each in subsets]
        values = _values(item, interaction, scores, right=right, identifiers=list(keys))
        body = scoring.fitting(item, MultipleChoice(), _candidates(keys, right, values, best), samples)
    else:
        scoring.warn_of_fallback(item, scores, has_answer=bool(declared))
        right = declared or frozenset(keys)
        mark = scoring.declared_mark(item) if declared else 0.0
        rule = Scoring.ALL_OR_NOTHING if declared else Scoring.CLAMPED
        body = replace(_candidates(keys, right, [], Decimal(1))[0], scoring=rule)
    wrong = next((identifier for identifier in keys if identifier not in right), None)
    partial = frozenset(sorted(right)[:1]) if len(right) > 1 else None
    texts = texts | told.by_outcome(
        item,
        right={name: _chosen(right)},
        partial={name: _chosen(partial)} if partial else None,
        wrong={name: _chosen(frozenset([wrong]) if wrong else frozenset())},
    )
    return Derived("multiple_choice", body, texts, mark, keys)


def _subsets(item: Item, interaction: Interaction, identifiers: list[str]) -> Iterator[frozenset[str]]:
    """Yield what can be ticked: all of it when there are few choices, else a part that tells much."""
    most = int(str(interaction.element.get("maxChoices") or "0") or 0) or len(identifiers)
    if len(identifiers) <= _ALL_SUBSETS_UP_TO:
        for size in range(min(most, len(identifiers)) + 1):
            yield from map(frozenset, combinations(identifiers, size))
        return
    right = frozenset(str(each) for each in item.declared[interaction.response].correct.items) & frozenset(identifiers)
    found = dict.fromkeys(
        [frozenset[str](), right, *(frozenset([each]) for each in identifiers), *(right ^ {each} for each in identifiers)]
    )
    random = Random(SEED)
    for _ in range(_SAMPLES):
        found[frozenset(random.sample(identifiers, random.randint(1, min(most, len(identifiers)))))] = None
    yield from found


def _values(
    item: Item, interaction: Interaction, scores: Scores, *, right: frozenset[str], identifiers: list[str]
) -> list[dict[str, Decimal]]:
    """Return in several ways what a single tick may be worth: by the mapping, alone, and beside the right ones."""
    name, found = interaction.response, []
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
    """Return a question about the right order."""
    elements = children(interaction.element, "simpleChoice")
    written = {str(each.get("identifier") or ""): item.body.tidy(each) for each in elements}
    declaration, scores = item.declared[interaction.response], Scores(item)
    right = [str(each) for each in declaration.correct.items if str(each) in written]
    if len(right) != len(written):
        right = _best_order(interaction, scores, list(written)) or []
    if not right:
        raise item.error(lazy_("The right order is missing or names only a part."))
    keys = {identifier: key_at(index) for index, identifier in enumerate(right)}
    body = OrderingBody(tuple(OrderItem(key) for key in keys.values()), horizontal=interaction.element.get("orientation") == "horizontal")
    best = scores.of(_in_order(interaction, right))
    mark = float(best)
    if best > 0:
        samples = [
            Sample(
                share(scores.of(_in_order(interaction, list(each))), best),
                {"places": {keys[one]: place for place, one in enumerate(each, start=1)}},
            )
            for each in _orders(right)
        ]
        body = scoring.fitting(item, Ordering(), [replace(body, rule=rule) for rule in OrderRule], samples)
    else:
        scoring.warn_of_fallback(item, scores, has_answer=True)
        mark, body = scoring.declared_mark(item), replace(body, rule=OrderRule.ALL_OR_NOTHING)
    texts = {keys[identifier]: text for identifier, text in written.items()}
    texts |= told.by_outcome(item, right=_in_order(interaction, right), partial=None, wrong=_in_order(interaction, right[::-1]))
    return Derived("ordering", body, texts, mark, keys)


def _best_order(interaction: Interaction, scores: Scores, identifiers: list[str]) -> list[str] | None:
    found = max(_orders(identifiers), key=lambda each: scores.of(_in_order(interaction, list(each))), default=None)
    return list(found) if found and scores.of(_in_order(interaction, list(found))) > 0 else None


def _in_order(interaction: Interaction, identifiers: list[str]) -> dict[str, Value]:
    return {interaction.response: Value("identifier", tuple(identifiers), "ordered")}


def _orders(identifiers: list[str]) -> list[tuple[str, ...]]:
    if len(identifiers) <= _ALL_ORDERS_UP_TO:
        return list(permutations(identifiers))
    random = Random(SEED)
    near = [tuple(identifiers[:place] + identifiers[place + 1 :] + [identifiers[place]]) for place in range(len(identifiers))]
    return [tuple(identifiers), *near, *(tuple(random.sample(identifiers, len(identifiers))) for _ in range(_SAMPLES))]


# --- bringing together


def match(item: Item, interaction: Interaction) -> Derived:
    """Return a matching question; raises Unreadable when something belongs to several others."""
    sets = children(interaction.element, "simpleMatchSet")
    if len(sets) != 2:
        raise item.error(lazy_("A matching item needs two lists."))
    rows, columns = [[str(each.get("identifier") or "") for each in children(one, "simpleAssociableChoice")] for one in sets]
    elements = {str(each.get("identifier") or ""): each for one in sets for each in children(one, "simpleAssociableChoice")}
    pairs = _right_pairs(item, interaction)
    by_row = {row: [second for first, second in pairs if first == row] for row in rows}
    is_turned = not all(len(each) == 1 for each in by_row.values())
    if is_turned:
        by_row = {column: [first for first, second in pairs if second == column] for column in columns}
        rows, columns = columns, rows
    if not pairs or not all(len(each) == 1 for each in by_row.values()):
        raise item.error(lazy_("Not each of the things to match has exactly one partner; there is no such question here."))
    return _matched(item, interaction, elements, {row: each[0] for row, each in by_row.items()}, columns, is_turned=is_turned)


def _right_pairs(item: Item, interaction: Interaction) -> list[tuple[str, str]]:
    declaration = item.declared[interaction.response]
    found = [(str(each[0]), str(each[1])) for each in declaration.correct.items if isinstance(each, tuple)]
    if not found and declaration.mapping is not None:
        found = [(str(key[0]), str(key[1])) for key, worth, _ in declaration.mapping.entries if worth > 0 and isinstance(key, tuple)]
    return list(dict.fromkeys(found))


def _matched(
    item: Item, interaction: Interaction, elements: dict[str, Element], partner: dict[str, str], columns: list[str], *, is_turned: bool
) -> Derived:
    scores = Scores(item)
    # Answers of pairs come first, as in all other formats.
    columns = [*dict.fromkeys(partner.values()), *(each for each in columns if each not in partner.values())]
    keys = {row: key_at(index) for index, row in enumerate(partner)} | {
        column: f"x{index}" for index, column in enumerate(columns, start=1)
    }

    def given(assigned: dict[str, str]) -> dict[str, Value]:
        pairs = tuple(sorted((second, first) if is_turned else (first, second) for first, second in assigned.items()))
        return {interaction.response: Value("directedPair", pairs, "multiple")}

    shuffle = _switch(interaction.element, "shuffle", default=False)
    body = MatchingBody(
        tuple(Pair(keys[row], keys[column]) for row, column in partner.items()), tuple(keys[each] for each in columns), shuffle
    )
    best, mark = scores.of(given(partner)), 0.0
    if best > 0:
        mark = float(best)
        samples = [
            Sample(
                share(scores.of(given(each)), best),
                {"pairs": {keys[first]: keys[second] for first, second in each.items()}} if each else {},
            )
            for each in _assignments(elements, partner, columns)
        ]
        body = scoring.fitting(item, Matching(), [replace(body, scoring=rule) for rule in MatchScoring], samples)
    else:
        scoring.warn_of_fallback(item, scores, has_answer=True)
        mark = scoring.declared_mark(item)
    texts = {keys[identifier]: item.body.tidy(element) for identifier, element in elements.items()}
    first = next(iter(partner))
    wrong = {first: next((each for each in columns if each != partner[first]), partner[first])}
    partial = {first: partner[first]} if len(partner) > 1 else None
    texts |= told.by_outcome(item, right=given(partner), partial=given(partial) if partial else None, wrong=given(wrong))
    return Derived("matching", body, texts, mark, keys)


def _assignments(elements: dict[str, Element], partner: dict[str, str], columns: list[str]) -> list[dict[str, str]]:
    """Return what can be matched, as far as the item lets a partner be taken."""
    most = {each: int(str(elements[each].get("matchMax") or "1") or 1) or len(partner) for each in columns}
    rows, random, found = list(partner), Random(SEED), [dict(partner), {}]
    for row in rows:
        found += [{row: partner[row]}, {each: column for each, column in partner.items() if each != row}]
    for first, second in combinations(rows[:8], 2):
        found.append(partner | {first: partner[second], second: partner[first]})
    for _ in range(_SAMPLES):
        left, made = dict(most), dict[str, str]()
        for row in random.sample(rows, random.randint(1, len(rows))):
            free = [column for column in columns if left[column] > 0]
            if free:
                made[row] = random.choice(free)
                left[made[row]] -= 1
        found.append(made)
    return found


def _switch(element: Element, name: str, *, default: bool) -> bool:
    return str(element.get(name) or str(default)).lower() == "true"
