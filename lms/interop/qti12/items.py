"""Items of QTI 1.2: what they ask, read so that the same code makes questions of them as of newer items."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lms.core.i18n import lazy_
from lms.interop import question_files
from lms.interop.content_packages import Attachments
from lms.interop.qti import choices, entries, gaps, pairs
from lms.interop.qti.choices import Offer
from lms.interop.qti.content import Body, tidied
from lms.interop.qti.declarations import Declaration
from lms.interop.qti.gaps import Place
from lms.interop.qti.items import BLANK, Feedback, Item
from lms.interop.qti.scoring import Derived, Scores
from lms.interop.qti.values import Value
from lms.interop.qti12.material import Material, join, label_of
from lms.interop.qti12.rules import FEEDBACK, Rules, decimal_of
from lms.interop.xml_files import Element, child, children, tag_of, text_of
from lms.quizzes.bodies.parts import Numbering
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody, EssayEditor
from lms.quizzes.content import TextFormat

# What programs call a question that a person marks, or of which a file is handed in.
_ESSAYS = ("essay_question", "cc.essay.v0p1", "Essay", "essay", "Short Response")
_UPLOADS = ("file_upload_question", "File Upload")
_TEXTS = ("text_only_question",)
_NUMERICAL = ("numerical_question", "Numeric")
_UNSUPPORTED = ("calculated_question", "Calculated", "Hot Spot", "Jumbled Sentence", "Quiz Bowl", "Opinion Scale", "cc.pattern_match.v0p1")
# Feedback whose name says when it is shown, and where it belongs.
_CANVAS = {"general_fb": "feedback", "correct_fb": "feedback.right", "general_incorrect_fb": "feedback.wrong"}
_LARGEST_MARK = 100_000
_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_RENDERS = ("render_choice", "render_fib", "render_hotspot", "render_slider", "render_extension")


class Unsupported(Exception):
    """There is no type of ours for what an item asks."""


@dataclass(frozen=True)
class Asked:
    """One response of an item: its element, how it is shown, and its name."""

    element: Element
    render: Element | None
    ident: str

    @property
    def kind(self) -> str:
        return tag_of(self.element)

    @property
    def cardinality(self) -> str:
        return str(self.element.get("rcardinality") or "Single").lower()

    @property
    def labels(self) -> list[Element]:
        return [] if self.render is None else list(self.render.iter("response_label"))

    @property
    def is_list(self) -> bool:
        return self.kind in ("response_lid", "response_grp") and self.render is not None and tag_of(self.render) == "render_choice"


@dataclass
class Reading:
    """One item of a file, and what was found in it."""

    element: Element
    item: Item
    material: Material
    asked: list[Asked] = field(default_factory=list)
    kind: str = ""
    feedback: dict[str, str] = field(default_factory=dict)  # what its name says when to show

    @property
    def rules(self) -> Rules:
        assert isinstance(self.item.rules, Rules)
        return self.item.rules


def declared_kind(element: Element) -> str:
    """Return what a file calls the type of an item; what it is made of where the file does not say."""
    for name in ("question_type", "cc_profile", "bbmd_questiontype", "qmd_itemtype"):
        if found := label_of(element, name):
            return found
    render = next((tag_of(each) for each in element.iter(*_RENDERS)), "")
    response = next((tag_of(each) for each in element.iter(*_RESPONSES)), "")
    return f"(no metadata) {'/'.join(filter(None, (render, response))) or 'no response'}"


def read(element: Element, attachments: Attachments) -> Reading:
    """Return an item with its text, its responses and its rules."""
    item = Item(element, attachments, False, name=" ".join(str(element.get("title") or "").split()))
    item.body = Body(attachments)
    material = Material(attachments)
    reading = Reading(element, item, material, kind=declared_kind(element))
    presentation = child(element, "presentation")
    if presentation is not None:
        reading.asked = [
            Asked(each, next(iter(each.iter(*_RENDERS)), None), str(each.get("ident") or "")) for each in presentation.iter(*_RESPONSES)
        ]
    processing = children(element, "resprocessing")
    item.rules = Rules(processing[0] if processing else None)
    if len(processing) > 1:
        item.warn(lazy_("The item has several sets of rules for scoring; the first one decides."))
    for asked in reading.asked:
        item.declared[asked.ident] = _declaration(reading, asked)
    for each in children(element, "itemfeedback"):
        html, ident = tidied(material.of(each)), str(each.get("ident") or "")
        if html and (ident in _CANVAS or _is_of_choice(reading, ident)):
            reading.feedback[ident] = html
        elif html:
            item.feedback.append(Feedback(FEEDBACK, ident, True, html))
    algorithm = label_of(element, "scoring_algorithm")
    if algorithm:
        item.warn(lazy_("The file also names a way of scoring, “{name}”; what its rules do decides.", name=algorithm))
    item.stem = tidied(_stem(reading, presentation)) if presentation is not None else ""
    identifier = str(element.get("ident") or "")
    item.name = item.name or (question_files.name_from(item.stem, TextFormat.HTML, position=item.position) if item.stem else identifier)
    return reading


def _declaration(reading: Reading, asked: Asked) -> Declaration:
    if asked.kind in ("response_lid", "response_grp"):
        base, cardinality = "identifier", asked.cardinality
    elif _is_number(reading, asked):
        base, cardinality = "float", "single"
    else:
        base, cardinality = "string", "single"
    return Declaration(asked.ident, base, cardinality, Value(base, (), cardinality))


def _is_number(reading: Reading, asked: Asked) -> bool:
    style = str(asked.render.get("fibtype") or "").lower() if asked.render is not None else ""
    if asked.kind == "response_num" or style in ("decimal", "integer", "scientific") or reading.kind in _NUMERICAL:
        return True
    compared = [] if reading.rules.element is None else list(reading.rules.element.iter("vargte", "vargt", "varlte", "varlt"))
    return any(each.get("respident") == asked.ident for each in compared)


def _stem(reading: Reading, holder: Element) -> str:
    """Return the text, with places for those responses that stand inside of it."""
    numbers = {id(asked.element): number for number, asked in enumerate(reading.asked, start=1)}
    are_gaps = len(reading.asked) > 1 and not any(asked.is_list for asked in reading.asked)
    is_entry = len(reading.asked) == 1 and reading.asked[0].kind in ("response_str", "response_num")

    def parts(element: Element) -> Iterator[str]:
        for each in children(element):
            name = tag_of(each)
            if name in _RESPONSES:
                inside = [reading.material.of(one) for one in children(each, "material", "material_ref")]
                if are_gaps:
                    yield from [*inside, gaps.mark_of(numbers[id(each)])]
                elif is_entry:
                    yield from [*inside, "\0"]
                elif len(reading.asked) == 1:
                    yield from inside
            elif name in ("flow", "flow_mat"):
                yield from parts(each)
            elif name in ("material", "material_ref"):
                yield reading.material.of(each)

    found = join([part for part in parts(holder) if part])
    before, is_there, after = found.partition("\0")
    if not is_there:
        return found
    return f"{before}{BLANK}{after}" if after.strip() else before


def derive(reading: Reading) -> Derived:
    """Return the question that an item makes.  Raises Unreadable, Unsupported."""
    asked, item = reading.asked, reading.item
    if reading.kind in _UNSUPPORTED or any(each.kind == "response_xy" or _is_unknown(each) for each in asked):
        raise Unsupported
    if reading.kind in _UPLOADS:
        return _upload(reading)
    if not asked:
        return Derived("description", DescriptionBody(), _general(reading), 0.0)
    if len(asked) == 1:
        return _one(reading, asked[0])
    if all(each.kind in ("response_str", "response_num") for each in asked):
        return gaps.fill_in(item, [Place(each.ident) for each in asked])
    if not all(each.is_list for each in asked):
        raise Unsupported
    if all(_place_name(each, item.stem) for each in asked):
        return _in_brackets(reading)
    return _matching(reading)


def _is_unknown(asked: Asked) -> bool:
    return asked.render is not None and tag_of(asked.render) in ("render_hotspot", "render_slider", "render_extension")


def _one(reading: Reading, asked: Asked) -> Derived:
    item = reading.item
    if asked.is_list:
        shuffle = str(asked.render.get("shuffle") or "No").lower() == "yes" if asked.render is not None else False
        offers = _offers(reading, asked)
        if asked.cardinality == "ordered":
            _declare_order(reading, asked, offers)
            return choices.arrange(item, asked.ident, offers, horizontal=False)
        most = str(asked.render.get("maxnumber") or "") if asked.render is not None else ""
        return choices.choose(
            item,
            asked.ident,
            offers,
            shuffle=shuffle,
            numbering=Numbering.LETTERS,
            most=int(most) if most.isdigit() and int(most) > 1 else 0,
        )
    if reading.kind in _ESSAYS or not reading.rules.words(asked.ident) and not list(reading.rules.turning_points([])):
        return _essay(reading, asked)
    if entries.is_number(item, asked.ident):
        return entries.number(item, asked.ident)
    return entries.word(item, asked.ident)


def _offers(reading: Reading, asked: Asked) -> list[Offer]:
    return [
        Offer(
            str(label.get("ident") or ""),
            tidied(reading.material.of(label)),
            is_fixed=str(label.get("rshuffle") or "Yes").lower() == "no",
        )
        for label in asked.labels
    ]


def _declare_order(reading: Reading, asked: Asked, offers: list[Offer]) -> None:
    """Take the right order from the rules, which name it part by part."""
    named = [text_of(each) for each in ([] if reading.rules.element is None else reading.rules.element.iter("varequal"))]
    known = [offer.identifier for offer in offers]
    right = [each for each in dict.fromkeys(named) if each in known]
    old = reading.item.declared[asked.ident]
    correct = Value("identifier", tuple(right), "ordered")
    reading.item.declared[asked.ident] = Declaration(old.identifier, "identifier", "ordered", old.empty, correct=correct)


def _essay(reading: Reading, asked: Asked) -> Derived:
    render = asked.render
    rows = str(render.get("rows") or "") if render is not None else ""
    body = EssayBody(EssayEditor.EDITOR, lines=min(max(int(rows), 2), 40) if rows.isdigit() else EssayBody.lines)
    return Derived("essay", body, _general(reading), mark=float(Scores(reading.item).of({})) or 1.0)


def _upload(reading: Reading) -> Derived:
    body = EssayBody(EssayEditor.NO_TEXT, required=False, attachments=1, attachments_required=1)
    return Derived("essay", body, _general(reading), 1.0)


def _general(reading: Reading) -> dict[str, str]:
    html = "".join(dict.fromkeys(each.html for each in reading.item.feedback))
    return {"feedback": html} if html else {}


def _place_name(asked: Asked, stem: str) -> str:
    """Return the word that Canvas writes in brackets where the gap is; "" when there is none."""
    names = (asked.ident.removeprefix("response_"), text_of(child(asked.element, "material")))
    return next((name for name in names if name and f"[{name}]" in stem), "")


def _in_brackets(reading: Reading) -> Derived:
    """Return a text with gaps, of which each is a list to choose from or, in Canvas's blanks, a word to type."""
    item = reading.item
    are_words = reading.kind == "fill_in_multiple_blanks_question"
    names = {asked.ident: _place_name(asked, item.stem) for asked in reading.asked}
    ordered = sorted(reading.asked, key=lambda asked: item.stem.index(f"[{names[asked.ident]}]"))
    places, named = [], {}
    for number, asked in enumerate(ordered, start=1):
        item.stem = item.stem.replace(f"[{names[asked.ident]}]", gaps.mark_of(number), 1)
        offers = _offers(reading, asked)
        # The newer quizzes of Canvas say of each answer whether it is chosen or typed.
        if not are_words or any(str(label.get("answer_type") or "").lower() in ("dropdown", "wordbank") for label in asked.labels):
            places.append(Place(asked.ident, tuple(offers)))
            continue
        named[asked.ident] = {text_of(label): str(label.get("ident") or "") for label in asked.labels}
        places.append(Place(asked.ident))
        item.declared[asked.ident] = Declaration(asked.ident, "string", "single", Value("string", ()))
    if are_words:
        item.rules = _ByName(reading.rules, named)
    return gaps.fill_in(item, places)


@dataclass(frozen=True)
class _ByName(Rules):
    """Rules that compare with the names of words: what is typed is looked up first.

    Every word that is listed is right; Canvas names only the first of them in the rules.
    """

    named: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __init__(self, rules: Rules, named: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(rules.element)
        object.__setattr__(self, "named", named)

    def run(self, responses: Mapping[str, Value]) -> dict[str, Value]:
        """Return the marks and the feedback of words.  Raises NotUnderstood."""
        found = {}
        for response, value in responses.items():
            if response not in self.named:
                found[response] = value
                continue
            ruled = {text_of(each) for each in self._compared(response)}
            first = next((ident for ident in self.named[response].values() if ident in ruled), "")
            known = {word.casefold(): ident if ident in ruled else first for word, ident in reversed(list(self.named[response].items()))}
            typed = "" if value.is_null else value.text.casefold()
            found[response] = Value("identifier", (known[typed],)) if typed in known else Value("identifier", (typed,) if typed else ())
        return super().run(found)

    def words(self, response: str) -> list[str]:
        return list(self.named.get(response, {}))


def _matching(reading: Reading) -> Derived:
    """Return a matching question of lists that offer the same, each beside something of its own."""
    item, scores = reading.item, Scores(reading.item)
    rows, texts, columns = [], dict[tuple[str, str], str](), dict[str, Offer]()
    for asked in reading.asked:
        html = tidied(join([reading.material.of(each) for each in children(asked.element, "material", "material_ref")]))
        rows.append(Offer(asked.ident, html))
        for offer in _offers(reading, asked):
            # Some programs give the same answer another name in each list.
            column = next((each for each in columns.values() if each.html == offer.html), None) or offer
            columns.setdefault(column.identifier, Offer(column.identifier, column.html, most=0))
            texts[asked.ident, column.identifier] = offer.identifier
    partner = {}
    for row in rows:
        worth = {
            column: scores.of({row.identifier: Value("identifier", (texts[row.identifier, column],))})
            for column in columns
            if (row.identifier, column) in texts
        }
        if not worth or max(worth.values()) <= min(Decimal(0), *worth.values()):
            raise item.error(lazy_("Not each of the things to match has exactly one partner; there is no such question here."))
        partner[row.identifier] = max(worth, key=lambda each: worth[each])

    def given(assigned: Mapping[str, str]) -> Mapping[str, Value]:
        return {row: Value("identifier", (texts.get((row, column), column),)) for row, column in assigned.items()}

    return pairs.pair(item, rows, list(columns.values()), partner, given, shuffle=False)


def _is_of_choice(reading: Reading, ident: str) -> bool:
    """Say whether a feedback is called after a choice, as Canvas calls it 4711_fb."""
    choices = {str(label.get("ident") or "") for asked in reading.asked if asked.is_list for label in asked.labels}
    return ident.endswith("_fb") and ident.removesuffix("_fb") in choices


def named_feedback(reading: Reading, derived: Derived) -> dict[str, str]:
    """Return the feedback that its name says when to show, by the key of the text that it becomes."""
    found: dict[str, str] = {}
    for ident, html in reading.feedback.items():
        choice = ident.removesuffix("_fb")
        own = next((key for name, key in derived.keys.items() if name == choice or name.endswith(f" {choice}")), "")
        if ident in _CANVAS and derived.type in ("essay", "description"):
            found["feedback"] = found.get("feedback", derived.texts.get("feedback", "")) + html
        elif ident in _CANVAS:
            found[_CANVAS[ident]] = html
        elif own:
            found[f"{own}.feedback"] = html
        else:
            reading.item.warn(lazy_("It is not clear when this feedback is shown; it is not kept: {names}.", names=ident))
    return found


def mark_of(reading: Reading, derived: Derived) -> float:
    """Return the mark: as the file says; else the best score, unless that is a percentage."""
    for name in ("points_possible", "qmd_weighting", "qmd_weight", "cc_weighting"):
        points = decimal_of(label_of(reading.element, name) or None)
        if points is not None and 0 <= points <= _LARGEST_MARK:
            return float(points)
    rules = reading.item.rules
    most = rules.maximum if isinstance(rules, Rules) else None
    if most is not None and (derived.type == "essay" and most != 100 or isinstance(rules, Rules) and rules.is_in_percent):
        return float(most)
    return 1.0 if derived.mark == 100.0 else round(derived.mark, 5)
