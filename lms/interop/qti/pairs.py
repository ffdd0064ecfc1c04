"""Items in which things are brought together, as questions of ours."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from random import Random

from lms.core.i18n import lazy_
from lms.interop.qti import scoring, told
from lms.interop.qti.choices import Offer, offers_of, switch
from lms.interop.qti.declarations import Declaration
from lms.interop.qti.items import Interaction, Item
from lms.interop.qti.scoring import SEED, Derived, Sample, Scores, share
from lms.interop.qti.values import Value
from lms.interop.xml_files import children
from lms.quizzes.bodies.arranging import MatchingBody, MatchScoring, Pair
from lms.quizzes.bodies.every import key_at
from lms.quizzes.types.matching import Matching

_SAMPLES = 80
# Makes responses of what is put to what.
Given = Callable[[Mapping[str, str]], Mapping[str, Value]]


def match(item: Item, interaction: Interaction) -> Derived:
    """Return a matching question; raises Unreadable when something belongs to several others."""
    sets = children(interaction.element, "simpleMatchSet")
    if len(sets) != 2:
        raise item.error(lazy_("A matching item needs two lists."))
    rows, columns = (offers_of(item, one, "simpleAssociableChoice") for one in sets)
    left, right = ({offer.identifier for offer in offers} for offers in (rows, columns))
    pairs = [(first, second) for first, second in right_pairs(item.declared[interaction.response]) if first in left and second in right]
    partners = {row.identifier: [second for first, second in pairs if first == row.identifier] for row in rows}
    is_turned = not all(len(each) == 1 for each in partners.values())
    if is_turned:
        rows, columns = columns, rows
        partners = {row.identifier: [first for first, second in pairs if second == row.identifier] for row in rows}
    if not pairs or not all(len(each) == 1 for each in partners.values()):
        raise item.error(lazy_("Not each of the things to match has exactly one partner; there is no such question here."))

    def given(assigned: Mapping[str, str]) -> Mapping[str, Value]:
        found = tuple(sorted((second, first) if is_turned else (first, second) for first, second in assigned.items()))
        return {interaction.response: Value("directedPair", found, "multiple")}

    shuffle = switch(interaction.element, "shuffle", default=False)
    return pair(item, rows, columns, {row: each[0] for row, each in partners.items()}, given, shuffle=shuffle)


def right_pairs(declaration: Declaration) -> list[tuple[str, str]]:
    """Return what belongs together: by the right answer, else by what the mapping gives marks for."""
    found = [(str(each[0]), str(each[1])) for each in declaration.correct.items if isinstance(each, tuple)]
    if not found and declaration.mapping is not None:
        found = [(str(key[0]), str(key[1])) for key, worth, _ in declaration.mapping.entries if worth > 0 and isinstance(key, tuple)]
    return list(dict.fromkeys(found))


def pair(item: Item, rows: list[Offer], columns: list[Offer], partner: Mapping[str, str], given: Given, *, shuffle: bool) -> Derived:
    """Return a matching question; ``partner`` tells for each row the identifier of its column."""
    scores = Scores(item)
    # Answers of pairs come first, as in all other formats.
    used = list(dict.fromkeys(partner[row.identifier] for row in rows))
    columns = sorted(columns, key=lambda each: used.index(each.identifier) if each.identifier in used else len(used))
    keys = {row.identifier: key_at(index) for index, row in enumerate(rows)}
    keys |= {column.identifier: f"x{index}" for index, column in enumerate(columns, start=1)}
    pairs = tuple(Pair(keys[row.identifier], keys[partner[row.identifier]]) for row in rows)
    body = MatchingBody(pairs, tuple(keys[each.identifier] for each in columns), shuffle)
    best = scores.of(given(partner))
    mark = float(best)
    if best > 0:
        samples = [
            Sample(
                share(scores.of(given(each)), best),
                {"pairs": {keys[first]: keys[second] for first, second in each.items()}} if each else {},
            )
            for each in _assignments(partner, columns)
        ]
        body = scoring.fitting(item, Matching(), [replace(body, scoring=rule) for rule in MatchScoring], samples)
    else:
        scoring.warn_of_fallback(item, scores, has_answer=True)
        mark = scoring.declared_mark(item)
    texts = {keys[each.identifier]: each.html for each in (*rows, *columns)}
    first = rows[0].identifier
    wrong = {first: next((each.identifier for each in columns if each.identifier != partner[first]), partner[first])}
    partial = given({first: partner[first]}) if len(partner) > 1 else None
    texts |= told.by_outcome(item, right=given(partner), partial=partial, wrong=given(wrong))
    return Derived("matching", body, texts, mark, keys)


def _assignments(partner: Mapping[str, str], columns: list[Offer]) -> list[dict[str, str]]:
    """Return what can be matched, as far as the item lets a partner be taken."""
    most = {each.identifier: each.most or len(partner) for each in columns}
    rows, random, found = list(partner), Random(SEED), [dict(partner), {}]
    for row in rows:
        found += [{row: partner[row]}, {each: column for each, column in partner.items() if each != row}]
    for first, second in combinations(rows[:8], 2):
        found.append({**partner, first: partner[second], second: partner[first]})
    for _ in range(_SAMPLES):
        left, made = dict(most), dict[str, str]()
        for row in random.sample(rows, random.randint(1, len(rows))):
            free = [column for column in left if left[column] > 0]
            if free:
                made[row] = random.choice(free)
                left[made[row]] -= 1
        found.append(made)
    return found
