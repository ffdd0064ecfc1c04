"""make_...: a course with a document, one to confirm, and a video."""

import struct
from dataclasses import replace
from typing import Any

from lms.courses.drafts import ActivityDraft, CourseDraft
from lms.courses.models import Version
from tests import factories_courses
from tests.factories_courses import activity, make_version

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NEWER_PDF = PDF + b"% second edition\n"
CAPTIONS = """WEBVTT

NOTE said by nobody

1
00:00.000 --> 00:04.000
Xin chào <b>các thầy cô</b>.

00:04.000 --> 00:01:05.500 align:start
Dừng lại &amp; nghĩ.
""".encode()


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def mp4(seconds: float, padding: int = 0) -> bytes:
    """The frame of a film that runs so long, with so many bytes of pictures that nobody can play."""
    head = bytes(12) + struct.pack(">II", 1000, int(seconds * 1000)) + bytes(80)
    return box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2") + box(b"mdat", bytes(padding)) + box(b"moov", box(b"mvhd", head))


FILM = mp4(60)
FILES = {"files/quy-che.pdf": PDF, "files/phim.mp4": FILM, "files/phim-vi.vtt": CAPTIONS, "files/phim-en.vtt": CAPTIONS}
SETTINGS: dict[str, dict[str, Any]] = {
    "document": {"files": {"vi": "files/quy-che.pdf"}},
    "acknowledgement": {"files": {"vi": "files/quy-che.pdf"}, "edition": "1"},
    "video": {
        "files": {"vi": "files/phim.mp4"},
        "captions": {"vi": "files/phim-vi.vtt", "en": "files/phim-en.vtt"},
        "seconds": 60,
        "need": 0.9,
    },
}


def material(kind: str, key: str = "", **more: Any) -> ActivityDraft:
    """An activity of this kind; its key is that of the kind unless given, and ``more`` are further settings."""
    return replace(activity(key or kind, kind), settings=SETTINGS[kind] | more)


def materials_draft(*kinds: str, **more: Any) -> CourseDraft:
    return factories_courses.draft(*(material(kind) for kind in kinds or SETTINGS), files=FILES, **more)


def make_materials(*kinds: str, slug: str = "tai-lieu", **more: Any) -> Version:
    """A published course with these kinds, all three when none is named."""
    return make_version(*(material(kind) for kind in kinds or SETTINGS), slug=slug, **({"files": FILES} | more))
