"""What of an attempt that is over its learner sees, phase by phase, on the pages."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from lms.core import clock
from lms.core.db import session
from lms.learning.models import Enrolment
from lms.quizzes import attempts
from lms.quizzes.models.attempt import Attempt, Response
from tests.cast import Cast
from tests.factories_quizzes import RIGHT, WRONG, answer, answer_all, change, hand_in, make_attempt, make_quiz, responses, rewrite
from tests.quizzes.test_attempt_pages import as_text, with_sections
from tests.quizzes.test_views import get, statements, text_of

SignIn = Callable[[str], FlaskClient]
START = datetime(2026, 11, 24, 8, 0, tzinfo=clock.LOCAL)
MINUTE = timedelta(minutes=1)
CLOSES = START + timedelta(hours=2)
JUST, LATER, CLOSED = START + MINUTE, START + 30 * MINUTE, CLOSES + MINUTE
SOME = ({"choice": "b"}, {"choices": ["a"]}, {"choice": "true"}, {})
# What each item brings onto the page of the review, and nothing else does.
BRINGS = {
    "correctness": "Đúng một phần",
    "marks": "0,5",
    "full_marks": "trên 1 điểm",
    "feedback": "Huế là cố đô.",
    "general_feedback": "Hà Nội là thủ đô.",
    "right_answer": "Đáp án đúng:",
}


def handed_in(cast: Cast, given: tuple[dict[str, object], ...] = SOME, **values: object) -> Attempt:
    quiz = make_quiz(edit=lambda quiz: change(quiz, **({"maximum": 10.0} | values)))
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], quiz)
        answer_all(attempt, given)
        hand_in(attempt)
    return attempt


def page_at(client: FlaskClient, attempt: Attempt, page: str, moment: datetime) -> str:
    session.commit()
    # A request before this one has let go of the row.
    attempt_id = inspect(attempt).identity[0]
    with clock.at(moment):
        return text_of(get(client, f"/attempts/{attempt_id}/{page}").split("<main")[1].split("</main>")[0])


@pytest.mark.parametrize(("phase", "moment"), [("just_after", JUST), ("later", LATER), ("closed", CLOSED)])
@pytest.mark.parametrize("item", BRINGS)
def test_each_item_is_on_the_page_in_the_phase_that_has_it(cast: Cast, sign_in: SignIn, phase: str, moment: datetime, item: str) -> None:
    asked = ["answers", item] + (["marks"] if item == "full_marks" else [])
    attempt = handed_in(cast, closes_at=CLOSES, review={"just_after": [], "later": [], "closed": [], phase: asked})
    client = sign_in("teacher")

    page = page_at(client, attempt, "review", moment)

    assert {each for each, words in BRINGS.items() if words in page} == {*asked} - {"answers"}


@pytest.mark.parametrize(
    ("moment", "when"),
    [
        (JUST, "Vài phút nữa sẽ xem được."),
        (LATER, "Xem được khi bài kiểm tra đóng, 24/11/2026 10:00."),
        (CLOSED, "Thủ đô của Việt Nam là gì?"),
    ],
)
def test_answers_that_are_hidden_say_when_they_are_shown(cast: Cast, sign_in: SignIn, moment: datetime, when: str) -> None:
    hidden: dict[str, list[str]] = {"just_after": [], "later": []}
    if moment == JUST:
        hidden = {"just_after": []}
    attempt = handed_in(cast, closes_at=CLOSES, review=hidden)
    client = sign_in("teacher")

    page = page_at(client, attempt, "review", moment)

    assert (when in page, "Thủ đô" in page) == (True, moment == CLOSED)
    result = page_at(client, attempt, "result", moment)
    assert ("Xem lại từng câu" in result) == (moment == CLOSED)


def test_the_grade_is_on_the_scale_of_the_quiz_in_vietnamese_numbers(cast: Cast, sign_in: SignIn) -> None:
    of_ten, of_hundred = (handed_in(cast, maximum=maximum) for maximum in (10.0, 100.0))
    client = sign_in("teacher")

    assert "Được 3,75 trên 10 điểm (37,5 %); đạt từ 80 %." in page_at(client, of_ten, "result", LATER)
    assert "Được 37,5 trên 100 điểm" in page_at(client, of_hundred, "result", LATER)


def test_a_hidden_grade_is_told_neither_by_the_result_nor_by_the_course(cast: Cast, sign_in: SignIn) -> None:
    attempt = handed_in(cast, RIGHT, closes_at=CLOSES, review={"just_after": ["answers"], "later": ["answers"]})
    client = sign_in("teacher")
    slug = session.get_one(Enrolment, attempt.enrolment_id).version.course.slug
    session.commit()

    seen = []
    for moment in (LATER, CLOSED):
        result = page_at(client, attempt, "result", moment)
        with clock.at(moment):
            course = text_of(get(client, f"/courses/{slug}/quiz"))
        seen.append(("10 trên 10" in result, "10 trên 10 điểm" in course, "Chưa cho xem điểm." in result))

    # That it was passed is told always: the course goes on with it.
    assert seen == [(False, False, True), (True, True, False)]
    assert "Đạt" in page_at(client, attempt, "result", LATER)


def test_the_average_is_told_when_the_marks_of_all_that_is_in_it_are(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(grading_method="average", review={"just_after": ["answers"]})
    for moment, given in ((START, RIGHT), (START + 10 * MINUTE, WRONG)):
        with clock.at(moment):
            attempt = make_attempt(cast.persons["teacher"], quiz)
            answer_all(attempt, given)
            hand_in(attempt)
    slug = session.get_one(Enrolment, attempt.enrolment_id).version.course.slug
    session.commit()
    client = sign_in("teacher")

    seen = []
    for moment in (START + 11 * MINUTE, LATER):
        with clock.at(moment):
            page = text_of(get(client, f"/courses/{slug}/quiz"))
        seen.append(("10 trên 10 điểm" in page, "Hiện nay là 50,0 %" in page))
    assert seen == [(True, False), (True, True)]


@pytest.mark.parametrize(("given", "text"), [(RIGHT, "Rất tốt"), (SOME, "Học lại"), (WRONG, "Học lại")])
def test_overall_feedback_is_that_of_the_band(cast: Cast, sign_in: SignIn, given: tuple[dict[str, object], ...], text: str) -> None:
    bands = [{"from": 0.0, "texts": {"vi": "Học lại"}}, {"from": 0.8, "texts": {"vi": "Rất tốt"}}]
    attempt = handed_in(cast, given, feedback=bands)

    page = page_at(sign_in("teacher"), attempt, "result", LATER)

    assert [each for each in ("Học lại", "Rất tốt") if each in page] == [text]


def test_an_abandoned_attempt_is_told_plainly_and_shows_answers_only(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(time_limit_minutes=10, when_expired="abandon")
    with clock.at(START):
        attempt = make_attempt(cast.persons["teacher"], quiz)
        answer_all(attempt, SOME)
    with clock.at(START + 20 * MINUTE):
        attempts.expire({})
    client = sign_in("teacher")

    result, page = (page_at(client, attempt, each, LATER) for each in ("result", "review"))

    assert "Lần làm này đã không nộp kịp giờ" in result
    assert "Bài không được chấm. Dưới đây là các câu đã trả lời." in page
    assert [words for words in BRINGS.values() if words in page] == []
    assert "Huế" in page


def test_an_attempt_with_an_essay_waits_to_be_marked(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(edit=lambda quiz: rewrite(quiz.slots[-1], type="essay", body={"schema": 1}))
    attempt = make_attempt(cast.persons["teacher"], quiz)
    for slot, given in ((1, RIGHT[0]), (4, {"text": "Bài làm của tôi"})):
        answer(attempt, slot, given)
    hand_in(attempt)
    client = sign_in("teacher")

    assert "Có câu cần người chấm đọc trước. Kết quả sẽ hiện ở đây." in page_at(client, attempt, "result", clock.now())
    page = page_at(client, attempt, "review", clock.now())
    assert ("Chờ chấm" in page, "Bài làm của tôi" in page) == (True, True)


def test_what_a_person_marked_is_shown_with_the_comment(cast: Cast, sign_in: SignIn) -> None:
    attempt = handed_in(cast)
    row = session.scalars(select(Response).where(Response.attempt_id == attempt.id, Response.slot == 4)).one()
    row.fraction, row.state, row.comment = 0.75, "partial", "Gần đúng rồi."
    session.flush()

    page = page_at(sign_in("teacher"), attempt, "review", LATER)

    assert ("0,75 trên 1 điểm" in page, "Gần đúng rồi." in page) == (True, True)


def test_certainty_shows_marks_and_accuracy_apart(cast: Cast, sign_in: SignIn) -> None:
    """Marks with certainty may go below nothing and above the full mark; the share that passes is kept between 0 and 1."""
    attempt = handed_in(cast, tuple({**each, "certainty": "3"} for each in RIGHT), behaviour="certainty")
    lost = handed_in(cast, tuple({**each, "certainty": "3"} for each in WRONG), behaviour="certainty")
    client = sign_in("teacher")

    attempt, lost = (session.get_one(Attempt, each.id, populate_existing=True) for each in (attempt, lost))
    assert [(each.mark, each.share, each.passed) for each in (attempt, lost)] == [(12.0, 1.0, True), (-24.0, 0.0, False)]
    page = page_at(client, attempt, "result", LATER)
    assert "Tính theo độ chắc chắn được 12 trên 4 điểm; 100,0 % câu trả lời đúng" in page
    assert "-24 trên 4 điểm; 0,0 %" in page_at(client, lost, "result", LATER)
    assert page_at(client, attempt, "review", LATER).count("rất chắc") == 4


def test_the_review_has_the_headings_and_numbers_of_the_attempt(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(edit=lambda quiz: as_text(with_sections(quiz), 1))
    attempt = make_attempt(cast.persons["teacher"], quiz)
    hand_in(attempt)

    page = page_at(sign_in("teacher"), attempt, "review", clock.now())

    assert [page.count(words) for words in ("Phần luật", "Phần số", "Thông tin", "Câu 1 ", "Câu 3 ", "Câu 4 ")] == [1, 1, 1, 1, 1, 0]


def test_few_statements_a_review(cast: Cast, sign_in: SignIn) -> None:
    attempt = handed_in(cast)
    client = sign_in("teacher")
    get(client, f"/attempts/{attempt.id}/review")

    assert statements(lambda: get(client, f"/attempts/{attempt.id}/review")) <= 5
    assert len(responses(attempt)) == 4


def test_the_page_before_the_quiz_tells_all_its_rules(cast: Cast, sign_in: SignIn) -> None:
    quiz = make_quiz(
        edit=with_sections,
        attempts=3,
        time_limit_minutes=30,
        grace_minutes=10,
        when_expired="grace",
        delay_minutes=1440,
        behaviour="interactive",
        navigation="sequential",
        grading_method="average",
    )
    attempt = make_attempt(cast.persons["teacher"], quiz)
    hand_in(attempt)
    slug = session.get_one(Enrolment, attempt.enrolment_id).version.course.slug
    session.commit()

    page = text_of(get(sign_in("teacher"), f"/courses/{slug}/quiz"))

    told = [
        "30 phút",
        "Phần luật Phần số",
        "8 trên 10 (80 %)",
        "Được làm 3 lần.",
        "Kết quả là điểm trung bình các lần làm.",
        "Giữa hai lần phải nghỉ 1 ngày.",
        "Còn 10 phút để nộp, nhưng không sửa được câu trả lời nữa.",
        "Nhiều lần thử, có gợi ý",
        "Đã sang trang sau thì không quay lại được trang trước.",
    ]
    assert [words for words in told if words not in page] == []
