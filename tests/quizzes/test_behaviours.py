"""What each behaviour lets a learner do, and what that earns; where Moodle contradicts itself, the choice is in the docstring."""

from dataclasses import replace

import pytest

from lms.quizzes.behaviours import every, replaying
from lms.quizzes.behaviours.adaptive import MOST_TRIES
from lms.quizzes.behaviours.kind import ASKING, Act, Behaviour, Question
from lms.quizzes.behaviours.progress import Given, Progress, Stage, Tried
from lms.quizzes.bodies.arranging import Item as Thing
from lms.quizzes.bodies.arranging import MatchingBody, OrderingBody, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody
from lms.quizzes.bodies.parts import Hint
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody
from lms.quizzes.content import Response
from lms.quizzes.grading import Grade, GradeState
from lms.quizzes.review import Item
from lms.quizzes.shape import WrongShape
from lms.quizzes.types.description import Description
from lms.quizzes.types.essay import Essay
from lms.quizzes.types.matching import Matching
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.ordering import Ordering
from lms.quizzes.types.short_answer import ShortAnswer
from lms.quizzes.types.single_choice import SingleChoice

RIGHT, HALF, WRONG, COSTLY, NOTHING = ({"choice": "a"}, {"choice": "b"}, {"choice": "c"}, {"choice": "d"}, {})
CHOICES = (Choice("a", 1.0), Choice("b", 0.5), Choice("c", 0.0), Choice("d", -0.5))
ONE = Question(SingleChoice(), SingleChoiceBody(CHOICES, hints=(Hint(), Hint(clear_wrong=True))), penalty=0.25)
PAIRS = tuple(Pair(key, f"x{key}") for key in "abcd")
MATCH = Question(
    Matching(), MatchingBody(PAIRS, ("xa", "xb", "xc", "xd"), hints=(Hint(), Hint(clear_wrong=True, show_count=True))), penalty=0.25
)


def pairs(right: str, wrong: str = "") -> dict[str, dict[str, str]]:
    """An answer with these pairs right, and these wrong."""
    others = dict(zip("abcd", "dabc", strict=True))
    return {"pairs": {key: f"x{key}" for key in right} | {key: f"x{others[key]}" for key in wrong}}


def behaviour(key: str) -> Behaviour:
    return every.OF_QUIZZES[key]


def after(key: str, *acts: tuple[str, Response | None], question: Question = ONE, certainty: int | None = None) -> tuple[Progress, Given]:
    """The progress and the answer after saving, checking and trying again; an act that is not possible is an error of the test."""
    way = behaviour(key)
    progress, given = Progress(key), Given()
    for act, response in acts:
        if act == "again":
            assert Act.AGAIN in way.acts(question, progress)
            progress, given = way.again(question, progress, given)
            continue
        assert way.takes_answers(progress)
        given = Given(response or {}, certainty)
        if act == "check":
            assert Act.CHECK in way.acts(question, progress)
            progress = way.check(question, progress, given)
    return progress, given


def worth(key: str, *acts: tuple[str, Response | None], question: Question = ONE, certainty: int | None = None) -> float | None:
    progress, given = after(key, *acts, question=question, certainty=certainty)
    return behaviour(key).finish(question, progress, given).fraction


def graded(key: str, *acts: tuple[str, Response | None], question: Question = ONE, certainty: int | None = None) -> Grade:
    progress, given = after(key, *acts, question=question, certainty=certainty)
    return behaviour(key).finish(question, progress, given)


# --- which one a question gets


def test_a_person_marks_and_a_text_is_read_whatever_the_quiz_says():
    for key in every.OF_QUIZZES:
        assert every.get(key, SingleChoice()).key == key
        assert every.get(key, Essay()).key == "manual"
        assert every.get(key, Description()).key == "information"


def test_a_behaviour_that_is_gone_keeps_the_answers():
    assert every.get("opaque", SingleChoice()).key == "deferred"


def test_those_of_quizzes_are_those_that_the_database_allows():
    from_the_table = ("deferred", "immediate", "interactive", "adaptive", "adaptive_no_penalty", "certainty", "certainty_immediate")
    assert tuple(every.OF_QUIZZES) == from_the_table


def test_an_essay_waits_and_a_text_is_not_graded():
    essay, text = Question(Essay(), EssayBody()), Question(Description(), DescriptionBody())

    assert every.MANUAL.finish(essay, Progress(), Given({"text": "Bài làm"})).state is GradeState.NEEDS_MARKING
    assert every.MANUAL.finish(essay, Progress(), Given()).state is GradeState.GAVE_UP
    assert every.INFORMATION.finish(text, Progress(), Given()).state is GradeState.NOT_GRADED
    assert not every.INFORMATION.takes_answers(Progress())
    assert every.MANUAL.acts(essay, Progress()) == every.INFORMATION.acts(text, Progress()) == frozenset()


# --- deferred


def test_deferred_grades_the_last_answer_at_the_end():
    assert worth("deferred", ("save", WRONG), ("save", HALF)) == 0.5
    assert worth("deferred", ("save", COSTLY)) == -0.5
    assert graded("deferred", ("save", NOTHING)).state is GradeState.GAVE_UP
    assert behaviour("deferred").acts(ONE, Progress()) == frozenset()


def test_deferred_grades_what_there_is_of_an_answer_that_is_not_whole():
    assert not MATCH.complete(pairs("ab"))
    assert worth("deferred", ("save", pairs("ab")), question=MATCH) == 0.5


def test_deferred_shows_nothing_while_the_attempt_is_open():
    assert behaviour("deferred").shown(Progress(), frozenset(Item)) == ASKING


# --- immediate


def test_the_first_check_is_final():
    progress, given = after("immediate", ("save", WRONG), ("check", HALF))

    assert (progress.stage, progress.tried) == (Stage.DONE, (Tried(HALF),))
    assert not behaviour("immediate").takes_answers(progress)
    assert behaviour("immediate").acts(ONE, progress) == frozenset()
    assert behaviour("immediate").finish(ONE, progress, given).fraction == 0.5


def test_what_was_not_checked_is_graded_at_the_end():
    assert worth("immediate", ("save", HALF)) == 0.5
    assert graded("immediate").state is GradeState.GAVE_UP


def test_a_checked_question_shows_what_the_quiz_lets_it_and_no_other():
    way, items = behaviour("immediate"), frozenset({Item.ANSWERS, Item.CORRECTNESS, Item.RIGHT_ANSWER})

    assert way.shown(after("immediate", ("check", RIGHT))[0], items) == items
    assert way.shown(after("immediate", ("save", RIGHT))[0], items) == {Item.ANSWERS}


# --- interactive


def test_there_is_one_try_more_than_hints():
    assert behaviour("interactive").tries(ONE) == 3
    progress, _ = after("interactive", ("check", WRONG), ("again", None), ("check", WRONG), ("again", None), ("check", WRONG))
    assert progress.stage is Stage.DONE


@pytest.mark.parametrize(("wrong", "mark"), [(0, 1.0), (1, 0.75), (2, 0.5)])
def test_each_wrong_try_costs_the_penalty(wrong: int, mark: float):
    acts = [("check", WRONG), ("again", None)] * wrong + [("check", RIGHT)]

    assert worth("interactive", *acts) == mark
    assert after("interactive", *acts)[0].stage is Stage.DONE


def test_tries_never_cost_more_than_there_is():
    dear = replace(ONE, penalty=1.0)

    assert worth("interactive", ("check", WRONG), ("again", None), ("check", HALF), question=dear) == 0.0
    assert worth("interactive", ("check", COSTLY)) == 0.0


def test_after_a_wrong_try_one_reads_first():
    progress, _ = after("interactive", ("check", WRONG))

    assert progress.stage is Stage.RESTING
    assert not behaviour("interactive").takes_answers(progress)
    assert behaviour("interactive").acts(ONE, progress) == {Act.AGAIN}
    assert behaviour("interactive").shown(progress, frozenset(Item)) == ASKING | {Item.CORRECTNESS, Item.FEEDBACK}


def test_a_hint_stays_until_the_question_is_over():
    """In Moodle the hint is gone as soon as one tries again, when it would be of use."""
    way = behaviour("interactive")

    assert way.hint(ONE, after("interactive", ("save", WRONG))[0]) is None
    assert way.hint(ONE, after("interactive", ("check", WRONG))[0]) == 1
    assert way.hint(ONE, after("interactive", ("check", WRONG), ("again", None))[0]) == 1
    assert way.hint(ONE, after("interactive", ("check", WRONG), ("again", None), ("check", WRONG))[0]) == 2
    assert way.hint(ONE, after("interactive", ("check", WRONG), ("again", None), ("check", RIGHT))[0]) is None


def test_a_hint_may_clear_what_is_wrong():
    first = ("check", pairs("ab", "cd"))

    assert after("interactive", first, ("again", None), question=MATCH)[1] == Given(pairs("ab", "cd"))
    assert after("interactive", first, ("again", None), first, ("again", None), question=MATCH)[1] == Given(pairs("ab"))


def test_handed_in_early_the_last_answer_is_one_more_try():
    assert worth("interactive", ("save", HALF)) == 0.5
    assert worth("interactive", ("check", WRONG), ("again", None), ("save", RIGHT)) == 0.75


def test_handed_in_while_reading_a_try_is_not_charged_twice():
    """Moodle takes the penalty of a try off that very try when one hands in before pressing "Try again"."""
    assert worth("interactive", ("check", HALF)) == 0.5
    assert worth("interactive", ("check", HALF), ("again", None)) == 0.5


def test_handed_in_with_nothing_but_what_a_hint_left_the_last_try_counts():
    """In Moodle an answer that a hint has cleared is graded as if its author had given up."""
    acts = [("check", HALF), ("again", None), ("check", HALF), ("again", None)]

    assert after("interactive", *acts)[1] == Given({})
    assert worth("interactive", *acts) == 0.25


def test_without_any_answer_one_gave_up():
    assert graded("interactive").state is GradeState.GAVE_UP


def test_each_part_pays_for_the_tries_up_to_its_last_change():
    once = worth("interactive", ("check", pairs("ab", "cd")), ("again", None), ("check", pairs("abcd")), question=MATCH)
    assert once == pytest.approx((2 * 1.0 + 2 * 0.75) / 4)

    # Right, then wrong, then right again: it pays for both.
    acts = [("check", pairs("a", "bcd")), ("again", None), ("check", pairs("b", "acd")), ("again", None), ("check", pairs("abcd"))]
    assert worth("interactive", *acts, question=MATCH) == pytest.approx((0.5 + 0.75 + 0.5 + 0.5) / 4)


def test_a_question_without_hints_is_checked_once():
    bare = replace(ONE, body=SingleChoiceBody(CHOICES))

    assert behaviour("interactive").tries(bare) == 1
    assert after("interactive", ("check", WRONG), question=bare)[0].stage is Stage.DONE


# --- adaptive


def test_each_try_costs_what_came_before_and_the_best_stays():
    assert worth("adaptive", ("check", WRONG), ("check", RIGHT)) == 0.75
    assert worth("adaptive", ("check", HALF), ("check", WRONG)) == 0.5
    assert worth("adaptive", ("check", RIGHT), ("check", WRONG), ("check", RIGHT)) == 1.0
    assert worth("adaptive_no_penalty", ("check", WRONG), ("check", HALF), ("check", RIGHT)) == 1.0


def test_the_same_answer_again_costs_nothing():
    twice, _ = after("adaptive", ("check", WRONG), ("check", WRONG))

    assert len(twice.tried) == 1
    assert worth("adaptive", ("check", WRONG), ("check", WRONG), ("check", RIGHT)) == 0.75


def test_an_answer_costs_again_when_another_was_between():
    acts = [("check", WRONG), ("check", COSTLY), ("check", WRONG), ("check", RIGHT)]

    assert worth("adaptive", *acts) == 0.25


def test_at_the_end_the_last_answer_counts_once():
    assert worth("adaptive", ("save", HALF)) == 0.5
    assert worth("adaptive", ("check", WRONG), ("save", RIGHT)) == 0.75
    assert worth("adaptive", ("check", HALF), ("save", HALF)) == 0.5
    # Whoever empties the field at the end keeps the best.
    assert worth("adaptive", ("check", HALF), ("save", NOTHING)) == 0.5
    assert graded("adaptive").state is GradeState.GAVE_UP


def test_the_state_is_that_of_the_last_answer_and_the_mark_that_of_the_best():
    grade = graded("adaptive", ("check", RIGHT), ("save", WRONG))

    assert (grade.fraction, grade.state) == (1.0, GradeState.WRONG)


def test_adaptive_never_goes_below_nothing():
    assert worth("adaptive", ("check", COSTLY)) == 0.0
    assert worth("adaptive", ("save", COSTLY)) == 0.0


def test_a_checked_answer_is_told_but_not_what_would_be_right():
    way = behaviour("adaptive")

    assert way.shown(after("adaptive", ("save", WRONG))[0], frozenset(Item)) == ASKING
    assert way.shown(after("adaptive", ("check", WRONG))[0], frozenset(Item)) == ASKING | {Item.CORRECTNESS, Item.FEEDBACK, Item.MARKS}


def test_tries_are_kept_up_to_a_number():
    progress = Progress("adaptive", tried=tuple(Tried({"choice": "ab"[at % 2]}) for at in range(MOST_TRIES)))

    assert behaviour("adaptive").acts(ONE, progress) == frozenset()
    assert behaviour("adaptive").takes_answers(progress)


# --- certainty


@pytest.mark.parametrize(
    ("response", "certainty", "fraction"),
    [
        (RIGHT, None, 1.0),
        (RIGHT, 1, 1.0),
        (RIGHT, 2, 2.0),
        (RIGHT, 3, 3.0),
        (WRONG, None, 0.0),
        (WRONG, 1, 0.0),
        (WRONG, 2, -2.0),
        (WRONG, 3, -6.0),
        (COSTLY, 3, -6.0),
        (HALF, 2, 1.0),
        (NOTHING, 3, 0.0),
    ],
)
@pytest.mark.parametrize("key", ["certainty", "certainty_immediate"])
def test_being_sure_pays_when_right_and_costs_when_wrong(key: str, response: Response, certainty: int | None, fraction: float):
    assert worth(key, ("save", response), certainty=certainty) == fraction
    assert behaviour(key).lowest <= fraction <= behaviour(key).highest


def test_the_certainty_at_the_check_counts():
    progress, _ = after("certainty_immediate", ("check", RIGHT), certainty=3)

    assert behaviour("certainty_immediate").finish(ONE, progress, Given(RIGHT, 1)).fraction == 3.0


# --- what holds for all


@pytest.mark.parametrize("key", every.OF_QUIZZES)
def test_a_progress_is_the_same_after_storing_it(key: str):
    progress = Progress(key, Stage.RESTING, (Tried(pairs("a", "b")), Tried(WRONG, 3)))

    assert Progress.from_json(progress.to_json()) == progress
    assert every.at_start(key, Essay()).to_json() == {}


def test_of_a_question_that_was_only_asked_nothing_is_stored():
    assert every.at_start("deferred", SingleChoice()).to_json() == {}
    assert every.at_start("adaptive", SingleChoice()).to_json() == {"behaviour": "adaptive"}
    assert Progress.from_json({}) == Progress()


@pytest.mark.parametrize("data", [{"stage": "asleep"}, {"tried": [{}]}, {"tried": [{"response": []}]}, {"tried": {}}, {"best": 1.0}])
def test_a_progress_of_another_form_is_refused(data: object):
    with pytest.raises(WrongShape):
        Progress.from_json(data)


def test_doing_the_steps_again_gives_the_same():
    steps = [
        ("save", {"choice": "c"}),
        ("check", {"choice": "c"}),
        ("again", {"choice": "c"}),
        ("comment", {"text": "seen"}),
        ("check", {"choice": "a"}),
    ]

    progress, given = replaying.replay(behaviour("interactive"), ONE, steps)

    assert (progress, given) == after("interactive", ("check", WRONG), ("again", None), ("check", RIGHT))
    assert replaying.given_in(replaying.step_data(Given(RIGHT, 2))) == Given(RIGHT, 2)


def test_grading_again_with_a_mended_question_needs_nothing_but_the_progress():
    progress, given = after("interactive", ("check", WRONG), ("again", None), ("check", HALF))
    mended = replace(ONE, body=SingleChoiceBody((Choice("a", 0.0), Choice("b", 1.0), Choice("c", 0.0)), hints=(Hint(), Hint())))

    assert behaviour("interactive").finish(mended, progress, given).fraction == 0.75


# --- what types tell of parts


def test_types_say_what_is_right_and_what_a_hint_leaves():
    several = MultipleChoiceBody((Choice("a", 0.5), Choice("b", 0.5), Choice("c", -0.5), Choice("d", -0.5)))
    order = OrderingBody(tuple(Thing(key) for key in "abc"))
    kinds = MultipleChoice(), Ordering()

    assert kinds[0].without_wrong(several, {"choices": ["a", "c"]}) == {"choices": ["a"]}
    assert kinds[0].without_wrong(several, {"choices": ["c"]}) == {}
    assert kinds[0].count_right(several, {"choices": ["a", "c"]}) == (1, 2)
    # More ticked than there are right ones: neither is told.
    assert kinds[0].without_wrong(several, {"choices": ["a", "b", "c"]}) == {"choices": ["a", "b", "c"]}
    assert kinds[0].count_right(several, {"choices": ["a", "b", "c"]}) is None
    assert kinds[1].without_wrong(order, {"places": {"a": 1, "b": 3, "c": 2}}) == {"places": {"a": 1}}
    assert kinds[1].count_right(order, {"places": {"a": 1, "b": 3, "c": 2}}) == (1, 3)
    assert Matching().count_right(MATCH.body, pairs("ab", "c")) == (2, 4)  # type: ignore[arg-type]
    assert SingleChoice().without_wrong(ONE.body, WRONG) == {}  # type: ignore[arg-type]
    assert SingleChoice().without_wrong(ONE.body, RIGHT) == RIGHT  # type: ignore[arg-type]
    assert ShortAnswer().count_right(ShortAnswerBody((TextAnswer("a", "một"),)), {"text": "một"}) is None
