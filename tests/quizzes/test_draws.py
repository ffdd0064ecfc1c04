"""Drawing questions from the bank: which fit, which come first, and at what cost."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from lms.core import db
from lms.core.db import session
from lms.quizzes import putting_together, queries_draws
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.putting_together import NotEnoughQuestions
from lms.quizzes.queries_draws import Draw
from tests.cast import Cast
from tests.factories import save
from tests.factories_quizzes import hand_in, make_attempt, make_quiz, publish
from tests.factories_quizzes_bank import make_category, make_question


def drawing(quiz: Quiz, *draws: Draw, keep: int = 0) -> None:
    """Let the quiz ask its first questions and these draws, and nothing else."""
    session.execute(delete(Slot).where(Slot.quiz_id == quiz.id, Slot.number > keep))
    for number, draw in enumerate(draws, start=keep + 1):
        save(Slot(quiz_id=quiz.id, number=number, page=1, draw=draw.write(), max_mark=1.0))


def chosen(quiz: Quiz, person_id: int = 0, seed: int = 1) -> list[int]:
    return [version.question_id for _slot, version in putting_together.choose(quiz, person_id, Random(seed))]


def statements(quiz: Quiz, person_id: int) -> int:
    counted = []

    def count(*_: object) -> None:
        counted.append(1)

    event.listen(db.engine(), "before_cursor_execute", count)
    try:
        chosen(quiz, person_id)
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
    return len(counted)


def test_a_category_gives_what_is_in_it_and_where_wanted_what_lies_inside(cast: Cast) -> None:
    outer, other = make_category("ngoài"), make_category("khác")
    inner = make_category("trong", outer)
    innermost = make_category("trong cùng", inner)
    one, two, three = (make_question(category) for category in (outer, inner, innermost))
    make_question(other)
    with_inner, alone = Draw(outer.id), Draw(outer.id, inner=False)

    found = queries_draws.fitting([with_inner, alone])

    assert {draw: [each.question_id for each in fits] for draw, fits in found.items()} == {
        with_inner: [one.id, two.id, three.id],
        alone: [one.id],
    }


def test_all_tags_are_needed(cast: Cast) -> None:
    category = make_category()
    both = make_question(category, tags=("lớp 6", "mật khẩu"))
    make_question(category, tags=("lớp 6",))
    make_question(category)

    draw = Draw.read({"category_id": category.id, "tags": ["mật khẩu", "lớp 6"]})

    assert [each.question_id for each in queries_draws.fitting([draw])[draw]] == [both.id]


def test_only_the_latest_ready_version_of_a_question_that_marks_itself_is_drawn(cast: Cast) -> None:
    category = make_category()
    question = make_question(category, versions=("ready", "ready", "draft"))
    make_question(category, versions=("draft",))
    make_question(category, versions=("hidden",))
    make_question(category, type_key="essay")
    make_question(category, type_key="description")

    [each] = queries_draws.fitting([Draw(category.id)])[Draw(category.id)]

    assert (each.question_id, session.get_one(QuestionVersion, each.version_id).number) == (question.id, 2)


def test_thirty_draws_cost_as_many_statements_as_one(cast: Cast) -> None:
    quiz, category = make_quiz(published=False), make_category()
    inner = make_category("trong", category)
    for number in range(40):
        make_question(inner if number % 2 else category, tags=("a",) if number % 3 else ("a", "b"))
    person_id = cast.persons["teacher"].id

    drawing(quiz, Draw(category.id))
    one = statements(quiz, person_id)
    drawing(quiz, *[Draw(category.id, tags=("a",) if number % 2 else ()) for number in range(30)])
    thirty = statements(quiz, person_id)

    assert (one, thirty) == (one, one + 1)  # one more, because tags are asked for
    assert len(set(chosen(quiz))) == 30


def test_over_several_attempts_everything_is_seen_before_anything_comes_again(cast: Cast) -> None:
    quiz, category = make_quiz(published=False), make_category()
    questions = {make_question(category).id for _ in range(6)}
    drawing(quiz, Draw(category.id), Draw(category.id))
    publish(quiz)
    seen = []
    for _ in range(3):
        attempt = make_attempt(cast.persons["teacher"], quiz)
        seen += [session.get_one(QuestionVersion, each.question_version_id).question_id for each in attempt.responses]
        hand_in(attempt)
        session.expire_all()

    assert (len(seen), set(seen)) == (6, questions)


def test_a_draw_leaves_the_only_question_to_the_one_that_needs_it(cast: Cast) -> None:
    quiz, category = make_quiz(published=False), make_category()
    special = make_question(category, tags=("riêng",))
    usual = make_question(category)
    drawing(quiz, Draw(category.id), Draw(category.id, tags=("riêng",)))

    assert {tuple(chosen(quiz, seed=seed)) for seed in range(10)} == {(usual.id, special.id)}


def test_a_quiz_that_cannot_be_put_together_is_refused_and_says_where(cast: Cast) -> None:
    quiz, category = make_quiz(published=False), make_category()
    make_question(category)
    drawing(quiz, Draw(category.id), Draw(category.id), keep=2)

    with pytest.raises(NotEnoughQuestions):
        chosen(quiz)
    assert len(putting_together.unserved(putting_together.slots_of(quiz.id))) == 1


PLACES = st.lists(st.tuples(st.integers(0, 3), st.sets(st.sampled_from("ab"))), min_size=1, max_size=7)
DRAWS = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.sets(st.sampled_from("ab"))), min_size=1, max_size=5)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(places=PLACES, draws=DRAWS, fixed=st.integers(0, 2), seed=st.integers(0, 9))
def test_whatever_is_drawn_fits_and_never_comes_twice(
    cast: Cast, places: list[tuple[int, set[str]]], draws: list[tuple[int, bool, set[str]]], fixed: int, seed: int
) -> None:
    quiz = session.scalar(select(Quiz)) or make_quiz(published=False)
    top = make_category("cây")
    tree = [top, make_category("1", top), make_category("2", top)]
    tree.append(make_category("1.1", tree[1]))
    inside = {0: {0, 1, 2, 3}, 1: {1, 3}, 2: {2}, 3: {3}}
    made = [make_question(tree[place], tags=tuple(sorted(tags))) for place, tags in places]
    of = {question.id: each for question, each in zip(made, places, strict=True)}
    session.execute(delete(Slot).where(Slot.quiz_id == quiz.id))
    for number, question in enumerate(made[:fixed], start=1):
        save(Slot(quiz_id=quiz.id, number=number, page=1, question_id=question.id, version_number=1, max_mark=1.0))
    for number, (place, inner, tags) in enumerate(draws, start=len(made[:fixed]) + 1):
        rule = Draw(tree[place].id, inner, tuple(sorted(tags)))
        save(Slot(quiz_id=quiz.id, number=number, page=1, draw=rule.write(), max_mark=1.0))

    try:
        asked = chosen(quiz, seed=seed)
    except NotEnoughQuestions:
        assert putting_together.unserved(putting_together.slots_of(quiz.id))
        return

    assert putting_together.unserved(putting_together.slots_of(quiz.id)) == []
    assert len(set(asked)) == len(asked)
    assert asked[: len(made[:fixed])] == [question.id for question in made[:fixed]]
    for question_id, (place, inner, tags) in zip(asked[len(made[:fixed]) :], draws, strict=True):
        at, has = of[question_id]
        assert at in (inside[place] if inner else {place})
        assert has >= tags
