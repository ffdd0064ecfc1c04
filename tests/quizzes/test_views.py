"""Pages of a quiz as a browser without script sees them, and what autosave sends."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from lms.core import clock, db
from lms.core.db import session
from lms.learning.models import Enrolment
from lms.quizzes import attempts, retiming
from lms.quizzes.models.attempt import Attempt, Step
from lms.quizzes.models.bank import QuestionVersion
from tests.cast import Cast
from tests.factories_quizzes import RIGHT, answer, answer_all, change, hand_in, make_attempt, make_quiz, responses

START = datetime(2026, 11, 24, 3, 0, tzinfo=clock.LOCAL)
MINUTE = timedelta(minutes=1)
SignIn = Callable[[str], FlaskClient]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def get(client: FlaskClient, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def save(
    client: FlaskClient, attempt_id: int, slot: int, response: dict[str, object], *, sequence: int, key: str = "k"
) -> tuple[int, dict[str, object]]:
    sent = client.post(f"/attempts/{attempt_id}/save", json={"slot": slot, "response": response, "sequence": sequence, "key": key})
    return sent.status_code, sent.get_json()


def test_the_whole_way_without_javascript(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()
    teacher = cast.persons["teacher"]
    client = sign_in("teacher")

    begun = client.post(f"/quiz/{quiz.activity_id}/start")
    attempt = session.scalars(select(Attempt)).one()
    assert begun.location == f"/attempts/{attempt.id}"
    assert session.get_one(Enrolment, attempt.enrolment_id).person_id == teacher.id

    for slot in range(1, 5):
        page = get(client, f"/attempts/{attempt.id}")
        assert f"<h1>Câu {slot} trên 4</h1>" in page
        name = session.get_one(QuestionVersion, responses(attempt)[slot - 1].question_version_id).name
        form = {f"q{slot}-{field}": given for field, given in {"sequence": "0", **RIGHT[int(name[1]) - 1]}.items()}
        form |= {"last": "1"} if slot == 4 else {}
        went = client.post(f"/attempts/{attempt.id}/{slot}", data=form)
        assert went.location == (f"/attempts/{attempt.id}/{slot + 1}" if slot < 4 else f"/attempts/{attempt.id}/summary")

    assert "Đã trả lời hết các câu" in text_of(get(client, f"/attempts/{attempt.id}/summary"))
    done = client.post(f"/attempts/{attempt.id}/finish")
    assert done.location == f"/attempts/{attempt.id}/result"
    assert "Đạt" in text_of(get(client, done.location))
    review = text_of(get(client, f"/attempts/{attempt.id}/review"))
    assert "Hà Nội là thủ đô." in review
    assert "Điều\u00a07, Luật\u00a0116/2025/QH15".replace("\u00a0", " ") in review.replace("\u00a0", " ")


def test_a_second_click_on_hand_in_leads_to_the_same_result(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    client = sign_in("teacher")

    first, second = (client.post(f"/attempts/{attempt.id}/finish") for _ in range(2))

    assert (first.status_code, first.location) == (second.status_code, second.location) == (302, f"/attempts/{attempt.id}/result")


def test_the_back_button_after_handing_in_leads_to_the_result(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    hand_in(attempt)
    client = sign_in("teacher")

    for url in (f"/attempts/{attempt.id}", f"/attempts/{attempt.id}/2", f"/attempts/{attempt.id}/summary"):
        assert client.get(url).location == f"/attempts/{attempt.id}/result"
    sent = client.post(f"/attempts/{attempt.id}/1", data={"q1-choice": "a", "q1-sequence": "0"}, follow_redirects=True)
    assert "Bài làm này đã được nộp. Các câu trả lời vẫn an toàn." in sent.get_data(as_text=True)


def test_autosave_is_acknowledged_with_the_time(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    client = sign_in("teacher")

    with clock.at(START.replace(hour=10, minute=32)):
        assert save(client, attempt.id, 1, {"choice": ["b"]}, sequence=1) == (200, {"saved": "10:32", "sequence": 1})
        # The same again, because the answer got lost.
        assert save(client, attempt.id, 1, {"choice": ["b"]}, sequence=1) == (200, {"saved": "10:32", "sequence": 1})
        assert save(client, attempt.id, 1, {"choice": ["a"]}, sequence=2, key="l") == (200, {"saved": "10:32", "sequence": 2})

    assert responses(attempt)[0].answer == {"choice": "a"}


def test_autosave_from_another_window_is_told_what_is_saved(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    client = sign_in("teacher")
    save(client, attempt.id, 1, {"choice": ["b"]}, sequence=1, key="window one")

    status, said = save(client, attempt.id, 1, {"choice": ["c"]}, sequence=1, key="window two")

    assert (status, said["error"]["code"], said["sequence"], said["saved"], said["key"]) == (  # type: ignore[index]
        409,
        "stale_answer",
        1,
        {"choice": "b"},
        "window one",
    )


def test_a_page_from_another_window_comes_back_with_both_answers(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    answer(attempt, 1, {"choice": "b"})
    client = sign_in("teacher")

    sent = client.post(f"/attempts/{attempt.id}/1", data={"q1-choice": "c", "q1-sequence": "0"})

    page = sent.get_data(as_text=True)
    assert sent.status_code == 409
    assert "Huế" in text_of(page.split('class="stem"')[0])
    assert re.search(r'value="c"[^>]* checked', page)
    assert '<input type="hidden" name="q1-sequence" value="1">' in page
    # Pressing the button keeps what is seen.
    client.post(f"/attempts/{attempt.id}/1", data={"q1-choice": "c", "q1-sequence": "1"})
    assert responses(attempt)[0].answer == {"choice": "c"}


def test_autosave_after_handing_in_says_that_answers_are_safe(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    hand_in(attempt)

    status, said = save(sign_in("teacher"), attempt.id, 1, {"choice": ["b"]}, sequence=1)

    assert (status, said["error"]["code"]) == (409, "attempt_closed")  # type: ignore[index]


def test_flags_are_saved_beside_answers(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    client = sign_in("teacher")

    sent = client.post(f"/attempts/{attempt.id}/save", json={"slot": 3, "key": "k", "flagged": True})

    assert (sent.status_code, [each.flagged for each in responses(attempt)]) == (200, [False, False, True, False])


@pytest.mark.parametrize(
    "sent",
    [
        {},
        [],
        "x",
        {"slot": "1", "response": {}, "sequence": 1},
        {"slot": 1, "response": [], "sequence": 1},
        {"slot": 1, "response": {"choice": ["a"]}},
        {"slot": 1, "response": {"choice": ["a"]}, "sequence": 0},
        {"slot": 1, "response": {"choice": ["zz"]}, "sequence": 1},
        {"slot": 1, "response": {"choice": [{"a": 1}]}, "sequence": 1},
        {"slot": 1, "response": {"choice": ["a"]}, "sequence": 1, "key": "k" * 65},
    ],
)
def test_what_does_not_fit_is_refused_as_such(cast: Cast, sign_in: SignIn, sent: object) -> None:
    attempt = make_attempt(cast.persons["teacher"])

    came = sign_in("teacher").post(f"/attempts/{attempt.id}/save", json=sent)

    assert (came.status_code, session.scalars(select(Step)).all()) == (422, [])


def test_a_slot_that_is_not_there_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    client = sign_in("teacher")

    assert save(client, attempt.id, 9, {"choice": ["a"]}, sequence=1)[0] == 404
    assert client.get(f"/attempts/{attempt.id}/9").status_code == 404


def test_the_language_can_change_in_the_middle(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    answer(attempt, 1, {"choice": "b"})
    client = sign_in("teacher")

    vietnamese, english = (get(client, f"/attempts/{attempt.id}/1?lang={code}") for code in ("vi", "en"))

    assert "Thủ đô của Việt Nam là gì?" in vietnamese
    assert "What is the capital of Viet Nam?" in english
    assert all(re.search(r'value="b"[^>]* checked', page) for page in (vietnamese, english))


def test_when_the_time_is_over_one_can_only_hand_in(cast: Cast, sign_in: SignIn) -> None:
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], make_quiz(time_limit_minutes=30))
        answer_all(attempt)
    client = sign_in("teacher")

    with clock.at(START + 31 * MINUTE):
        assert client.get(f"/attempts/{attempt.id}/1").location == f"/attempts/{attempt.id}/summary"
        assert "Đã hết giờ" in text_of(get(client, f"/attempts/{attempt.id}/summary"))
        client.post(f"/attempts/{attempt.id}/finish")

    attempt = session.get_one(Attempt, attempt.id, populate_existing=True)
    assert (attempt.state, attempt.finished_at, attempt.share) == ("finished", START + 30 * MINUTE, 1.0)


@pytest.mark.parametrize(
    ("left", "clock_runs", "said"),
    [(30 * MINUTE, True, "Nộp trước 03:30."), (timedelta(days=3), False, "Nộp trước 27/11/2026 03:00.")],
)
def test_the_clock_runs_on_the_last_day_and_before_that_the_page_says_the_date(
    cast: Cast, sign_in: SignIn, left: timedelta, clock_runs: bool, said: str
) -> None:
    quiz = change(make_quiz(), closes_at=START + left)
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], quiz)
    client = sign_in("teacher")

    with clock.at(START):
        page = get(client, f"/attempts/{attempt.id}/1")

    assert ("data-countdown" in page, said in text_of(page)) == (clock_runs, True)


def test_a_clock_that_ran_out_hands_in_nothing_of_who_was_given_more_time(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(time_limit_minutes=30)
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], quiz)
    change(quiz, time_limit_seconds=3600)
    retiming.quiz(quiz.id)
    attempt_id, client = attempt.id, sign_in("teacher")
    url = f"/attempts/{attempt_id}"

    came = []
    for minutes in (30, 60):
        with clock.at(START + minutes * MINUTE):
            went = client.post(f"{url}/finish", data={"timeup": "1"})
        came.append((went.location, session.get_one(Attempt, attempt_id, populate_existing=True).state))

    assert came == [(url, "in_progress"), (f"{url}/result", "finished")]


@pytest.mark.parametrize("url", ["", "/1", "/4"])
def test_of_an_overdue_attempt_one_sees_nothing_but_the_page_to_hand_it_in(cast: Cast, sign_in: SignIn, url: str) -> None:
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], make_quiz(time_limit_minutes=30, when_expired="grace", grace_minutes=10))
    client = sign_in("teacher")

    with clock.at(START + 31 * MINUTE):
        attempts.expire({})
        assert session.get_one(Attempt, attempt.id).state == "overdue"
        assert client.get(f"/attempts/{attempt.id}{url}").location == f"/attempts/{attempt.id}/summary"
        assert client.get(f"/attempts/{attempt.id}/summary").status_code == 200


def test_nothing_on_the_page_tells_what_is_right(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    answer(attempt, 1, {"choice": "b"})
    client = sign_in("teacher")

    for slot in range(1, 5):
        page = get(client, f"/attempts/{attempt.id}/{slot}")
        assert not any(word in page for word in ("Đúng rồi.", "cố đô", "Hà Nội là thủ đô", "is-right", "fraction"))


PEOPLE = ("administrator", "author", "auditor", "officer", "stranger_officer", "head", "keeper", "other_teacher", "neighbour", "pupil")


def test_nobody_else_sees_or_gives_answers(cast: Cast, sign_in: SignIn) -> None:
    attempt, finished = make_attempt(cast.persons["teacher"]), make_attempt(cast.persons["teacher"], make_quiz())
    hand_in(finished)
    session.commit()
    for person in PEOPLE:
        client = sign_in(person)
        for one in (attempt, finished):
            codes = {client.get(f"/attempts/{one.id}{path}").status_code for path in ("", "/1", "/summary", "/result", "/review")}
            codes |= {client.post(f"/attempts/{one.id}{path}", data={"choice": "a"}).status_code for path in ("/1", "/finish")}
            codes.add(save(client, one.id, 1, {"choice": ["a"]}, sequence=1)[0])
            assert codes == {403}, person
    assert session.scalars(select(Step)).all() == []


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, cast: Cast) -> None:
    attempt_id = make_attempt(cast.persons["teacher"]).id
    session.commit()

    assert client.get(f"/attempts/{attempt_id}").location.startswith("/sign-in")
    assert save(client, attempt_id, 1, {"choice": ["a"]}, sequence=1)[0] == 401


def test_a_pupil_cannot_begin_a_course_for_staff(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()

    assert sign_in("pupil").post(f"/quiz/{quiz.activity_id}/start").status_code == 403
    assert session.scalars(select(Attempt)).all() == []


def test_the_course_shows_the_quiz_and_how_one_did(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(attempts=1)
    attempt = make_attempt(cast.persons["teacher"], quiz)
    client = sign_in("teacher")
    slug = session.get_one(Enrolment, attempt.enrolment_id).version.course.slug

    assert "Làm tiếp lần 1" in text_of(get(client, f"/courses/{slug}/quiz"))
    answer_all(attempt)
    hand_in(attempt)
    session.commit()
    page = text_of(get(client, f"/courses/{slug}/quiz"))
    assert "10 trên 10 điểm" in page
    assert "Đã dùng hết số lần làm bài này." in page


def test_few_statements_a_page(cast: Cast, sign_in: SignIn) -> None:
    attempt = make_attempt(cast.persons["teacher"])
    client = sign_in("teacher")
    get(client, f"/attempts/{attempt.id}/1")

    assert statements(lambda: get(client, f"/attempts/{attempt.id}/1")) <= 4
    assert statements(lambda: save(client, attempt.id, 1, {"choice": ["b"]}, sequence=1)) <= 4
    assert statements(lambda: save(client, attempt.id, 1, {"choice": ["b"]}, sequence=1)) <= 2
    assert statements(lambda: get(client, f"/attempts/{attempt.id}/summary")) <= 3


def statements(act: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    engine = db.engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("typed", ["\ud800", "a\x00b", "\udfff\ud800c"])
def test_letters_that_no_page_can_show_do_not_break_the_attempt(cast: Cast, sign_in: SignIn, typed: str) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz())
    client = sign_in("teacher")
    for slot in range(1, 5):
        for response in ({"text": typed, "unit": typed}, {"choice": typed}, {"choices": [typed]}, {"pairs": {typed: typed}}):
            status, _said = save(client, attempt.id, slot, response, sequence=1)
            assert status in (200, 409, 422)
        get(client, f"/attempts/{attempt.id}/{slot}")
    get(client, f"/attempts/{attempt.id}/summary")


@pytest.mark.parametrize("key", ["\ud800", "\x00", "ạ", "k" * 65])
def test_a_key_is_plain_letters(cast: Cast, sign_in: SignIn, key: str) -> None:
    attempt = make_attempt(cast.persons["teacher"], make_quiz())
    assert save(sign_in("teacher"), attempt.id, 1, {"choice": "a"}, sequence=1, key=key)[0] == 422


def test_lists_a_hundred_thousand_deep_are_a_bad_request_and_no_fault_of_ours(sign_in: SignIn, cast: Cast):
    attempt = make_attempt(cast.persons["teacher"])
    session.commit()
    deep = '{"slot": 1, "sequence": 1, "key": "k", "response": {"choice": ' + "[" * 100_000 + "]" * 100_000 + "}}"

    came = sign_in("teacher").post(f"/attempts/{attempt.id}/save", data=deep, content_type="application/json")

    assert (came.status_code, came.get_json()["error"]["code"]) == (400, "error")


def test_who_did_not_pass_can_begin_again_from_the_result(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz()
    attempt = make_attempt(cast.persons["teacher"], quiz)
    hand_in(attempt)

    page = get(sign_in("teacher"), f"/attempts/{attempt.id}/result")

    assert f'action="/quiz/{quiz.activity_id}/start"' in page
