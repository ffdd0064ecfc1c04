"""Which files an essay takes: how many, how large, of which kinds, and under which names they are kept; pure."""

import re
from pathlib import PurePosixPath

from lms.core import files, formats, names
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.quizzes.bodies.writing import EssayBody

MOST = 20  # files of one answer
LONGEST_NAME = 120  # letters, with the ending

_WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_OPEN = "application/vnd.oasis.opendocument."
_OLD = "application/x-ole-storage"

# What a file is by its content -> the endings that its name may have; the first is put behind any other.
_ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "audio/wav": (".wav",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/flac": (".flac",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "video/mp4": (".mp4", ".m4v", ".mov"),
    "video/webm": (".webm", ".mkv"),
    "application/pdf": (".pdf",),
    _WORDS: (".docx",),
    _SHEETS: (".xlsx",),
    _SLIDES: (".pptx",),
    f"{_OPEN}text": (".odt",),
    f"{_OPEN}spreadsheet": (".ods",),
    f"{_OPEN}presentation": (".odp",),
    "application/zip": (".zip",),
    _OLD: (".doc", ".xls", ".ppt"),
    "text/plain": (".txt", ".csv", ".tsv", ".md", ".srt", ".log"),
}
_PICTURES = frozenset(kind for kind in _ENDINGS if kind.startswith("image/"))
_SOUND = frozenset(kind for kind in _ENDINGS if kind.startswith("audio/"))
_FILMS = frozenset(kind for kind in _ENDINGS if kind.startswith("video/"))
# Moodle's words for groups of files.
GROUPS = {
    "image": _PICTURES,
    "document": frozenset({"application/pdf", _WORDS, f"{_OPEN}text", _OLD, "text/plain"}),
    "spreadsheet": frozenset({_SHEETS, f"{_OPEN}spreadsheet", _OLD, "text/plain"}),
    "presentation": frozenset({_SLIDES, f"{_OPEN}presentation", _OLD, "application/pdf"}),
    "audio": _SOUND,
    "video": _FILMS,
    "archive": frozenset({"application/zip"}),
}
_OTHER_WORDS = {
    "web_image": "image",
    "optimised_image": "image",
    "html_audio": "audio",
    "web_audio": "audio",
    "html_video": "video",
    "web_video": "video",
}
LABELS = {
    "image": lazy_("pictures"),
    "document": lazy_("PDF, Word and text files"),
    "spreadsheet": lazy_("tables (Excel, CSV)"),
    "presentation": lazy_("slides (PowerPoint, PDF)"),
    "audio": lazy_("sound"),
    "video": lazy_("films"),
    "archive": lazy_("ZIP archives"),
}
_APART = re.compile(r"[\s,;]+")
_NO_NAME = re.compile(r'[<>:"|?*\\]')
# They turn the reading direction round, so that "fdp.exe" looks like "exe.pdf".
_TURNING = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


class FileRefused(Invalid):
    """A file that this answer cannot take; everything else of the answer stays as it was."""

    code = "file_refused"


def types_of(written: str) -> tuple[str, ...]:
    """Return the kinds in a list as Moodle writes it ("image, .pdf docx"), each as ".pdf", as a group or as a media type; () for all."""
    found = dict.fromkeys(_one_type(each) for each in _APART.split(written.lower()) if each)
    return () if "*" in found else tuple(found)


def _one_type(word: str) -> str:
    return word if _group(word) in GROUPS or word == "*" or word.startswith(".") or "/" in word or "_" in word else f".{word}"


def _group(word: str) -> str:
    return _OTHER_WORDS.get(word, word)


def is_known(word: str) -> bool:
    """Return whether any file that is kept at all is of this kind."""
    return _group(word) in GROUPS or word in _ENDINGS or any(word in endings for endings in _ENDINGS.values())


def most_files(body: EssayBody) -> int:
    """Return how many files may be added; -1 in the body stands for as many as is sensible."""
    return MOST if body.attachments < 0 else min(body.attachments, MOST)


def largest(body: EssayBody) -> int:
    """Return how many bytes one file may have."""
    return min(body.attachment_bytes, files.LARGEST) if body.attachment_bytes > 0 else files.LARGEST


def kinds_said(body: EssayBody) -> str:
    """Return the kinds of files that may be added, in words; "" for all that are kept."""
    return ", ".join(str(LABELS.get(_group(each), each)) for each in types_of(body.attachment_types))


def accept(body: EssayBody) -> str:
    """Return what a browser offers in its dialogue, as endings; nothing depends on it.

    A telephone that keeps its pictures in a form of its own makes a JPEG when it reads this.
    """
    wanted = types_of(body.attachment_types)
    endings: list[str] = []
    for media_type, own in _ENDINGS.items():
        if not wanted or any(_fits(each, media_type, own[0]) for each in wanted):
            endings += [media_type, *own] if media_type.startswith("image/") else own
    return ",".join(dict.fromkeys([*endings, *(each for each in wanted if each.startswith("."))]))


def refusal(body: EssayBody, name: str, data: bytes) -> FileRefused | None:
    """Return why an answer cannot take this file; None when it can.  What it is follows from its content, never from its name."""
    name = kept_name(name, None)
    if not data:
        return FileRefused(lazy_("“{name}” is empty. Choose it again."), name=name)
    if len(data) > largest(body):
        return too_large(body, name)
    media_type = files.media_type_of(data)
    if media_type is None or files.has_macros(data):
        return FileRefused(
            lazy_("“{name}” was not taken: programs, pages and files with macros cannot be handed in, and neither can unknown kinds."),
            name=name,
        )
    wanted = types_of(body.attachment_types)
    if wanted and not any(_fits(each, media_type, name) for each in wanted):
        return FileRefused(lazy_("“{name}” was not taken: this question takes only {kinds}."), name=name, kinds=kinds_said(body))
    return None


def too_large(body: EssayBody, name: str) -> FileRefused:
    """Return what to say about a file of which too much has arrived already."""
    return FileRefused(
        lazy_("“{name}” was not taken: it is too large. One file has at most {limit}."),
        name=kept_name(name, None),
        limit=formats.file_size(largest(body)),
    )


def _fits(wanted: str, media_type: str, name: str) -> bool:
    if _group(wanted) in GROUPS:
        return media_type in GROUPS[_group(wanted)]
    if not wanted.startswith("."):
        return media_type == wanted
    owners = [kind for kind, endings in _ENDINGS.items() if wanted in endings]
    # An ending that we do not know says something only beside the name: ".py" is text.
    return media_type in owners if owners else name.lower().endswith(wanted)


def kept_name(name: str, media_type: str | None) -> str:
    """Return the name under which a file is kept: in NFC, without folders, and with an ending that fits its content.

    Vietnamese letters stay.  "bài.exe" that is a PDF becomes "bài.exe.pdf": what is
    downloaded never begins a program by a double click.
    """
    last = names.clean(_NO_NAME.sub(" ", name.replace("\\", "/").rpartition("/")[2]).translate(_TURNING)).strip(". ")
    endings = _ENDINGS.get(media_type or "", ())
    ending = PurePosixPath(last).suffix
    if endings and ending.lower() not in endings:
        last, ending = (last or "tep") + endings[0], endings[0]
    stem = last.removesuffix(ending) if ending else last
    return (stem[: LONGEST_NAME - len(ending)].strip() or "tep") + ending[:LONGEST_NAME]
