"""Writing Moodle XML, and saying what it cannot carry."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import quote

from lxml import etree

from lms.core.i18n import DEFAULT
from lms.interop import own_form, question_files
from lms.interop.moodle_xml import gaps, names, reader
from lms.interop.question_files import PLUGINFILE, Category, WriteResult, percent_of
from lms.interop.xml_files import Element
from lms.quizzes import cloze_text
from lms.quizzes.bodies.arranging import MatchingBody, OrderingBody
from lms.quizzes.bodies.choosing import MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.gaps import ClozeBody, DragWordsBody, GapSelectBody
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.words import ShortAnswerBody
from lms.quizzes.bodies.writing import EssayBody
from lms.quizzes.content import Problem, QuestionDraft, TextFormat


def write(drafts: Iterable[QuestionDraft], categories: Sequence[Category] = (), *, language: str = DEFAULT) -> WriteResult:
    """Write the drafts, in this language, as a Moodle XML file.

    Each question is read again at once, so that the result tells what Moodle will
    not find in it: fixed places, ways of scoring, ranges, other languages. Our own
    data beside it, which Moodle skips, keep that for us.
    """
    root = etree.Element("quiz")
    problems: list[Problem] = []
    current: tuple[str, ...] = ()
    for category in categories:
        root.append(_category(category))
        current = category.path
    for draft in drafts:
        draft = own_form.with_formats(draft)
        numbered = gaps.in_sequence(draft)
        element = _Question(numbered, language).element()
        read_as = reader.read_as(element, language)
        if read_as is None:
            problems += question_files.left_out_elsewhere(draft)
        else:
            read_as = replace(read_as, category=draft.category)
            problems += question_files.losses(numbered, own_form.with_formats(read_as), language=language)
        if read_as is None or own_form.with_formats(read_as) != draft:
            etree.SubElement(element, names.OWN).text = own_form.write(draft, read_as)
        if draft.category != current:
            root.append(_category(Category(draft.category)))
            current = draft.category
        root.append(element)
    etree.indent(root)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return WriteResult(data, tuple(problems))


def _category(category: Category) -> Element:
    element = etree.Element("question", type="category")
    _text(etree.SubElement(element, "category"), question_files.join_path(category.path))
    info = etree.SubElement(element, "info", format=names.FORMAT_NAMES[category.info_format])
    _text(info, category.info)
    _setting(element, "idnumber", category.id_number)
    return element


@dataclass
class _Question:
    draft: QuestionDraft
    language: str
    written: set[str] = field(default_factory=set)  # names of files that have found their text

    def element(self) -> Element:
        draft = self.draft
        root = etree.Element("question", type=names.TYPES.get(draft.type, draft.type))
        _text(etree.SubElement(root, "name"), draft.name)
        stem = self._own(root, "questiontext", "stem")
        self._own(root, "generalfeedback", "feedback")
        _setting(root, "defaultgrade", _number(draft.default_mark))
        _setting(root, "penalty", _number(draft.penalty))
        _setting(root, "hidden", "1" if draft.hidden else "0")
        _setting(root, "idnumber", draft.id_number)
        self._body(root)
        self._hints(root)
        if draft.tags:
            tags = etree.SubElement(root, "tags")
            for tag in draft.tags:
                _text(etree.SubElement(tags, "tag"), tag)
        for name in draft.files:
            if name not in self.written:
                self._file(stem, name)
        return root

    def _body(self, root: Element) -> None:
        body = self.draft.body
        if isinstance(body, SingleChoiceBody | MultipleChoiceBody):
            self._choices(root, body)
        elif isinstance(body, TrueFalseBody):
            for key in ("true", "false"):
                worth = 1.0 if (key == "true") is body.right else 0.0
                self._answer(root, f"{key}.feedback", worth, key)
        elif isinstance(body, ShortAnswerBody):
            _setting(root, "usecase", "1" if body.case else "0")
            for answer in body.answers:
                self._answer(root, f"{answer.key}.feedback", answer.fraction, answer.pattern)
        elif isinstance(body, NumericalBody):
            self._numerical(root, body)
        elif isinstance(body, MatchingBody):
            self._matching(root, body)
        elif isinstance(body, OrderingBody):
            self._ordering(root, body)
        elif isinstance(body, EssayBody):
            self._essay(root, body)
        elif isinstance(body, GapSelectBody | DragWordsBody):
            self._words(root, body)
        # The gaps of a cloze stand in its text, and what Moodle does not know is in our own data.

    def _choices(self, root: Element, body: SingleChoiceBody | MultipleChoiceBody) -> None:
        _setting(root, "single", _switch(isinstance(body, SingleChoiceBody)))
        _setting(root, "shuffleanswers", _switch(body.shuffle))
        _setting(root, "answernumbering", body.numbering)
        _setting(root, "showstandardinstruction", "1" if body.instruction else "0")
        self._combined_feedback(root, show_count=body.show_count)
        for choice in body.choices:
            element = self._own(root, "answer", choice.key)
            element.set("fraction", percent_of(choice.fraction))
            self._own(element, "feedback", f"{choice.key}.feedback")

    def _answer(self, root: Element, feedback_key: str, fraction: float, text: str) -> Element:
        element = etree.SubElement(root, "answer", fraction=percent_of(fraction), format="moodle_auto_format")
        _text(element, text)
        self._own(element, "feedback", feedback_key)
        return element

    def _numerical(self, root: Element, body: NumericalBody) -> None:
        for answer in body.answers:
            value, tolerance = _value(answer)
            element = self._answer(root, f"{answer.key}.feedback", answer.fraction, value)
            _setting(element, "tolerance", tolerance)
        if body.units:
            units = etree.SubElement(root, "units")
            for unit in body.units:
                element = etree.SubElement(units, "unit")
                _setting(element, "multiplier", f"{unit.multiplier:f}")
                _setting(element, "unit_name", unit.symbol)
        _setting(root, "unitgradingtype", names.UNIT_GRADING_CODES[body.unit_grading])
        _setting(root, "unitpenalty", _number(body.unit_penalty))
        _setting(root, "showunits", names.UNIT_INPUT_CODES[body.unit_input])
        _setting(root, "unitsleft", "1" if body.units_left else "0")

    def _matching(self, root: Element, body: MatchingBody) -> None:
        _setting(root, "shuffleanswers", _switch(body.shuffle))
        self._combined_feedback(root, show_count=body.show_count)
        used = {pair.answer for pair in body.pairs}
        for pair in body.pairs:
            element = self._own(root, "subquestion", pair.key)
            _text(etree.SubElement(element, "answer"), self._said(pair.answer))
        for key in body.answers:
            if key not in used:
                element = etree.SubElement(root, "subquestion", format="html")
                _text(element, "")
                _text(etree.SubElement(element, "answer"), self._said(key))

    def _ordering(self, root: Element, body: OrderingBody) -> None:
        _setting(root, "layouttype", "HORIZONTAL" if body.horizontal else "VERTICAL")
        _setting(root, "selecttype", ("CONTIGUOUS" if body.contiguous else "RANDOM") if body.subset else "ALL")
        _setting(root, "selectcount", str(body.subset or len(body.items)))
        _setting(root, "gradingtype", names.ORDER_RULE_NAMES[body.rule])
        _setting(root, "showgrading", "SHOW" if body.show_rule else "HIDE")
        _setting(root, "numberingstyle", body.numbering)
        self._combined_feedback(root, show_count=False)
        _setting(root, "shownumcorrect", "1" if body.show_count else "0")
        for place, item in enumerate(body.items, start=1):
            element = self._own(root, "answer", item.key)
            element.set("fraction", f"{place}.0000000")
            self._own(element, "feedback", f"{item.key}.feedback")

    def _essay(self, root: Element, body: EssayBody) -> None:
        _setting(root, "responseformat", body.editor)
        _setting(root, "responserequired", "1" if body.required else "0")
        for element, name in names.ESSAY_NUMBERS.items():
            value = getattr(body, name)
            if value is not None:
                _setting(root, element, str(value))
        _setting(root, "filetypeslist", body.attachment_types)
        for element, key in names.ESSAY_TEXTS.items():
            self._own(root, element, key)

    def _words(self, root: Element, body: GapSelectBody | DragWordsBody) -> None:
        _setting(root, "shuffleanswers", "1" if body.shuffle else "0")
        self._combined_feedback(root, show_count=body.show_count)
        tag = "dragbox" if isinstance(body, DragWordsBody) else "selectoption"
        for word in body.words:
            element = self._own(root, tag, word.key)
            _setting(element, "group", str(word.group))
            if getattr(word, "reusable", False):
                etree.SubElement(element, "infinite")

    def _combined_feedback(self, root: Element, *, show_count: bool) -> None:
        for element, key in names.COMBINED_FEEDBACK.items():
            self._own(root, element, key)
        if show_count:
            etree.SubElement(root, "shownumcorrect")

    def _hints(self, root: Element) -> None:
        for number, hint in enumerate(getattr(self.draft.body, "hints", ()), start=1):
            element = self._own(root, "hint", f"hint.{number}")
            if hint.show_count:
                etree.SubElement(element, "shownumcorrect")
            if hint.clear_wrong:
                etree.SubElement(element, "clearwrong")

    def _own(self, parent: Element, name: str, key: str) -> Element:
        """Write a text of the question with the files that it links to."""
        text_format = self.draft.formats.get(key, TextFormat.HTML)
        element = etree.SubElement(parent, name, format=names.FORMAT_NAMES[text_format])
        text = self._said(key)
        _text(element, text)
        for name in self.draft.files:
            if f"{PLUGINFILE}{name}" in text or f"{PLUGINFILE}{quote(name)}" in text:
                self._file(element, name)
        return element

    def _said(self, key: str) -> str:
        texts, body = self.draft.texts.by_language.get(self.language, {}), self.draft.body
        if key == "stem" and isinstance(body, ClozeBody):
            return cloze_text.write(texts.get(key, ""), body.gaps, texts)
        return texts.get(key, "")

    def _file(self, parent: Element, name: str) -> None:
        folder, _, last = name.rpartition("/")
        path = f"/{folder}/" if folder else "/"
        element = etree.SubElement(parent, "file", name=last, path=path, encoding="base64")
        element.text = base64.b64encode(self.draft.files[name]).decode()
        self.written.add(name)


def _text(parent: Element, text: str) -> None:
    etree.SubElement(parent, "text").text = question_files.normalise(text)


def _setting(parent: Element, name: str, value: str) -> None:
    etree.SubElement(parent, name).text = value


def _switch(value: bool) -> str:
    return "true" if value else "false"


def _number(value: float) -> str:
    return f"{Decimal(repr(value)):f}"


def _value(answer: NumericalAnswer) -> tuple[str, str]:
    """Return the value and the tolerance; Moodle writes a range as its middle and half its width."""
    if answer.low is not None and answer.high is not None:
        return f"{(answer.low + answer.high) / 2:f}", f"{(answer.high - answer.low) / 2:f}"
    if answer.value is None:
        return "*", "0"
    tolerance = answer.tolerance * (abs(answer.value) if answer.relative else Decimal(1))
    return f"{answer.value:f}", f"{tolerance:f}"
