"""Opening .zip and .tar.gz files from strangers: nothing leaves its folder, nothing grows without end."""

import stat
import struct
import tarfile
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from lms.core.errors import Invalid
from lms.core.i18n import lazy_

_END = struct.Struct("<4s4H2LH")
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
# Code pages that Windows wrote into names without saying so: Western, Central European, Vietnamese.
_CODE_PAGES = ("cp437", "cp852", "cp1258")
# Below this a high ratio is nothing to fear.
_RATIO_FROM = 20_000_000


class NotAnArchive(Invalid):
    code = "not_an_archive"
    message = lazy_("This is not a .zip or .tar.gz file. Choose the file that you exported.")


class Damaged(Invalid):
    code = "archive_damaged"
    message = lazy_(
        "The archive is damaged or was put together in an unusual way ({reason}). Unpack it on your computer, pack it again and try once more."
    )


class Unsafe(Invalid):
    code = "archive_unsafe"
    message = lazy_('The archive holds a file that would leave its folder or hide another one: "{name}". It was not opened.')


class Encrypted(Invalid):
    code = "archive_encrypted"
    message = lazy_("The archive is protected by a password. Pack it again without a password.")


class Bomb(Invalid):
    code = "archive_too_large"
    status = 413
    message = lazy_("Unpacked, the archive would be larger than {limit} MB or have more than {entries} files. It was not opened.")


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold when unpacked; sizes in bytes."""

    total: int = 500_000_000
    entries: int = 10_000
    ratio: int = 300


@dataclass(frozen=True)
class Entry:
    """A file or folder in an archive; the name is in NFC, with slashes, and stays inside."""

    name: str
    size: int  # bytes, unpacked

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


class Archive(Protocol):
    """An archive that was looked through and found safe."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what is in it, in its order."""

    def read(self, name: str) -> bytes:
        """Return the content of a file; raises KeyError when there is none, Damaged when it does not fit its sum."""


def open_archive(content: bytes, limits: Limits | None = None) -> Archive:
    """Look through a .zip or .tar.gz and return it.

    Raises NotAnArchive, Damaged, Unsafe, Encrypted, Bomb.
    """
    if content[:2] == b"\x1f\x8b":
        return open_tar(content, limits)
    return open_zip(content, limits)


def open_zip(content: bytes, limits: Limits | None = None) -> "Zip":
    """Look through a .zip and return it.

    Two programs must not see two different contents in one file, so anything
    ambiguous is refused: bytes before or between the parts, a second end,
    headers that contradict each other, the same name twice.  Raises
    NotAnArchive, Damaged, Unsafe, Encrypted, Bomb.
    """
    limits = limits or Limits()
    parts = _parts(content, limits)
    decode = _decoder([part.raw_name for part in parts if not part.flags & _UTF8])
    named = [
        (_safe_name(part.raw_name.decode("utf-8", "replace") if part.flags & _UTF8 else decode(part.raw_name)), part) for part in parts
    ]
    _refuse_twice(name for name, _ in named)
    return Zip(content, dict(named))


def open_tar(content: bytes, limits: Limits | None = None) -> "Tar":
    """Look through a .tar.gz and return it. Raises as open_zip does."""
    limits = limits or Limits()
    members: dict[str, tarfile.TarInfo] = {}
    total = 0
    names: list[str] = []
    try:
        file = tarfile.open(fileobj=BytesIO(content), mode="r:gz")  # noqa: SIM115 - it stays open for reading
        for member in file:
            total += member.size
            if total > limits.total or len(names) >= limits.entries:
                raise _bomb(limits)
            if not (member.isfile() or member.isdir()):
                raise Unsafe(name=member.name)
            name = _safe_name(member.name.removeprefix("./") + ("/" if member.isdir() else "")) if member.name not in (".", "./") else ""
            if name:
                names.append(name)
                members[name] = member
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise Damaged(reason="tar") from error
    _refuse_twice(names)
    return Tar(file, members)


class Zip:
    """A .zip that was found safe."""

    def __init__(self, content: bytes, parts: dict[str, "_Part"]) -> None:
        self._content = content
        self._parts = parts

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(name, part.size) for name, part in self._parts.items())

    def read(self, name: str) -> bytes:
        part = self._parts[name]
        packed = self._content[part.data : part.data + part.packed]
        if part.method == _STORED:
            plain = packed
        else:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                # One byte more than promised is enough to know that the promise was false.
                plain = inflater.decompress(packed, part.size + 1)
            except zlib.error as error:
                raise Damaged(reason=name) from error
        if len(plain) != part.size or zlib.crc32(plain) != part.sum:
            raise Damaged(reason=name)
        return plain


class Tar:
    """A .tar.gz that was found safe."""

    def __init__(self, file: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> None:
        self._file = file
        self._members = members

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(name, member.size) for name, member in self._members.items())

    def read(self, name: str) -> bytes:
        try:
            reader = self._file.extractfile(self._members[name])
            return reader.read() if reader else b""
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise Damaged(reason=name) from error


@dataclass(frozen=True)
class _Part:
    raw_name: bytes
    flags: int
    method: int
    sum: int
    packed: int
    size: int
    start: int
    data: int


def _parts(content: bytes, limits: Limits) -> list[_Part]:
    """Read the directory at the end, and check that it tells the same as the headers before each file."""
    if content[:4] not in (b"PK\x03\x04", b"PK\x05\x06") and b"PK\x05\x06" not in content[-70_000:]:
        raise NotAnArchive()
    count, size, offset, end = _directory(content)
    if offset + size != end:
        raise Damaged(reason="directory")
    if count > limits.entries:
        raise _bomb(limits)
    parts, at, total = [], offset, 0
    for _ in range(count):
        part, at = _part(content, at, end)
        parts.append(part)
        total += part.size
        if total > limits.total or (total > _RATIO_FROM and total > limits.ratio * len(content)):
            raise _bomb(limits)
    if at != end:
        raise Damaged(reason="directory")
    _check_tiling(content, parts, offset)
    return parts


def _directory(content: bytes) -> tuple[int, int, int, int]:
    """Return the directory's number of entries, size, offset, and where it ends."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if at < 0 or at + _END.size > len(content):
        raise Damaged(reason="end")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(content, at)
    if at + _END.size + comment != len(content) or disk or first_disk:
        raise Damaged(reason="end")
    locator = at - _END_64_LOCATOR.size
    if locator >= 0 and content[locator : locator + 4] == b"PK\x06\x07":
        return _directory_64(content, locator, (here, count, size, offset))
    if here != count:
        raise Damaged(reason="end")
    return count, size, offset, at


def _directory_64(content: bytes, locator: int, small: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    _, disk, at, disks = _END_64_LOCATOR.unpack_from(content, locator)
    if disk or disks != 1 or at + _END_64.size > locator or content[at : at + 4] != b"PK\x06\x06":
        raise Damaged(reason="zip64")
    _, length, _, _, disk, first_disk, here, count, size, offset = _END_64.unpack_from(content, at)
    # Room behind the record could hide a second directory.
    if length != _END_64.size - 12 or at + _END_64.size != locator or disk or first_disk or here != count:
        raise Damaged(reason="zip64")
    full = (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    if any(few not in (filled, many) for few, filled, many in zip(small, full, (here, count, size, offset), strict=True)):
        raise Damaged(reason="zip64")
    return count, size, offset, at


def _part(content: bytes, at: int, end: int) -> tuple[_Part, int]:
    if at + _CENTRAL.size > end or content[at : at + 4] != b"PK\x01\x02":
        raise Damaged(reason="directory")
    fields = _CENTRAL.unpack_from(content, at)
    flags, method, checksum, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
    name_length, extra_length, comment_length, disk, attributes, start = (
        fields[10],
        fields[11],
        fields[12],
        fields[13],
        fields[15],
        fields[16],
    )
    name = content[at + _CENTRAL.size : at + _CENTRAL.size + name_length]
    extra = content[at + _CENTRAL.size + name_length : at + _CENTRAL.size + name_length + extra_length]
    size, packed, start = _large(extra, size, packed, start)
    shown = name.decode("utf-8", "replace")
    if flags & _ENCRYPTED:
        raise Encrypted()
    if method not in (_STORED, _DEFLATED) or disk not in (0, 0xFFFF):
        raise Damaged(reason=shown)
    if stat.S_IFMT(attributes >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unsafe(name=shown)
    data = _after_local(content, start, name, method, shown)
    return _Part(name, flags, method, checksum, packed, size, start, data), at + _CENTRAL.size + name_length + extra_length + comment_length


def _after_local(content: bytes, start: int, name: bytes, method: int, shown: str) -> int:
    """Return where the data of a file begin, when its own header agrees with the directory."""
    if start + _LOCAL.size > len(content) or content[start : start + 4] != b"PK\x03\x04":
        raise Damaged(reason=shown)
    fields = _LOCAL.unpack_from(content, start)
    name_length: int = fields[9]
    extra_length: int = fields[10]
    begin = start + _LOCAL.size
    if content[begin : begin + name_length] != name or fields[3] != method:
        raise Damaged(reason=shown)
    return begin + name_length + extra_length


def _large(extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int]:
    """Take the numbers that need 64 bits from the extra field."""
    if 0xFFFFFFFF not in (size, packed, start):
        return size, packed, start
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = [number for (number,) in struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length - length % 8])]
            try:
                size = wide.pop(0) if size == 0xFFFFFFFF else size
                packed = wide.pop(0) if packed == 0xFFFFFFFF else packed
                start = wide.pop(0) if start == 0xFFFFFFFF else start
            except IndexError as error:
                raise Damaged(reason="zip64") from error
            return size, packed, start
        at += 4 + length
    return size, packed, start


def _check_tiling(content: bytes, parts: list[_Part], directory: int) -> None:
    """Check that the files lie one behind the other from the first byte to the directory: no gap, no overlap."""
    at = 0
    for part in sorted(parts, key=lambda part: part.start):
        if part.start != at or part.data + part.packed > directory:
            raise Damaged(reason="layout")
        at = part.data + part.packed
        local_flags = _LOCAL.unpack_from(content, part.start)[2]
        if local_flags & _DESCRIPTOR:
            at = _after_descriptor(content, at, part)
        elif _LOCAL.unpack_from(content, part.start)[6] != part.sum:
            raise Damaged(reason="sum")
    if at != directory:
        raise Damaged(reason="layout")


def _after_descriptor(content: bytes, at: int, part: _Part) -> int:
    """Return where the record behind a file's data ends; writers differ in its length."""
    for layout, values in (
        ("<4sLLL", (b"PK\x07\x08", part.sum, part.packed, part.size)),
        ("<4sLQQ", (b"PK\x07\x08", part.sum, part.packed, part.size)),
        ("<LLL", (part.sum, part.packed, part.size)),
        ("<LQQ", (part.sum, part.packed, part.size)),
    ):
        length = struct.calcsize(layout)
        if at + length <= len(content) and struct.unpack_from(layout, content, at) == values:
            return at + length
    raise Damaged(reason="descriptor")


class _Decode(Protocol):
    def __call__(self, raw: bytes) -> str: ...


def _decoder(raw_names: list[bytes]) -> _Decode:
    """Return what reads names that do not say their encoding: the one that gives letters, not signs."""
    joined = b"/".join(raw_names)
    try:
        joined.decode("utf-8")
        return lambda raw: raw.decode("utf-8")
    except UnicodeDecodeError:
        page = min(_CODE_PAGES, key=lambda code: _oddness(joined.decode(code, "replace")))
        return lambda raw: raw.decode(page, "replace")


def _oddness(text: str) -> int:
    """Count the characters that no file name in a language of people has."""
    odd = "ƒªº\ufffd"
    return sum(1 for letter in text if ord(letter) > 127 and (letter in odd or unicodedata.category(letter)[0] not in "LM"))


def _safe_name(name: str) -> str:
    tidy = unicodedata.normalize("NFC", name).replace("\\", "/")
    parts = tidy.removesuffix("/").split("/")
    if tidy.startswith("/") or any(part in ("", ".", "..") or part.endswith(":") for part in parts) or len(tidy) > 500:
        raise Unsafe(name=name[:200])
    if any(unicodedata.category(letter) == "Cc" for letter in tidy) or (len(parts[0]) > 1 and parts[0][1] == ":"):
        raise Unsafe(name=name[:200])
    return tidy


def _refuse_twice(names: Iterable[str]) -> None:
    """Refuse a name that is there twice, or is a file here and a folder there."""
    files: set[str] = set()
    folders: set[str] = set()
    own: set[str] = set()
    for name in names:
        if name in files or name in own:
            raise Unsafe(name=name)
        (own if name.endswith("/") else files).add(name)
        pieces = name.split("/")[:-1]
        folders.update("/".join(pieces[: length + 1]) for length in range(len(pieces)))
    for name in files & folders:
        raise Unsafe(name=name)


def _bomb(limits: Limits) -> Bomb:
    return Bomb(limit=limits.total // 1_000_000, entries=limits.entries)
