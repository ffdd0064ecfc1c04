"""Pages of programmes: who is in and why, what another rule would change, targets and deadlines."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.models import AuditEntry
from lms.programmes import amending
from lms.programmes import queries_members as members
from lms.programmes.amending import BeforeTheLast, ChangedMeanwhile, NewRule
from lms.programmes.models import Deadline, Programme, Rule, Target
from lms.programmes.queries_members import Audience
from lms.reports import coverage
from tests.cast import Cast
from tests.factories_courses import make_programme, make_version

SignIn = Callable[[str], FlaskClient]
EVERYBODY = Audience()


@pytest.fixture
def programme(cast: Cast) -> Programme:
    return make_programme(make_version("a", slug="khoa").course, slug="nhan-su", positions=["teacher"])


def soon() -> date:
    return clock.today() + timedelta(days=30)


def text(client: FlaskClient, path: str) -> str:
    return client.get(path, query_string={"lang": "vi"}).get_data(as_text=True)


def new_rule(programme: Programme, **more: Any) -> NewRule:
    given: dict[str, Any] = {
        "from_day": soon(),
        "course_id": programme.rules[0].course_id,
        "positions": ("manager",),
        "grades": (),
        "valid_months": 12,
    }
    return NewRule(**given | more)


def test_a_head_sees_the_own_people_with_the_reason_and_changes_nothing(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    page = text(sign_in("head"), "/programmes/nhan-su")

    assert "Nguyễn Thị Thu Hường" in page
    assert "teacher, THCS Sông Xanh" in page
    assert "Lý Quốc Khởi" not in page  # of another ward
    assert "Nguyễn Hoàng Phúc" not in page.partition("<main")[2]  # a manager is not in it
    assert "Soạn quy tắc mới" not in page
    assert sign_in("head").post("/programmes/nhan-su", data={"act": "target", "day": "31/12/2027", "percent": "90"}).status_code == 403


def test_what_another_rule_would_change_is_shown_before_it_is_set(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    units = [cast.units["so"].id]

    found = members.preview(programme, Audience(("teacher",)), Audience(("manager",)), clock.today(), units)

    assert (found.now, found.then, found.coming, found.going) == (5, 1, 1, 5)
    assert [each.name for each in found.coming_names] == ["Nguyễn Hoàng Phúc"]
    assert members.preview(programme, EVERYBODY, Audience(("teacher", "manager")), clock.today(), units).coming == 0
    sent = {"from_day": soon().strftime("%d/%m/%Y"), "course": str(programme.rules[0].course_id), "positions": ["manager"], "known": "1"}
    page = sign_in("administrator").post("/programmes/nhan-su/rule", data=sent | {"act": "look"}).get_data(as_text=True)
    assert "Hôm nay có 5 người, theo quy tắc mới sẽ có 1 người: thêm 1, bớt 5." in page
    assert session.scalars(select(Rule.number)).all() == [1]


def test_a_rule_takes_over_on_its_day_and_the_ledger_follows(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    coverage.rebuild()
    course_id = programme.rules[0].course_id
    client = sign_in("administrator")
    sent = {
        "from_day": soon().strftime("%d/%m/%Y"),
        "course": str(course_id),
        "positions": ["manager"],
        "valid_months": "12",
        "known": "1",
        "act": "apply",
    }

    assert client.post("/programmes/nhan-su/rule", data=sent).status_code == 302
    again = client.post("/programmes/nhan-su/rule", data=sent)

    assert again.status_code == 422  # a double click: the page knew rule 1, and now there are two
    rules = session.scalars(select(Rule).order_by(Rule.number)).all()
    assert [(rule.number, rule.from_day, rule.until_day) for rule in rules] == [(1, rules[0].from_day, soon()), (2, soon(), None)]
    assert (rules[1].positions, rules[1].valid_months) == (["manager"], 12)
    while coverage.fold().left:
        pass
    assert coverage.verify().differences == ()
    assert "programmes.amended" in session.scalars(select(AuditEntry.action)).all()


def test_nothing_is_asked_of_people_in_hindsight(cast: Cast, programme: Programme) -> None:
    by = cast.accounts["administrator"].id

    with pytest.raises(BeforeTheLast):
        amending.amend(programme.id, new_rule(programme, from_day=programme.rules[0].from_day), known=1, by=by)
    with pytest.raises(ChangedMeanwhile):
        amending.amend(programme.id, new_rule(programme), known=7, by=by)

    assert session.scalars(select(Rule.number)).all() == [1]


def test_targets_and_deadlines_are_set_and_taken_away(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    client = sign_in("administrator")

    client.post("/programmes/nhan-su", data={"act": "target", "day": "31/12/2027", "percent": "85"})
    client.post("/programmes/nhan-su", data={"act": "target", "day": "31/12/2027", "percent": "90"})
    client.post("/programmes/nhan-su", data={"act": "deadline", "due": "10/10/2027", "title_vi": "Báo cáo năm"})
    assert [(each.day, each.share) for each in session.scalars(select(Target))] == [(date(2027, 12, 31), 0.9)]
    assert [(each.day, each.title) for each in session.scalars(select(Deadline))] == [
        (date(2027, 10, 10), {"vi": "Báo cáo năm", "en": "Báo cáo năm"})
    ]
    assert "90 % đến 31/12/2027" in text(client, "/programmes/nhan-su")
    client.post("/programmes/nhan-su", data={"act": "drop-target 2027-12-31"})
    client.post("/programmes/nhan-su", data={"act": "drop-deadline 2027-10-10"})

    assert session.scalars(select(Target)).all() == session.scalars(select(Deadline)).all() == []


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "target", "day": "", "percent": "85"},
        {"act": "target", "day": "31/12/2027", "percent": "0"},
        {"act": "target", "day": "31/12/2027", "percent": "101"},
        {"act": "deadline", "due": "31/02/2027", "title_vi": "Báo cáo"},
        {"act": "deadline", "due": "10/10/2027", "title_vi": " "},
    ],
)
def test_what_cannot_be_set_is_told(programme: Programme, sign_in: SignIn, sent: dict[str, str]) -> None:
    assert sign_in("administrator").post("/programmes/nhan-su", data=sent).status_code == 422
    assert session.scalars(select(Target)).all() == session.scalars(select(Deadline)).all() == []


def test_what_was_to_be_reached_by_a_day_that_is_over_stays(cast: Cast, programme: Programme, sign_in: SignIn) -> None:
    with clock.at(date(2021, 1, 1)):
        amending.set_target(programme, date(2021, 12, 31), 0.85, by=cast.accounts["administrator"].id)
    client = sign_in("administrator")

    client.post("/programmes/nhan-su", data={"act": "drop-target 2021-12-31"})
    client.post("/programmes/nhan-su", data={"act": "target", "day": "31/12/2021", "percent": "50"})

    assert [each.share for each in session.scalars(select(Target))] == [0.85]
    assert "Ngày này đã qua" in text(client, "/programmes/nhan-su")


def test_pupils_are_counted_and_never_named(cast: Cast, sign_in: SignIn) -> None:
    make_programme(make_version("a", slug="hs", audience="pupils").course, slug="hoc-sinh", audience="pupils", grades=[6])

    page = text(sign_in("administrator"), "/programmes/hoc-sinh")

    assert "3 người" in page
    assert "Trần Minh An" not in page
