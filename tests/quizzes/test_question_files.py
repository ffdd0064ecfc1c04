"""Files of questions: they come in with a file, stand in the pages, and go out again."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import files
from lms.core.db import session
from lms.core.i18n import in_language
from lms.core.models import File, Import
from lms.interop.gift import reader as gift
from lms.interop.moodle_xml import reader as moodle_xml
from lms.interop.moodle_xml import writer as moodle_xml_writer
from lms.quizzes import drafting, file_links, question_types
from lms.quizzes.bank import importing, storing
from lms.quizzes.content import QuestionDraft
from lms.quizzes.models.bank import QuestionFile, QuestionVersion
from tests.cast import Cast
from tests.factories_quizzes import PICTURE
from tests.quizzes.test_views import get

SignIn = Callable[[str], FlaskClient]
GIFT = (
    '::Hình:: [html]Đây là <img src\\="@@PLUGINFILE@@/h%C3%ACnh.png" alt\\="lá cờ"> và '
    '<a href\\="@@PLUGINFILE@@/a.mp3">nghe</a> hay <a href\\="@@PLUGINFILE@@/b.pdf">đọc</a> {TRUE}'
)


def draft(**with_files: bytes) -> QuestionDraft:
    read = gift.read(GIFT.encode(), "vi")
    return replace(read.drafts[0], files={"hình.png": PICTURE, "a.mp3": b"ID3\x04", "b.pdf": b"%PDF-1.7"} | with_files)


def prepared(of: QuestionDraft) -> QuestionDraft:
    return drafting.prepare(of, question_types.get("true_false")).draft


@pytest.mark.usefixtures("app")
def test_links_stay_in_the_text_and_files_beside_it() -> None:
    ready = drafting.prepare(draft(), question_types.get("true_false"))

    assert ready.problems == ()
    assert file_links.named(ready.draft.texts.in_all("stem")) == {"hình.png", "a.mp3", "b.pdf"}
    assert ready.draft.files == draft().files


@pytest.mark.usefixtures("app")
def test_what_cannot_be_kept_is_told_and_loses_its_link() -> None:
    ready = drafting.prepare(replace(draft(), files={"hình.png": b"<svg onload='x'/>", "a.mp3": b"ID3"}), question_types.get("true_false"))

    assert file_links.named(ready.draft.texts.in_all("stem")) == {"a.mp3"}
    with in_language("en"):
        assert [str(problem.message) for problem in ready.problems] == [
            "The file hình.png is left out. This kind of file cannot be kept. Pictures (PNG, JPEG, GIF, WebP), sound, video, PDF, office files and plain text can.",
            "The file b.pdf is named in the text, but did not come with it.",
        ]


@pytest.mark.usefixtures("database")
def test_the_same_question_with_the_same_files_is_unchanged_and_with_another_picture_is_a_new_version() -> None:
    fates = [storing.store([prepared(each)], unit_id=None)[0].fate for each in (draft(), draft(), draft(**{"a.mp3": b"ID3\x03"}))]

    # A question without an id is known by its content.
    assert fates == ["new", "unchanged", "new"]
    assert session.scalar(select(func.count(File.id))) == 4
    assert session.scalar(select(func.count()).select_from(QuestionFile)) == 6


XML = """<quiz><question type="truefalse"><name><text>Cờ</text></name>
<questiontext format="html"><text>Đây là <![CDATA[<img src="@@PLUGINFILE@@/co.png" alt="lá cờ">]]></text>
<file name="co.png" path="/" encoding="base64">{picture}</file><file name="them.pdf" path="/" encoding="base64">JVBERi0xLjc=</file></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>"""


def xml() -> bytes:
    return XML.replace("{picture}", b64encode(PICTURE).decode()).encode()


def planned() -> Import:
    plan = importing.preview(moodle_xml.read(xml(), "vi"), format_key="moodle_xml", language="vi", unit_id=None)
    return importing.keep(plan, unit_id=None, file_name="co.xml", data=xml(), by=None)


@pytest.mark.usefixtures("database")
def test_files_wait_in_the_plan_come_in_with_it_and_go_with_its_undoing() -> None:
    row = planned()
    assert session.scalar(select(func.count()).select_from(QuestionFile)) == 0

    importing.apply(row, by=None)
    assert sorted(session.scalars(select(QuestionFile.name))) == ["co.png", "them.pdf"]
    assert dict(importing.counts(planned().plan)) == {"unchanged": 1}

    importing.undo(row, by=None)
    assert session.scalar(select(func.count()).select_from(QuestionFile)) == 0


@pytest.mark.usefixtures("app")
def test_out_and_in_again_is_equal() -> None:
    before = prepared(moodle_xml.read(xml(), "vi").drafts[0])

    written = moodle_xml_writer.write([before], language="vi")

    assert written.problems == ()
    assert prepared(moodle_xml.read(written.data, "vi").drafts[0]) == before


def test_a_page_shows_the_picture_which_is_sent_safely_and_kept_by_the_browser(cast: Cast, sign_in: SignIn) -> None:
    importing.apply(planned(), by=None)
    question_id = session.scalars(select(QuestionVersion.question_id)).one()
    session.commit()
    address = f"/questions/files/{files.digest(PICTURE)}/co.png"

    assert f'<img src="{address}" alt="lá cờ">' in get(sign_in("author"), f"/questions/{question_id}")

    sent = sign_in("pupil").get(address)
    assert (sent.status_code, sent.mimetype, sent.data) == (200, "image/png", PICTURE)
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert sent.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Content-Disposition" not in sent.headers
    paper = sign_in("pupil").get(f"/questions/files/{files.digest(b'%PDF-1.7')}/them.pdf")
    assert paper.headers["Content-Disposition"] == "attachment; filename=them.pdf"


def test_a_file_of_no_question_is_not_sent(cast: Cast, sign_in: SignIn) -> None:
    files.keep(PICTURE)
    session.commit()

    assert sign_in("author").get(f"/questions/files/{files.digest(PICTURE)}/co.png").status_code == 404
