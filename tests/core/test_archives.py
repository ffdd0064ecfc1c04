"""Archives from strangers: safe ones open, the others end in a clear error."""

import io
import json
import tarfile
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lms.core import archives
from lms.core.errors import LmsError

CASES = Path(__file__).parents[3] / "shared" / "cases"
WANTED = json.loads((CASES / "EXPECT.json").read_text())["files"] if CASES.exists() else []
FILES = {one["path"]: one["expected"] for one in WANTED if one["path"].startswith("archives/")} if CASES.exists() else {}


def packed(*files: tuple[str, bytes], mode: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", mode) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.skipif(not FILES, reason="the shared cases are not here")
@pytest.mark.parametrize("name", sorted(FILES))
def test_collected_archives_end_as_expected(name: str):
    expected: dict[str, Any] = FILES[name]
    content = (CASES / name).read_bytes()
    if not expected.get("valid"):
        with pytest.raises(LmsError) as refused:
            archive = archives.open_archive(content)
            [archive.read(entry.name) for entry in archive.entries]
        assert isinstance(refused.value, archives.Damaged | archives.Unsafe | archives.Encrypted)
        return
    archive = archives.open_archive(content)
    names = expected.get("entry_names_after_decoding_NFC") or expected["entries"]
    assert [unicodedata.normalize("NFC", entry.name) for entry in archive.entries] == names
    assert all(len(archive.read(entry.name)) == entry.size for entry in archive.entries)


def test_files_come_out_as_they_went_in():
    archive = archives.open_zip(packed(("danh-sách.txt", "Ánh".encode()), ("a/b.txt", b"x" * 5000)))

    assert [(entry.name, entry.size) for entry in archive.entries] == [("danh-sách.txt", 4), ("a/b.txt", 5000)]
    assert archive.read("danh-sách.txt").decode() == "Ánh"
    assert archive.read("a/b.txt") == b"x" * 5000


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/passwd", "C:/x.txt", "a/../../b", "..\\evil.txt", "a//b", "tab\tname"])
def test_a_name_that_leaves_the_folder_is_refused(name: str):
    with pytest.raises(archives.Unsafe):
        archives.open_zip(packed((name, b"1")))


def test_a_file_that_is_also_a_folder_is_refused():
    with pytest.raises(archives.Unsafe):
        archives.open_zip(packed(("a", b"1"), ("a/b", b"1")))


def test_a_bomb_is_not_opened():
    content = packed(("big", b"0" * 60_000_000))

    with pytest.raises(archives.Bomb):
        archives.open_zip(content)
    with pytest.raises(archives.Bomb):
        archives.open_zip(packed(*[(str(number), b"") for number in range(20)]), archives.Limits(entries=10))


def test_a_false_promise_of_size_is_noticed():
    content = bytearray(packed(("a", b"0" * 1000)))
    # The directory and the header both promise 10 bytes.
    for at in (22, content.index(b"PK\x01\x02") + 24):
        content[at : at + 4] = (10).to_bytes(4, "little")

    with pytest.raises(archives.Damaged):
        archives.open_zip(bytes(content)).read("a")


def test_a_symbolic_link_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(archives.Unsafe):
        archives.open_zip(target.getvalue())


def test_a_link_in_a_tar_is_refused():
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)

    with pytest.raises(archives.Unsafe):
        archives.open_archive(target.getvalue())


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"hello", b"PK\x03\x04 and then nothing", b"\x1f\x8b\x08 broken"])
def test_other_files_are_told_apart(content: bytes):
    with pytest.raises(LmsError):
        archives.open_archive(content)


def test_every_cut_of_a_good_archive_is_refused():
    content = packed(("a.txt", b"hello"), ("b.txt", b"world"))

    for length in range(len(content)):
        with pytest.raises(LmsError):
            archives.open_zip(content[:length])
