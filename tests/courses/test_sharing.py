"""Course packages: what was signed elsewhere is known to be so, anything altered is refused, and bringing in can be undone."""

import json
from collections.abc import Callable
from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import imports, signing
from lms.core.db import session
from lms.core.errors import LmsError
from lms.core.models import Import, SigningKey
from lms.courses import authoring, packages, sources
from lms.courses.editing import drafts, making
from lms.courses.editing.making import SlugTaken, WrongSlug
from lms.courses.models import Course, Sender, Version
from lms.courses.sharing import bringing, giving, packing
from lms.courses.sharing.bringing import DraftThere, Fate, TouchedSince
from lms.courses.sharing.packing import LIST, SIGNATURE, NewerPackage, Tampered
from lms.quizzes.models.bank import Category, Question, QuestionVersion
from tests.cast import Cast
from tests.factories_courses import make_version
from tests.factories_packages import ELSEWHERE, KEY, course_files, make_package, make_plain_zip, signer_of
from tests.together import at_once

SignIn = Callable[[str], FlaskClient]
SECRET = "x" * 40
pytestmark = pytest.mark.usefixtures("database")


def parts(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resealed(package: bytes, change: Callable[[dict[str, Any]], object], key: Ed25519PrivateKey = KEY) -> bytes:
    """The package with another list, signed again: what a sender can say, but nobody else."""
    found = parts(package)
    listed = json.loads(found[LIST])
    change(listed)
    text = json.dumps(listed).encode()
    return packages.zipped(found | {LIST: text, SIGNATURE: signer_of(key).sign(b"antoanso course package 1\n" + text).encode()})


def plan(cast: Cast, content: bytes) -> Import:
    return bringing.plan(content, unit_id=cast.units["so"].id, file_name="goi.zip", by=cast.accounts["author"].id)


def apply(cast: Cast, row: Import, slug: str = "goi", *, compared: bool = False) -> Version:
    return bringing.apply(row, slug=slug, compared=compared, by=cast.accounts["author"].id)


def fate(row: Import) -> Fate:
    return bringing.outlook(bringing.draft_of(row), row.unit_id).fate


def counts() -> list[int]:
    return [
        session.scalar(select(func.count()).select_from(table)) or 0 for table in (Course, Version, Question, QuestionVersion, Category)
    ]


def test_a_package_says_who_signed_it() -> None:
    found = packing.opened(make_package())

    assert (found.origin.course, found.origin.version, found.origin.name) == ("goi", 3, ELSEWHERE.name)  # type: ignore[union-attr]
    assert found.origin.key == signer_of().public_key  # type: ignore[union-attr]
    assert dict(found.files) == course_files()


def test_a_plain_zip_has_no_sender() -> None:
    assert packing.opened(make_plain_zip()).origin is None


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found | {"lessons/a.vi.md": found["lessons/a.vi.md"] + b"!"},
        lambda found: found | {"lessons/b.vi.md": b"more"},
        lambda found: {name: data for name, data in found.items() if name != "lessons/a.vi.md"},
        lambda found: {name: data for name, data in found.items() if name != SIGNATURE},
        lambda found: {name: data for name, data in found.items() if name != LIST},
        lambda found: found | {SIGNATURE: b""},
        lambda found: found | {SIGNATURE: b"\xff\x00"},
        lambda found: found | {LIST: b"{"},
        lambda found: found | {LIST: b"[]"},
        lambda found: found | {LIST: b"[" * 100_000},
        lambda found: found | {LIST: found[LIST].replace(b"noikhac", b"sogddt ")},
        lambda found: found | {LIST: found[LIST].replace(b'"version": 3', b'"version": 4')},
    ],
)
def test_what_was_changed_after_signing_is_refused(change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> None:
    with pytest.raises(Tampered):
        packing.opened(packages.zipped(change(parts(make_package()))))


def test_no_flip_of_a_bit_is_taken_for_the_package() -> None:
    package, random = make_package(), Random(7)
    whole = packing.opened(package)
    for _ in range(400):
        place = random.randrange(len(package))
        changed = bytearray(package)
        changed[place] ^= 1 << random.randrange(8)
        try:
            found = packing.opened(bytes(changed))
        except LmsError:
            continue
        # A bit that nobody reads, such as one of a date, may be another.
        assert found == whole


def test_the_signature_of_another_key_is_not_ours() -> None:
    other = Ed25519PrivateKey.generate()
    found = parts(make_package())
    forged = packages.zipped(found | {SIGNATURE: signer_of(other).sign(b"antoanso course package 1\n" + found[LIST]).encode()})

    with pytest.raises(Tampered):
        packing.opened(forged)
    assert packing.opened(make_package(key=other)).origin.key != signer_of().public_key  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["Sở\0", "Sở \u202e", "\ud800", "x" * 301])
def test_a_name_that_cannot_be_read_is_refused_even_when_signed(name: str) -> None:
    with pytest.raises(Tampered):
        packing.opened(resealed(make_package(), lambda listed: listed.update(name=name)))


@pytest.mark.real_database
def test_two_who_need_the_first_key_at_once_get_the_same(real_database: str) -> None:
    came = at_once(*[lambda: signing.signer("courses", SECRET).public_key] * 3)

    assert len(set(came)) == 1
    assert session.scalar(select(func.count()).select_from(SigningKey)) == 1


def test_a_package_of_a_later_release_says_so() -> None:
    with pytest.raises(NewerPackage):
        packing.opened(resealed(make_package(), lambda listed: listed.update(schema=2)))


@pytest.mark.parametrize("version", [0, True, "3", None])
def test_a_list_that_cannot_be_read_is_refused_even_when_signed(version: object) -> None:
    with pytest.raises(Tampered):
        packing.opened(resealed(make_package(), lambda listed: listed.update(version=version)))
    with pytest.raises(Tampered):
        packing.opened(resealed(make_package(), lambda listed: listed.update(files=[])))


def test_the_key_stays_and_is_closed_to_who_has_only_the_database() -> None:
    first = signing.signer("courses", SECRET)

    assert signing.signer("courses", SECRET).public_key == first.public_key
    assert signing.current("courses", "another secret") is None
    assert signing.signer("courses", "another secret").public_key != first.public_key
    rows = session.scalars(select(SigningKey).order_by(SigningKey.id)).all()
    assert [row.retired_at is None for row in rows] == [False, True]
    assert signing.is_signed_by(first.public_key, first.sign(b"x"), b"x")
    assert not signing.is_signed_by(first.public_key, first.sign(b"x"), b"y")
    assert not signing.is_signed_by("kein Schlüssel", first.sign(b"x"), b"x")


def test_what_is_given_out_is_what_learners_get(cast: Cast) -> None:
    version = make_version("a", slug="cua-so")
    content = giving.package(version, signing.signer(giving.PURPOSE, SECRET), "https://so.example.vn")
    found = packing.opened(content)

    assert sources.load(found.files).content_hash() == sources.load(packages.files_of("cua-so")).content_hash()
    assert (found.origin.name, found.origin.address) == ("An toàn số", "https://so.example.vn")  # type: ignore[union-attr]


def test_it_comes_in_as_a_draft_with_its_origin_and_goes_again(cast: Cast) -> None:
    before = counts()
    row = plan(cast, make_package())
    assert counts() == before
    assert fate(row) is Fate.NEW

    version = apply(cast, row)

    assert (version.state, version.number, version.course.owner_unit_id) == ("draft", 1, cast.units["so"].id)
    assert version.origin["name"] == ELSEWHERE.name  # type: ignore[index]
    assert counts() != before
    bringing.undo(row, by=cast.accounts["author"].id)
    assert counts() == before
    with pytest.raises(imports.NotApplied):
        bringing.undo(row, by=cast.accounts["author"].id)


def test_the_second_of_two_clicks_does_nothing(cast: Cast) -> None:
    row = plan(cast, make_package())
    apply(cast, row)

    with pytest.raises(imports.NotPlanned):
        apply(cast, row)
    assert session.scalar(select(func.count()).select_from(Version)) == 1


def test_the_same_again_changes_nothing_and_a_later_one_is_the_next_version(cast: Cast) -> None:
    authoring.publish(apply(cast, plan(cast, make_package())))
    again = plan(cast, make_package())
    assert fate(again) is Fate.UNCHANGED
    assert apply(cast, again).number == 1
    assert again.result["new"] == 0  # type: ignore[index]
    bringing.undo(again, by=cast.accounts["author"].id)
    assert session.scalars(select(Version.state)).all() == ["published"]
    later = course_files() | {"lessons/a.vi.md": course_files()["lessons/a.vi.md"] + "\nThêm một câu.\n".encode()}

    row = plan(cast, make_package(files=later))

    assert fate(row) is Fate.NEXT
    assert apply(cast, row).number == 2


def test_a_draft_that_somebody_works_on_is_not_hidden_by_another(cast: Cast) -> None:
    version = apply(cast, plan(cast, make_package()))
    drafts.note_change(version, "tried", by=cast.accounts["author"].id)
    version.title = {"vi": "Của chúng tôi", "en": "Ours"}
    row = plan(cast, make_package())

    assert fate(row) is Fate.DRAFT_THERE
    with pytest.raises(DraftThere):
        apply(cast, row)


def test_the_course_of_others_keeps_its_address(cast: Cast) -> None:
    make_version("a", slug="goi")
    row = plan(cast, make_package())
    assert fate(row) is Fate.TAKEN
    with pytest.raises(SlugTaken):
        apply(cast, row)


@pytest.mark.parametrize("slug", ["", "Đường", "a b", "-", "x" * 61])
def test_an_address_that_is_none_is_refused(cast: Cast, slug: str) -> None:
    row = plan(cast, make_package())
    with pytest.raises(WrongSlug):
        apply(cast, row, slug)


def test_a_free_address_is_found(cast: Cast) -> None:
    for slug in ("goi", "goi-2"):
        make_version("a", slug=slug)
    assert bringing.free_slug("goi") == "goi-3"
    assert len(bringing.free_slug("x" * 60)) <= making.LONGEST_SLUG


def test_what_somebody_worked_on_or_published_stays(cast: Cast) -> None:
    row = plan(cast, make_package())
    version = apply(cast, row)
    drafts.note_change(version, "tried", by=cast.accounts["author"].id)

    with pytest.raises(TouchedSince):
        bringing.undo(row, by=cast.accounts["author"].id)


def test_a_key_that_was_compared_is_known_from_then_on(cast: Cast) -> None:
    row = plan(cast, make_package())
    origin = bringing.origin_of(row)
    assert origin is not None
    assert bringing.sender(origin) is None
    apply(cast, row, compared=True)

    known = bringing.sender(origin)

    assert known is not None
    assert (known.name, known.by_account_id) == (ELSEWHERE.name, cast.accounts["author"].id)
    other = packing.opened(make_package(key=Ed25519PrivateKey.generate())).origin
    assert other is not None
    assert bringing.sender(other) is None


def test_a_copy_and_the_next_version_say_where_they_come_from(cast: Cast) -> None:
    version = authoring.publish(apply(cast, plan(cast, make_package())))

    assert making.new_version(version, by=1).origin == version.origin
    assert making.copy_course(version, slug="cua-toi", code="CT", unit_id=cast.units["so"].id, by=1).origin == version.origin


def send(client: FlaskClient, cast: Cast, content: bytes):  # type: ignore[no-untyped-def]
    return client.post("/authoring/import", data={"file": (BytesIO(content), "goi.zip"), "unit": str(cast.units["so"].id)})


def test_pages_from_choosing_to_undoing(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("author")
    sent = send(client, cast, make_package())
    assert sent.status_code == 302
    page = sent.location
    shown = client.get(page).text
    assert "Sở GD&amp;ĐT Nơi Khác" in shown
    assert signing.fingerprint(signer_of().public_key) in shown

    assert client.post(page, data={"slug": "Có dấu"}).status_code == 422
    assert client.post(page, data={"slug": "goi", "compared": "y"}).status_code == 302
    assert client.post(page, data={"slug": "goi"}).status_code == 302
    done = client.get(page).text
    assert "/authoring/goi" in done
    assert "Sở GD&amp;ĐT Nơi Khác" in client.get("/authoring/goi").text
    assert session.scalar(select(func.count()).select_from(Sender)) == 1
    assert client.post(f"{page}/undo").status_code == 302
    assert client.get("/authoring/goi").status_code == 404


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", make_package()[:-40], packages.zipped({"readme.txt": b"x"})])
def test_a_wrong_file_is_refused_and_nothing_is_kept(cast: Cast, sign_in: SignIn, content: bytes) -> None:
    assert send(sign_in("author"), cast, content).status_code == 422
    assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_spoilt_course_says_what_to_mend(cast: Cast, sign_in: SignIn) -> None:
    content = make_package(files=course_files() | {"lessons/a.vi.md": b"no head"})
    page = send(sign_in("author"), cast, content)

    assert page.status_code == 422
    assert "lessons/a.vi.md" in page.text


@pytest.mark.parametrize(
    ("path", "found", "instead"),
    [
        ("course.yaml", "Khóa từ nơi khác", '"a\\0b"'),
        ("course.yaml", "Khóa từ nơi khác", '"a\\uD800b"'),
        ("lessons/a.vi.md", "Why this matters.", "Why\0"),
        ("questions.vi.gift", "Đúng chứ?", "Đúng\0"),
    ],
)
def test_signs_that_no_database_keeps_are_named_with_their_file(cast: Cast, sign_in: SignIn, path: str, found: str, instead: str) -> None:
    files = course_files()
    page = send(sign_in("author"), cast, make_package(files=files | {path: files[path].decode().replace(found, instead).encode()}))

    assert page.status_code == 422
    assert path in page.text


def test_a_version_is_packed_and_taken_along(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", slug="cua-so")
    client = sign_in("author")
    assert client.get("/authoring/cua-so/share/1.zip").status_code == 404
    packed = client.post("/authoring/cua-so/share/1")
    shown = client.get(packed.location).text
    content = client.get("/authoring/cua-so/share/1.zip").data

    origin = packing.opened(content).origin
    assert origin is not None
    assert signing.fingerprint(origin.key) in shown
    assert client.post("/authoring/cua-so/share/2").status_code == 404
