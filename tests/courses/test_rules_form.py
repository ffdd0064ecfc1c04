"""The page on which an author says when an activity is done and when it may be done."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.courses import authoring
from lms.courses import outline as outlines
from lms.courses.editing import making
from lms.courses.models import Activity, Version
from tests.cast import Cast
from tests.factories_courses import activity, make_version

SignIn = Callable[[str], FlaskClient]
PATH = "/authoring/khoa/activities/b/rules"


@pytest.fixture
def version(cast: Cast) -> Version:
    made = make_version("a", "b", activity("q", "quiz"), slug="khoa", published=False)
    made.course.owner_unit_id = cast.units["ward_a"].id
    session.commit()
    return made


def kept(version: Version, key: str = "b") -> tuple[Any, Any, bool]:
    row = session.scalars(select(Activity).where(Activity.version_id == version.id, Activity.key == key)).one()
    session.refresh(row)
    return row.completion, row.available, row.hidden


@pytest.mark.parametrize(
    ("sent", "available"),
    [
        ({"mode": "always", "done": ["a"]}, None),
        ({"mode": "all", "done": ["a"]}, {"all": [{"done": "a"}]}),
        (
            {"mode": "any", "done": ["a"], "from_day": "01/12/2026", "until_day": "31/05/2099", "positions": ["manager"]},
            {"any": [{"done": "a"}, {"from": "2026-12-01"}, {"until": "2099-05-31"}, {"positions": ["manager"]}]},
        ),
        (
            {"mode": "all", "passed": ["q"], "share_of": "q", "share": "60"},
            {"all": [{"passed": "q"}, {"share": {"of": "q", "least": 0.6}}]},
        ),
        ({"mode": "written", "written": "{not: {any: [{done: a}, {until: 2026-01-01}]}}"}, {"not": {"any": [{"done": "a"}, {"until": "2026-01-01"}]}}),
    ],
)  # fmt: skip
def test_what_is_sent_is_kept_and_shown_again(version: Version, sign_in: SignIn, sent: dict[str, Any], available: Any) -> None:
    client = sign_in("author")

    answer = client.post(PATH, data={"completion": ["read", "checks"], **sent})

    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert kept(version) == (["read", "checks"], available, False)
    # Saving what the page shows changes nothing.
    page = client.get(PATH).get_data(as_text=True)
    assert ('value="written" id="mode-3" checked' in page) is (sent["mode"] == "written")


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"mode": "always", "completion": []}, "Chọn ít nhất một điều"),
        ({"mode": "all"}, "Hãy chọn ở dưới điều cần chờ"),
        ({"mode": "all", "share_of": "q"}, "Hãy ghi số phần trăm"),
        ({"mode": "written", "written": "{done: "}, "đóng đủ các dấu ngoặc"),
        ({"mode": "written", "written": "{dome: a}"}, "Không có điều kiện “dome”"),
        ({"mode": "written", "written": ""}, "một tên với giá trị"),
        ({"mode": "always", "completion": ["passed"]}, ""),
        ({"mode": "all", "done": ["zzz"]}, ""),
        ({"mode": "all", "from_day": "31/02/2026"}, ""),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(version: Version, sign_in: SignIn, sent: dict[str, Any], says: str) -> None:
    client = sign_in("author")

    answer = client.post(PATH, data={"completion": ["read"], **sent})

    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert kept(version) == (None, None, False)


def test_a_quiz_asks_for_marks(version: Version, sign_in: SignIn) -> None:
    path = "/authoring/khoa/activities/q/rules"
    client = sign_in("author")

    assert client.post(path, data={"completion": ["submitted", "share"], "mode": "always"}).status_code == 422
    assert client.post(path, data={"completion": ["submitted", "share"], "least": "60", "mode": "always"}).status_code == 302

    assert kept(version, "q") == (["submitted", {"share": 0.6}], None, False)


def test_what_nobody_could_complete_is_not_published(version: Version, sign_in: SignIn) -> None:
    client = sign_in("author")
    client.post(PATH, data={"completion": ["read"], "mode": "all", "done": ["a"]})
    client.post("/authoring/khoa/activities/a/rules", data={"completion": ["read"], "mode": "all", "done": ["b"]})

    page = client.get("/authoring/khoa/publish").get_data(as_text=True)

    assert "các điều kiện chờ lẫn nhau" in page
    with pytest.raises(authoring.NotReady):
        authoring.publish(session.get_one(Version, version.id))


def test_rules_go_along_into_the_next_version(cast: Cast) -> None:
    rules = {"completion": ["read", "checks"], "available": {"all": [{"done": "a"}]}, "hidden": True}
    first = make_version("a", activity("b", **rules), slug="khoa", needed=1)

    second = making.new_version(first, by=cast.accounts["author"].id)

    assert kept(second) == (["read", "checks"], {"all": [{"done": "a"}]}, True)
    assert outlines.outline(second.id).needed == 1
