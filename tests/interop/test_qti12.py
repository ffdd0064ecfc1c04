"""QTI 1.2 as Canvas, Respondus and others write it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.app import QUESTION_TYPES
from lms.interop.qti12 import reader
from lms.quizzes.bodies.arranging import Item, MatchingBody, MatchScoring, OrderingBody, OrderRule, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.gaps import ClozeBody, Gap, GapKind
from lms.quizzes.bodies.numbers import NumericalAnswer
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.content import QuestionDraft
from tests.interop.drafts import QUIET
from tests.interop.packages import MANIFEST_2, zipped

PICTURE = b"\x89PNG\r\n\x1a\n0"


def label(ident: str, text: str = "") -> str:
    return f'<response_label ident="{ident}"><material><mattext>{text or ident}</mattext></material></response_label>'


def choices(*idents: str, ident: str = "r", many: str = "Single", before: str = "") -> str:
    inside = "".join(label(each) for each in idents)
    return (
        f'<response_lid ident="{ident}" rcardinality="{many}">{before}<render_choice shuffle="Yes">{inside}</render_choice></response_lid>'
    )


def entry(ident: str = "r", kind: str = "String") -> str:
    return f'<response_str ident="{ident}" rcardinality="Single"><render_fib fibtype="{kind}"><response_label ident="a"/></render_fib></response_str>'


def equal(value: str, ident: str = "r", more: str = "") -> str:
    return f'<varequal respident="{ident}"{more}>{value}</varequal>'


def rule(test: str, marks: float | None = 100, action: str = "Set", feedback: str = "", stop: str = "") -> str:
    given = f'<setvar varname="SCORE" action="{action}">{marks}</setvar>' if marks is not None else ""
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{feedback}"/>' if feedback else ""
    return f"<respcondition{stop}><conditionvar>{test}</conditionvar>{given}{shown}</respcondition>"


def item(
    asked: str, *rules: str, kind: str = "", after: str = "", text: str = "Câu hỏi?", most: str = 'maxvalue="100" minvalue="0"'
) -> str:
    field = "<qtimetadatafield><fieldlabel>{}</fieldlabel><fieldentry>{}</fieldentry></qtimetadatafield>"
    metadata = (
        f"<itemmetadata><qtimetadata>{field.format('question_type', kind)}{field.format('points_possible', 2)}</qtimetadata></itemmetadata>"
    )
    return f"""<item title="T" ident="i">{metadata if kind else ""}<presentation><material><mattext texttype="text/html">{text}</mattext></material>
        {asked}</presentation><resprocessing><outcomes><decvar {most} varname="SCORE" vartype="Decimal"/></outcomes>{"".join(rules)}
        </resprocessing>{after}</item>"""


def file_of(*items: str) -> str:
    return f"""<?xml version="1.0"?><!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd">
        <questestinterop><assessment title="A"><section>{"".join(items)}</section></assessment></questestinterop>"""


def one(text: str, *, warnings: int = 0) -> QuestionDraft:
    result = reader.read(file_of(text))
    assert [str(problem.message) for problem in result.problems if problem.severity == "error"] == []
    assert (len(result.drafts), len(result.problems)) == (1, warnings)
    return result.drafts[0]


def test_a_single_choice_with_its_mark_and_the_names_of_canvas_for_feedback():
    after = "".join(
        f'<itemfeedback ident="{ident}_fb"><flow_mat><material><mattext texttype="text/html">&lt;p&gt;{ident}&lt;/p&gt;</mattext></material></flow_mat></itemfeedback>'
        for ident in ("general", "correct", "general_incorrect", "B")
    )
    draft = one(item(choices("A", "B"), rule(equal("A"), stop=' continue="No"'), kind="multiple_choice_question", after=after))

    assert (draft.body, draft.default_mark) == (SingleChoiceBody((Choice("a", 1.0), Choice("b"))), 2.0)
    texts = draft.texts.by_language["vi"]
    assert {key: texts[key] for key in texts if "feedback" in key} == {
        "feedback": "<p>general</p>",
        "feedback.right": "<p>correct</p>",
        "feedback.wrong": "<p>general_incorrect</p>",
        "b.feedback": "<p>B</p>",
    }


def test_canvas_asks_for_all_right_choices_and_no_other():
    test = f"<and>{equal('A')}<not>{equal('B')}</not>{equal('C')}</and>"
    draft = one(item(choices("A", "B", "C", many="Multiple"), rule(test), kind="multiple_answers_question"))

    assert draft.body == MultipleChoiceBody((Choice("a", 0.5), Choice("b"), Choice("c", 0.5)), scoring=Scoring.ALL_OR_NOTHING)


def test_marks_that_add_up_are_fractions_also_in_percent_of_a_smaller_maximum():
    rules = [rule(equal("A"), 50, "Add"), rule(equal("B"), -25, "Add"), rule(equal("C"), 50, "Add")]
    draft = one(item(choices("A", "B", "C", many="Multiple"), *rules, most='maxvalue="8" minvalue="0"'))

    assert draft.body == MultipleChoiceBody((Choice("a", 0.5), Choice("b", -0.25), Choice("c", 0.5)))
    assert draft.default_mark == 8.0


def test_true_and_false_are_a_statement():
    draft = one(item(choices("1", "2").replace(">1<", ">True<").replace(">2<", ">False<"), rule(equal("2")), kind="true_false_question"))

    assert draft.body == TrueFalseBody(False)


def test_words_are_compared_as_the_file_says():
    draft = one(item(entry(), rule(equal("Hà Nội")), rule(equal("Thăng Long"), 50), kind="short_answer_question"))

    assert draft.body == ShortAnswerBody((TextAnswer("a", "Hà Nội", 1.0), TextAnswer("b", "Thăng Long", 0.5)))


def test_numbers_with_a_range_around_an_exact_one():
    test = f"<or>{equal('12')}<and><vargte respident='r'>11.5</vargte><varlte respident='r'>12.5</varlte></and></or>"
    draft = one(item(entry(), rule(test), kind="numerical_question"))

    assert draft.body.answers == (NumericalAnswer("a", 1.0, value=Decimal(12), tolerance=Decimal("0.5")),)


def test_lists_beside_texts_are_pairs_and_an_answer_of_another_name_is_the_same():
    def row(ident: str, text: str, *labels: str) -> str:
        before = f"<material><mattext>{text}</mattext></material>"
        return f'<response_lid ident="{ident}">{before}<render_choice>{"".join(labels)}</render_choice></response_lid>'

    asked = row("r1", "một", label("1", "x"), label("2", "y"), label("3", "z")) + row("r2", "hai", label("4", "x"), label("5", "y"))
    draft = one(item(asked, rule(equal("1", "r1"), 50, "Add"), rule(equal("5", "r2"), 50, "Add"), kind="matching_question"))

    assert draft.body == MatchingBody((Pair("a", "x1"), Pair("b", "x2")), ("x1", "x2", "x3"), shuffle=False, scoring=MatchScoring.EACH)
    assert [draft.texts.of(key) for key in ("a", "b", "x1", "x2", "x3")] == ["một", "hai", "x", "y", "z"]


def test_places_in_brackets_are_gaps():
    lists = choices("A", "B", ident="response_so", before="<material><mattext>so</mattext></material>") + choices(
        "C", "D", ident="response_mau"
    )
    draft = one(item(lists, rule(equal("A", "response_so"), 25, "Add"), rule(equal("D", "response_mau"), 75, "Add"), text="[mau] và [so]"))

    assert draft.texts.of("stem") == "{#1} và {#2}"
    assert draft.body == ClozeBody(
        (
            Gap("1", GapKind.LIST, 3, choices=(Choice("1a"), Choice("1b", 1.0))),
            Gap("2", GapKind.LIST, 1, choices=(Choice("2a", 1.0), Choice("2b"))),
        )
    )


def test_blanks_of_canvas_are_words_to_type():
    asked = f'<response_lid ident="response_x"><render_choice>{label("1", "Huế")}{label("2", "hue")}</render_choice></response_lid>'
    asked += f'<response_lid ident="response_y"><render_choice>{label("3", "Vinh")}</render_choice></response_lid>'
    rules = [
        rule(equal("1", "response_x"), 50, "Add"),
        rule(equal("2", "response_x"), 50, "Add"),
        rule(equal("3", "response_y"), 50, "Add"),
    ]
    draft = one(item(asked, *rules, kind="fill_in_multiple_blanks_question", text="[x] [y]"))

    assert draft.body == ClozeBody(
        (
            Gap("1", GapKind.WORD, words=(TextAnswer("1a", "Huế"), TextAnswer("1b", "hue"))),
            Gap("2", GapKind.WORD, words=(TextAnswer("2a", "Vinh"),)),
        )
    )


def test_several_entries_are_gaps_where_they_stand():
    asked = f"<material><mattext>Một</mattext></material>{entry('p')}<material><mattext>hai</mattext></material>{entry('q')}"
    draft = one(item(asked, rule(equal("x", "p"), 1, "Add"), rule(equal("y", "q"), 1, "Add"), most=""))

    assert draft.texts.of("stem") == "Câu hỏi? Một {#1} hai {#2}"
    assert draft.default_mark == 2.0


def test_an_order_is_named_part_by_part():
    test = "".join(equal(each, more=f' index="{place}"') for place, each in enumerate("CAB", start=1))
    draft = one(item(choices("A", "B", "C", many="Ordered"), rule(test)))

    assert draft.body == OrderingBody((Item("a"), Item("b"), Item("c")), OrderRule.ALL_OR_NOTHING)
    assert [draft.texts.of(key) for key in "abc"] == ["C", "A", "B"]


def test_a_draw_and_types_that_we_do_not_have_are_told():
    section = f"""<section title="Nhóm"><selection_ordering><selection><selection_number>1</selection_number></selection></selection_ordering>
        {item(entry(), kind="calculated_question")}</section>"""
    result = reader.read(f"<questestinterop>{section}</questestinterop>")

    assert (result.found, result.unsupported, len(result.problems)) == ({"calculated_question": 1}, {"calculated_question": 1}, 2)


def test_pictures_of_a_package_are_kept_and_formulas_stay_readable():
    text = """&lt;p&gt;&lt;img src="$IMS-CC-FILEBASE$/anh%20a.png" alt="a"&gt; &lt;img src="/equation_images/x" data-equation-content="\\frac{1}{2}"&gt;&lt;/p&gt;"""
    resources = '<resource identifier="R" type="imsqti_xmlv1p2"><file href="q/q.xml"/></resource>'
    data = zipped(
        {
            "imsmanifest.xml": MANIFEST_2.format(resources=resources),
            "q/q.xml": file_of(item(choices("A", "B"), rule(equal("A")), text=text)),
            "web_resources/anh a.png": PICTURE,
        }
    )
    result = reader.read(data)

    assert result.problems == ()
    assert result.drafts[0].files == {"anh a.png": PICTURE}
    assert result.drafts[0].texts.of("stem") == '<p><img src="@@PLUGINFILE@@/anh%20a.png" alt="a"> \\(\\frac{1}{2}\\)</p>'
    assert reader.fits(data) is True


def test_a_file_that_only_names_the_questions_of_a_bank_is_refused():
    result = reader.read('<questestinterop><assessment><section><bankentry_item item_ref="x"/></section></assessment></questestinterop>')

    assert (result.drafts, [problem.severity for problem in result.problems]) == ((), ["error"])


def test_a_document_type_may_declare_elements_but_no_entities():
    text = file_of(item(choices("A", "B"), rule(equal("A"))))
    declared = text.replace('"ims_qtiasiv1p2.dtd"', '"ims_qtiasiv1p2.dtd" [<!ELEMENT x (y)>]')
    growing = text.replace('"ims_qtiasiv1p2.dtd"', '"ims_qtiasiv1p2.dtd" [<!ENTITY x "xxx">]')

    assert [len(reader.read(each).drafts) for each in (declared, growing)] == [1, 0]


@pytest.mark.parametrize("data", [b"<quiz/>", b"<questestinterop>", b"", zipped({"imsmanifest.xml": "<manifest/>"}), b"PK\x03\x04x"])
def test_other_and_broken_files_are_refused(data):
    result = reader.read(data)

    assert (result.drafts, [problem.severity for problem in result.problems]) == ((), ["error"])


def test_everything_that_is_read_can_be_used():
    rules = [rule(equal("A"), 50, "Add"), rule(equal("C"), 50, "Add")]
    drafts = [one(item(choices("A", "B", "C", many="Multiple"), *rules)), one(item(entry(), rule(equal("x"))))]
    checked = [next(each for each in QUESTION_TYPES if each.key == draft.type).check(draft.body, draft.texts) for draft in drafts]

    assert [problem for problems in checked for problem in problems if problem.severity == "error"] == []


@QUIET
@given(
    some.lists(
        some.sampled_from(["<and>", "</and>", "<other/>", equal("A"), rule(equal("B")), "<setvar>x</setvar>", "a", "&amp;"]), max_size=10
    ).map("".join)
)
def test_no_rules_break_the_reader(text):
    result = reader.read(file_of(item(choices("A", "B"), text)))

    assert len(result.drafts) + sum(problem.severity == "error" for problem in result.problems) == 1
