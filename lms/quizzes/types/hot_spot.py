"""Mark spots in a picture: by pointing at them, or in a list of places by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from markupsafe import Markup

from lms.core.i18n import DEFAULT, gettext, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.spots import HotSpotBody, Pointing, Spot, SpotScoring
from lms.quizzes.content import InvalidResponse, Problem, Response, Texts
from lms.quizzes.grading import Grade, GradeState
from lms.quizzes.types import outlines, wording
from lms.quizzes.types.drawing import Drawing, Sketch
from lms.quizzes.types.kind import DELETED, QuestionType, check_texts, error, many_texts, shuffled, warning

_POINT = re.compile(r"(\d{1,5}),(\d{1,5})")
_PICTURE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r"""\balt=("[^"]*[^"\s][^"]*"|'[^']*[^'\s][^']*')""")
_MOST_POINTS = 100


@dataclass(frozen=True)
class Place:
    """A place of the list, and its outline in the picture.

    ``state`` of a review: found, missed, alarm; "" when it is not told.
    """

    key: str
    number: int
    html: Markup
    plain: str
    checked: bool
    state: str
    feedback: Markup
    outline: str  # "" when its numbers describe none
    numbers: tuple[float, ...]
    corners: str  # of a polygon, as SVG has them
    at: tuple[float, float]


@dataclass(frozen=True)
class Pointed:
    """A point that was marked; ``state`` of a review: right, wrong."""

    value: str
    number: int
    x: int
    y: int
    state: str


@dataclass(frozen=True)
class HotSpotSketch(Sketch):
    """The picture with its places, and the points marked so far."""

    picture: Markup
    width: int
    height: int
    places: tuple[Place, ...]
    points: tuple[Pointed, ...]
    free: bool
    most_marks: int

    shows_right_answer = True


class HotSpot(QuestionType[HotSpotBody]):
    """Response: ``{"spots": ["a", "c"], "points": ["120,44"]}``: places chosen from the list, and points of the picture.

    Both count alike.  Points are in the units of the picture, whatever its size on the
    screen; they are kept because one that lies in no place is a false mark.
    """

    key = "hot_spot"
    label = lazy_("Spots in a picture")

    def check(self, body: HotSpotBody, texts: Texts) -> list[Problem]:
        problems = check_texts(texts, "picture", *(spot.key for spot in body.spots))
        for language in texts.languages:
            problems += self._check_picture(texts.by_language[language].get("picture", ""), language)
        right = [spot for spot in body.spots if spot.right]
        if not right:
            problems.append(error(lazy_("At least one spot must be right.")))
        elif len(right) == len(body.spots):
            problems.append(warning(lazy_("Every place of the list is right, so the list gives the answer away. Add places that are not.")))
        if 0 < body.most_marks < len(right):
            problems.append(
                error(lazy_("There are {number} spots to find, but only {most} marks.", number=len(right), most=body.most_marks))
            )
        if not (0 < body.width <= 10_000 and 0 < body.height <= 10_000):
            problems.append(error(lazy_("A picture is between 1 and 10,000 units wide and high.")))
            return problems
        for spot in body.spots:
            if not outlines.is_sound(spot, width=body.width, height=body.height):
                problems.append(error(lazy_("The spot “{key}” is no place in the picture: look at its numbers.", key=spot.key)))
        return problems

    def _check_picture(self, html: str, language: str) -> list[Problem]:
        if not html:
            # Told by check_texts already.
            return []
        pictures = _PICTURE.findall(html)
        if len(pictures) != 1:
            return [error(lazy_("There must be one picture ({language}).", language=language))]
        if not _ALT.search(pictures[0]):
            message = lazy_(
                "The picture has no alternative text ({language}): say what is to be seen, for those who cannot see it.", language=language
            )
            return [error(message)]
        return []

    def same(self, first: Response, second: Response) -> bool:
        return set(first.get("spots", ())) == set(second.get("spots", ())) and set(first.get("points", ())) == set(second.get("points", ()))

    def grade(self, body: HotSpotBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        verdict = judge(body, response)
        right = sum(spot.right for spot in body.spots)
        false_marks = len(verdict.wrong) + verdict.outside
        parts = dict.fromkeys(verdict.found, GradeState.RIGHT) | {key: GradeState.WRONG for key in verdict.wrong if key}
        if body.scoring is SpotScoring.ALL_OR_NOTHING:
            fraction = 1.0 if len(verdict.found) == right and not false_marks else 0.0
        else:
            fraction = max(len(verdict.found) - false_marks, 0) / right if right else 0.0
        return grading.grade(fraction, parts)

    def count_right(self, body: HotSpotBody, response: Response) -> tuple[int, int] | None:
        """Return the spots found; nothing when more is marked than there are spots: the number would only help to try."""
        right = sum(spot.right for spot in body.spots)
        if len(response.get("spots", ())) + len(response.get("points", ())) > right:
            return None
        return len(judge(body, response).found), right

    def without_wrong(self, body: HotSpotBody, response: Response) -> Response:
        """Take the false marks away."""
        verdict = judge(body, response)
        spots = [key for key in response.get("spots", ()) if key in verdict.found]
        points = [value for value in response.get("points", ()) if verdict.hits.get(value) in verdict.found]
        return ({"spots": spots} if spots else {}) | ({"points": points} if points else {})

    def right_answer(self, body: HotSpotBody) -> Response:
        right = sorted(spot.key for spot in body.spots if spot.right)
        return {"spots": right} if right else {}

    def describe(self, body: HotSpotBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        known = {spot.key for spot in body.spots}
        hit = {key for value in response.get("points", ()) if (key := _place_of(body.spots, value, set()))}
        chosen = hit | set(response.get("spots", ()))
        named = [wording.plain(texts.of(spot.key, language)) for spot in body.spots if spot.key in chosen]
        named += [str(DELETED) for _ in chosen - known]
        named += [
            gettext("beside ({point})", point=value) for value in response.get("points", ()) if not _place_of(body.spots, value, set())
        ]
        return "; ".join(named)

    def shuffle_order(self, body: HotSpotBody, random: Random) -> list[str]:
        keys = [spot.key for spot in body.spots]
        return shuffled(keys, random) if body.shuffle else keys

    def clean(self, body: HotSpotBody, raw: Mapping[str, Any]) -> Response:
        spots, points = set(many_texts(raw, "spots")), list(dict.fromkeys(many_texts(raw, "points")))
        if not spots <= {spot.key for spot in body.spots}:
            raise InvalidResponse()
        for value in points:
            found = _POINT.fullmatch(value)
            if found is None or not value.isascii() or int(found[1]) > body.width or int(found[2]) > body.height:
                raise InvalidResponse()
        number = len(spots) + len(points)
        if body.most_marks and number > body.most_marks:
            raise InvalidResponse(lazy_("At most {most} marks; you have {number}. Take some away.", most=body.most_marks, number=number))
        if len(points) > _MOST_POINTS:
            raise InvalidResponse()
        return ({"spots": sorted(spots)} if spots else {}) | ({"points": points} if points else {})

    def draw(self, body: HotSpotBody, drawing: Drawing) -> HotSpotSketch:
        spots = {spot.key: spot for spot in body.spots}
        chosen = set(drawing.response.get("spots", ()))
        verdict = judge(body, drawing.response)
        told = bool(drawing.parts) or drawing.reveals
        places = []
        for number, key in enumerate(drawing.in_order(list(spots)), start=1):
            state = {"right": "found", "wrong": "alarm"}.get(drawing.state(key), "")
            if not state and drawing.reveals and spots[key].right:
                state = "missed"
            feedback = drawing.html(f"{key}.feedback") if state == "missed" else drawing.feedback(key)
            places.append(_place(spots[key], drawing, number=number, checked=key in chosen, state=state, feedback=feedback))
        points = []
        for number, value in enumerate(drawing.response.get("points", ()), start=1):
            x, y = _numbers(value)
            state = ("right" if verdict.hits.get(value) in verdict.found else "wrong") if told else ""
            points.append(Pointed(value, number, x, y, state))
        return HotSpotSketch(
            stem=drawing.html("stem"),
            picture=drawing.inline("picture"),
            width=body.width,
            height=body.height,
            places=tuple(places),
            points=tuple(points),
            free=body.pointing is Pointing.FREE,
            most_marks=body.most_marks,
        )


@dataclass(frozen=True)
class Verdict:
    """What the marks of a response hit: right places, others, and nothing at all; ``hits`` is point -> place."""

    found: frozenset[str]
    wrong: frozenset[str]
    outside: int
    hits: Mapping[str, str]


def judge(body: HotSpotBody, response: Response) -> Verdict:
    """Return what each mark hit.

    A point in several places is taken for one that is right and not found yet;
    two marks in one place are one mark.
    """
    right = {spot.key for spot in body.spots if spot.right}
    chosen = set(response.get("spots", ()))
    found, hits = chosen & right, {}
    for value in response.get("points", ()):
        if key := _place_of(body.spots, value, found):
            hits[value] = key
            found |= {key} & right
    outside = sum(value not in hits for value in response.get("points", ()))
    return Verdict(frozenset(found), frozenset((chosen | set(hits.values())) - right), outside, hits)


def _place_of(spots: Sequence[Spot], value: str, found: set[str]) -> str:
    """Return the key of the place that a point lies in; "" for none."""
    x, y = _numbers(value)
    inside = [spot for spot in spots if outlines.contains(spot, x, y)]
    return min(inside, key=lambda spot: (not spot.right, spot.key in found)).key if inside else ""


def _numbers(value: str) -> tuple[int, int]:
    x, _comma, y = value.partition(",")
    return int(x), int(y)


def _place(spot: Spot, drawing: Drawing, *, number: int, checked: bool, state: str, feedback: Markup) -> Place:
    corners = " ".join(f"{x:g},{y:g}" for x, y in outlines.corners_of(spot))
    return Place(
        spot.key,
        number,
        drawing.inline(spot.key),
        drawing.plain(spot.key),
        checked,
        state,
        feedback,
        spot.outline if outlines.is_whole(spot) else "",
        spot.numbers,
        corners,
        outlines.label_at(spot),
    )
