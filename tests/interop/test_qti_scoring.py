"""The rules by which items of QTI are scored, and the questions of ours that are worth the same."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.app import QUESTION_TYPES
from lms.interop import xml_files
from lms.interop.qti import expressions, reader, values
from lms.interop.qti.expressions import Context
from lms.interop.qti.items import Item
from lms.interop.qti.scoring import Derived
from lms.interop.qti.values import NotUnderstood, Value
from lms.quizzes.bodies.arranging import MatchingBody, MatchScoring, OrderingBody, OrderRule
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.numbers import NumericalAnswer
from lms.quizzes.bodies.words import TextAnswer
from tests.interop.drafts import QUIET

CASES = Path(__file__).parents[3] / "shared" / "cases" / "qti2_scoring"


def scoring_cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.cases.json")):
        for case in json.loads(path.read_text())["cases"]:
            found.append(pytest.param(path, case, id=f"{path.name.removesuffix('.cases.json')}-{case['name']}"))
    return found or [pytest.param(None, {}, marks=pytest.mark.skip(reason="the cases of other projects are not here"))]


@pytest.mark.parametrize(("path", "case"), scoring_cases())
def test_rules_give_the_outcomes_that_others_get(path: Path, case: dict[str, Any]):
    root = xml_files.parse(path.with_name(path.name.replace(".cases.json", ".item.xml")).read_bytes())
    try:
        item, derived = reader.derive(root)
    except reader.Unsupported as unsupported:
        item, derived = unsupported.item, None
    responses = {name: typed(item, name, given) for name, given in case["responses"].items()}
    expected = case["expect"]
    outcomes = item.rules.run(responses)

    assert {name: said(outcomes[name]) for name in expected.get("outcomes", {})} == expected.get("outcomes", {})
    if "score" in expected:
        assert item.rules.score(responses) == expected["score"]
    if "modalFeedbackIdentifiers" in expected:
        assert [each.identifier for each in item.feedback if each.shows(outcomes)] == expected["modalFeedbackIdentifiers"]
    if derived is not None and "SCORE" in item.outcomes and item.interactions:
        assert our_score(derived, item, responses) == pytest.approx(float(item.rules.score(responses)))


def typed(item: Item, name: str, raw: Any) -> Value:
    declaration = item.declared[name]
    texts = [] if raw is None else raw if isinstance(raw, list) else [raw]
    return values.container(declaration.base, declaration.cardinality, [str(each) for each in texts])


def said(value: Value) -> Any:
    plain = [float(each) if isinstance(each, Decimal) else each for each in value.items]
    if value.is_null:
        return None
    return plain if value.cardinality != "single" else plain[0]


def our_score(derived: Derived, item: Item, responses: Mapping[str, Value]) -> float:
    """Return what our question gives for the same answer."""
    if derived.type == "cloze":
        chosen = {name: value for name, value in responses.items() if not value.is_null}
        typed = {f"{derived.keys[name]}.choice": derived.keys[f"{name} {value.text}"] for name, value in chosen.items()}
        return graded(derived, typed)
    value = responses[item.interactions[0].response]
    if value.is_null:
        raw: dict[str, Any] = {}
    elif derived.type == "multiple_choice":
        raw = {"choices": sorted(derived.keys[str(each)] for each in value.items)}
    elif derived.type in ("single_choice", "true_false"):
        raw = {"choice": derived.keys[str(value.one)]}
    elif derived.type == "matching":
        raw = {"pairs": {derived.keys[str(first)]: derived.keys[str(second)] for first, second in value.items}}
    elif derived.type == "ordering":
        raw = {f"places.{derived.keys[str(each)]}": place for place, each in enumerate(value.items, start=1)}
    else:
        raw = {"text": value.text}
    return graded(derived, raw)


def graded(derived: Derived, raw: Mapping[str, Any]) -> float:
    kind = next(each for each in QUESTION_TYPES if each.key == derived.type)
    response = kind.clean(derived.body, raw)
    return float(kind.grade(derived.body, response).fraction or 0.0) * derived.mark


# --- items of our own


def item_of(declarations: str, body: str, rules: str) -> tuple[Item, Derived]:
    text = f"""<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T" adaptive="false" timeDependent="false">
        {declarations}<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
        <itemBody><p>Câu hỏi</p>{body}</itemBody>{rules}</assessmentItem>"""
    return reader.derive(xml_files.parse(text))


def declared(cardinality: str, base: str, correct: Sequence[str] = (), inside: str = "") -> str:
    right = f"<correctResponse>{''.join(f'<value>{each}</value>' for each in correct)}</correctResponse>" if correct else ""
    return f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">{right}{inside}</responseDeclaration>'


def choices(*identifiers: str, most: int = 0) -> str:
    inside = "".join(f'<simpleChoice identifier="{each}">{each}</simpleChoice>' for each in identifiers)
    return f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}">{inside}</choiceInteraction>'


def mapping(default: float = 0, bounds: str = "", **worth: float) -> str:
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in worth.items())
    return f'<mapping defaultValue="{default}" {bounds}>{entries}</mapping>'


TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates"
CORRECT = f'<responseProcessing template="{TEMPLATES}/match_correct"/>'
MAPPED = f'<responseProcessing template="{TEMPLATES}/map_response.xml"/>'
ENTRY = '<p>x <textEntryInteraction responseIdentifier="RESPONSE"/></p>'


def messages(item: Item) -> list[str]:
    return [str(problem.message) for problem in item.warnings]


def test_all_or_nothing_is_found_for_several_choices():
    item, derived = item_of(declared("multiple", "identifier", ["A", "C"]), choices("A", "B", "C"), CORRECT)

    assert derived.body == MultipleChoiceBody((Choice("a", 0.5), Choice("b"), Choice("c", 0.5)), scoring=Scoring.ALL_OR_NOTHING)
    assert messages(item) == []


def test_a_mapping_becomes_fractions_and_the_mark():
    inside = mapping(-1, 'lowerBound="0" upperBound="4"', A=1, C=3)
    item, derived = item_of(declared("multiple", "identifier", ["A", "C"], inside), choices("A", "B", "C"), MAPPED)

    assert derived.body == MultipleChoiceBody((Choice("a", 0.25), Choice("b", -0.25), Choice("c", 0.75)))
    assert (derived.mark, messages(item)) == (4.0, [])


def test_a_way_of_scoring_that_we_do_not_have_is_told():
    inside = mapping(0, "", A=1, B=1, C=1)
    item, derived = item_of(declared("multiple", "identifier", ["A"], inside), choices("A", "B", "C", most=2), MAPPED)

    assert derived.type == "multiple_choice"
    assert len(messages(item)) == 1


def test_two_choices_called_true_and_false_are_a_statement():
    body = choices("A", "B", most=1).replace(">A<", ">Đúng<").replace(">B<", ">Sai<")
    _, derived = item_of(declared("single", "identifier", ["B"]), body, CORRECT)

    assert derived.body == TrueFalseBody(False)


def test_a_choice_that_costs_marks_keeps_its_minus():
    item, derived = item_of(declared("single", "identifier", ["A"], mapping(0, "", A=2, B=-1)), choices("A", "B", "C", most=1), MAPPED)

    assert derived.body == SingleChoiceBody((Choice("a", 1.0), Choice("b", -0.5), Choice("c")))


def test_words_are_found_with_what_they_are_worth_and_whether_capitals_matter():
    inside = '<mapping><mapEntry mapKey="Hà Nội" mappedValue="2" caseSensitive="false"/><mapEntry mapKey="Thăng Long" mappedValue="1" caseSensitive="true"/></mapping>'
    item, derived = item_of(declared("single", "string", ["Hà Nội"], inside), ENTRY, MAPPED)

    assert derived.body.answers == (TextAnswer("a", "Hà Nội", 1.0), TextAnswer("b", "Thăng Long", 0.5))
    assert derived.body.case is True
    assert len(messages(item)) == 1  # of one word they do, of the other they do not
    _, plain = item_of(declared("single", "string", ["Huế"], '<mapping><mapEntry mapKey="Huế" mappedValue="1"/></mapping>'), ENTRY, MAPPED)
    assert plain.body.case is False


def test_a_word_that_may_stand_inside_of_others_gets_wildcards():
    rules = """<responseProcessing><responseCondition><responseIf>
        <stringMatch caseSensitive="false" substring="true"><variable identifier="RESPONSE"/><baseValue baseType="string">otp</baseValue></stringMatch>
        <setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>
        </responseProcessing>"""
    _, derived = item_of(declared("single", "string"), ENTRY, rules)

    assert (derived.body.answers, derived.body.case) == ((TextAnswer("a", "*otp*", 1.0),), False)


def test_a_tolerance_becomes_one():
    rules = """<responseProcessing><responseCondition><responseIf>
        <equal toleranceMode="absolute" tolerance="0.5 0.5"><correct identifier="RESPONSE"/><variable identifier="RESPONSE"/></equal>
        <setOutcomeValue identifier="SCORE"><baseValue baseType="float">3</baseValue></setOutcomeValue></responseIf></responseCondition>
        </responseProcessing>"""
    _, derived = item_of(declared("single", "float", ["12.5"]), ENTRY, rules)

    assert derived.body.answers == (NumericalAnswer("a", 1.0, value=Decimal("12.5"), tolerance=Decimal("0.5")),)
    assert derived.mark == 3.0


@pytest.mark.parametrize("number", ["-3", "0", "0.4999", "0.5", "0.50001", "7", "9.5", "10", "10.5", "11", "1000"])
def test_comparisons_are_worth_the_same_at_and_between_all_their_numbers(number):
    rules = """<responseProcessing><responseCondition>
        <responseIf><lt><variable identifier="RESPONSE"/><baseValue baseType="float">0.5</baseValue></lt>
          <setOutcomeValue identifier="SCORE"><baseValue baseType="float">0.5</baseValue></setOutcomeValue></responseIf>
        <responseElseIf><equal toleranceMode="absolute" tolerance="0.5" includeUpperBound="false"><baseValue baseType="float">10</baseValue>
          <variable identifier="RESPONSE"/></equal>
          <setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue></responseElseIf>
        <responseElseIf><gte><variable identifier="RESPONSE"/><baseValue baseType="float">11</baseValue></gte>
          <setOutcomeValue identifier="SCORE"><baseValue baseType="float">-1</baseValue></setOutcomeValue></responseElseIf>
        </responseCondition></responseProcessing>"""
    item, derived = item_of(declared("single", "float"), ENTRY, rules)
    responses = {"RESPONSE": Value("float", (Decimal(number),))}

    assert our_score(derived, item, responses) == pytest.approx(float(item.rules.score(responses)))


def test_an_order_that_is_right_or_wrong_and_one_of_single_places():
    things = choices("A", "B", "C").replace("choiceInteraction", "orderInteraction")
    _, whole = item_of(declared("ordered", "identifier", ["C", "A", "B"]), things, CORRECT)
    parts = "".join(
        f"""<responseCondition><responseIf><match><index n="{n}"><variable identifier="RESPONSE"/></index>
        <index n="{n}"><correct identifier="RESPONSE"/></index></match><setOutcomeValue identifier="SCORE"><sum>
        <variable identifier="SCORE"/><baseValue baseType="float">1</baseValue></sum></setOutcomeValue></responseIf></responseCondition>"""
        for n in (1, 2, 3)
    )
    _, single = item_of(declared("ordered", "identifier", ["C", "A", "B"]), things, f"<responseProcessing>{parts}</responseProcessing>")

    assert isinstance(whole.body, OrderingBody) and isinstance(single.body, OrderingBody)
    assert (whole.body.rule, single.body.rule) == (OrderRule.ALL_OR_NOTHING, OrderRule.ABSOLUTE_POSITION)
    assert (whole.mark, single.mark, whole.keys) == (1.0, 3.0, {"C": "a", "A": "b", "B": "c"})


def pairs(first: str, second: str, most: int = 1) -> str:
    def one(names: str, most: int) -> str:
        inside = "".join(f'<simpleAssociableChoice identifier="{each}" matchMax="{most}">{each}</simpleAssociableChoice>' for each in names)
        return f"<simpleMatchSet>{inside}</simpleMatchSet>"

    return f'<matchInteraction responseIdentifier="RESPONSE">{one(first, 1)}{one(second, most)}</matchInteraction>'


def test_pairs_are_worth_their_part_or_all_together():
    inside = '<mapping><mapEntry mapKey="A X" mappedValue="1"/><mapEntry mapKey="B Y" mappedValue="1"/></mapping>'
    _, each = item_of(declared("multiple", "directedPair", ["A X", "B Y"], inside), pairs("AB", "XYZ"), MAPPED)
    _, whole = item_of(declared("multiple", "directedPair", ["A X", "B Y"]), pairs("AB", "XYZ"), CORRECT)

    assert isinstance(each.body, MatchingBody) and isinstance(whole.body, MatchingBody)
    assert (each.body.scoring, whole.body.scoring) == (MatchScoring.EACH, MatchScoring.ALL_OR_NOTHING)
    assert (each.mark, whole.mark) == (2.0, 1.0)


def test_lists_that_are_the_other_way_round_are_turned():
    item, derived = item_of(declared("multiple", "directedPair", ["A X", "A Y", "B Z"]), pairs("AB", "XYZ").replace('"1"', '"0"'), CORRECT)

    assert isinstance(derived.body, MatchingBody)
    assert [(pair.key, pair.answer) for pair in derived.body.pairs] == [("a", "x1"), ("b", "x1"), ("c", "x2")]
    assert derived.keys == {"X": "a", "Y": "b", "Z": "c", "A": "x1", "B": "x2"}


def test_a_template_without_chance_is_run_and_shows_its_values():
    text = """<assessmentItem identifier="i" title="T"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="integer"/>
        <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
        <templateDeclaration identifier="A" cardinality="single" baseType="integer"><defaultValue><value>4</value></defaultValue></templateDeclaration>
        <templateProcessing><templateCondition><templateIf><gt><variable identifier="A"/><baseValue baseType="integer">3</baseValue></gt>
        <setTemplateValue identifier="A"><baseValue baseType="integer">5</baseValue></setTemplateValue></templateIf></templateCondition>
        <setCorrectResponse identifier="RESPONSE"><sum><variable identifier="A"/><baseValue baseType="integer">2</baseValue></sum></setCorrectResponse>
        </templateProcessing><itemBody><p><printedVariable identifier="A"/> + 2 = <textEntryInteraction responseIdentifier="RESPONSE"/></p></itemBody>
        CORRECT</assessmentItem>"""
    item, derived = reader.derive(xml_files.parse(text.replace("CORRECT", CORRECT)))

    assert item.stem == "<p>5 + 2 = _____</p>"
    assert derived.body.answers == (NumericalAnswer("a", 1.0, value=Decimal(7)),)
    assert messages(item) == []


def test_chance_in_a_template_is_told():
    text = """<assessmentItem identifier="i" title="T"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="integer"/>
        <templateDeclaration identifier="A" cardinality="single" baseType="integer"/><templateProcessing><setTemplateValue identifier="A">
        <randomInteger min="1" max="9"/></setTemplateValue></templateProcessing><itemBody><p><printedVariable identifier="A"/>
        <textEntryInteraction responseIdentifier="RESPONSE"/></p></itemBody></assessmentItem>"""
    item, _ = reader.derive(xml_files.parse(text))

    assert any("templateDeclaration" in said for said in messages(item))


# --- the expressions


def worth(expression: str, **known: Value) -> Any:
    return said(expressions.evaluate(xml_files.parse(expression), Context({}, known)))


def base(value: object, kind: str = "float") -> str:
    return f'<baseValue baseType="{kind}">{value}</baseValue>'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"<sum>{base(1, 'integer')}{base(2, 'integer')}</sum>", 3),
        (f"<sum>{base(1)}<null/></sum>", None),
        (f"<product>{base(2)}{base(2.5)}</product>", 5.0),
        (f"<subtract>{base(1)}{base(3)}</subtract>", -2.0),
        (f"<divide>{base(1)}{base(0)}</divide>", None),
        (f"<divide>{base(1)}{base(8)}</divide>", 0.125),
        (f"<power>{base(2)}{base(10)}</power>", 1024.0),
        (f"<integerDivide>{base(-7, 'integer')}{base(2, 'integer')}</integerDivide>", -4),
        (f"<integerModulus>{base(-7, 'integer')}{base(2, 'integer')}</integerModulus>", 1),
        (f"<round>{base(-6.5)}</round>", -6),
        (f"<round>{base(6.5)}</round>", 7),
        (f"<truncate>{base(-6.8)}</truncate>", -6),
        (f'<roundTo roundingMode="decimalPlaces" figures="2">{base(1.235)}</roundTo>', 1.24),
        (f"<and>{base('true', 'boolean')}<null/></and>", None),
        (f"<and>{base('false', 'boolean')}<null/></and>", False),
        (f"<or>{base('true', 'boolean')}<null/></or>", True),
        (f"<not>{base('true', 'boolean')}</not>", False),
        (f'<anyN min="2" max="3">{base("true", "boolean")}{base("true", "boolean")}{base("false", "boolean")}</anyN>', True),
        (f"<gt>{base(2)}{base(1)}</gt>", True),
        (f"<lte>{base(2)}{base(1)}</lte>", False),
        (f"<isNull>{base('', 'string')}</isNull>", True),
        (f"<isNull>{base('a', 'string')}</isNull>", False),
        (f"<member>{base('a', 'identifier')}<multiple>{base('a', 'identifier')}{base('b', 'identifier')}</multiple></member>", True),
        (f"<containerSize><multiple>{base('a', 'identifier')}</multiple></containerSize>", 1),
        (f"<max>{base(1)}{base(3)}{base(2)}</max>", 3.0),
        (f'<stringMatch caseSensitive="false">{base("ĐÚNG", "string")}{base("đúng", "string")}</stringMatch>', True),
        (f'<patternMatch pattern="[0-9]{{3}}">{base("115", "string")}</patternMatch>', True),
        (f'<substring caseSensitive="true">{base("khẩu", "string")}{base("mật khẩu", "string")}</substring>', True),
        (f'<equal toleranceMode="exact">{base("0.10")}{base("0.1")}</equal>', True),
        (f'<statsOperator name="mean"><multiple>{base(1)}{base(3)}</multiple></statsOperator>', 2.0),
        (f'<mathOperator name="sqrt">{base(9)}</mathOperator>', 3.0),
        (f"<index>{base('a', 'identifier')}{base(1, 'integer')}</index>", "a"),
        (f'<index n="2"><ordered>{base("a", "identifier")}</ordered></index>', None),
        (f'<containerSize><repeat numberRepeats="3">{base("a", "identifier")}</repeat></containerSize>', 3),
        (f"<durationLT>{base('PT1M', 'duration')}{base('PT61S', 'duration')}</durationLT>", True),
        (f'<mathOperator name="atan2">{base(0)}{base(1)}</mathOperator>', 0.0),
        (f"<delete>{base('a', 'identifier')}<multiple>{base('a', 'identifier')}{base('b', 'identifier')}</multiple></delete>", ["b"]),
        (f'<inside shape="circle" coords="10,10,5">{base("13 13", "point")}</inside>', True),
        (f'<inside shape="rect" coords="0,0,5,5">{base("6 1", "point")}</inside>', False),
        (f'<inside shape="poly" coords="0,0,10,0,0,10">{base("2 2", "point")}</inside>', True),
    ],
)
def test_an_expression_is_worth(expression, expected):
    assert worth(expression) == expected


def test_the_order_of_an_unordered_container_does_not_matter():
    first, second = Value("identifier", ("a", "b"), "multiple"), Value("identifier", ("b", "a"), "multiple")
    match = '<match><variable identifier="x"/><variable identifier="y"/></match>'

    assert worth(match, x=first, y=second) is True
    assert worth(match, x=Value("identifier", ("a", "b"), "ordered"), y=Value("identifier", ("b", "a"), "ordered")) is False


@pytest.mark.parametrize(
    "expression",
    [
        "<customOperator/>",
        "<randomInteger min='1' max='3'/>",
        f"<sum>{base('x', 'string')}</sum>",
        "<variable identifier='nobody'/>",
        f"<patternMatch pattern='(a+)+b'>{base('aaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'string')}</patternMatch>",
        f"<patternMatch pattern='('>{base('a', 'string')}</patternMatch>",
        f"<power>{base(9)}{base(999999)}</power>",
        f"<product>{base('1e200')}{base('x')}</product>",
    ],
)
def test_what_is_not_understood_says_so(expression):
    with pytest.raises(NotUnderstood):
        worth(expression)


@QUIET
@given(some.lists(some.sampled_from("ABCD"), unique=True), some.sampled_from([CORRECT, MAPPED]))
def test_our_question_and_the_rules_agree_on_every_choice(chosen, rules):
    inside = mapping(-0.5, 'lowerBound="0"', A=1, C=2)
    item, derived = item_of(declared("multiple", "identifier", ["A", "C"], inside), choices(*"ABCD"), rules)
    responses = {"RESPONSE": Value("identifier", tuple(chosen), "multiple")}

    assert our_score(derived, item, responses) == pytest.approx(float(item.rules.score(responses)), abs=1e-5)
