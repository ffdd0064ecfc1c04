"""Items of which somebody removed, repeated or changed a part: they are read or refused, but never break the reader."""

import copy
from collections.abc import Iterator
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as some
from lxml import etree

from lms.interop.qti import reader
from lms.interop.qti12 import reader as reader_12
from lms.interop.xml_files import Element
from lms.quizzes.bodies import every
from tests.interop.drafts import QUIET
from tests.interop.test_qti12 import choices, entry, equal, file_of, item, rule
from tests.interop.test_qti_reading import PLACES
from tests.interop.test_qti_scoring import CORRECT, ENTRY, MAPPED, declared, mapping, pairs
from tests.interop.test_qti_scoring import choices as choice_interaction

VALUES = ["", "x", "-1", "1e400", "NaN", "A B", "true", "0", "99999999999", "[", "RESPONSE", "SCORE", "single", "ordered", "float", "point"]
BODIES = [
    (declared("multiple", "identifier", ["A", "C"], mapping(-1, 'upperBound="3"', A=1, C=2)), choice_interaction("A", "B", "C"), MAPPED),
    (declared("ordered", "identifier", ["C", "A", "B"]), choice_interaction("A", "B", "C").replace("choiceI", "orderI"), CORRECT),
    (declared("multiple", "directedPair", ["A X", "B Y"]), pairs("AB", "XYZ"), CORRECT),
    (declared("single", "string", ["Huế"], mapping(0, "", Vinh=1)), ENTRY, MAPPED),
    (declared("single", "float", ["3.5"]), ENTRY, CORRECT),
    (declared("single", "identifier", ["A"]), PLACES, CORRECT),
]
FILE_12 = file_of(
    item(choices("A", "B", many="Multiple"), rule(equal("A"), 50, "Add"), rule(f"<not>{equal('B')}</not>", 50, "Add")),
    item(entry() + entry("q"), rule(equal("x") + equal("y", "q"))),
)


def items() -> Iterator[str]:
    for declaration, body, rules in BODIES:
        yield f"""<assessmentItem identifier="i" title="T">{declaration}<outcomeDeclaration identifier="SCORE" cardinality="single"
            baseType="float"/><itemBody><p>x</p>{body}</itemBody>{rules}</assessmentItem>"""


def damaged(text: str, seed: int) -> str:
    random, root = Random(seed), etree.fromstring(text.encode())
    for _ in range(random.randint(1, 5)):
        elements: list[Element] = [each for each in root.iter() if isinstance(each.tag, str)]
        chosen, above = random.choice(elements), None
        above = chosen.getparent()
        change = random.randrange(5)
        if change == 0 and chosen.attrib:
            chosen.set(random.choice(list(chosen.attrib)), random.choice(VALUES))
        elif change == 1 and chosen.attrib:
            del chosen.attrib[random.choice(list(chosen.attrib))]
        elif change == 2 and above is not None:
            above.remove(chosen)
        elif change == 3 and above is not None:
            above.append(copy.deepcopy(chosen))
        else:
            chosen.text = random.choice(VALUES)
    return etree.tostring(root, encoding="unicode")


@settings(QUIET, max_examples=150)
@given(some.sampled_from(list(items())), some.integers(0, 10**9))
def test_a_damaged_item_is_read_or_refused(text: str, seed: int):
    result = reader.read(damaged(text, seed))

    assert len(result.drafts) + len(result.problems) >= 1
    assert all(every.body_from_json(draft.type, every.body_to_json(draft.body)) == draft.body for draft in result.drafts)


@settings(QUIET, max_examples=100)
@given(some.integers(0, 10**9))
def test_a_damaged_file_of_version_1_is_read_or_refused(seed: int):
    result = reader_12.read(damaged(FILE_12.partition("?>")[2], seed))

    assert len(result.drafts) + len(result.problems) >= 1
