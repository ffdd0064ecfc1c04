"""Running the rules by which an item turns responses into outcomes (QTI 2.1, section 8)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from lms.interop.qti import declarations, expressions, values
from lms.interop.qti.declarations import Declaration
from lms.interop.qti.expressions import Context
from lms.interop.qti.values import NotUnderstood, Value
from lms.interop.xml_files import Element, child, children, tag_of

SCORE = "SCORE"
_MOST_NAMED = 50
_NO_TEMPLATE = "match_nothing"  # of a person who marks, or of nobody
_TEMPLATE = re.compile(r"(?:.*[/#])?(match_correct|map_response_point|map_response)(?:\.xml)?/?")


class Judge(Protocol):
    """What turns the responses to an item into outcomes, whatever the version of QTI."""

    @property
    def are_there(self) -> bool: ...
    @property
    def give_marks(self) -> bool: ...
    def run(self, responses: Mapping[str, Value]) -> dict[str, Value]: ...
    def score(self, responses: Mapping[str, Value]) -> Decimal: ...
    def words(self, response: str) -> list[str]: ...
    def turning_points(self, declared: list[Decimal]) -> Iterator[Decimal]: ...


class _Exit(Exception):
    """The rules say that nothing more is to be done."""


def template_of(element: Element | None) -> str:
    """Return the name of the standard template that an item uses; "" for none.  Raises NotUnderstood for others."""
    if element is None:
        return ""
    written = str(element.get("template") or element.get("templateLocation") or "").strip()
    if not written or written.rstrip("/").endswith((_NO_TEMPLATE, f"{_NO_TEMPLATE}.xml")):
        return ""
    found = _TEMPLATE.fullmatch(written.replace("CC2_", ""))
    if found is None:
        raise NotUnderstood(f"template {written}")
    return found[1]


@dataclass(frozen=True)
class Rules:
    """The rules of one item.

    ``run`` takes the value of each response and returns that of each outcome.
    """

    declared: Mapping[str, Declaration]
    outcomes: Mapping[str, Declaration]
    element: Element | None
    template: str = ""
    afterwards: Element | None = None  # rules of a test that some write into an item
    constants: Mapping[str, Value] = field(default_factory=dict)  # values of the item's own template

    @property
    def are_there(self) -> bool:
        return bool(self.template) or self.element is not None and bool(children(self.element))

    @property
    def give_marks(self) -> bool:
        """Say whether there are rules, and an outcome for the marks."""
        return self.are_there and (bool(self.template) or SCORE in self.outcomes)

    def run(self, responses: Mapping[str, Value]) -> dict[str, Value]:
        """Return all outcomes.  Raises NotUnderstood."""
        known = {name: declaration.empty for name, declaration in self.declared.items()} | dict(responses)
        known |= {name: _at_first(declaration) for name, declaration in self.outcomes.items()}
        known.setdefault("completionStatus", Value("identifier", ("unknown",)))
        known |= self.constants
        known |= {"numAttempts": values.number(1, "integer"), "duration": values.number(0)}
        if self.template:
            self._by_template(known)
        elif self.element is not None:
            _Run(self, known).rules(children(self.element))
        if self.afterwards is not None:
            _Run(self, known).rules(children(self.afterwards))
        return {name: known[name] for name in (*self.outcomes, "completionStatus")}

    def score(self, responses: Mapping[str, Value]) -> Decimal:
        """Return the outcome SCORE, 0 when there is none.  Raises NotUnderstood."""
        value = self.run(responses).get(SCORE)
        if value is None or value.is_null:
            return Decimal(0)
        return Decimal(int(value.one)) if isinstance(value.one, bool) else value.number

    def words(self, response: str) -> list[str]:
        """Return the words that the rules name."""
        return [text for element, text in self._named() if str(element.get("baseType") or "string") == "string"]

    def turning_points(self, declared: list[Decimal]) -> Iterator[Decimal]:
        """Yield every number at which the rules may change their mind; ``declared`` are those that they are compared with."""
        named = list(declared)
        for element, text in self._named():
            if str(element.get("baseType")) in values.NUMERIC:
                named += _numbers(text)
        named = list(dict.fromkeys(named))[:_MOST_NAMED]
        yield from named
        for each in [] if self.element is None else self.element.iter():
            name = tag_of(each)
            if name == "equal" and each.get("tolerance"):
                for tolerance in _numbers(str(each.get("tolerance"))):
                    is_relative = each.get("toleranceMode") == "relative"
                    yield from (one + sign * (one * tolerance / 100 if is_relative else tolerance) for one in named for sign in (-1, 1))
            elif name in ("equalRounded", "roundTo"):
                yield from (edge for one in named for edge in _rounding_edges(each, one))
            elif name in ("round", "truncate"):
                yield from (one + step for one in named for step in (Decimal(-1), Decimal("-0.5"), Decimal("0.5"), Decimal(1)))

    def _named(self) -> Iterator[tuple[Element, str]]:
        for each in [] if self.element is None else self.element.iter():
            if tag_of(each) == "baseValue":
                yield each, "".join(str(part) for part in each.itertext())

    def _by_template(self, known: dict[str, Value]) -> None:
        name = "RESPONSE" if "RESPONSE" in self.declared else next(iter(self.declared), "RESPONSE")
        if name not in self.declared:
            raise NotUnderstood(f"variable {name}")
        declaration, response = self.declared[name], known[name]
        if self.template == "match_correct":
            is_right = not response.is_null and not declaration.correct.is_null and response.same(declaration.correct)
            known[SCORE] = values.number(int(is_right))
        elif response.is_null:
            known[SCORE] = values.number(0)
        elif self.template == "map_response" and declaration.mapping is not None:
            known[SCORE] = values.number(declaration.mapping.total(response))
        elif self.template == "map_response_point" and declaration.areas is not None:
            known[SCORE] = values.number(declaration.areas.total(response))
        else:
            raise NotUnderstood(f"{self.template} without a mapping")


@dataclass
class _Run:
    """One run of the rules; what they set is in ``known`` at once, and later rules see it."""

    of: Rules
    known: dict[str, Value] = field(default_factory=dict)

    def rules(self, elements: list[Element]) -> None:
        try:
            for each in elements:
                self._rule(each)
        except _Exit:
            return

    @property
    def _context(self) -> Context:
        return Context({**self.of.outcomes, **self.of.declared}, self.known)

    def _rule(self, element: Element) -> None:
        name = tag_of(element)
        if name in ("responseCondition", "outcomeCondition"):
            self._condition(element)
        elif name in ("setOutcomeValue", "setResponseValue"):
            self._set(element, expressions.evaluate(_only_child(element), self._context))
        elif name == "lookupOutcomeValue":
            self._set(element, self._looked_up(element))
        elif name in ("responseProcessingFragment", "outcomeProcessingFragment"):
            for each in children(element):
                self._rule(each)
        elif name in ("exitResponse", "exitTest"):
            raise _Exit
        else:
            raise NotUnderstood(name)

    def _condition(self, element: Element) -> None:
        for branch in children(element):
            test, rules = (None, children(branch)) if tag_of(branch) in ("responseElse", "outcomeElse") else _cut(branch)
            if test is None or expressions.condition(test, self._context):
                for rule in rules:
                    self._rule(rule)
                return

    def _set(self, element: Element, value: Value) -> None:
        name = str(element.get("identifier") or "")
        declaration = self.of.outcomes.get(name) or self.of.declared.get(name)
        if declaration is None and name != "completionStatus":
            raise NotUnderstood(f"variable {name}")
        if declaration is not None and declaration.base == "float" and value.base == "integer" and len(value.items) == 1:
            value = values.number(value.number)
        elif declaration is not None and declaration.base == "integer" and value.base == "float" and len(value.items) == 1:
            value = values.number(value.number.to_integral_value(rounding="ROUND_DOWN"), "integer")
        elif value.is_null and declaration is not None:
            value = declaration.empty
        self.known[name] = value

    def _looked_up(self, element: Element) -> Value:
        declaration = self.of.outcomes.get(str(element.get("identifier") or ""))
        if declaration is None or declaration.table is None:
            raise NotUnderstood("lookupOutcomeValue without a table")
        given = expressions.evaluate(_only_child(element), self._context)
        table = declaration.table
        if not given.is_null:
            for entry in children(table, "matchTableEntry", "interpolationTableEntry"):
                source = Value("float", (values.parse("float", str(entry.get("sourceValue") or "0")),)).number
                is_step = tag_of(entry) == "interpolationTableEntry"
                strictly = str(entry.get("includeBoundary") or "true").lower() == "false"
                reached = (given.number > source or (given.number == source and not strictly)) if is_step else given.number == source
                if reached:
                    return Value(declaration.base, (values.parse(declaration.base, str(entry.get("targetValue") or "")),))
        default = table.get("defaultValue")
        return declaration.empty if default is None else Value(declaration.base, (values.parse(declaration.base, str(default)),))


def _at_first(declaration: Declaration) -> Value:
    """Return what an outcome is before the rules run: numbers without a default are 0."""
    if declaration.default.is_null and declaration.base in values.NUMERIC and declaration.cardinality == "single":
        return values.number(0, declaration.base)
    return declaration.default


def _only_child(element: Element) -> Element:
    found = child(element)
    if found is None:
        raise NotUnderstood(f"{tag_of(element)} without an expression")
    return found


def _cut(branch: Element) -> tuple[Element, list[Element]]:
    inside = children(branch)
    if not inside:
        raise NotUnderstood(f"{tag_of(branch)} without an expression")
    return inside[0], inside[1:]


def _rounding_edges(element: Element, number: Decimal) -> tuple[Decimal, Decimal]:
    written = str(element.get("figures") or "")
    figures = int(written) if written.isdigit() and len(written) < 4 else 0
    by_places = str(element.get("roundingMode") or "").startswith("decimalPlace")
    unit = Decimal(1).scaleb(-figures if by_places else number.adjusted() + 1 - figures)
    middle = number.quantize(unit, rounding="ROUND_HALF_UP")
    return middle - unit / 2, middle + unit / 2


def _numbers(text: str) -> list[Decimal]:
    try:
        return list(declarations.numbers_of(text))
    except NotUnderstood:
        return []
