"""The built-in courses through the pages: a teacher fails, learns, passes and has a certificate; a pupil is met with kind words."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.certificates import issuing
from lms.certificates.models import Certificate
from lms.core import clock
from lms.core.db import session
from lms.courses import authoring, catalogue
from lms.courses import outline as outlines
from lms.courses.models import Course, Version
from lms.learning.models import Enrolment, Result
from lms.programmes import builtin
from lms.quizzes import attempts, question_types
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import QuestionVersion
from tests.cast import Cast

SignIn = Callable[[str], FlaskClient]
START = datetime(2026, 11, 24, 8, 0, tzinfo=clock.LOCAL)
MINUTE = timedelta(minutes=1)


def bring_in() -> None:
    """Everything that comes with the program."""
    for folder in catalogue.built_in():
        authoring.publish(authoring.import_draft(catalogue.load(folder)))
    builtin.ensure()
    session.commit()


def text_of(client: FlaskClient, url: str) -> str:
    came = client.get(url)
    assert came.status_code == 200, (url, came.status_code, came.location)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", came.get_data(as_text=True))).split())


def read_everything(client: FlaskClient, slug: str) -> str:
    """Read every page of a course; return the key of the quiz that it asks for."""
    version = session.scalars(select(Version).join(Course).where(Course.slug == slug)).one()
    client.post(f"/courses/{slug}/start")
    quiz = ""
    for step in outlines.outline(version.id).steps:
        if step.kind != "quiz":
            client.post(f"/courses/{slug}/{step.key}/done")
        elif step.required:
            quiz = step.key
    return quiz


def begin(client: FlaskClient, slug: str, key: str) -> int:
    """Open the quiz as its page offers it; return the id of the attempt."""
    action = re.search(r'action="(/quiz/\d+/start)"', client.get(f"/courses/{slug}/{key}").get_data(as_text=True))
    assert action
    begun = client.post(action[1])
    return int(begun.location.rpartition("/")[2])


def answer(client: FlaskClient, attempt_id: int, *, right: bool) -> None:
    """Answer every question by the button of its page."""
    for slot, version_id in session.execute(
        select(Response.slot, Response.question_version_id).where(Response.attempt_id == attempt_id).order_by(Response.slot)
    ).all():
        version = session.get_one(QuestionVersion, version_id)
        question_type = question_types.get(version.type)
        given = question_type.right_answer(question_type.read_body(version.body)) if right else {}
        fields = {f"pairs.{key}": value for key, value in given.get("pairs", {}).items()} or dict(given)
        went = client.post(
            f"/attempts/{attempt_id}/{slot}", data={f"q{slot}-sequence": "0"} | {f"q{slot}-{name}": value for name, value in fields.items()}
        )
        assert went.status_code == 302


def test_a_teacher_fails_learns_and_gets_one_certificate(cast: Cast, sign_in: SignIn) -> None:
    bring_in()
    issuing.make_issuer(cast.units["so"].id, code="SO", name="Sở GD&ĐT Hải Vân")
    session.commit()
    client = sign_in("teacher")
    key = read_everything(client, "cb1")

    first = begin(client, "cb1", key)
    answer(client, first, right=False)
    assert "Còn 16 câu chưa trả lời" in text_of(client, f"/attempts/{first}/summary")
    client.post(f"/attempts/{first}/finish")
    failed = text_of(client, f"/attempts/{first}/result")
    assert "Chưa đạt" in failed
    assert session.scalar(select(func.count(Certificate.id))) == 0

    second = begin(client, "cb1", key)
    answer(client, second, right=True)
    client.post(f"/attempts/{second}/finish")
    client.post(f"/attempts/{second}/finish")  # an impatient second click

    assert 'href="/certificates"' in client.get(f"/attempts/{second}/result").get_data(as_text=True)
    assert session.scalar(select(func.count(Certificate.id))) == 1
    enrolment = session.scalars(select(Enrolment)).one()
    result = session.scalars(select(Result).where(Result.enrolment_id == enrolment.id, Result.activity_key == key)).one()
    assert (enrolment.state, result.state, result.share, result.evidence) == ("completed", "passed", 1.0, f"attempt:{second}")
    # A later try that goes wrong takes nothing away.
    third = begin(client, "cb1", key)
    client.post(f"/attempts/{third}/finish")
    session.expire_all()
    assert (session.get_one(Enrolment, enrolment.id).state, session.get_one(Result, result.id).share) == ("completed", 1.0)
    assert session.scalar(select(func.count(Certificate.id))) == 1


def test_a_teacher_whose_time_ran_out_gets_what_was_answered(cast: Cast, sign_in: SignIn) -> None:
    bring_in()
    issuing.make_issuer(cast.units["so"].id, code="SO", name="Sở GD&ĐT Hải Vân")
    session.commit()
    client = sign_in("teacher")
    with clock.at(START):
        key = read_everything(client, "cb1")
        attempt_id = begin(client, "cb1", key)
        answer(client, attempt_id, right=True)

    with clock.at(START + 40 * MINUTE):
        # Nobody hands in; the job comes by.
        attempts.expire({})
        session.commit()
        assert "Đạt" in text_of(client, f"/attempts/{attempt_id}/result")

    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    assert (attempt.state, attempt.finished_at, attempt.passed) == ("finished", START + 30 * MINUTE, True)
    certificate = session.scalars(select(Certificate)).one()
    assert certificate.issued_on == START.date()


def test_a_pupil_is_met_with_kind_words(cast: Cast, sign_in: SignIn) -> None:
    bring_in()
    client = sign_in("pupil")
    slug = "hs3"  # the youngest have a quiz that nobody can fail
    key = read_everything(client, slug)

    attempt_id = begin(client, slug, key)
    answer(client, attempt_id, right=False)
    client.post(f"/attempts/{attempt_id}/finish")
    failed = text_of(client, f"/attempts/{attempt_id}/result")
    assert "Sắp được rồi, An!" in failed
    assert "Chưa đạt" not in failed
    assert "111" in failed

    again = begin(client, slug, key)
    answer(client, again, right=True)
    client.post(f"/attempts/{again}/finish")
    assert "Giỏi lắm, An" in text_of(client, f"/attempts/{again}/result")
    # Nobody else sees a pupil's marks: not a class mate, not the teacher, not the head teacher.
    session.commit()
    for other in ("other_pupil", "teacher", "head", "administrator"):
        assert sign_in(other).get(f"/attempts/{again}/review").status_code == 403
