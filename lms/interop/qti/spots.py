"""Items in which places of a picture are chosen or pointed at, as questions with spots."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape
from itertools import combinations
from math import cos, pi, sin
from pathlib import PurePosixPath
from urllib.parse import quote

from lms.core.i18n import lazy_
from lms.interop.qti import declarations, scoring, told
from lms.interop.qti.items import Interaction, Item
from lms.interop.qti.scoring import Derived, Sample, Scores, share
from lms.interop.qti.values import NotUnderstood, Value
from lms.interop.question_files import PLUGINFILE
from lms.interop.xml_files import Element, child, children
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.spots import HotSpotBody, Outline, Pointing, Spot, SpotScoring
from lms.quizzes.types.hot_spot import HotSpot

_ALL_SUBSETS_UP_TO = 8  # places
_CORNERS = 16  # of what stands for an ellipse


def hotspot(item: Item, interaction: Interaction) -> Derived:
    """Return what a hotspotInteraction asks: places to choose.  Raises Unreadable without a picture."""
    element = interaction.element
    elements = children(element, "hotspotChoice")
    picture, width, height = _picture(item, element)
    keys = {str(each.get("identifier") or ""): key_at(index) for index, each in enumerate(elements)}
    scores, name = Scores(item), interaction.response
    right = {str(each) for each in item.declared[name].correct.items if str(each) in keys}
    right = right or {each for each in keys if scores.of(_chosen(item, name, [each])) > 0}
    spots = tuple(_spot(item, each, keys, right, width, height) for each in elements)
    most = str(element.get("maxChoices") or "0")
    is_single = item.declared[name].cardinality == "single"
    body = HotSpotBody(
        width, height, spots, pointing=Pointing.PLACES, most_marks=1 if is_single else int(most) if most.isdigit() else 0, shuffle=False
    )
    texts = {"picture": picture, **{keys[str(each.get("identifier") or "")]: _name(each) for each in elements}}
    samples = [(chosen, _chosen(item, name, list(chosen))) for chosen in _subsets(list(keys), most=body.most_marks or len(keys))]
    ours = [{"spots": sorted(keys[each] for each in chosen)} if chosen else {} for chosen, _ in samples]
    return _finished(item, body, texts, scores, [responses for _, responses in samples], ours, _chosen(item, name, sorted(right)), keys)


def select_point(item: Item, interaction: Interaction) -> Derived:
    """Return what a selectPointInteraction asks: places to point at.  Raises Unreadable when nothing says where."""
    element, name = interaction.element, interaction.response
    picture, width, height = _picture(item, element)
    areas = item.declared[name].areas
    known = [] if areas is None else [(shape, numbers) for shape, numbers, worth in areas.areas if worth > 0]
    if not known:
        raise item.error(lazy_("Nothing says which places of the picture are right."))
    spots = tuple(
        Spot(key_at(index), *_outline(shape, [float(each) for each in numbers], width, height))
        for index, (shape, numbers) in enumerate(known)
    )
    most = str(element.get("maxChoices") or "0")
    body = HotSpotBody(width, height, spots, pointing=Pointing.FREE, most_marks=int(most) if most.isdigit() else 0)
    texts = {"picture": picture, **{spot.key: str(number) for number, spot in enumerate(spots, start=1)}}
    points = [_middle(spot) for spot in spots]
    samples = [(), tuple(points), *((point,) for point in points)]
    asked = [{name: Value("point", tuple((Decimal(x), Decimal(y)) for x, y in one), "multiple")} for one in samples]
    ours = [{"points": [f"{x},{y}" for x, y in one]} if one else {} for one in samples]
    return _finished(item, body, texts, Scores(item), asked, ours, asked[1], {})


def _finished(
    item: Item,
    body: HotSpotBody,
    texts: dict[str, str],
    scores: Scores,
    asked: list[dict[str, Value]],
    ours: list[dict[str, list[str]]],
    right: Mapping[str, Value],
    keys: Mapping[str, str],
) -> Derived:
    best = scores.best(asked)
    mark = float(best)
    if best > 0:
        samples = [Sample(share(scores.of(responses), best), mine) for responses, mine in zip(asked, ours, strict=True)]
        candidates = [
            HotSpotBody(body.width, body.height, body.spots, rule, body.pointing, body.most_marks, body.shuffle) for rule in SpotScoring
        ]
        body = scoring.fitting(item, HotSpot(), candidates, samples)
    else:
        scoring.warn_of_fallback(item, scores, has_answer=True)
        mark = scoring.declared_mark(item)
    texts |= told.by_outcome(item, right=right, partial=None, wrong=asked[0])
    return Derived("hot_spot", body, texts, mark, keys)


def _picture(item: Item, element: Element) -> tuple[str, int, int]:
    """Return the picture as HTML, with its width and height."""
    holder = child(element, "object", "img", "picture")
    html = item.body.outer(holder) if holder is not None else ""
    if holder is None:
        raise item.error(lazy_("The item has no picture."))
    if "<img" not in html:
        item.is_unfinished = True
        item.warn(lazy_("The picture is not in the package. The question is hidden until you put it in."))
        name = PurePosixPath(str(holder.get("data") or holder.get("src") or "picture")).name
        html = f'<img src="{PLUGINFILE}{quote(name)}" alt="">'
    if 'alt=""' in html:
        html = html.replace('alt=""', f'alt="{escape(item.name)}"')
    numbers = [float(each) for choice in children(element, "hotspotChoice") for each in _coords(choice)]
    sizes = [str(holder.get(name) or "").removesuffix("px") for name in ("width", "height")]
    largest = int(max(numbers, default=1000)) + 1
    width, height = (min(int(size), 10_000) if size.isdigit() and int(size) else largest for size in sizes)
    return html, width, height


def _coords(element: Element) -> list[Decimal]:
    try:
        return list(declarations.numbers_of(str(element.get("coords") or "")))
    except NotUnderstood:
        return []


def _spot(item: Item, element: Element, keys: Mapping[str, str], right: set[str], width: int, height: int) -> Spot:
    identifier = str(element.get("identifier") or "")
    outline, numbers = _outline(str(element.get("shape") or "default"), [float(each) for each in _coords(element)], width, height)
    return Spot(keys[identifier], outline, numbers, right=identifier in right)


def _outline(shape: str, numbers: list[float], width: int, height: int) -> tuple[Outline, tuple[float, ...]]:
    if shape == "circle":
        return Outline.CIRCLE, tuple(numbers)
    if shape == "rect":
        return Outline.RECTANGLE, tuple(numbers)
    if shape == "poly":
        # The last corner may be the first again.
        return Outline.POLYGON, tuple(numbers[:-2] if len(numbers) > 6 and numbers[:2] == numbers[-2:] else numbers)
    if shape == "ellipse" and len(numbers) == 4:
        x, y, across, down = numbers
        if across == down:
            return Outline.CIRCLE, (x, y, across)
        corners = [(x + across * cos(2 * pi * n / _CORNERS), y + down * sin(2 * pi * n / _CORNERS)) for n in range(_CORNERS)]
        return Outline.POLYGON, tuple(round(each, 2) for corner in corners for each in corner)
    return Outline.RECTANGLE, (0.0, 0.0, float(width), float(height))


def _middle(spot: Spot) -> tuple[int, int]:
    if spot.outline is Outline.CIRCLE:
        return round(spot.numbers[0]), round(spot.numbers[1])
    across, down = spot.numbers[::2], spot.numbers[1::2]
    return round(sum(across) / len(across)), round(sum(down) / len(down))


def _name(element: Element) -> str:
    return escape(str(element.get("hotspotLabel") or element.get("label") or element.get("identifier") or ""), quote=False)


def _chosen(item: Item, name: str, identifiers: list[str]) -> dict[str, Value]:
    return {name: Value("identifier", tuple(identifiers), item.declared[name].cardinality)}


def _subsets(identifiers: list[str], *, most: int) -> Iterator[tuple[str, ...]]:
    sizes = range(min(most, len(identifiers)) + 1) if len(identifiers) <= _ALL_SUBSETS_UP_TO else (0, 1, min(2, most))
    for size in sizes:
        yield from combinations(identifiers, size)
