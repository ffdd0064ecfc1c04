"""Spots in a picture: what marks hit, what they earn, and what an author is told."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.core.i18n import in_language
from lms.quizzes import showing
from lms.quizzes.bodies.spots import HotSpotBody, Outline, Pointing, Spot, SpotScoring
from lms.quizzes.content import InvalidResponse, Texts
from lms.quizzes.grading import GradeState
from lms.quizzes.review import Item
from lms.quizzes.types import outlines
from lms.quizzes.types.hot_spot import HotSpot

KIND = HotSpot()
CIRCLE = Spot("a", Outline.CIRCLE, (50.0, 50.0, 10.0))
BOX = Spot("b", Outline.RECTANGLE, (100.0, 40.0, 80.0, 20.0))  # its corners in any order
ARROW = Spot("c", Outline.POLYGON, (100.0, 60.0, 140.0, 80.0, 100.0, 100.0, 110.0, 80.0))
OTHER = Spot("d", Outline.CIRCLE, (150.0, 20.0, 15.0), right=False)
BODY = HotSpotBody(200, 100, (CIRCLE, BOX, ARROW, OTHER))
PICTURE = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="Một thư điện tử">'
TEXTS = Texts({"vi": {"stem": "Chỗ nào đáng ngờ?", "picture": PICTURE, "a": "Người gửi", "b": "Đường dẫn", "c": "Tệp", "d": "Ngày"}})


@pytest.mark.parametrize(
    ("spot", "inside", "outside"),
    [
        (CIRCLE, [(50, 50), (60, 50), (57, 57)], [(61, 50), (58, 58), (0, 0)]),
        (BOX, [(90, 30), (80, 20), (100, 40)], [(79, 30), (90, 41)]),
        (ARROW, [(130, 80), (100, 60), (140, 80), (108, 70)], [(104, 80), (139, 90), (99, 60)]),
    ],
)
def test_a_point_lies_in_a_place_or_not_and_its_border_belongs_to_it(spot, inside, outside):
    assert [outlines.contains(spot, x, y) for x, y in inside] == [True] * len(inside)
    assert [outlines.contains(spot, x, y) for x, y in outside] == [False] * len(outside)


@pytest.mark.parametrize(
    ("spots", "points", "proportional", "all_or_nothing"),
    [
        (["a", "b", "c"], [], 1.0, 1.0),
        ([], ["50,50", "90,30", "130,80"], 1.0, 1.0),
        (["a"], ["90,30", "130,80"], 1.0, 1.0),
        (["a"], ["52,50"], 1 / 3, 0.0),  # twice the same spot is once
        ([], ["50,50", "52,50", "48,50"], 1 / 3, 0.0),
        (["a", "b"], [], 2 / 3, 0.0),
        (["a", "b", "d"], [], 1 / 3, 0.0),
        (["a", "b", "c", "d"], [], 2 / 3, 0.0),
        (["a"], ["0,0"], 0.0, 0.0),
        (["a", "b", "c"], ["150,20", "1,1"], 1 / 3, 0.0),
        ([], ["0,0", "1,1"], 0.0, 0.0),
        (["d"], [], 0.0, 0.0),
    ],
)
def test_found_spots_less_false_marks_over_all_spots(spots, points, proportional, all_or_nothing):
    response = KIND.clean(BODY, {"spots": spots, "points": points})

    assert KIND.grade(BODY, response).fraction == pytest.approx(proportional)
    assert KIND.grade(replace(BODY, scoring=SpotScoring.ALL_OR_NOTHING), response).fraction == all_or_nothing


def test_a_point_in_two_places_counts_for_the_one_that_is_still_to_be_found():
    inner = Spot("x", Outline.CIRCLE, (50.0, 50.0, 3.0))
    body = HotSpotBody(200, 100, (CIRCLE, inner, Spot("y", Outline.RECTANGLE, (0.0, 0.0, 200.0, 100.0), right=False)))

    assert KIND.grade(body, KIND.clean(body, {"points": ["50,50", "51,50"]})).fraction == 1.0


def test_places_that_a_later_version_has_no_more_are_false_marks():
    assert KIND.grade(BODY, {"spots": ["a", "gone"], "points": ["9999,9999"]}).fraction == 0.0


@pytest.mark.parametrize(
    "raw",
    [{"spots": ["z"]}, {"points": ["201,0"]}, {"points": ["0,101"]}, {"points": ["1.5,2"]}, {"points": ["-1,2"]}, {"points": ["١,٢"]}],
)
def test_marks_that_are_not_in_the_picture_are_refused(raw):
    with pytest.raises(InvalidResponse):
        KIND.clean(BODY, raw)


def test_more_marks_than_there_are_is_told_with_both_numbers():
    with pytest.raises(InvalidResponse) as refused, in_language("en"):
        KIND.clean(replace(BODY, most_marks=3), {"spots": ["a", "b"], "points": ["1,1", "2,2"]})

    with in_language("en"):
        assert str(refused.value) == "At most 3 marks; you have 4. Take some away."


POINTS = some.lists(some.tuples(some.integers(0, 200), some.integers(0, 100)).map(lambda point: f"{point[0]},{point[1]}"), max_size=12)


@given(POINTS, some.lists(some.sampled_from("abcd"), unique=True), some.sampled_from(SpotScoring))
def test_no_marks_leave_the_bounds_and_more_false_ones_never_help(points, spots, scoring):
    body = replace(BODY, scoring=scoring)
    response = KIND.clean(body, {"points": points, "spots": spots})

    fraction = KIND.grade(body, response).fraction
    worse = KIND.grade(body, KIND.clean(body, {"points": [*points, "0,0"], "spots": [*spots, "d"]})).fraction

    assert 0.0 <= fraction <= 1.0
    assert worse <= fraction
    assert KIND.grade(body, {"spots": ["a", "b", "c", "d"]}).fraction < KIND.grade(body, KIND.right_answer(body)).fraction == 1.0


def test_a_sound_picture_has_nothing_to_mend():
    assert KIND.check(BODY, TEXTS) == []


@pytest.mark.parametrize(
    ("body", "picture", "said"),
    [
        (replace(BODY, spots=(OTHER,)), PICTURE, "At least one spot must be right."),
        (
            replace(BODY, spots=(CIRCLE, BOX)),
            PICTURE,
            "Every place of the list is right, so the list gives the answer away. Add places that are not.",
        ),
        (replace(BODY, most_marks=2), PICTURE, "There are 3 spots to find, but only 2 marks."),
        (replace(BODY, width=0), PICTURE, "A picture is between 1 and 10,000 units wide and high."),
        (replace(BODY, width=60), PICTURE, "The spot “b” is no place in the picture: look at its numbers."),
        (
            replace(BODY, spots=(CIRCLE, replace(BOX, numbers=(1.0, 2.0, 3.0)))),
            PICTURE,
            "The spot “b” is no place in the picture: look at its numbers.",
        ),
        (
            replace(BODY, spots=(CIRCLE, replace(ARROW, numbers=(1.0,) * 6))),
            PICTURE,
            "The spot “c” is no place in the picture: look at its numbers.",
        ),
        (BODY, "", "The text “picture” is empty."),
        (BODY, "<p>no picture</p>", "There must be one picture (vi)."),
        (
            BODY,
            '<img src="x.png" alt=" ">',
            "The picture has no alternative text (vi): say what is to be seen, for those who cannot see it.",
        ),
    ],
)
def test_an_author_is_told_what_to_mend(body, picture, said):
    problems = KIND.check(body, Texts({"vi": {**TEXTS.by_language["vi"], "picture": picture}}))

    with in_language("en"):
        assert said in [str(problem.message) for problem in problems]


def test_the_list_is_shuffled_and_tells_nothing_while_it_is_answered():
    order = KIND.shuffle_order(BODY, Random(3))

    shown = showing.ask(KIND, BODY, TEXTS, slot=1, order=order, response={"spots": ["d"], "points": ["50,50"]})

    assert sorted(order) == ["a", "b", "c", "d"]
    assert [place.key for place in shown.sketch.places] == order
    assert {(place.state, str(place.feedback)) for place in shown.sketch.places} == {("", "")}
    assert [(point.value, point.state) for point in shown.sketch.points] == [("50,50", "")]


def test_afterwards_found_missed_and_false_marks_are_told():
    response = {"spots": ["d"], "points": ["50,50", "1,1"]}

    shown, verdict = showing.tell(KIND, BODY, TEXTS, slot=1, order=[], response=response, items=frozenset(Item))

    assert [(place.key, place.state) for place in shown.sketch.places] == [("a", "found"), ("b", "missed"), ("c", "missed"), ("d", "alarm")]
    assert [(point.value, point.state) for point in shown.sketch.points] == [("50,50", "right"), ("1,1", "wrong")]
    assert verdict.state == GradeState.WRONG


def test_an_answer_is_told_in_words():
    assert KIND.describe(BODY, TEXTS, {"spots": ["d"], "points": ["50,50", "1,1"]}) == "Người gửi; Ngày; bên ngoài (1,1)"


def test_places_can_be_drawn_for_all_to_choose_from():
    shown = showing.ask(KIND, replace(BODY, pointing=Pointing.PLACES), TEXTS, slot=1, order=[], response={})

    assert (shown.sketch.free, [place.at for place in shown.sketch.places[:2]]) == (False, [(40.0, 40.0), (80.0, 20.0)])
    assert shown.sketch.places[2].corners == "100,60 140,80 100,100 110,80"


def test_a_hint_takes_the_false_marks_away_and_counts_the_spots_that_were_found():
    response = {"spots": ["a", "d"], "points": ["90,30", "1,1"]}

    assert KIND.without_wrong(BODY, response) == {"spots": ["a"], "points": ["90,30"]}
    assert KIND.count_right(BODY, response) is None
    assert KIND.count_right(BODY, {"spots": ["a"], "points": ["1,1"]}) == (1, 3)
