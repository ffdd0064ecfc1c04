"""Writing questions: versions, states, two authors at once, categories."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core.db import session
from lms.interop.gift import reader as gift
from lms.quizzes import drafting, question_types
from lms.quizzes.bank import categories, differences, editing, reading, storing
from lms.quizzes.bank.categories import IntoItself, NameTaken, NotEmpty
from lms.quizzes.bank.editing import ChangedMeanwhile, IdTaken, QuestionInUse
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.models.bank import Category, Question, QuestionVersion
from lms.quizzes.models.quiz import Quiz
from tests.cast import Cast
from tests.factories_quizzes import PICTURE, VI, hand_in, make_attempt, make_quiz

pytestmark = pytest.mark.usefixtures("database")


def a_draft(stem: str = "Thủ đô của Việt Nam là gì?") -> QuestionDraft:
    draft = gift.read(VI.encode(), "vi").drafts[0]
    texts = Texts({"vi": {**draft.texts.by_language["vi"], "stem": stem}})
    return drafting.prepare(replace(draft, texts=texts, id_number=""), question_types.get(draft.type)).draft


def a_category(cast: Cast, name: str = "Kho") -> Category:
    return categories.make(unit_id=cast.units["so"].id, parent=None, name=name, by=None)


def a_question(cast: Cast, **more: object) -> Question:
    category = a_category(cast)
    saved = editing.create(replace(a_draft(), **more), category_id=category.id, state="ready", by=None)  # type: ignore[arg-type]
    return session.get_one(Question, saved.question_id)


def seal_of(question: Question) -> str:
    return editing.seal(question, reading.latest(question.id))


def revise(question: Question, draft: QuestionDraft, state: str = "ready", known: str | None = None) -> editing.Saved:
    return editing.revise(question.id, draft, category_id=question.category_id, state=state, known=known or seal_of(question), by=None)


def numbers(question: Question) -> list[tuple[int, str]]:
    rows = session.execute(
        select(QuestionVersion.number, QuestionVersion.state)
        .where(QuestionVersion.question_id == question.id)
        .order_by(QuestionVersion.number)
    )
    return [(row[0], row[1]) for row in rows]


def ready(question: Question) -> list[int]:
    return [number for number, state in numbers(question) if state == "ready"]


def test_a_change_is_a_new_version_and_saving_the_same_is_none(cast: Cast) -> None:
    question = a_question(cast)

    assert revise(question, a_draft("Thủ đô ở đâu?")) == editing.Saved(question.id, 2, True)
    assert revise(question, a_draft("Thủ đô ở đâu?")) == editing.Saved(question.id, 2, False)
    assert numbers(question) == [(1, "ready"), (2, "ready")]


def test_the_second_of_two_authors_is_told_and_nothing_is_lost(cast: Cast) -> None:
    question = a_question(cast)
    seen_by_both = seal_of(question)
    revise(question, a_draft("Của người thứ nhất"), known=seen_by_both)

    with pytest.raises(ChangedMeanwhile):
        revise(question, a_draft("Của người thứ hai"), known=seen_by_both)
    revise(question, a_draft("Của người thứ hai"))

    stems = [version.texts["vi"]["stem"] for version in session.get_one(Question, question.id).versions]
    assert stems == ["Thủ đô của Việt Nam là gì?", "Của người thứ nhất", "Của người thứ hai"]


@pytest.mark.parametrize("change", ["tags", "state", "category"])
def test_a_change_beside_the_content_is_noticed_too(cast: Cast, change: str) -> None:
    question = a_question(cast)
    known = seal_of(question)
    if change == "tags":
        storing.set_tags(question.id, ["mới"])
    elif change == "state":
        editing.set_state(question.id, "draft", known=known, by=None)
    else:
        question.category_id = a_category(cast, "Khác").id
        session.flush()

    with pytest.raises(ChangedMeanwhile):
        revise(question, a_draft("Khác"), known=known)


@given(stems=st.lists(st.sampled_from(["Một?", "Hai?", "Ba?", "Bốn?"]), min_size=1, max_size=6), data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_going_back_gives_an_equal_version(cast: Cast, stems: list[str], data: st.DataObject) -> None:
    saved = editing.create(
        replace(a_draft(), files={"a.png": PICTURE}),
        category_id=storing.Drawers(cast.units["so"].id).open(("Kho",)).category_id,
        state="ready",
        by=None,
    )
    question = session.get_one(Question, saved.question_id)
    for stem in stems:
        revise(question, replace(a_draft(stem), files={"a.png": PICTURE} if stem != "Hai?" else {}))
    session.expire_all()
    old = data.draw(st.sampled_from(question.versions))
    before = (reading.draft_of(old), old.content_hash)

    editing.restore(question.id, old.number, known=seal_of(question), by=None)

    newest = reading.latest(question.id)
    assert (reading.draft_of(newest), newest.content_hash) == before
    assert differences.between(reading.draft_of(newest), before[0], "vi") == []


def test_what_is_out_of_use_is_drawn_by_nobody_and_comes_back_in_its_newest_version(cast: Cast) -> None:
    question = a_question(cast)
    revise(question, a_draft("Mới"))

    editing.set_state(question.id, "hidden", known=seal_of(question), by=None)
    assert ready(question) == []

    editing.set_state(question.id, "ready", known=seal_of(question), by=None)
    assert ready(question) == [2]


def test_a_draft_leaves_the_version_that_is_ready_in_use(cast: Cast) -> None:
    question = a_question(cast)

    revise(question, a_draft("Đang viết"), state="draft")

    assert ready(question) == [1]


def test_an_attempt_keeps_the_version_it_was_given(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz())
    given_ids = [response.question_version_id for response in attempt.responses]
    question = session.get_one(QuestionVersion, given_ids[0]).question

    revise(question, replace(a_draft("Khác hẳn"), id_number=question.id_number or ""))
    hand_in(attempt)

    assert [response.question_version_id for response in attempt.responses] == given_ids


def test_a_slot_keeps_the_version_that_it_names_and_one_that_names_none_asks_the_latest_ready_one(cast: Cast) -> None:
    def edit(quiz: Quiz) -> None:
        quiz.slots[1].version_number = None

    quiz = make_quiz(edit=edit)
    for slot in quiz.slots[:2]:
        question = session.get_one(Question, slot.question_id)
        revise(question, replace(reading.draft_of(reading.latest(question.id)), name="Mới"))
        revise(question, replace(reading.draft_of(reading.latest(question.id)), name="Đang viết"), state="draft")

    attempt = make_attempt(cast.persons["teacher"], quiz)

    asked = [session.get_one(QuestionVersion, response.question_version_id) for response in attempt.responses[:2]]
    assert [(each.number, each.name) for each in asked] == [(1, "q1"), (2, "Mới")]


def test_what_is_out_of_use_is_still_asked_where_a_quiz_names_it(cast: Cast) -> None:
    quiz = make_quiz()
    question = session.get_one(Question, quiz.slots[0].question_id)

    editing.set_state(question.id, "hidden", known=seal_of(question), by=None)

    assert len(make_attempt(cast.persons["teacher"], quiz).responses) == 4


def test_an_id_is_used_once_in_a_category(cast: Cast) -> None:
    question = a_question(cast, id_number="x1")

    with pytest.raises(IdTaken, match="x1"):
        editing.create(replace(a_draft("Khác"), id_number="x1"), category_id=question.category_id, state="ready", by=None)


def test_only_what_nobody_uses_is_deleted(cast: Cast) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz())
    used = session.get_one(QuestionVersion, attempt.responses[0].question_version_id).question_id
    unused = a_question(cast, files={"a.png": PICTURE}).id

    with pytest.raises(QuestionInUse):
        editing.delete_unused([used, unused], by=None)
    editing.delete_unused([unused], by=None)

    assert session.get(Question, unused) is None
    assert session.get(Question, used) is not None


def test_a_question_is_found_by_its_tags_and_its_id_after_they_changed(cast: Cast) -> None:
    question = a_question(cast)

    revise(question, replace(a_draft(), tags=("mật khẩu",), id_number="vn-1"))

    key = reading.latest(question.id).search_key
    assert all(word in key for word in ("mat khau", "vn-1", "thu do"))


def test_what_changed_is_told_in_words(cast: Cast) -> None:
    before = a_draft()
    after = replace(a_draft("Thủ đô ở đâu?"), default_mark=2.0)

    assert [(change.before, change.after) for change in differences.between(before, after, "vi")] == [
        ("Thủ đô của Việt Nam là gì?", "Thủ đô ở đâu?"),
        ("1", "2"),
    ]


# --- categories


def test_categories_are_made_renamed_moved_and_deleted_when_empty(cast: Cast) -> None:
    outer, other = a_category(cast, "Ngoài"), a_category(cast, "Khác")
    inner = categories.make(unit_id=cast.units["so"].id, parent=outer, name="Trong", by=None)

    with pytest.raises(NotEmpty):
        categories.delete(outer, by=None)
    with pytest.raises(IntoItself):
        categories.change(outer, parent=inner, name="Ngoài", info="", by=None)
    with pytest.raises(NameTaken):
        categories.change(outer, parent=None, name="Khác", info="", by=None)
    categories.change(inner, parent=other, name="Bên trong", info="Về mật khẩu", by=None)
    categories.delete(outer, by=None)

    assert reading.path(inner.id) == ("Khác", "Bên trong")


def test_two_categories_of_one_name_may_stand_in_different_places(cast: Cast) -> None:
    outer = a_category(cast, "Ngoài")
    categories.make(unit_id=cast.units["so"].id, parent=outer, name="Ngoài", by=None)
    categories.make(unit_id=cast.units["school_a"].id, parent=None, name="Ngoài", by=None)

    with pytest.raises(NameTaken):
        categories.make(unit_id=cast.units["so"].id, parent=outer, name="Ngoài", by=None)
