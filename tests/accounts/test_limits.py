"""How often one may try."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from lms.core import jobs
from lms.core.db import session
from tests.cast import PASSWORD, Cast
from tests.factories_quizzes import make_quiz
from tests.factories_quizzes_rules import change

SCHOOL = "203.0.113.7"


def attempt(client: FlaskClient, username: str, password: str = "sai bét", address: str = SCHOOL) -> int:
    data = {"username": username, "password": password}
    return client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": address}).status_code


def addresses() -> Iterator[str]:
    return (f"198.51.100.{number}" for number in range(1, 255))


def test_one_name_is_locked_after_ten_failures_from_anywhere(strict_client: FlaskClient, cast: Cast):
    came = [attempt(strict_client, "teacher", address=address) for address, _turn in zip(addresses(), range(12), strict=False)]

    assert came == [422] * 10 + [429] * 2


def test_a_locked_name_stays_locked_with_the_right_password_and_others_do_not(strict_client: FlaskClient, cast: Cast):
    for _turn in range(10):
        attempt(strict_client, "teacher")

    assert attempt(strict_client, "teacher", PASSWORD) == 429
    assert attempt(strict_client, "other_teacher", PASSWORD) == 302


@pytest.mark.parametrize("spelling", ["TEACHER", " teacher", "teacher  ", "Teacher"])
def test_a_name_in_another_spelling_is_the_same_name(strict_client: FlaskClient, cast: Cast, spelling: str):
    for _turn in range(10):
        attempt(strict_client, "teacher")

    assert attempt(strict_client, spelling) == 429


def test_an_unknown_name_is_locked_like_a_known_one(strict_client: FlaskClient, cast: Cast):
    assert [attempt(strict_client, "khong.co") for _turn in range(11)] == [422] * 10 + [429]


def test_one_address_is_locked_after_sixty_failures_for_any_names(strict_client: FlaskClient, cast: Cast):
    came = [attempt(strict_client, f"ten{number}") for number in range(62)]

    assert came == [422] * 60 + [429] * 2
    assert attempt(strict_client, "teacher", PASSWORD) == 429
    assert attempt(strict_client, "teacher", PASSWORD, address="198.51.100.1") == 302


def test_a_whole_school_signs_in_from_one_address(strict_client: FlaskClient, cast: Cast):
    assert [attempt(strict_client, "teacher", PASSWORD) for _turn in range(80)] == [302] * 80


def test_the_page_says_what_to_do(strict_client: FlaskClient, cast: Cast):
    for _turn in range(10):
        attempt(strict_client, "teacher")

    page = strict_client.post("/sign-in", data={"username": "teacher", "password": "x"}, headers={"Accept-Language": "vi"})

    assert (page.status_code, "15 phút" in page.text, int(page.headers["Retry-After"]) <= 900) == (429, True, True)


def test_opening_the_page_never_counts(strict_client: FlaskClient, cast: Cast):
    assert {strict_client.get("/sign-in").status_code for _turn in range(70)} == {200}


def test_one_name_gets_few_mails(strict_client: FlaskClient, cast: Cast):
    came = [
        strict_client.post("/password/forgot", data={"username": "teacher"}, environ_base={"REMOTE_ADDR": address}).status_code
        for address, _turn in zip(addresses(), range(7), strict=False)
    ]

    assert came == [302] * 5 + [429] * 2
    assert session.query(jobs.Job).count() == 5


def test_a_session_left_open_cannot_guess_the_password(strict_client: FlaskClient, cast: Cast):
    attempt(strict_client, "teacher", PASSWORD)
    given = {"present": "sai bét", "password": "con mèo ngủ trưa", "again": "con mèo ngủ trưa"}

    assert [strict_client.post("/password", data=given).status_code for _turn in range(21)] == [422] * 20 + [429]


def test_the_password_of_a_quiz_is_not_tried_without_end(strict_client: FlaskClient, cast: Cast):
    quiz = make_quiz()
    change(quiz, password="hoa sen")
    url = f"/quiz/{quiz.activity_id}/start"
    session.commit()
    attempt(strict_client, "teacher", PASSWORD)

    came = [strict_client.post(url, data={"password": f"thử {number}"}).status_code for number in range(22)]

    assert came == [302] * 20 + [429] * 2
