"""Declared variables of an item: responses with their right answers and mappings, and outcomes."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from lms.interop.qti import values
from lms.interop.qti.values import Item, NotUnderstood, Value
from lms.interop.xml_files import Element, child, children

# A shape with its numbers, and what a point in it is worth.
Area: TypeAlias = tuple[str, tuple[Decimal, ...], Decimal]


@dataclass(frozen=True)
class Mapping:
    """What single values of a response are worth."""

    entries: tuple[tuple[Item, Decimal, bool], ...]  # key, worth, whether capitals matter
    default: Decimal = Decimal(0)
    lower: Decimal | None = None
    upper: Decimal | None = None

    def of(self, item: Item) -> Decimal:
        """Return what one value is worth."""
        for key, worth, case in self.entries:
            if key == item or (not case and isinstance(key, str) and isinstance(item, str) and key.casefold() == item.casefold()):
                return worth
        return self.default

    def total(self, value: Value) -> Decimal:
        """Return what a response is worth; a value that is there twice counts once."""
        unique = dict.fromkeys(value.items)
        return self.bounded(sum((self.of(item) for item in unique), Decimal(0)))

    def bounded(self, total: Decimal) -> Decimal:
        total = max(total, self.lower) if self.lower is not None else total
        return min(total, self.upper) if self.upper is not None else total


@dataclass(frozen=True)
class AreaMapping:
    """What points in areas are worth; an area counts once, a point outside of all has the default."""

    areas: tuple[Area, ...]
    bounds: Mapping

    def total(self, value: Value) -> Decimal:
        total, seen = Decimal(0), set[int]()
        for point in value.items:
            hit = next((index for index, (shape, numbers, _) in enumerate(self.areas) if inside(shape, numbers, point)), None)
            if hit is None:
                total += self.bounds.default
            elif hit not in seen:
                total += self.areas[hit][2]
                seen.add(hit)
        return self.bounds.bounded(total)


@dataclass(frozen=True)
class Declaration:
    """A variable of an item."""

    identifier: str
    base: str
    cardinality: str
    default: Value
    correct: Value = field(default_factory=values.null)
    mapping: Mapping | None = None
    areas: AreaMapping | None = None
    table: Element | None = None
    maximum: Decimal | None = None
    is_scored_outside: bool = False

    @property
    def empty(self) -> Value:
        return values.null(self.base, self.cardinality)


def read(element: Element, *, base: str = "", cardinality: str = "") -> Declaration:
    """Return a declaration; ``base`` and ``cardinality`` overrule what it says of itself.  Raises NotUnderstood."""
    kind = base or str(element.get("baseType") or "string")
    many = cardinality or str(element.get("cardinality") or "single")
    outcome = child(element, "matchTable", "interpolationTable")
    return Declaration(
        identifier=str(element.get("identifier") or ""),
        base=kind,
        cardinality=many,
        default=_values(child(element, "defaultValue"), kind, many),
        correct=_values(child(element, "correctResponse"), kind, many),
        mapping=_mapping(child(element, "mapping"), kind),
        areas=_areas(child(element, "areaMapping")),
        table=outcome,
        maximum=_decimal(element, "normalMaximum"),
        is_scored_outside=str(element.get("externalScored") or "none") != "none",
    )


def _values(holder: Element | None, base: str, cardinality: str) -> Value:
    if holder is None:
        return values.null(base, cardinality)
    texts = ["".join(str(each) for each in value.itertext()) for value in children(holder, "value")]
    if base != "string":
        texts = [text for text in texts if text.strip()]
    if cardinality == "single" and len(texts) > 1:
        texts = texts[:1]  # some exporters list alternatives; the mapping says what they are worth
    return values.container(base, cardinality, [text.strip() for text in texts])


def _mapping(element: Element | None, base: str) -> Mapping | None:
    if element is None:
        return None
    entries = []
    for entry in children(element, "mapEntry"):
        key = str(entry.get("mapKey") or "")
        # The schema says so: without a word about capitals they do not matter.
        said = str(entry.get("caseSensitive") or element.get("caseSensitive") or "false").lower()
        case = base != "string" or said == "true"
        entries.append((values.parse(base, key), _decimal(entry, "mappedValue") or Decimal(0), case))
    return Mapping(
        tuple(entries), _decimal(element, "defaultValue") or Decimal(0), _decimal(element, "lowerBound"), _decimal(element, "upperBound")
    )


def _areas(element: Element | None) -> AreaMapping | None:
    if element is None:
        return None
    areas = tuple(
        (str(entry.get("shape") or "default"), numbers_of(str(entry.get("coords") or "")), _decimal(entry, "mappedValue") or Decimal(0))
        for entry in children(element, "areaMapEntry")
    )
    bounds = Mapping((), _decimal(element, "defaultValue") or Decimal(0), _decimal(element, "lowerBound"), _decimal(element, "upperBound"))
    return AreaMapping(areas, bounds)


def numbers_of(coords: str) -> tuple[Decimal, ...]:
    """Return the numbers of a shape.  Raises NotUnderstood."""
    found = []
    for word in coords.replace(",", " ").split():
        value = values.parse("float", word.rstrip("%"))
        found.append(Decimal(value) if isinstance(value, int | Decimal) else Decimal(0))
    return tuple(found)


def inside(shape: str, numbers: tuple[Decimal, ...], point: Item) -> bool:
    """Say whether a point lies in a shape.  Raises NotUnderstood."""
    if not isinstance(point, tuple) or not all(isinstance(each, Decimal) for each in point):
        raise NotUnderstood("a point is needed")
    x, y = Decimal(point[0]), Decimal(point[1])
    if shape == "default":
        return True
    if shape == "rect" and len(numbers) == 4:
        left, top, right, bottom = numbers
        return min(left, right) <= x <= max(left, right) and min(top, bottom) <= y <= max(top, bottom)
    if shape == "circle" and len(numbers) == 3:
        return (x - numbers[0]) ** 2 + (y - numbers[1]) ** 2 <= numbers[2] ** 2
    if shape == "ellipse" and len(numbers) == 4 and numbers[2] and numbers[3]:
        return ((x - numbers[0]) / numbers[2]) ** 2 + ((y - numbers[1]) / numbers[3]) ** 2 <= 1
    if shape == "poly" and len(numbers) >= 6 and len(numbers) % 2 == 0:
        return _in_polygon(list(zip(numbers[::2], numbers[1::2], strict=True)), x, y)
    raise NotUnderstood(f"shape {shape} with {len(numbers)} numbers")


def _in_polygon(corners: list[tuple[Decimal, Decimal]], x: Decimal, y: Decimal) -> bool:
    within = False
    before_x, before_y = corners[-1]
    for corner_x, corner_y in corners:
        if (corner_y > y) != (before_y > y) and x < (before_x - corner_x) * (y - corner_y) / (before_y - corner_y) + corner_x:
            within = not within
        before_x, before_y = corner_x, corner_y
    return within


def _decimal(element: Element, name: str) -> Decimal | None:
    written = str(element.get(name) or "").strip()
    if not written:
        return None
    value = values.parse("float", written)
    return value if isinstance(value, Decimal) else None
