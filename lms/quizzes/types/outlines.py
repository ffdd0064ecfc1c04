"""Where the places of a picture are: whether a point lies in one, whether one lies in the picture."""

from collections.abc import Iterator
from math import hypot

from lms.quizzes.bodies.spots import Outline, Spot

Point = tuple[float, float]


def is_sound(spot: Spot, *, width: int, height: int) -> bool:
    """Say whether the numbers of a place describe something that has an inside and lies in the picture."""
    numbers = spot.numbers
    if not is_whole(spot):
        return False
    if spot.outline is Outline.CIRCLE:
        return numbers[2] > 0 and _in_picture([(numbers[0], numbers[1])], width, height)
    corners = list(corners_of(spot))
    if not _in_picture(corners, width, height):
        return False
    if spot.outline is Outline.RECTANGLE:
        return corners[0][0] != corners[1][0] and corners[0][1] != corners[1][1]
    return abs(_area(corners)) > 0


def corners_of(spot: Spot) -> Iterator[Point]:
    """Yield the corners of a rectangle (two) or of a polygon."""
    return iter(list(zip(spot.numbers[::2], spot.numbers[1::2], strict=False)))


def contains(spot: Spot, x: float, y: float) -> bool:
    """Say whether the point lies in the place, its border included."""
    if not is_whole(spot):
        return False
    if spot.outline is Outline.CIRCLE:
        middle_x, middle_y, radius = spot.numbers
        return hypot(x - middle_x, y - middle_y) <= radius
    corners = list(corners_of(spot))
    if spot.outline is Outline.RECTANGLE:
        (one_x, one_y), (other_x, other_y) = corners
        return min(one_x, other_x) <= x <= max(one_x, other_x) and min(one_y, other_y) <= y <= max(one_y, other_y)
    return _in_polygon(corners, x, y)


def label_at(spot: Spot) -> Point:
    """Return where the number of a place is written, at its top left so that it hides little; of one that is not described, the top left."""
    if not is_whole(spot):
        return 0.0, 0.0
    if spot.outline is Outline.CIRCLE:
        x, y, radius = spot.numbers
        return max(x - radius, 0.0), max(y - radius, 0.0)
    corners = list(corners_of(spot))
    return min(x for x, _ in corners), min(y for _, y in corners)


def is_whole(spot: Spot) -> bool:
    """Say whether there are as many numbers as the outline needs."""
    if spot.outline is Outline.CIRCLE:
        return len(spot.numbers) == 3
    if spot.outline is Outline.RECTANGLE:
        return len(spot.numbers) == 4
    return len(spot.numbers) >= 6 and len(spot.numbers) % 2 == 0


def _in_polygon(corners: list[Point], x: float, y: float) -> bool:
    """Count the borders to the right of the point: an odd number means inside."""
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if _on_border((x1, y1), (x2, y2), x, y):
            return True
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _on_border(one: Point, other: Point, x: float, y: float) -> bool:
    (x1, y1), (x2, y2) = one, other
    return (x2 - x1) * (y - y1) == (y2 - y1) * (x - x1) and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)


def _in_picture(points: list[Point], width: int, height: int) -> bool:
    return bool(points) and all(0 <= x <= width and 0 <= y <= height for x, y in points)


def _area(corners: list[Point]) -> float:
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2
