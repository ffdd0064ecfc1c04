"""Building items of QTI: declarations, rules and interactions as elements with the names of version 2."""

from decimal import Decimal

from lxml import etree

from lms.interop.xml_files import Element


def add(parent: Element, name: str, text: str | None = None, **attributes: object) -> Element:
    """Add an element; attributes that are None are left out."""
    element = etree.SubElement(parent, name)
    for key, value in attributes.items():
        if value is not None:
            element.set(key, said(value))
    if text is not None:
        element.text = text
    return element


def said(value: object) -> str:
    """Return a value as it stands in a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def number(value: float) -> str:
    return f"{Decimal(repr(round(value, 7))).normalize():f}"


def declare_response(root: Element, identifier: str, base: str, cardinality: str, correct: list[str]) -> Element:
    """Declare a response and what is right."""
    element = add(root, "responseDeclaration", identifier=identifier, cardinality=cardinality, baseType=base)
    if correct:
        holder = add(element, "correctResponse")
        for each in correct:
            add(holder, "value", each)
    return element


def declare_outcome(
    root: Element, identifier: str, base: str = "float", *, cardinality: str = "single", default: float | None = None
) -> Element:
    element = add(root, "outcomeDeclaration", identifier=identifier, cardinality=cardinality, baseType=base)
    if default is not None:
        add(add(element, "defaultValue"), "value", number(default))
    return element


def base_value(parent: Element, value: object, base: str = "float") -> Element:
    return add(parent, "baseValue", said(value), baseType=base)


def variable(parent: Element, identifier: str) -> Element:
    return add(parent, "variable", identifier=identifier)


def when(processing: Element, *, otherwise: Element | None = None) -> Element:
    """Begin a condition, or go on with one; return the branch, which takes a test and then rules."""
    if otherwise is not None:
        return add(otherwise, "responseElseIf")
    return add(add(processing, "responseCondition"), "responseIf")


def set_score(parent: Element, value: float) -> None:
    base_value(add(parent, "setOutcomeValue", identifier="SCORE"), value)


def add_score(parent: Element, value: float) -> None:
    """Add to the marks."""
    total = add(add(parent, "setOutcomeValue", identifier="SCORE"), "sum")
    variable(total, "SCORE")
    base_value(total, value)


def show(parent: Element, feedback: str) -> None:
    """Have a feedback shown besides those that are already."""
    all_of_them = add(add(parent, "setOutcomeValue", identifier="FEEDBACK"), "multiple")
    variable(all_of_them, "FEEDBACK")
    base_value(all_of_them, feedback, "identifier")


def match_correct(parent: Element, response: str) -> None:
    test = add(parent, "match")
    variable(test, response)
    add(test, "correct", identifier=response)
