"""The page of a person's training: taking a pass back there, giving it again, and what the person finds."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.programmes import revoking
from lms.programmes.models import Qualification, QualificationChange
from tests.cast import Cast
from tests.factories_courses import make_programme, make_version
from tests.factories_reports import make_qualification
from tests.programmes.test_revoking import DAY, REASON, make_pass

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def one(cast: Cast) -> Qualification:
    made = make_pass(cast)
    session.commit()
    return made


def states() -> list[str]:
    return list(session.scalars(select(QualificationChange.state).order_by(QualificationChange.id)))


def test_an_officer_finds_the_way_from_the_person_and_takes_a_pass_back(one: Qualification, sign_in: SignIn) -> None:
    client = sign_in("officer")
    training = f"/people/{one.person_id}/training"

    assert training in client.get(f"/people/{one.person_id}").text
    assert f"/passes/{one.id}/revoke" in client.get(training).text
    assert 'name="known" type="hidden" value="0"' in client.get(f"/passes/{one.id}/revoke").text
    answer = client.post(f"/passes/{one.id}/revoke", data={"reason": REASON, "known": "0"})

    assert (answer.status_code, answer.location, states()) == (302, training, ["revoked"])
    shown = client.get(training).text
    assert (REASON in shown, "Phạm Thị Tâm" in shown, f"/passes/{one.id}/restore" in shown) == (True, True, True)


def test_a_reason_is_needed(one: Qualification, sign_in: SignIn) -> None:
    answer = sign_in("head").post(f"/passes/{one.id}/revoke", data={"reason": "  ", "known": "0"})

    assert (answer.status_code, states()) == (422, [])


def test_a_double_click_and_a_second_tab_do_nothing_more(one: Qualification, sign_in: SignIn) -> None:
    client = sign_in("head")
    taken = {"reason": REASON, "known": "0"}

    answers = [client.post(f"/passes/{one.id}/revoke", data=taken) for _ in range(2)]
    client.post(f"/passes/{one.id}/restore", data={"reason": "Nhầm", "known": "1"})
    answers.append(client.post(f"/passes/{one.id}/revoke", data=taken))  # a tab from before all this

    assert [each.status_code for each in answers] == [302, 302, 302]
    assert states() == ["revoked", "valid"]
    assert session.scalars(select(Qualification.state)).one() == "valid"


def test_the_person_reads_it_on_the_own_home_until_it_was_read(one: Qualification, sign_in: SignIn) -> None:
    revoking.revoke(one, reason=REASON, by=None)
    newest = session.scalars(select(revoking.QualificationChange.id)).one()
    session.commit()
    client = sign_in("teacher")

    home = client.get("/").text
    assert (REASON in home, newest > 0) == (True, True)
    message_id = home.partition('name="newest" value="')[2].partition('"')[0]
    client.post("/notices/read", data={"newest": message_id})

    assert REASON not in client.get("/").text
    own = client.get(f"/people/{one.person_id}/training").text
    assert (REASON in own, f"/passes/{one.id}/restore" in own) == (True, False)


def test_nobody_takes_back_an_own_pass(cast: Cast, sign_in: SignIn) -> None:
    mine = make_qualification(cast.persons["head"], make_programme(make_version("a").course), DAY)
    session.commit()

    assert sign_in("head").post(f"/passes/{mine.id}/revoke", data={"reason": REASON, "known": "0"}).status_code == 403


def test_a_pupil_is_told_in_words_for_pupils(cast: Cast, sign_in: SignIn) -> None:
    version = make_version("a", audience="pupils", grades=(6,))
    own = make_qualification(cast.persons["pupil"], make_programme(version.course, audience="pupils", certificate=False), DAY)
    session.commit()
    sign_in("head").post(f"/passes/{own.id}/revoke", data={"reason": REASON, "known": "0"})

    home = sign_in("pupil").get("/").text

    assert (REASON in home, "em có thể học lại" in home.lower()) == (True, True)


def test_the_public_page_says_it_at_once(one: Qualification, client: FlaskClient) -> None:
    from_certificate = "SELECT code FROM certificates_certificate"
    code = session.connection().exec_driver_sql(from_certificate).scalar_one()
    revoking.revoke(one, reason=REASON, by=None)
    session.commit()

    page = client.get(f"/verify/{code}").text

    assert ("Chứng nhận này đã bị thu hồi" in page, REASON in page) == (True, False)
