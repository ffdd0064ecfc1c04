"""Running the template of an item, by which it sets values of its own before it is shown (QTI 2.1, section 9)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lms.interop.qti import declarations, expressions
from lms.interop.qti.declarations import Declaration
from lms.interop.qti.expressions import Context
from lms.interop.qti.values import NotUnderstood, Value
from lms.interop.xml_files import Element, children, tag_of

_ELSE = "templateElse"


class _Exit(Exception):
    """The template says that nothing more is to be done."""


@dataclass
class Template:
    """The values that a template sets, and what it changes in the declared responses."""

    values: dict[str, Value]
    responses: dict[str, Declaration]


def run(item: Element, responses: Mapping[str, Declaration]) -> Template:
    """Run the template of an item.  Raises NotUnderstood, also when it makes up values at random."""
    declared = {}
    for each in children(item, "templateDeclaration"):
        declaration = declarations.read(each)
        declared[declaration.identifier] = declaration
    found = Template({name: declaration.default for name, declaration in declared.items()}, dict(responses))
    run_of = _Run(found, declared)
    try:
        for each in (rule for processing in children(item, "templateProcessing") for rule in children(processing)):
            run_of.rule(each)
    except _Exit:
        pass
    return found


@dataclass
class _Run:
    of: Template
    declared: Mapping[str, Declaration]

    def rule(self, element: Element) -> None:
        name = tag_of(element)
        if name == "templateCondition":
            self._condition(element)
        elif name in ("setTemplateValue", "setCorrectResponse", "setDefaultValue"):
            self._set(name, str(element.get("identifier") or ""), self._value(element))
        elif name == "exitTemplate":
            raise _Exit
        elif name != "templateConstraint" or not all(self._holds(each) for each in children(element)):
            # Without chance a condition that does not hold would never hold.
            raise NotUnderstood(name)

    def _condition(self, element: Element) -> None:
        for branch in children(element):
            inside = children(branch)
            test, rules = (None, inside) if tag_of(branch) == _ELSE else (inside[0], inside[1:]) if inside else (None, [])
            if test is None or self._holds(test):
                for each in rules:
                    self.rule(each)
                return

    def _set(self, name: str, identifier: str, value: Value) -> None:
        if name == "setTemplateValue" and identifier in self.of.values:
            self.of.values[identifier] = value
            return
        declaration = self.of.responses.get(identifier)
        if declaration is None:
            raise NotUnderstood(f"variable {identifier}")
        own = Value(declaration.base, value.items, declaration.cardinality)
        is_correct = name == "setCorrectResponse"
        self.of.responses[identifier] = replace(declaration, correct=own) if is_correct else replace(declaration, default=own)

    def _value(self, element: Element) -> Value:
        inside = children(element)
        if not inside:
            raise NotUnderstood(f"{tag_of(element)} without an expression")
        return expressions.evaluate(inside[0], self._context)

    def _holds(self, element: Element) -> bool:
        return expressions.condition(element, self._context)

    @property
    def _context(self) -> Context:
        return Context({**self.declared, **self.of.responses}, self.of.values)
