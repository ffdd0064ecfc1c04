"""Review of a draft: by a second author, bound to what was there, with every word kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import db
from lms.core.db import session
from lms.courses.editing import drafts, making, reviewing
from lms.courses.editing.reviewing import NotAsked, NothingSaid, OwnReview
from lms.courses.immutability import Published
from lms.courses.models import ReviewNote, Version
from lms.notifications.models import Message
from tests.cast import Cast, make_cast
from tests.factories_courses import make_version
from tests.together import at_once

SignIn = Callable[[str], FlaskClient]
PAGE = "/authoring/cua-toi/review"


def make_draft(cast: Cast) -> Version:
    return making.copy_course(make_version("a"), slug="cua-toi", code="CT", unit_id=cast.units["so"].id, by=cast.accounts["author"].id)


@pytest.fixture
def draft(cast: Cast) -> Version:
    return make_draft(cast)


def test_asked_commented_and_approved(cast: Cast, draft: Version) -> None:
    author, other = cast.accounts["author"].id, cast.accounts["administrator"].id
    reviewing.ask(draft.id, "Xin xem giúp", by=author)
    reviewing.ask(draft.id, "", by=author)
    reviewing.comment(draft.id, "a", "Thiếu nguồn", by=other)
    reviewing.approve(draft.id, "", by=other)
    known = reviewing.review(draft)

    assert (known.state, known.asked_by, [each.what for each in known.notes]) == ("approved", author, ["asked", "comment", "approved"])
    told = session.execute(select(Message.account_id, Message.payload).where(Message.channel == "page").order_by(Message.id)).all()
    assert [(account, payload["what"]) for account, payload in told] == [(other, "asked"), (author, "approved")]


def test_what_is_changed_afterwards_is_not_approved(cast: Cast, draft: Version) -> None:
    reviewing.ask(draft.id, "", by=cast.accounts["author"].id)
    reviewing.approve(draft.id, "", by=cast.accounts["administrator"].id)
    drafts.note_change(drafts.locked(draft.id), "renamed", by=cast.accounts["author"].id)
    assert reviewing.review(draft).state == "changed"
    reviewing.ask(draft.id, "", by=cast.accounts["author"].id)

    assert reviewing.review(draft).state == "asked"


def test_nobody_approves_ones_own_nor_what_nobody_asked_for(cast: Cast, draft: Version) -> None:
    author, other = cast.accounts["author"].id, cast.accounts["administrator"].id
    with pytest.raises(NotAsked):
        reviewing.approve(draft.id, "", by=other)
    reviewing.ask(draft.id, "", by=author)
    with pytest.raises(OwnReview):
        reviewing.approve(draft.id, "", by=author)
    for act in (lambda: reviewing.send_back(draft.id, " ", by=other), lambda: reviewing.comment(draft.id, "", "", by=other)):
        with pytest.raises(NothingSaid):
            act()
    reviewing.send_back(draft.id, "Sửa bài 1", by=other)
    with pytest.raises(NotAsked):
        reviewing.approve(draft.id, "", by=other)


def test_a_published_version_is_not_reviewed(cast: Cast) -> None:
    with pytest.raises(Published):
        reviewing.ask(make_version("a").id, "", by=cast.accounts["author"].id)


def test_a_draft_with_words_about_it_can_be_thrown_away(cast: Cast, draft: Version) -> None:
    reviewing.comment(draft.id, "", "Bỏ đi", by=cast.accounts["administrator"].id)
    making.discard(draft.id, by=cast.accounts["author"].id)

    assert session.scalars(select(ReviewNote)).all() == []


@pytest.mark.usefixtures("real_database")
def test_two_reviewers_at_once_leave_one_decision() -> None:
    with db.transaction():
        cast = make_cast()
        draft_id, author, other = make_draft(cast).id, cast.accounts["author"].id, cast.accounts["administrator"].id
        reviewing.ask(draft_id, "", by=author)
    came = at_once(lambda: reviewing.approve(draft_id, "", by=other), lambda: reviewing.send_back(draft_id, "Sửa", by=other))

    assert sorted(type(each).__name__ for each in came) == ["NoneType", "NotAsked"]


def test_authors_talk_on_the_page_and_publish(draft: Version, sign_in: SignIn) -> None:
    assert sign_in("author").post(PAGE, data={"act": "ask", "text": "Xin xem giúp"}).status_code == 302
    other = sign_in("administrator")
    assert "chờ người đọc duyệt" in other.get("/").text
    assert other.post(PAGE, data={"act": "send_back", "text": ""}).status_code == 422
    other.post(PAGE, data={"act": "comment", "about": "a", "text": "Thiếu <b>nguồn</b>"})
    other.post(PAGE, data={"act": "approve", "text": ""})
    author = sign_in("author")
    page = author.get(PAGE).text

    assert "Thiếu &lt;b&gt;nguồn&lt;/b&gt;" in page
    assert "/authoring/cua-toi/activities/a" in page
    assert "đã được duyệt" in author.get("/").text
    author.post("/authoring/cua-toi/publish")
    assert author.get(PAGE).status_code == 200
    assert author.post(PAGE, data={"act": "comment", "text": "x"}).status_code == 404


def test_where_a_review_is_required_nothing_is_published_without(app: Flask, draft: Version, sign_in: SignIn, monkeypatch: Any) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], course_review="required"))
    draft_id = draft.id

    def is_published() -> bool:
        sign_in("author").post("/authoring/cua-toi/publish")
        return session.get_one(Version, draft_id).state == "published"

    assert not is_published()
    sign_in("author").post(PAGE, data={"act": "ask"})
    assert not is_published()
    sign_in("administrator").post(PAGE, data={"act": "approve"})
    assert is_published()
