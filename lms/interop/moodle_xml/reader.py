"""Reading Moodle XML, and reporting what cannot be read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import own_form, question_files, xml_files
from lms.interop.moodle_xml import gaps, names
from lms.interop.moodle_xml.elements import Source, inner
from lms.interop.question_files import Category, Fractions, ReadResult, Unreadable
from lms.interop.xml_files import Element, line_of, tag_of
from lms.quizzes import file_rules
from lms.quizzes.bodies.arranging import Item, MatchingBody, OrderingBody, OrderRule, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.every import Body, key_at
from lms.quizzes.bodies.gaps import ClozeBody
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody, Unit, UnitGrading, UnitInput
from lms.quizzes.bodies.parts import Hint, Numbering
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody, EssayEditor
from lms.quizzes.content import DEFAULT_PENALTY, Problem, QuestionDraft, Severity, TextFormat, Texts
from lms.quizzes.types import wording


def read(data: bytes | str, language: str = DEFAULT, *, fractions: Fractions = Fractions.STRICT) -> ReadResult:
    """Read a Moodle XML file; its texts are in ``language``.

    Nothing is raised: a file or a question that cannot be understood is a problem
    with a line.  A file that is no well-formed XML gives no draft at all.
    """
    try:
        root = _parse(data)
    except Unreadable as error:
        return ReadResult(problems=(error.problem,))
    elements = [root] if tag_of(root) == "question" else [each for each in root if isinstance(each.tag, str)]
    drafts, categories, problems, found, unsupported = [], [], [], Counter[str](), Counter[str]()
    path: tuple[str, ...] = ()
    for element in elements:
        kind = str(element.get("type") or "").strip() or "?"
        if tag_of(element) != "question":
            problems.append(_ignored(element))
        elif kind == "category":
            category, warnings = _category(element)
            categories.append(category)
            problems += warnings
            path = category.path
        elif own := _own(element, language, path):
            found[kind] += 1
            drafts.append(own)
        elif kind not in _BODIES:
            found[kind] += 1
            unsupported[kind] += 1
            problems.append(_unsupported(element, kind))
        else:
            found[kind] += 1
            try:
                draft = _Question(Source(element), kind, language, fractions).draft(path)
            except Unreadable as error:
                problems.append(error.problem)
            else:
                drafts.append(draft)
                problems += draft.warnings
    return ReadResult(tuple(drafts), question_files.merge(categories), tuple(problems), dict(unsupported), dict(found))


def read_as(element: Element, language: str) -> QuestionDraft | None:
    """Return what other programs make of a question; None when they do not know its type or cannot read it."""
    kind = str(element.get("type") or "").strip()
    if kind not in _BODIES:
        return None
    try:
        return _Question(Source(element), kind, language, Fractions.NEAREST).draft(())
    except Unreadable:
        return None


def _own(element: Element, language: str, category: tuple[str, ...]) -> QuestionDraft | None:
    """Return a question as we wrote it ourselves, unless it was changed since."""
    text = element.findtext(names.OWN)
    if not text:
        return None
    others = read_as(element, language)
    source = Source(element)
    source.put("stem", element.find("questiontext"))
    draft = own_form.read(text, others, others.files if others else source.files, position=source.position)
    return None if draft is None else replace(draft, category=category)


def _parse(data: bytes | str) -> Element:
    """Return the root.  Raises Unreadable; Moodle writes no document type."""
    root = xml_files.parse(data)
    if root.getroottree().docinfo.internalDTD is not None:
        raise xml_files.own_type_refused()
    if tag_of(root) not in ("quiz", "question"):
        message = lazy_("This is XML, but not Moodle XML: it begins with <{element}>, not <quiz>.", element=tag_of(root))
        raise Unreadable(Problem(Severity.ERROR, message, line_of(root)))
    return root


def _ignored(element: Element) -> Problem:
    message = lazy_("<{element}> is no question and was ignored.", element=tag_of(element))
    return Problem(Severity.WARNING, message, line_of(element))


def _unsupported(element: Element, kind: str) -> Problem:
    message = lazy_("Questions of the type “{type}” cannot be used yet; this one was left out.", type=kind)
    return Problem(Severity.WARNING, message, line_of(element), Source(element).word("name"))


def _category(element: Element) -> tuple[Category, list[Problem]]:
    source = Source(element)
    source.put("info", element.find("info"))
    written = source.word("category")
    category = Category(
        question_files.split_path(written),
        info=source.texts.get("info", ""),
        info_format=source.formats.get("info", TextFormat.HTML),
        id_number=source.word("idnumber"),
        source=written,
        position=source.position,
    )
    return category, source.warnings


@dataclass
class _Question:
    """One question on its way from an element to a draft."""

    source: Source
    kind: str
    language: str
    fractions: Fractions

    def draft(self, category: tuple[str, ...]) -> QuestionDraft:
        """Return the draft.  Raises Unreadable."""
        source = self.source
        source.name = " ".join(source.word("name").split())
        source.put("stem", source.element.find("questiontext"))
        source.put_old_image()
        source.put("feedback", source.element.find("generalfeedback"))
        source.name = source.name or question_files.name_from(source.texts.get("stem", ""), self.stem_format, position=source.position)
        type_key, body = _BODIES[self.kind](self)
        self._tell_unknown()
        return QuestionDraft(
            name=source.name,
            type=type_key,
            body=body,
            texts=Texts({self.language: source.texts}),
            formats=source.formats,
            category=category,
            tags=tuple(dict.fromkeys(filter(None, (inner(tag.find("text")) for tag in source.all("tags/tag"))))),
            id_number=source.word("idnumber"),
            default_mark=source.number("defaultgrade", default=_usual_mark(body)),
            penalty=source.number("penalty", default=DEFAULT_PENALTY),
            hidden=source.switch("hidden", default=False),
            files=source.files,
            position=source.position,
            warnings=tuple(source.warnings),
        )

    @property
    def stem_format(self) -> TextFormat:
        return self.source.formats.get("stem", TextFormat.HTML)

    # --- one method for each type

    def choices(self) -> tuple[str, Body]:
        source = self.source
        self._combined_feedback()
        choices = []
        for index, element in enumerate(source.all("answer")):
            key = key_at(index)
            source.put(key, element, otherwise=self.stem_format)
            source.put(f"{key}.feedback", element.find("feedback"), otherwise=self.stem_format)
            choices.append(Choice(key, self._fraction(element)))
        settings: dict[str, Any] = {
            "choices": tuple(choices),
            "shuffle": source.switch("shuffleanswers", default=True),
            "numbering": self._numbering("answernumbering", Numbering.LETTERS),
            "instruction": source.switch("showstandardinstruction", default=False),
            "show_count": source.switch("shownumcorrect", default=False),
            "hints": self._hints(),
        }
        if source.switch("single", default=True):
            return "single_choice", SingleChoiceBody(**settings)
        return "multiple_choice", MultipleChoiceBody(**settings)

    def true_false(self) -> tuple[str, Body]:
        source = self.source
        answers = source.all("answer")
        if len(answers) != 2:
            raise source.error(lazy_("A true/false question has two answers; this one has {count}.", count=len(answers)))
        said = [inner(answer.find("text")).lower() for answer in answers]
        if "true" not in said and "false" not in said:
            source.warn(lazy_("The answers are not called true and false; the first was taken as true."))
        keys = ["false", "true"] if said[0] == "false" or said[1] == "true" else ["true", "false"]
        worth = {}
        for key, answer in zip(keys, answers, strict=True):
            worth[key] = self._fraction(answer)
            source.put(f"{key}.feedback", answer.find("feedback"), otherwise=self.stem_format)
        if sorted(worth.values()) != [0.0, 1.0]:
            source.warn(lazy_("One answer should be worth 100 % and the other nothing."))
        return "true_false", TrueFalseBody(worth["true"] > worth["false"], hints=self._hints())

    def short_answer(self) -> tuple[str, Body]:
        source = self.source
        answers = []
        for index, element in enumerate(source.all("answer")):
            key = key_at(index)
            source.put(f"{key}.feedback", element.find("feedback"), otherwise=self.stem_format)
            answers.append(TextAnswer(key, inner(element.find("text")), self._fraction(element)))
        body = ShortAnswerBody(tuple(answers), case=source.switch("usecase", default=False), hints=self._hints())
        return "short_answer", body

    def numerical(self) -> tuple[str, Body]:
        source = self.source
        answers = []
        for index, element in enumerate(source.all("answer")):
            key = key_at(index)
            source.put(f"{key}.feedback", element.find("feedback"), otherwise=self.stem_format)
            written, fraction = inner(element.find("text")), self._fraction(element)
            if written == "*":
                answers.append(NumericalAnswer(key, fraction))
                continue
            tolerance = inner(element.find("tolerance"))
            answers.append(
                NumericalAnswer(
                    key,
                    fraction,
                    value=self._decimal(written, element),
                    tolerance=self._decimal(tolerance, element) if tolerance else Decimal(0),
                )
            )
        units = []
        for index, element in enumerate(source.all("units/unit"), start=1):
            factor = self._decimal(inner(element.find("multiplier")) or "1", element)
            units.append(Unit(f"u{index}", inner(element.find("unit_name")), factor))
        body = NumericalBody(
            tuple(answers),
            units=tuple(units),
            # Files from before Moodle 2 list units without saying how they are entered.
            unit_input=names.UNIT_INPUTS.get(source.word("showunits"), UnitInput.TEXT if units else UnitInput.NONE),
            unit_grading=names.UNIT_GRADINGS.get(source.word("unitgradingtype"), UnitGrading.IGNORED),
            unit_penalty=source.number("unitpenalty", default=0.1),
            units_left=source.switch("unitsleft", default=False),
            hints=self._hints(),
        )
        return "numerical", body

    def matching(self) -> tuple[str, Body]:
        source = self.source
        self._combined_feedback()
        rows = [(element, inner(element.find("answer/text"))) for element in source.all("subquestion")]
        # Answers of pairs come first, so that writing and reading again changes nothing.
        pairs = [row for row in rows if inner(row[0].find("text"))]
        read_as = dict.fromkeys(wording.tidy(row[1]) for row in (*pairs, *rows) if row[1])
        keys = {name: f"x{index}" for index, name in enumerate(read_as, start=1)}
        found = []
        for index, (element, answer) in enumerate(pairs):
            if not answer:
                raise source.error(lazy_("A pair has no answer."), element)
            source.put(key_at(index), element, otherwise=self.stem_format)
            found.append(Pair(key_at(index), keys[wording.tidy(answer)]))
        for name, key in keys.items():
            source.texts[key], source.formats[key] = name, TextFormat.PLAIN
        body = MatchingBody(
            tuple(found),
            tuple(keys.values()),
            shuffle=source.switch("shuffleanswers", default=True),
            show_count=source.switch("shownumcorrect", default=False),
            hints=self._hints(),
        )
        return "matching", body

    def ordering(self) -> tuple[str, Body]:
        source = self.source
        self._combined_feedback()
        items = []
        # The fraction of an answer is its place, and answers stand in order anyway.
        for index, element in enumerate(source.all("answer")):
            key = key_at(index)
            source.put(key, element, otherwise=self.stem_format)
            source.put(f"{key}.feedback", element.find("feedback"), otherwise=self.stem_format)
            items.append(Item(key))
        chosen = (source.word("selecttype") or source.word("logical") or "ALL").upper()
        count = source.whole("selectcount", default=None) or source.whole("studentsee", default=None) or 0
        written = source.word("gradingtype").upper() or "ABSOLUTE_POSITION"
        if written not in names.ORDER_RULES:
            source.warn(lazy_("“{text}” in <{element}> is not known.", text=written, element="gradingtype"))
        body = OrderingBody(
            tuple(items),
            names.ORDER_RULES.get(written, OrderRule.ABSOLUTE_POSITION),
            subset=count if chosen not in ("ALL", "EXACT") and 2 <= count < len(items) else 0,
            contiguous=chosen in ("CONTIGUOUS", "CONTIG") and 2 <= count < len(items),
            horizontal=source.word("layouttype").upper() in names.ORDER_HORIZONTAL,
            numbering=self._numbering("numberingstyle", Numbering.NONE),
            show_rule=source.word("showgrading").upper() not in names.ORDER_HIDE_RULE,
            show_count=source.switch("shownumcorrect", default=False),
            hints=self._hints(),
        )
        return "ordering", body

    def cloze(self) -> tuple[str, Body]:
        return "cloze", gaps.read_cloze(self.source, self._hints())

    def gap_select(self) -> tuple[str, Body]:
        self._combined_feedback()
        return "gap_select", gaps.read_select(self.source, self._hints())

    def drag_words(self) -> tuple[str, Body]:
        self._combined_feedback()
        return "drag_words", gaps.read_drag(self.source, self._hints())

    def essay(self) -> tuple[str, Body]:
        source = self.source
        for element, key in names.ESSAY_TEXTS.items():
            source.put(key, source.element.find(element))
        editor = source.word("responseformat") or EssayEditor.EDITOR
        if editor not in list(EssayEditor):
            source.warn(lazy_("“{text}” in <{element}> is not known.", text=editor, element="responseformat"))
            editor = EssayEditor.EDITOR
        numbers: dict[str, Any] = {
            name: source.whole(element, default=getattr(EssayBody, name)) for element, name in names.ESSAY_NUMBERS.items()
        }
        required = source.switch("responserequired", default=True)
        types = ",".join(file_rules.types_of(inner(source.element.find("filetypeslist"))))
        body = EssayBody(EssayEditor(editor), required, hints=self._hints(), attachment_types=types, **numbers)
        return "essay", body

    def description(self) -> tuple[str, Body]:
        return "description", DescriptionBody()

    # --- small parts

    def _fraction(self, element: Element) -> float:
        source = self.source
        raw = str(element.get("fraction") or "0")
        written, used = question_files.fraction_of(raw, self.fractions)
        if used is None:
            raise question_files.grade_refused(written, name=source.name, position=line_of(element))
        if abs(written - used) > question_files.EXACT:
            position = line_of(element)
            source.warnings.append(question_files.grade_changed(written, used, name=source.name, position=position))
        return used

    def _decimal(self, written: str, element: Element) -> Decimal:
        number = question_files.decimal_of(written)
        if number is None:
            raise self.source.error(lazy_("“{text}” is not a number.", text=written), element)
        return number

    def _numbering(self, element: str, otherwise: Numbering) -> Numbering:
        written = self.source.word(element) or otherwise
        if written in list(Numbering):
            return Numbering(written)
        self.source.warn(lazy_("“{text}” in <{element}> is not known.", text=written, element=element))
        return otherwise

    def _combined_feedback(self) -> None:
        for element, key in names.COMBINED_FEEDBACK.items():
            self.source.put(key, self.source.element.find(element))

    def _hints(self) -> tuple[Hint, ...]:
        hints = []
        for number, element in enumerate(self.source.all("hint"), start=1):
            self.source.put(f"hint.{number}", element)
            hints.append(
                Hint(
                    clear_wrong=element.find("clearwrong") is not None,
                    show_count=element.find("shownumcorrect") is not None,
                )
            )
        return tuple(hints)

    def _tell_unknown(self) -> None:
        seen = Counter(tag_of(each) for each in self.source.element if isinstance(each.tag, str))
        for element in sorted(set(seen) - names.KNOWN[self.kind] - {names.OWN}):
            if self.source.word(element) or self.source.all(f"{element}/*"):
                self.source.warn(lazy_("What stands in <{element}> is not kept.", element=element))


def _usual_mark(body: Body) -> float:
    """Return the mark of a question that states none; gaps of a text count as much as their weights."""
    if isinstance(body, ClozeBody):
        return float(sum(gap.weight for gap in body.gaps))
    return 0.0 if isinstance(body, DescriptionBody) else 1.0


_BODIES: dict[str, Callable[[_Question], tuple[str, Body]]] = {
    "multichoice": _Question.choices,
    "truefalse": _Question.true_false,
    "shortanswer": _Question.short_answer,
    "numerical": _Question.numerical,
    "matching": _Question.matching,
    "ordering": _Question.ordering,
    "cloze": _Question.cloze,
    "gapselect": _Question.gap_select,
    "ddwtos": _Question.drag_words,
    "essay": _Question.essay,
    "description": _Question.description,
}
