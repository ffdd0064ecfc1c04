"""Stored files: bytes are kept once, under their SHA-256, and what they are is said by their content and not by their name."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ForeignKey, delete, func, select, update

from lms.core import clock
from lms.core.db import Model, session
from lms.core.errors import Invalid, NotFound, TooLarge
from lms.core.i18n import lazy_
from lms.core.models import File
from lms.core.rows import insert_new

MEGABYTE = 1_048_576  # bytes, as every file manager counts
LARGEST = 10 * MEGABYTE
KEPT_UNUSED = timedelta(days=30)  # a file may wait in the plan of an import, or between two versions
JOB = "files.sweep"


class FileNotTaken(Invalid):
    code = "file_not_taken"
    message = lazy_(
        "This kind of file cannot be kept. Pictures (PNG, JPEG, GIF, WebP), sound, video, PDF, office files and plain text can."
    )


class FileTooLarge(TooLarge):
    code = "stored_file_too_large"
    message = lazy_("The file is too large. At most {limit} MB can be kept.")


class FileGone(NotFound):
    code = "stored_file_gone"
    message = lazy_("A file of this import is no longer kept. Choose the file again.")


@dataclass(frozen=True)
class Stored:
    """A file as it is sent: ``opens`` says whether a browser may show it in a page."""

    media_type: str
    content: bytes
    opens: bool


@dataclass(frozen=True)
class _Sign:
    media_type: str
    is_in: Callable[[bytes], bool]


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(signs)


def _boxed(*names: bytes) -> Callable[[bytes], bool]:
    """Recognise the containers that carry their name behind a length."""
    return lambda data: data[4:8] == b"ftyp" and data[8:12] in names


def _riff(name: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(b"RIFF") and data[8:12] == name


def _zipped(*names: str) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(b"PK\x03\x04") and any(name in names for name in _names_in(data))


_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
_SIGNS = (
    _Sign("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    _Sign("image/jpeg", _begins(b"\xff\xd8\xff")),
    _Sign("image/gif", _begins(b"GIF87a", b"GIF89a")),
    _Sign("image/webp", _riff(b"WEBP")),
    _Sign("audio/wav", _riff(b"WAVE")),
    _Sign("audio/ogg", _begins(b"OggS")),
    _Sign("audio/flac", _begins(b"fLaC")),
    _Sign("audio/mpeg", _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    _Sign("audio/mp4", _boxed(b"M4A ", b"M4B ")),
    _Sign("video/mp4", _boxed(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV")),
    _Sign("video/webm", _begins(b"\x1aE\xdf\xa3")),
    _Sign("application/pdf", _begins(b"%PDF-")),
    _Sign("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _zipped("word/document.xml")),
    _Sign("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _zipped("xl/workbook.xml")),
    _Sign("application/vnd.openxmlformats-officedocument.presentationml.presentation", _zipped("ppt/presentation.xml")),
    _Sign("application/vnd.oasis.opendocument.text", lambda data: data[30:].startswith(_OPEN_DOCUMENT + b"text")),
    _Sign("application/vnd.oasis.opendocument.spreadsheet", lambda data: data[30:].startswith(_OPEN_DOCUMENT + b"spreadsheet")),
    _Sign("application/vnd.oasis.opendocument.presentation", lambda data: data[30:].startswith(_OPEN_DOCUMENT + b"presentation")),
    _Sign("application/zip", _begins(b"PK\x03\x04")),
    _Sign("application/x-ole-storage", _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),  # Word, Excel and PowerPoint before 2007
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# What the browser draws or plays; anything else is only ever saved.
_OPENING = ("image/", "audio/", "video/")


def media_type_of(data: bytes) -> str | None:
    """Return what the bytes are, by their signature; None for what is not kept: programs, pages, drawings with code, and the unknown."""
    for sign in _SIGNS:
        if sign.is_in(data):
            return sign.media_type
    return "text/plain" if _is_plain_text(data) else None


def has_macros(data: bytes) -> bool:
    """Return whether an office file brings programs along; in those from before 2007 nobody can tell."""
    return data.startswith(b"PK") and any(name.lower().endswith("vbaproject.bin") for name in _names_in(data))


def is_picture(data: bytes) -> bool:
    """Return whether the bytes are a picture that every browser shows."""
    return (media_type_of(data) or "").startswith("image/")


def size_of_picture(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG in dots; None for anything else, or one that is broken."""
    media_type = media_type_of(data)
    if media_type == "image/png" and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if media_type == "image/gif" and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if media_type != "image/jpeg":
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        # The frame of a JPEG is C0 to CF, but for three that are something else.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + length
    return None


def digest(data: bytes) -> str:
    """Return the name under which the bytes are kept."""
    return hashlib.sha256(data).hexdigest()


def refusal(data: bytes) -> Invalid | TooLarge | None:
    """Return why the bytes cannot be kept; None when they can."""
    if len(data) > LARGEST:
        return FileTooLarge(limit=LARGEST // MEGABYTE)
    return FileNotTaken() if media_type_of(data) is None else None


def keep(data: bytes) -> int:
    """Keep the bytes and return the id of their row; the same bytes again are the same row.

    Raises FileNotTaken and FileTooLarge.
    """
    if refused := refusal(data):
        raise refused
    return keep_as(data, media_type_of(data) or "")


def keep_as(data: bytes, media_type: str) -> int:
    """Keep bytes that the caller looked through, as what he found them to be; return the id of their row."""
    sha256, now = digest(data), clock.now()
    row = {"sha256": sha256, "media_type": media_type, "size": len(data), "content": data, "created_at": now}
    if made := insert_new(File, [row]):
        return made[0]
    # Whoever sweeps at this moment must see that it is wanted again.
    kept = session.scalar(update(File).where(File.sha256 == sha256).values(created_at=now).returning(File.id))
    return keep_as(data, media_type) if kept is None else kept


def content(sha256: str) -> bytes:
    """Return the bytes that are kept under this name.  Raises FileGone."""
    data = session.scalar(select(File.content).where(File.sha256 == sha256))
    if data is None:
        raise FileGone()
    return data


def stored(file_id: int) -> Stored:
    """Return a file with what is needed to send it."""
    media_type, data = session.execute(select(File.media_type, File.content).where(File.id == file_id)).one()
    return Stored(media_type, data, media_type.startswith(_OPENING))


def part(file_id: int, start: int, length: int) -> bytes:
    """Return so many bytes of a file from a place on; a long one is not read as a whole."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # substr() reads all that stands before.
        raw = connection.connection.driver_connection
        assert raw is not None
        with raw.blobopen(File.__tablename__, "content", file_id, readonly=True) as blob:
            blob.seek(min(start, len(blob)))
            return bytes(blob.read(length))
    return bytes(session.execute(select(func.substr(File.content, start + 1, length)).where(File.id == file_id)).scalar_one())


def sweep(_payload: object = None) -> None:
    """Forget files that nothing points at, once they had time enough to be used."""
    unused = [column.notin_(select(other).where(other.is_not(None))) for column, other in _references()]
    session.execute(delete(File).where(File.created_at < clock.now() - KEPT_UNUSED, *unused).execution_options(synchronize_session=False))


def _references() -> list[tuple[Any, Any]]:
    """Return the key of a file with every column that points at it, whichever package it belongs to."""
    own = File.__table__.c.id
    return [
        (own, column)
        for table in Model.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if isinstance(key, ForeignKey) and key.column is own
    ]


def _names_in(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        return []


def _is_plain_text(data: bytes) -> bool:
    # A page or a drawing is text too, and would run what is written in it if anything ever opened it as what it is.
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    begin = text.lstrip()[:1]
    return bool(begin) and begin != "<" and not text.startswith("#!") and not _CONTROL.search(text)
