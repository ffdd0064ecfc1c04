"""How long an MP4 video runs, as its own header says (ISO/IEC 14496-12, section 8.2.2)."""

from collections.abc import Iterator


def seconds(data: bytes) -> int | None:
    """Return the whole seconds of an MP4, rounded; None for anything else, or where it is not said."""
    movie = next((body for name, body in _boxes(data) if name == b"moov"), b"")
    header = next((body for name, body in _boxes(movie) if name == b"mvhd"), b"")
    if len(header) < 32:
        return None
    if header[0] == 1:
        scale, length = int.from_bytes(header[20:24]), int.from_bytes(header[24:32])
    else:
        scale, length = int.from_bytes(header[12:16]), int.from_bytes(header[16:20])
    return max(1, round(length / scale)) if scale and length else None


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, name, head = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        elif size == 0:
            size = len(data) - at
        if size < head:
            return
        # Only the movie's head is looked into; a film of 100 MB is not copied for it.
        yield name, data[at + head : at + size] if name in (b"moov", b"mvhd") else b""
        at += size
