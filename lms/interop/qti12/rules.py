"""Running the rules of QTI 1.2 by which responses become marks and feedback."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from lms.interop.qti import declarations, values
from lms.interop.qti.values import NotUnderstood, Value
from lms.interop.xml_files import Element, child, children, tag_of, text_of

SCORE, FEEDBACK = "SCORE", "FEEDBACK"
_COMPARISONS = ("vargt", "vargte", "varlt", "varlte")


@dataclass(frozen=True)
class Rules:
    """All respconditions of an item, run one after the other.

    A condition ends the run only where the file says so (continue="No"): many
    programs leave the word out and mean that marks add up.
    """

    element: Element | None
    case_default: bool = False

    @cached_property
    def conditions(self) -> list[Element]:
        return [] if self.element is None else children(self.element, "respcondition")

    @property
    def are_there(self) -> bool:
        return bool(self.conditions)

    @property
    def give_marks(self) -> bool:
        """Say whether any rule gives marks."""
        return any(children(each, "setvar") for each in self.conditions)

    def run(self, responses: Mapping[str, Value]) -> dict[str, Value]:
        """Return the marks and the names of the feedback that is shown.  Raises NotUnderstood."""
        run = _Run(self, responses)
        return {SCORE: values.number(run.score()), FEEDBACK: Value("identifier", tuple(run.feedback), "multiple")}

    def score(self, responses: Mapping[str, Value]) -> Decimal:
        """Return the marks.  Raises NotUnderstood."""
        return self.run(responses)[SCORE].number

    def words(self, response: str) -> list[str]:
        """Return the words that a response is compared with."""
        names = ("varequal", "varsubstring", "varsubset")
        return [text_of(each) for each in self._compared(response) if tag_of(each) in names]

    def turning_points(self, declared: list[Decimal]) -> Iterator[Decimal]:
        """Yield every number that a response is compared with."""
        yield from declared
        for each in self._compared(""):
            try:
                yield from declarations.numbers_of(text_of(each))
            except NotUnderstood:
                continue

    @cached_property
    def variable(self) -> str:
        """Return the name of the variable that the marks are in."""
        named = [
            str(each.get("varname") or each.get("variablename") or SCORE)
            for each in ([] if self.element is None else self.element.iter("setvar"))
        ]
        declared = [str(each.get("varname") or SCORE) for each in ([] if self.element is None else self.element.iter("decvar"))]
        found = [*declared, *named]
        return next((each for each in found if each.upper() == SCORE), found[0] if found else SCORE)

    @cached_property
    def declared(self) -> Element | None:
        """Return where the variable of the marks is declared."""
        found = [] if self.element is None else list(self.element.iter("decvar"))
        return next((each for each in found if str(each.get("varname") or SCORE) == self.variable), None)

    @cached_property
    def maximum(self) -> Decimal | None:
        """Return the largest mark that is declared."""
        most = decimal_of(self.declared.get("maxvalue")) if self.declared is not None else None
        return most if most is not None and most > 0 else None

    @cached_property
    def is_in_percent(self) -> bool:
        """Say whether marks are given in percent of a smaller maximum, as Respondus does."""
        values = [decimal_of(text_of(each)) for each in ([] if self.element is None else self.element.iter("setvar"))]
        return self.maximum is not None and any(each is not None and each > self.maximum for each in values)

    def _compared(self, response: str) -> Iterator[Element]:
        for each in [] if self.element is None else self.element.iter():
            if tag_of(each).startswith("var") and (not response or each.get("respident") == response):
                yield each


@dataclass
class _Run:
    rules: Rules
    responses: Mapping[str, Value]
    known: dict[str, Decimal] = field(default_factory=dict)
    feedback: dict[str, None] = field(default_factory=dict)
    has_matched: bool = False

    def __post_init__(self) -> None:
        for each in [] if self.rules.element is None else self.rules.element.iter("decvar"):
            self.known[str(each.get("varname") or SCORE)] = decimal_of(each.get("defaultval")) or Decimal(0)
        for condition in self.rules.conditions:
            test = child(condition, "conditionvar")
            if test is not None and self._holds(test):
                # What is shown in any case does not count as a match.
                self.has_matched = self.has_matched or any(
                    tag_of(each).startswith("var") for each in test.iter() if isinstance(each.tag, str)
                )
                self._apply(condition)
                if str(condition.get("continue") or "Yes").lower() == "no":
                    return

    def score(self) -> Decimal:
        """Return the marks, within what the file allows at the end."""
        found = self.known.get(self.rules.variable, Decimal(0))
        declared = self.rules.declared
        least = decimal_of(declared.get("minvalue")) if declared is not None else None
        most = None if self.rules.is_in_percent else self.rules.maximum
        found = max(found, least) if least is not None else found
        return min(found, most) if most is not None else found

    def _apply(self, condition: Element) -> None:
        for each in children(condition, "setvar"):
            self._set(each)
        for each in children(condition, "displayfeedback"):
            self.feedback[str(each.get("linkrefid") or "")] = None

    def _set(self, element: Element) -> None:
        name, action = str(element.get("varname") or element.get("variablename") or SCORE), str(element.get("action") or "Set").lower()
        declared = self.rules.declared
        written = text_of(element)
        # Blackboard writes the name of the largest value instead of it.
        value = Decimal(1) if written.endswith(".max") else decimal_of(written)
        if written.endswith(".max") and declared is not None and decimal_of(declared.get("maxvalue")):
            value = decimal_of(declared.get("maxvalue"))
        before = self.known.get(name, Decimal(0))
        if value is None or action not in ("set", "add", "subtract", "multiply", "divide") or action == "divide" and not value:
            raise NotUnderstood(f"setvar {written}")
        after = {
            "set": value,
            "add": before + value,
            "subtract": before - value,
            "multiply": before * value,
            "divide": before / (value or Decimal(1)),
        }[action]
        self.known[name] = after

    def _holds(self, element: Element) -> bool:
        name = tag_of(element)
        if name in ("conditionvar", "and"):
            return all(self._holds(each) for each in children(element))
        if name == "or":
            return any(self._holds(each) for each in children(element))
        if name == "not":
            return not all(self._holds(each) for each in children(element))
        if name == "other":
            return not self.has_matched
        response = self.responses.get(str(element.get("respident") or ""))
        if name == "unanswered":
            return response is None or response.is_null
        if not name.startswith("var") or name in ("varinside", "var_extension"):
            raise NotUnderstood(name)
        if response is None or response.is_null:
            return False
        return self._compares(name, element, response)

    def _compares(self, name: str, element: Element, response: Value) -> bool:
        wanted = text_of(element)
        case = str(element.get("case") or ("Yes" if self.rules.case_default else "No")).lower() == "yes"
        given = [values.written(each) for each in response.items]
        if name in _COMPARISONS:
            number, limit = decimal_of(given[0]), decimal_of(wanted)
            if number is None or limit is None:
                return False
            return {"vargt": number > limit, "vargte": number >= limit, "varlt": number < limit, "varlte": number <= limit}[name]
        if name == "varsubset":
            chosen = [each.strip() for each in wanted.split(",")]
            return all(each in given for each in chosen)
        if name == "varsubstring":
            return any(_folded(wanted, case=case) in _folded(each, case=case) for each in given)
        if name != "varequal":
            raise NotUnderstood(name)
        if response.base in values.NUMERIC:
            return decimal_of(wanted) is not None and response.number == decimal_of(wanted)
        place = str(element.get("index") or "")
        if response.cardinality == "ordered" and place.isdigit():
            given = given[int(place) - 1 : int(place)]
        if response.base == "identifier":
            return wanted in given
        return any(_folded(wanted, case=case) == _folded(each, case=case) for each in given)


def decimal_of(written: object) -> Decimal | None:
    """Return a number of a file; None when it is none."""
    try:
        found = values.parse("float", str(written if written is not None else "").strip())
    except NotUnderstood:
        return None
    return found if isinstance(found, Decimal) else None


def _folded(text: str, *, case: bool) -> str:
    squeezed = " ".join(text.split())
    return squeezed if case else squeezed.casefold()
