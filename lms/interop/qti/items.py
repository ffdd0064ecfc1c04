"""Items of QTI: what they ask, which responses and outcomes they declare, and their rules for scoring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from lms.core.i18n import lazy_
from lms.interop import question_files
from lms.interop.content_packages import Attachments
from lms.interop.qti import content, declarations, naming, templates, values
from lms.interop.qti.content import Body
from lms.interop.qti.declarations import Declaration
from lms.interop.qti.processing import Judge, Rules, template_of
from lms.interop.qti.values import NotUnderstood, Value
from lms.interop.question_files import Unreadable
from lms.interop.xml_files import Element, child, children, line_of, tag_of, text_of
from lms.quizzes.content import LazyText, Problem, Severity, TextFormat

# What a response to an interaction is, whatever its declaration says of the base type.
_BASES = {
    "match": ("directedPair", ""),
    "gapMatch": ("directedPair", ""),
    "graphicGapMatch": ("directedPair", ""),
    "associate": ("pair", ""),
    "graphicAssociate": ("pair", ""),
    "order": ("identifier", "ordered"),
    "graphicOrder": ("identifier", "ordered"),
    "choice": ("identifier", ""),
    "inlineChoice": ("identifier", "single"),
    "hotspot": ("identifier", ""),
    "hottext": ("identifier", ""),
}


# Interactions that stand in a line of text.
IN_TEXT = ("textEntry", "inlineChoice")
BLANK = "_____"


@dataclass(frozen=True)
class Interaction:
    """Something to answer; ``kind`` is the name of the element without "Interaction"."""

    kind: str
    element: Element
    response: str


@dataclass(frozen=True)
class Feedback:
    """A text that is shown when an outcome has, or does not have, a value."""

    outcome: str
    identifier: str
    is_shown: bool
    html: str

    def shows(self, outcomes: Mapping[str, Value]) -> bool:
        value = outcomes.get(self.outcome)
        has_it = value is not None and self.identifier in value.items
        return has_it is self.is_shown


@dataclass
class Item:
    """One item on its way to a question."""

    element: Element
    attachments: Attachments
    is_third: bool
    name: str = ""
    body: Body = field(init=False)
    interactions: list[Interaction] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    declared: dict[str, Declaration] = field(default_factory=dict)
    outcomes: dict[str, Declaration] = field(default_factory=dict)
    rules: Judge = field(init=False)
    misunderstood: str = ""  # what of the rules is not understood
    warnings: list[Problem] = field(default_factory=list)
    stem: str = ""
    is_unfinished: bool = False  # something is missing without which it cannot be asked

    @property
    def position(self) -> int:
        return line_of(self.element)

    def warn(self, message: LazyText) -> None:
        self.warnings.append(Problem(Severity.WARNING, message, self.position, self.name))

    def error(self, message: LazyText) -> Unreadable:
        return Unreadable(Problem(Severity.ERROR, message, self.position, self.name))

    def named(self, name: str) -> str:
        """Return the name of an element as the file writes it."""
        return content.name_in_file(name, is_third=self.is_third)

    def run(self, responses: Mapping[str, Value]) -> dict[str, Value]:
        """Return the outcomes of responses; none when the rules are not understood."""
        if self.misunderstood:
            return {}
        try:
            return self.rules.run(responses)
        except NotUnderstood as error:
            self.misunderstood = error.what
            return {}


def read(element: Element, attachments: Attachments, *, is_third: bool) -> Item:
    """Return an item whose names are those of version 2.  Raises Unreadable."""
    item = Item(element, attachments, is_third, name=" ".join(str(element.get("title") or "").split()))
    item.body = Body(attachments)
    holder = child(element, "itemBody")
    _find_interactions(item, holder)
    _declare(item)
    _put_stem(item, holder)
    for each in (*item.body.feedback, *children(element, "modalFeedback")):
        html = item.body.tidy(each)
        if html:
            shown = str(each.get("showHide") or "show") != "hide"
            item.feedback.append(Feedback(str(each.get("outcomeIdentifier") or ""), str(each.get("identifier") or ""), shown, html))
    if str(element.get("adaptive") or "").lower() == "true":
        item.warn(lazy_("The item has several steps (adaptive); it is asked in one."))
    return item


def finish(item: Item) -> None:
    """Say about the texts what is to be said, once they have all been taken out."""
    for message in item.body.warnings:
        item.warn(message)
    if item.attachments.missing:
        names = ", ".join(dict.fromkeys(item.attachments.missing))
        item.warn(lazy_("These files are not in the package: {names}", names=names))


def _find_interactions(item: Item, holder: Element | None) -> None:
    if holder is None:
        return
    for each in holder.iter():
        name = tag_of(each)
        if name.endswith("Interaction") and name not in ("endAttemptInteraction", "mediaInteraction"):
            item.interactions.append(Interaction(name.removesuffix("Interaction"), each, str(each.get("responseIdentifier") or "")))
        elif name.endswith("Interaction"):
            item.warn(lazy_("What the interaction “{name}” does is not kept.", name=item.named(name)))


def _declare(item: Item) -> None:
    kinds = {each.response: each.kind for each in item.interactions}
    for name, into in (("responseDeclaration", item.declared), ("outcomeDeclaration", item.outcomes)):
        for each in children(item.element, name):
            base, cardinality = _BASES.get(kinds.get(str(each.get("identifier") or ""), ""), ("", ""))
            try:
                declaration = declarations.read(each, base=base, cardinality=cardinality)
            except NotUnderstood as error:
                message = lazy_(
                    "The declaration “{name}” is not understood: {reason}.", name=str(each.get("identifier")), reason=error.what
                )
                raise item.error(message) from error
            into[declaration.identifier] = declaration
    for interaction in item.interactions:
        if interaction.response not in item.declared:
            raise item.error(lazy_("The answer “{name}” is used but not declared.", name=interaction.response))
    processing = child(item.element, "responseProcessing")
    template = ""
    try:
        template = template_of(processing)
    except NotUnderstood as error:
        item.misunderstood = error.what
    constants: Mapping[str, Value] = {}
    if children(item.element, "templateDeclaration"):
        try:
            found = templates.run(item.element, item.declared)
        except NotUnderstood:
            item.warn(
                lazy_("The item makes up its numbers anew each time ({name}); this is not kept.", name=item.named("templateDeclaration"))
            )
        else:
            constants, item.declared = found.values, found.responses
            item.body.shown = {name: values.written(value.one) for name, value in constants.items() if len(value.items) == 1}
    item.rules = Rules(item.declared, item.outcomes, processing, template, child(item.element, "outcomeProcessing"), constants)


def _stimuli(item: Item) -> str:
    """Return the texts that the item shares with others, which lie in files of their own."""
    found = []
    for each in children(item.element, "assessmentStimulusRef"):
        href, package = str(each.get("href") or ""), item.attachments.package
        path = package.find(item.attachments.document, href) if package else None
        if package is None or path is None:
            item.attachments.missing.append(href)
            continue
        body = child(naming.simplify(package.xml(path)), "stimulusBody")
        document, item.attachments.document = item.attachments.document, path
        found.append(item.body.tidy(body) if body is not None else "")
        item.attachments.document = document
    return "".join(f"<div>{text}</div>" for text in found if text)


def _in_text(item: Item) -> Callable[[Element], str]:
    """Return what puts the gaps into the text; a single one to type is a line, and only where it has text around it."""
    numbers = {id(each.element): number for number, each in enumerate(item.interactions, start=1)}
    is_entry = [each.kind for each in item.interactions] == ["textEntry"]

    def put(element: Element) -> str:
        if not is_entry:
            return f"{{#{numbers[id(element)]}}}" if id(element) in numbers else ""
        around = element.getparent()
        return BLANK if around is not None and text_of(around) and tag_of(around) != "itemBody" else ""

    return put


def _put_stem(item: Item, holder: Element | None) -> None:
    """The text of an item is its body without the interaction, and after it the prompt; gaps have their place in it."""
    if item.interactions and all(each.kind in IN_TEXT for each in item.interactions):
        item.body.in_place = _in_text(item)
    text = _stimuli(item) + (item.body.tidy(holder) if holder is not None else "")
    if len(item.interactions) == 1:
        prompt = child(item.interactions[0].element, "prompt")
        asked = item.body.tidy(prompt) if prompt is not None else ""
        if asked and text:
            asked = asked if asked.startswith("<p") or asked.startswith("<div") else f"<p>{asked}</p>"
            text = text if text.startswith("<") else f"<p>{text}</p>"
        text += asked
    identifier = str(item.element.get("identifier") or "")
    item.name = item.name or (question_files.name_from(text, TextFormat.HTML, position=item.position) if text else identifier)
    has_own = [each.kind for each in item.interactions] == ["gapMatch"]  # its text stands inside of it
    if not text and item.name and not has_own:
        item.warn(lazy_("The item has no text; its title stands in for it."))
        text = escape(item.name, quote=False)
    item.stem = text
