"""Confirming and watching: once, joined, and as evidence that holds."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.core import clock, files
from lms.core.db import session
from lms.courses import authoring, materials, outline
from lms.courses.authoring import NotReady
from lms.courses.editing import making
from lms.courses.models import CourseFile, Version
from lms.learning import proof
from lms.learning.models import Enrolment, Result
from lms.materials import confirming, queries, settings, watching
from lms.materials.confirming import OtherEdition
from lms.materials.models import Acknowledgement, Watched
from tests.cast import Cast, make_cast
from tests.factories_courses import make_enrolment, make_version
from tests.factories_materials import FILES, NEWER_PDF, PDF, make_materials, material
from tests.together import at_once


def step(version: Version, key: str):  # type: ignore[no-untyped-def]
    return outline.outline(version.id).by_key[key]


def state(enrolment: Enrolment, key: str) -> str | None:
    return session.scalar(select(Result.state).where(Result.enrolment_id == enrolment.id, Result.activity_key == key))


def the_document(version: Version) -> materials.Material:
    return materials.of_version(version.id, ["files/quy-che.pdf"])["files/quy-che.pdf"]


def test_an_edition_is_confirmed_once(cast: Cast) -> None:
    version = make_materials("acknowledgement")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)

    for _ in range(2):
        confirming.confirm(
            enrolment.id, step(version, "acknowledgement"), the_document(version), seen=files.digest(PDF), by=cast.accounts["teacher"].id
        )

    assert session.scalar(select(func.count()).select_from(Acknowledgement)) == 1
    assert (state(enrolment, "acknowledgement"), session.get_one(Enrolment, enrolment.id).state) == ("completed", "completed")
    assert proof.verify().differences == ()


def test_what_the_reader_did_not_see_is_not_confirmed(cast: Cast) -> None:
    version = make_materials("acknowledgement")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)

    with pytest.raises(OtherEdition):
        confirming.confirm(
            enrolment.id,
            step(version, "acknowledgement"),
            the_document(version),
            seen=files.digest(NEWER_PDF),
            by=cast.accounts["teacher"].id,
        )

    assert state(enrolment, "acknowledgement") is None


def test_heads_see_who_confirmed_the_edition_of_today(cast: Cast) -> None:
    first = make_materials("acknowledgement")
    enrolment = make_enrolment(cast.persons["teacher"].id, first)
    confirming.confirm(
        enrolment.id, step(first, "acknowledgement"), the_document(first), seen=files.digest(PDF), by=cast.accounts["teacher"].id
    )
    units = [cast.units["school_a"].id]

    before = queries.confirmations(units, first.course_id, "acknowledgement", files.digest(PDF))
    second = make_version(material("acknowledgement", edition="2"), slug="tai-lieu", files=FILES | {"files/quy-che.pdf": NEWER_PDF})
    after = queries.confirmations(units, second.course_id, "acknowledgement", files.digest(NEWER_PDF))

    assert (before.people, before.confirmed, after.people, after.confirmed) == (4, 1, 4, 0)
    assert [line.at is None for line in before.lines] == [True, True, True, False]
    assert [line.name for line in queries.confirmations(units, first.course_id, "acknowledgement", files.digest(PDF), "huong").lines] == [
        "Nguyễn Thị Thu Hường"
    ]


def test_parts_of_a_video_are_joined_until_it_is_enough(cast: Cast) -> None:
    version = make_materials("video")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    video = step(version, "video")

    half = watching.watched(enrolment.id, video, [(0, 30)], 30)
    assert (half.share, state(enrolment, "video")) == (0.5, None)
    # The same part again, and a jump to the end, are not more of it.
    watching.watched(enrolment.id, video, [(0, 30), (58, 60)], 60)
    assert state(enrolment, "video") is None
    enough = watching.watched(enrolment.id, video, [(29, 53)], 53)

    assert (enough.share, enough.at_second, state(enrolment, "video")) == (pytest.approx(55 / 60), 53, "completed")
    assert proof.verify().differences == ()


@pytest.mark.usefixtures("real_database")
def test_two_windows_that_play_at_once_lose_nothing() -> None:
    cast = make_cast()
    version = make_materials("video")
    enrolment_id, version_id = make_enrolment(cast.persons["teacher"].id, version).id, version.id
    session.commit()

    def play(number: int) -> None:
        watching.watched(enrolment_id, outline.outline(version_id).by_key["video"], [(number * 6, number * 6 + 6)], number)

    at_once(*(lambda number=number: play(number) for number in range(8)))

    assert session.scalar(select(Watched.share)) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("video", {"captions": {"vi": "files/phim-vi.vtt"}}),
        ("video", {"seconds": 0}),
        ("video", {"files": {}}),
        ("document", {"files": {}}),
        ("document", {"files": {"vi": "files/mat.pdf"}}),
        ("acknowledgement", {"edition": ""}),
    ],
)
def test_what_lacks_something_is_not_published(cast: Cast, kind: str, more: dict[str, object]) -> None:
    version = make_version(material(kind, **more), files=FILES, published=False)

    with pytest.raises(NotReady):
        authoring.publish(version)


def test_pupils_confirm_no_documents(cast: Cast) -> None:
    version = make_version(material("acknowledgement"), files=FILES, audience="pupils", published=False)

    with pytest.raises(NotReady, match="chỉ cán bộ"):
        authoring.publish(version)


@pytest.mark.parametrize("data", [b"%PDF-1.7" + bytes(range(256)) * 40, b"x"])
def test_a_part_of_a_file_is_that_part(cast: Cast, data: bytes) -> None:
    file_id = files.keep_as(data, "application/octet-stream")

    assert [files.part(file_id, 0, len(data)), files.part(file_id, 3, 5), files.part(file_id, len(data), 9)] == [data, data[3:8], b""]


def test_a_new_version_keeps_its_files(cast: Cast) -> None:
    version = make_materials()
    later = making.new_version(version, by=cast.accounts["author"].id)

    assert set(session.scalars(select(CourseFile.path).where(CourseFile.version_id == later.id))) == set(FILES)
    assert (
        settings.video(next(each for section in later.sections for each in section.activities if each.kind == "video").settings).seconds
        == 60
    )


def test_what_was_confirmed_stays_when_the_clock_goes_on(cast: Cast) -> None:
    version = make_materials("acknowledgement")
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    confirming.confirm(
        enrolment.id, step(version, "acknowledgement"), the_document(version), seen=files.digest(PDF), by=cast.accounts["teacher"].id
    )
    moment = queries.confirmed(cast.persons["teacher"].id, "tai-lieu", "acknowledgement")[0].at
    with clock.at(clock.now() + timedelta(days=30)):
        confirming.confirm(
            enrolment.id, step(version, "acknowledgement"), the_document(version), seen=files.digest(PDF), by=cast.accounts["teacher"].id
        )

    assert [each.at for each in queries.confirmed(cast.persons["teacher"].id, "tai-lieu", "acknowledgement")] == [moment]
