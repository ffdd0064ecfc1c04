"""Many questions at once: changed by plan, apply and undo; those that ask the same; taking them out in a file."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core import imports
from lms.core.db import session
from lms.core.models import Import
from lms.quizzes import formats
from lms.quizzes.bank import categories, changing, editing, importing, queries, reading, storing, twins
from lms.quizzes.bank.changing import CannotUndo, Change, NothingChosen
from lms.quizzes.bank.queries import Units, Wanted
from lms.quizzes.bank.twins import Asked
from lms.quizzes.models.bank import Question, QuestionVersion
from tests.cast import Cast
from tests.factories_quizzes import make_attempt, make_quiz
from tests.quizzes.test_bank import brought_in
from tests.quizzes.test_views import get, text_of

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def ids(cast: Cast) -> list[int]:
    brought_in(unit_id=cast.units["so"].id)
    session.commit()
    return list(session.scalars(select(Question.id).order_by(Question.id)))


def planned(cast: Cast, ids: list[int], act: str, to: str = "") -> Import:
    return changing.plan(ids, Change(act, to), unit_id=cast.units["so"].id, by=None)


def state() -> list[tuple[int, int, str, str, tuple[str, ...]]]:
    """Everything about the questions that a change may touch."""
    session.expire_all()
    rows = session.execute(
        select(Question.id, Question.category_id, QuestionVersion.state, QuestionVersion.content_hash)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .order_by(Question.id, QuestionVersion.number)
    )
    return [(row[0], row[1], row[2], row[3], tuple(storing.tags_of(row[0]))) for row in rows]


@pytest.mark.parametrize("act", ["move", "tag", "untag", "hidden", "draft"])
def test_what_was_changed_is_set_back_by_undoing(cast: Cast, ids: list[int], act: str) -> None:
    target = categories.make(unit_id=cast.units["so"].id, parent=None, name="Đích", by=None).id
    to = {"move": str(target), "tag": "lớp 6", "untag": "law 116/2025/QH15 Đ7"}.get(act, act)
    before = state()

    row = planned(cast, ids, act if act in changing.ACTS else "state", to)
    assert state() == before
    changing.apply(row, by=None)
    assert state() != before
    changing.undo(row, by=None)

    assert state() == before


def test_a_plan_says_what_is_so_already(cast: Cast, ids: list[int]) -> None:
    storing.set_tags(ids[0], ["lớp 6"])

    assert dict(changing.counts(planned(cast, ids, "tag", "lớp 6").plan)) == {"same": 1, "change": 3}


def test_an_id_that_is_taken_in_the_new_place_keeps_its_question_where_it_is(cast: Cast, ids: list[int]) -> None:
    brought_in(unit_id=cast.units["so"].id, into=("Khác",))
    target = storing.Drawers(cast.units["so"].id).open(("Khác",)).category_id

    row = planned(cast, ids, "move", str(target))
    changing.apply(row, by=None)

    assert dict(changing.counts(row.plan)) == {"twin": 4}
    assert (row.result or {})["changed"] == 0


def test_only_unused_questions_are_deleted_and_that_is_said_before(cast: Cast, ids: list[int]) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz())
    used = [session.get_one(QuestionVersion, response.question_version_id).question_id for response in attempt.responses]

    row = planned(cast, [*ids, *used], "delete")
    changing.apply(row, by=None)

    assert dict(changing.counts(row.plan)) == {"kept": 4, "change": 4}
    assert set(session.scalars(select(Question.id))) == set(used)
    with pytest.raises(CannotUndo):
        changing.undo(row, by=None)


def test_what_somebody_changed_since_is_not_set_back(cast: Cast, ids: list[int]) -> None:
    row = planned(cast, ids, "state", "draft")
    changing.apply(row, by=None)
    question = session.get_one(Question, ids[0])
    editing.set_state(ids[0], "ready", known=editing.seal(question, reading.latest(ids[0])), by=None)

    with pytest.raises(CannotUndo, match="1"):
        changing.undo(row, by=None)


def test_a_change_is_made_once(cast: Cast, ids: list[int]) -> None:
    row = planned(cast, ids, "tag", "x")
    changing.apply(row, by=None)

    with pytest.raises(imports.NotPlanned):
        changing.apply(row, by=None)
    with pytest.raises(NothingChosen):
        planned(cast, [], "tag", "x")
    with pytest.raises(NothingChosen):
        planned(cast, ids, "tag")


def test_ticked_questions_are_changed_in_the_browser(cast: Cast, sign_in: SignIn, ids: list[int]) -> None:
    client = sign_in("author")

    show = client.post("/questions/changes", data={"id": [str(each) for each in ids[:2]], "act": "tag", "to_tag": "lớp 6"}).location
    assert "Sẽ có 2 câu hỏi thay đổi." in text_of(get(client, show))
    client.post(f"{show}/apply")
    client.post(f"{show}/apply")
    assert [storing.tags_of(each).count("lớp 6") for each in ids] == [1, 1, 0, 0]
    client.post(f"{show}/undo")
    assert [storing.tags_of(each).count("lớp 6") for each in ids] == [0, 0, 0, 0]


def test_all_that_the_list_found_are_changed_too(cast: Cast, sign_in: SignIn, ids: list[int]) -> None:
    client = sign_in("author")

    show = client.post("/questions/changes", data={"every": "1", "words": "thu do", "act": "state", "to_state": "hidden"}).location
    client.post(f"{show}/apply")

    session.expire_all()
    assert [reading.latest(each).state for each in ids] == ["hidden", "ready", "ready", "ready"]


def test_what_is_shared_with_an_author_is_not_changed(cast: Cast, sign_in: SignIn) -> None:
    make_quiz()
    session.commit()
    built_in = [str(each) for each in session.scalars(select(Question.id))]

    sent = sign_in("author").post("/questions/changes", data={"id": built_in, "act": "tag", "to_tag": "x"}, follow_redirects=True)

    assert "Hãy chọn ít nhất một câu hỏi" in text_of(sent.get_data(as_text=True))


# --- filters


def test_every_filter_narrows_the_list(cast: Cast, ids: list[int]) -> None:
    units = Units((cast.units["so"].id,))
    storing.set_tags(ids[1], ["lớp 6", "law 116/2025/QH15 Đ42.2", "law 116/2025/QH15 Đ4"])

    def found(**wanted: object) -> list[int]:
        return queries.found_ids(units, Wanted(**wanted))  # type: ignore[arg-type]

    assert found() == ids
    assert found(words="nam do thu") == [ids[0]]  # words in any order
    assert found(words="lop 6") == [ids[1]]
    assert found(words="100%") == []
    assert found(type_key="numerical") == [ids[3]]
    assert found(tag="lớp 6") == [ids[1]]
    assert found(law="116/2025/QH15") == ids[:2]
    assert found(law="116/2025/QH15 Đ42") == [ids[1]]
    assert found(state="draft") == []
    assert found(unused=True) == ids
    assert found(category_id=session.get_one(Question, ids[0]).category_id) == ids


# --- questions that ask the same


def test_equal_and_nearly_equal_questions_are_found() -> None:
    base = "Khi nhận được đường dẫn lạ trong tin nhắn của ngân hàng em nên làm gì trước tiên"
    asked = [
        Asked(1, (f"<p>{base}?</p>",)),
        Asked(2, ("Khi nhan duoc duong dan la trong tin nhan cua ngan hang, em nen lam gi truoc tien",)),
        Asked(3, (base + " vậy",)),
        Asked(4, ("Thủ đô của Việt Nam là gì?",)),
        Asked(5, ("",)),
        Asked(6, ("",)),
    ]

    found = twins.groups(asked)

    assert [(group.question_ids, group.share == 1.0) for group in found] == [((1, 2), True), ((1, 3), False)]


@given(st.lists(st.text(alphabet="ab c", max_size=12), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_question_is_in_one_group_of_equal_ones_at_most(stems: list[str]) -> None:
    groups = twins.groups([Asked(number, (stem,)) for number, stem in enumerate(stems)])

    equal = [question_id for group in groups if group.share == 1.0 for question_id in group.question_ids]
    assert len(equal) == len(set(equal))
    assert all(len(group.question_ids) > 1 and twins.SHARE <= group.share <= 1.0 for group in groups)


def test_the_page_of_those_that_ask_the_same(cast: Cast, sign_in: SignIn, ids: list[int]) -> None:
    client = sign_in("author")
    assert "Không có hai câu nào hỏi giống nhau" in text_of(get(client, "/questions/twins"))

    brought_in(unit_id=cast.units["so"].id, into=("Khác",))
    session.commit()

    assert get(client, "/questions/twins").count("<h2 id=") == 4


# --- taking out


def test_questions_go_out_and_come_in_again_unchanged(cast: Cast, sign_in: SignIn, ids: list[int]) -> None:
    client = sign_in("author")

    page = text_of(get(client, "/questions/export?words=thu+do&format=moodle_xml&in=vi"))
    assert "1 câu hỏi cho chương trình khác" in page
    sent = client.get("/questions/export/file?format=moodle_xml&in=vi")

    assert sent.headers["Content-Disposition"] == "attachment; filename=cau-hoi.xml"
    read = formats.get("moodle_xml").read(sent.data, "vi")
    plan = importing.preview(read, format_key="moodle_xml", language="vi", unit_id=cast.units["so"].id)
    assert dict(importing.counts(plan)) == {"unchanged": 4}


def test_chosen_questions_only(cast: Cast, sign_in: SignIn, ids: list[int]) -> None:
    client = sign_in("author")

    sent = client.get(f"/questions/export/file?format=gift&id={ids[1]}&id={ids[2]}")

    assert [draft.name for draft in formats.get("gift").read(sent.data, "vi").drafts] == ["q2", "q3"]
    assert client.get("/questions/export/file?format=nothing").status_code == 404
