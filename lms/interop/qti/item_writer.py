"""Writing a question as an item of QTI, with the names of version 2."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from lms.core import files
from lms.interop.qti import xhtml
from lms.interop.qti.building import (
    add,
    add_score,
    base_value,
    declare_outcome,
    declare_response,
    match_correct,
    set_score,
    show,
    variable,
    when,
)
from lms.interop.xml_files import Element
from lms.quizzes import gap_words
from lms.quizzes.bodies.arranging import MatchingBody, MatchScoring, OrderingBody, OrderRule
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, Scoring, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.gaps import ClozeBody, DragWordsBody, Gap, GapSelectBody
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.parts import Numbering
from lms.quizzes.bodies.spots import HotSpotBody, Outline, SpotScoring
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import EssayBody, EssayEditor
from lms.quizzes.content import QuestionDraft
from lms.quizzes.types import wording

R = "RESPONSE"
WORDS = {"vi": ("Đúng", "Sai"), "en": ("True", "False")}
_CLOZE_GAP = re.compile(r"\{#([0-9]{1,6})\}")
_NUMBERINGS = {
    Numbering.DIGITS: "qti-labels-decimal",
    Numbering.CAPITALS: "qti-labels-upper-alpha",
    Numbering.NONE: "qti-labels-none",
}
_SHAPES = {Outline.CIRCLE: "circle", Outline.RECTANGLE: "rect", Outline.POLYGON: "poly"}
_FORMATS = {
    EssayEditor.PLAIN: "plain",
    EssayEditor.MONOSPACED: "preformatted",
    EssayEditor.EDITOR: "xhtml",
    EssayEditor.EDITOR_FILES: "xhtml",
}


@dataclass
class ItemWriter:
    """One question on its way to an item.

    ``namespace`` and ``templates`` are those of the version; ``is_third`` says
    whether a class may say how choices are numbered.
    """

    draft: QuestionDraft
    language: str
    templates: str
    is_third: bool
    root: Element = field(init=False)
    rules: Element = field(init=False)
    _feedback: list[tuple[str, str]] = field(default_factory=list)
    _outcomes: list[str] = field(default_factory=list)  # besides that of the marks
    template: str = ""

    def element(self) -> Element:
        """Return the item; a type that QTI does not have is written as its text."""
        draft = self.draft
        self.root = etree.Element("assessmentItem")
        self.root.set("title", draft.name)
        self.root.set("adaptive", "false")
        self.root.set("timeDependent", "false")
        self.root.set("{http://www.w3.org/XML/1998/namespace}lang", self.language)
        self.rules = etree.Element("responseProcessing")
        body = etree.Element("itemBody")
        outcomes = etree.Element("outcomes")
        is_asked = self._body(body)
        if is_asked:
            declare_outcome(outcomes, "SCORE", default=0.0)
            declare_outcome(outcomes, "MAXSCORE", default=draft.default_mark)
        self._tell(outcomes)
        for each in outcomes:
            self.root.append(each)
        self.root.append(body)
        if self.template:
            add(self.root, "responseProcessing", template=f"{self.templates}/{self.template}")
        elif len(self.rules):
            self.root.append(self.rules)
        for identifier, html in self._feedback:
            modal = add(self.root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=identifier, showHide="show")
            xhtml.put(add(modal, "contentBody") if self.is_third else modal, html)
        return self.root

    # --- texts

    def said(self, key: str) -> str:
        return self.draft.texts.by_language.get(self.language, {}).get(key, "")

    def _stem(self, body: Element) -> None:
        xhtml.put(body, self.said("stem"), as_blocks=True)

    def _words(self, key: str) -> str:
        return xhtml.words_of(self.said(key)) or "—"

    # --- bodies

    def _body(self, holder: Element) -> bool:
        """Write what is asked; return whether there is anything to answer."""
        body = self.draft.body
        if isinstance(body, GapSelectBody | ClozeBody):
            return self._gaps(holder, body)
        if isinstance(body, DragWordsBody):
            self._drag(holder, body)
            return True
        self._stem(holder)
        if isinstance(body, SingleChoiceBody):
            self._single(holder, body)
        elif isinstance(body, MultipleChoiceBody):
            self._multiple(holder, body)
        elif isinstance(body, TrueFalseBody):
            self._true_false(holder, body)
        elif isinstance(body, ShortAnswerBody):
            self._entry(holder)
            self._word_rules(R, body.answers, case=body.case, worth=self.draft.default_mark)
        elif isinstance(body, NumericalBody):
            self._entry(holder)
            self._number_rules(R, body.answers, worth=self.draft.default_mark)
        elif isinstance(body, MatchingBody):
            self._matching(holder, body)
        elif isinstance(body, OrderingBody):
            self._ordering(holder, body)
        elif isinstance(body, EssayBody):
            self._essay(holder, body)
        elif isinstance(body, HotSpotBody):
            return self._hot_spot(holder, body)
        else:
            return False
        return True

    def _hot_spot(self, holder: Element, body: HotSpotBody) -> bool:
        """Write the places of a picture to choose from; return whether there is a picture."""
        picture = next(iter(xhtml.file_names(self.said("picture"))), "")
        if picture not in self.draft.files:
            return False
        right = [spot.key for spot in body.spots if spot.right]
        declaration = declare_response(self.root, R, "identifier", "multiple", right)
        element = add(holder, "hotspotInteraction", responseIdentifier=R, maxChoices=body.most_marks)
        kind = files.media_type_of(self.draft.files[picture]) or "image/png"
        shown = add(element, "object", type=kind, data=xhtml.href_of(picture), width=body.width, height=body.height)
        shown.text = xhtml.alternative_of(self.said("picture")) or self.draft.name
        for spot in body.spots:
            coords = ",".join(str(round(each)) for each in spot.numbers)
            add(
                element,
                "hotspotChoice",
                identifier=spot.key,
                shape=_SHAPES[spot.outline],
                coords=coords,
                hotspotLabel=self._words(spot.key),
            )
        if body.scoring is SpotScoring.ALL_OR_NOTHING:
            self._whole_or_nothing()
        else:
            # A false mark takes back a spot that was found.
            worth = [(spot.key, (1 if spot.right else -1) / max(len(right), 1)) for spot in body.spots]
            self._mapped(declaration, worth, lowerBound=0)
        return True

    def _choices(self, holder: Element, choices: Sequence[Choice], *, shuffle: bool, numbering: Numbering, most: int) -> None:
        style = _NUMBERINGS.get(numbering) if self.is_third else None
        element = add(holder, "choiceInteraction", responseIdentifier=R, shuffle=shuffle, maxChoices=most)
        if style:
            element.set("class", style)
        for choice in choices:
            xhtml.put(add(element, "simpleChoice", identifier=choice.key, fixed=True if choice.fixed else None), self.said(choice.key))

    def _single(self, holder: Element, body: SingleChoiceBody) -> None:
        best = [choice.key for choice in body.choices if choice.fraction == 1.0]
        declaration = declare_response(self.root, R, "identifier", "single", best[:1])
        self._choices(holder, body.choices, shuffle=body.shuffle, numbering=body.numbering, most=1)
        if len(best) == 1 and all(choice.fraction in (0.0, 1.0) for choice in body.choices):
            self._whole_or_nothing()
        else:
            self._mapped(declaration, [(choice.key, choice.fraction) for choice in body.choices])

    def _multiple(self, holder: Element, body: MultipleChoiceBody) -> None:
        right = [choice.key for choice in body.choices if choice.fraction > 0]
        declaration = declare_response(self.root, R, "identifier", "multiple", right)
        self._choices(holder, body.choices, shuffle=body.shuffle, numbering=body.numbering, most=0)
        if body.scoring is Scoring.ALL_OR_NOTHING:
            self._whole_or_nothing()
        elif body.scoring is Scoring.CLAMPED:
            self._mapped(
                declaration, [(choice.key, choice.fraction) for choice in body.choices], lowerBound=0, upperBound=self.draft.default_mark
            )
        else:
            self._proportional(body, right)

    def _proportional(self, body: MultipleChoiceBody, right: list[str]) -> None:
        """Right ticks count, and a wrong one takes a right one back: the lesser of both counts over all right ones."""
        for name in ("RIGHT", "WRONG"):
            self._outcomes.append(name)
        for choice in body.choices:
            branch = when(self.rules)
            test = add(branch, "member")
            base_value(test, choice.key, "identifier")
            variable(test, R)
            name = "RIGHT" if choice.key in right else "WRONG"
            total = add(add(branch, "setOutcomeValue", identifier=name), "sum")
            variable(total, name)
            base_value(total, 1)
        product = add(add(self.rules, "setOutcomeValue", identifier="SCORE"), "product")
        base_value(product, self.draft.default_mark / max(len(right), 1))
        least = add(product, "max")
        base_value(least, 0)
        most = add(least, "min")
        variable(most, "RIGHT")
        left = add(most, "subtract")
        base_value(left, len(right))
        variable(left, "WRONG")

    def _true_false(self, holder: Element, body: TrueFalseBody) -> None:
        declare_response(self.root, R, "identifier", "single", ["true" if body.right else "false"])
        element = add(holder, "choiceInteraction", responseIdentifier=R, shuffle=False, maxChoices=1)
        for identifier, word in zip(("true", "false"), WORDS.get(self.language, WORDS["en"]), strict=True):
            add(element, "simpleChoice", word, identifier=identifier)
        self._whole_or_nothing()

    def _entry(self, holder: Element) -> None:
        add(add(holder, "p"), "textEntryInteraction", responseIdentifier=R)

    def _matching(self, holder: Element, body: MatchingBody) -> None:
        pairs = [f"{pair.key} {pair.answer}" for pair in body.pairs]
        declaration = declare_response(self.root, R, "directedPair", "multiple", pairs)
        element = add(holder, "matchInteraction", responseIdentifier=R, shuffle=body.shuffle, maxAssociations=len(pairs))
        for keys, most in (([pair.key for pair in body.pairs], 1), (list(body.answers), 0)):
            one = add(element, "simpleMatchSet")
            for key in keys:
                xhtml.put(add(one, "simpleAssociableChoice", identifier=key, matchMax=most), self.said(key))
        if body.scoring is MatchScoring.ALL_OR_NOTHING:
            self._whole_or_nothing()
        else:
            self._mapped(declaration, [(pair, 1 / len(pairs)) for pair in pairs])

    def _ordering(self, holder: Element, body: OrderingBody) -> None:
        keys = [item.key for item in body.items]
        declare_response(self.root, R, "identifier", "ordered", keys)
        element = add(holder, "orderInteraction", responseIdentifier=R, shuffle=True, orientation="horizontal" if body.horizontal else None)
        # Shown in another order than the right one, also by programs that do not shuffle.
        for key in keys[1::2] + keys[::2]:
            xhtml.put(add(element, "simpleChoice", identifier=key), self.said(key))
        if body.rule is OrderRule.ALL_OR_NOTHING:
            self._whole_or_nothing()
            return
        for place in range(1, len(keys) + 1):
            branch = when(self.rules)
            test = add(branch, "match")
            variable(add(test, "index", n=place), R)
            add(add(test, "index", n=place), "correct", identifier=R)
            add_score(branch, self.draft.default_mark / len(keys))

    def _essay(self, holder: Element, body: EssayBody) -> None:
        if body.editor is EssayEditor.NO_TEXT:
            declare_response(self.root, R, "file", "single", [])
            add(holder, "uploadInteraction", responseIdentifier=R)
        else:
            declare_response(self.root, R, "string", "single", [])
            add(
                holder,
                "extendedTextInteraction",
                responseIdentifier=R,
                expectedLines=body.lines,
                format=_FORMATS[body.editor],
                minStrings=1 if body.required else 0,
            )
        if notes := self.said("grader_info"):
            rubric = add(holder, "rubricBlock", view="scorer", use="scoring" if self.is_third else None)
            xhtml.put(add(rubric, "contentBody") if self.is_third else rubric, notes, as_blocks=True)

    # --- gaps

    def _gaps(self, holder: Element, body: ClozeBody | GapSelectBody) -> bool:
        if isinstance(body, ClozeBody):
            known = {gap.key: gap for gap in body.gaps}
            if any(gap.kind.is_several for gap in body.gaps):
                self._stem(holder)
                return False
            total = sum(gap.weight for gap in body.gaps) or 1
            pieces = _CLOZE_GAP.split(self.said("stem"))
            text = "".join(piece if place % 2 == 0 else _marker(place, piece) for place, piece in enumerate(pieces))
            xhtml.put(holder, text, as_blocks=True)
            for number_, element in _replaced(holder):
                if number_ in known:
                    self._gap(element, known[number_], worth=self.draft.default_mark * known[number_].weight / total)
            return True
        keys = [gap.key for gap in body.gaps]
        text = gap_words.PLACE.sub(_Numbered(), self.said("stem"))
        xhtml.put(holder, text, as_blocks=True)
        groups = {word.key: word.group for word in body.words}
        for place, element in _replaced(holder):
            if int(place) > len(keys):
                continue
            gap = body.gaps[int(place) - 1]
            same = {word.key for word in body.words if word.key == gap.word or gap.word in (word.same_as, word.key)}
            response = f"R{place}"
            element.tag = "inlineChoiceInteraction"
            element.set("responseIdentifier", response)
            element.set("shuffle", "true" if body.shuffle else "false")
            for word in body.words:
                if word.group == groups[gap.word]:
                    add(element, "inlineChoice", self._words(word.key), identifier=word.key)
            declare_response(self.root, response, "identifier", "single", [gap.word])
            self._one_of(response, sorted(same), worth=self.draft.default_mark / len(keys))
        return True

    def _one_of(self, response: str, right: list[str], *, worth: float) -> None:
        for key in right:
            branch = when(self.rules)
            test = add(branch, "match")
            variable(test, response)
            base_value(test, key, "identifier")
            add_score(branch, worth)

    def _gap(self, element: Element, gap: Gap, *, worth: float) -> None:
        response = f"R{gap.key}"
        element.set("responseIdentifier", response)
        if gap.kind.is_one_of:
            element.tag = "inlineChoiceInteraction"
            element.set("shuffle", "true" if gap.kind.is_shuffled else "false")
            for choice in gap.choices:
                add(element, "inlineChoice", self._words(choice.key), identifier=f"c{choice.key}")
            best = [f"c{choice.key}" for choice in gap.choices if choice.fraction == 1.0]
            declare_response(self.root, response, "identifier", "single", best[:1])
            for choice in gap.choices:
                if choice.fraction:
                    self._one_of(response, [f"c{choice.key}"], worth=worth * choice.fraction)
            return
        element.tag = "textEntryInteraction"
        if gap.kind.is_word:
            self._word_rules(response, gap.words, case=gap.kind.minds_case, worth=worth)
        else:
            self._number_rules(response, gap.numbers, worth=worth)

    def _drag(self, holder: Element, body: DragWordsBody) -> None:
        declare_response(self.root, R, "directedPair", "multiple", [f"{gap.word} {gap.key}" for gap in body.gaps])
        element = add(holder, "gapMatchInteraction", responseIdentifier=R, shuffle=body.shuffle)
        for word in body.words:
            add(element, "gapText", self._words(word.key), identifier=word.key, matchMax=0 if word.reusable else 1)
        text = gap_words.PLACE.sub(_Numbered(), self.said("stem"))
        xhtml.put(element, text, as_blocks=True)
        for place, gap_element in _replaced(element):
            if int(place) <= len(body.gaps):
                gap_element.tag = "gap"
                gap_element.set("identifier", body.gaps[int(place) - 1].key)
        declaration = self.root.find("responseDeclaration")
        assert declaration is not None
        self._mapped(declaration, [(f"{gap.word} {gap.key}", 1 / len(body.gaps)) for gap in body.gaps])

    # --- rules

    def _whole_or_nothing(self) -> None:
        if self.draft.default_mark == 1.0 and not self._has_feedback:
            self.template = "match_correct"
            return
        branch = when(self.rules)
        match_correct(branch, R)
        set_score(branch, self.draft.default_mark)

    def _mapped(self, declaration: Element, worth: list[tuple[str, float]], **bounds: float) -> None:
        mapping = add(declaration, "mapping", None, defaultValue=0, **bounds)
        for key, fraction in worth:
            add(mapping, "mapEntry", mapKey=key, mappedValue=fraction * self.draft.default_mark)
        if not self._has_feedback:
            self.template = "map_response"
            return
        branch = when(self.rules)
        variable(add(add(branch, "not"), "isNull"), R)
        add(add(branch, "setOutcomeValue", identifier="SCORE"), "mapResponse", identifier=R)

    def _word_rules(self, response: str, answers: Sequence[TextAnswer], *, case: bool, worth: float) -> None:
        right = [wording.sample(answer.pattern) for answer in answers if answer.fraction == 1.0 and wording.sample(answer.pattern)]
        declare_response(self.root, response, "string", "single", right[:1])
        condition: Element | None = None
        for answer in answers:
            branch = when(self.rules, otherwise=condition)
            condition = branch.getparent()
            if wording.has_wildcard(answer.pattern):
                variable(add(branch, "patternMatch", pattern=_pattern(answer.pattern, case=case)), response)
            else:
                test = add(branch, "stringMatch", caseSensitive=case)
                variable(test, response)
                base_value(test, wording.sample(answer.pattern), "string")
            add_score(branch, worth * answer.fraction)

    def _number_rules(self, response: str, answers: Sequence[NumericalAnswer], *, worth: float) -> None:
        right = next((answer.value for answer in answers if answer.fraction == 1.0 and answer.value is not None), None)
        declare_response(self.root, response, "float", "single", [f"{right:f}"] if right is not None else [])
        condition: Element | None = None
        for answer in answers:
            branch = when(self.rules, otherwise=condition)
            condition = branch.getparent()
            _number_test(branch, response, answer)
            add_score(branch, worth * answer.fraction)

    # --- feedback

    @property
    def _has_feedback(self) -> bool:
        texts = self.draft.texts.by_language.get(self.language, {})
        return any(text and (key == "feedback" or key.startswith("feedback.") or key.endswith(".feedback")) for key, text in texts.items())

    def _tell(self, outcomes: Element) -> None:
        """Write when each feedback is shown."""
        for name in self._outcomes:
            declare_outcome(outcomes, name, default=0.0)
        if not self._has_feedback:
            return
        declare_outcome(outcomes, "FEEDBACK", "identifier", cardinality="multiple")
        mark = self.draft.default_mark
        is_scored = bool(len(self.rules))
        if general := self.said("feedback"):
            self._feedback.append(("general", general))
            show(self.rules, "general")
        if is_scored and mark > 0:
            tests = {"right": ("gte", mark * 0.99999), "wrong": ("lte", 0.0), "partial": ("lt", mark * 0.99999)}
            for name, (comparison, limit) in tests.items():
                if text := self.said(f"feedback.{name}"):
                    self._feedback.append((name, text))
                    branch = when(self.rules)
                    both = add(branch, "and") if name == "partial" else branch
                    test = add(both, comparison)
                    variable(test, "SCORE")
                    base_value(test, limit)
                    if name == "partial":
                        above = add(both, "gt")
                        variable(above, "SCORE")
                        base_value(above, 0.0)
                    show(branch, name)
        self._tell_of_choices()

    def _tell_of_choices(self) -> None:
        body = self.draft.body
        if isinstance(body, SingleChoiceBody | MultipleChoiceBody):
            keys = [choice.key for choice in body.choices]
        elif isinstance(body, TrueFalseBody):
            keys = ["true", "false"]
        else:
            return
        for key in keys:
            if text := self.said(f"{key}.feedback"):
                self._feedback.append((f"{key}_fb", text))
                branch = when(self.rules)
                is_several = isinstance(body, MultipleChoiceBody)
                test = add(branch, "member" if is_several else "match")
                base_value(test, key, "identifier")
                variable(test, R)
                show(branch, f"{key}_fb")


class _Numbered:
    """Gives each gap of a text its place."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, found: re.Match[str]) -> str:
        self.count += 1
        return _marker(self.count, str(self.count))


def _marker(place: int, name: str) -> str:
    """Return what stands in HTML where an interaction is put afterwards; a link survives every parser."""
    return f'<a href="{xhtml.MARK}{name}"></a>'


def _replaced(holder: Element) -> list[tuple[str, Element]]:
    """Return the places of the gaps, with empty elements that are to become interactions."""
    found = []
    for each in list(holder.iter("a")):
        href = str(each.get("href") or "")
        if href.startswith(xhtml.MARK):
            del each.attrib["href"]
            found.append((href.removeprefix(xhtml.MARK), each))
    return found


def _pattern(pattern: str, *, case: bool) -> str:
    """Return a pattern with asterisks as an expression of XML Schema, which knows no way to ignore capitals."""
    parts = []
    for part in re.split(r"(?<!\\)(\*)", wording.tidy(pattern)):
        if part == "*":
            parts.append(".*")
            continue
        for letter in part.replace("\\*", "*"):
            if not case and letter.lower() != letter.upper() and len(letter.lower()) == len(letter.upper()) == 1:
                parts.append(f"[{letter.lower()}{letter.upper()}]")
            else:
                parts.append(f"\\{letter}" if letter in "\\|.-^?*+{}()[]" else letter)
    return "".join(parts)


def _number_test(branch: Element, response: str, answer: NumericalAnswer) -> None:
    if answer.low is not None and answer.high is not None:
        both = add(branch, "and")
        for name, limit in (("gte", answer.low), ("lte", answer.high)):
            test = add(both, name)
            variable(test, response)
            base_value(test, limit)
    elif answer.value is not None:
        tolerance = answer.tolerance * (abs(answer.value) if answer.relative else Decimal(1))
        mode = {"toleranceMode": "absolute", "tolerance": f"{tolerance:f} {tolerance:f}"} if tolerance else {"toleranceMode": "exact"}
        test = add(branch, "equal", None, **mode)
        base_value(test, answer.value)
        variable(test, response)
    else:
        variable(add(add(branch, "not"), "isNull"), response)


def title_number(place: int) -> str:
    """Return the identifier of the item at this place."""
    return f"q{place:04d}"
